"""The language switch."""

from django.conf import settings
from django.test import Client

SWITCH = "/language/"


def test_it_keeps_the_choice_in_a_cookie_and_goes_back() -> None:
    answer = Client().post(SWITCH, {"language": "en", "next": "/suspects/?severity=S1"})
    assert answer.headers["Location"] == "/suspects/?severity=S1"
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == "en"


def test_it_sends_nobody_to_another_server() -> None:
    answer = Client().post(SWITCH, {"language": "en", "next": "https://evil.example/"})
    assert answer.headers["Location"] == "/"


def test_a_language_that_is_not_offered_changes_nothing() -> None:
    assert settings.LANGUAGE_COOKIE_NAME not in Client().post(SWITCH, {"language": "xx", "next": "/"}).cookies


def test_a_link_cannot_switch_it() -> None:
    assert Client().get(SWITCH, {"language": "en"}).status_code == 405
