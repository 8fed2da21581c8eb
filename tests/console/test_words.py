"""The console has a word for everything the packages below can say."""

import re

import pytest
from django.urls import reverse
from django.utils import translation

from common import clock
from console import words
from detection.kinds import KINDS
from detection.models import Suspect
from review.intake import take_in
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn


def test_every_kind_of_imitation_has_a_word_and_nothing_else_has() -> None:
    assert list(words.KINDS) == list(KINDS)


def test_no_two_kinds_share_a_word_in_either_language() -> None:
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert len({str(word) for word in words.KINDS.values()}) == len(KINDS)


@pytest.mark.parametrize("page", ["cases", "case", "suspect", "sheet"])
def test_a_kind_of_earlier_rules_is_shown_as_it_was_stored(
    page: str, place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    suspect = people.suspect(place.zhengzhou_account, kind="word_transposition", rules="names-0")
    take_in(clock.now())
    suspect = Suspect.objects.select_related("intake").get(pk=suspect.pk)
    of = {"cases": [], "suspect": [suspect.pk]}.get(page, [suspect.intake.case_id])
    text = signed_in(everybody.reviewer).get(reverse(page, args=of)).content.decode()
    assert re.search(r"\bword_transposition\b", text)
