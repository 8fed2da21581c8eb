"""What is open besides the public internet: what an operator named, at that port, and nothing near it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.addresses import AddressRefused, split_origin
from common.egress import NEVER, Egress
from tests.common.test_addresses import ANSWERS, IPV4_FORMS, IPV6_FORMS, MORE, PARSER_TRICKS

INNER = Egress.of(allow=["10.1.2.0/24:8443", "[fd12::/48]:443", "hook.example:8080", "172.16.0.9:80"])
EVERYTHING = Egress.of(allow=["0.0.0.0/0:443", "[::/0]:443", "0.0.0.0/0:80", "[::/0]:80", "any.example:443"])


@pytest.mark.parametrize("host", [*IPV4_FORMS, *IPV6_FORMS, *PARSER_TRICKS, *MORE])
@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("egress", [Egress(), INNER], ids=["nothing opened", "some opened"])
def test_no_written_form_of_an_inner_address_passes(egress: Egress, scheme: str, host: str) -> None:
    with pytest.raises(AddressRefused):
        egress.check_url(f"{scheme}://{host}/")


@pytest.mark.parametrize("answers", ANSWERS, ids=" ".join)
def test_a_name_with_one_inner_answer_is_refused(answers: list[str]) -> None:
    with pytest.raises(AddressRefused, match=r"evil\.example resolves to"):
        INNER.check_answers(split_origin("https://evil.example/"), answers)


@pytest.mark.parametrize(
    "url", ["https://good.example/x?y=z", "https://good.example:80/", "https://8.8.8.8/"]
)
def test_a_public_https_address_passes(url: str) -> None:
    origin = Egress().check_url(url)
    assert Egress().check_answers(origin, ["8.8.8.8", "2606:4700::1"]) == ["8.8.8.8", "2606:4700::1"]


def test_http_is_for_what_was_opened() -> None:
    with pytest.raises(AddressRefused, match="write https"):
        INNER.check_url("http://8.8.8.8/")
    with pytest.raises(AddressRefused, match="write https"):
        Egress().check_url("http://good.example/")
    origin = INNER.check_url("http://good.example/")  # port 80 is open somewhere: what it resolves to decides
    with pytest.raises(AddressRefused, match="write https"):
        INNER.check_answers(origin, ["8.8.8.8"])
    assert INNER.check_url("http://10.1.2.3:8443/").host == "10.1.2.3"


@pytest.mark.parametrize(
    ("url", "answers"),
    [
        ("https://10.1.2.255:8443/", ["10.1.2.255"]),
        ("https://[fd12::7]/", ["fd12::7"]),
        ("http://172.16.0.9/", ["172.16.0.9"]),
        ("https://name.example:8443/", ["10.1.2.3", "10.1.2.4"]),
        ("http://hook.example:8080/", ["192.168.7.7"]),
        ("https://hook.example:8080/", ["8.8.8.8"]),
    ],
)
def test_what_was_opened_passes(url: str, answers: list[str]) -> None:
    assert INNER.check_answers(INNER.check_url(url), answers) == answers


@pytest.mark.parametrize(
    ("url", "answers"),
    [
        ("https://10.1.3.1:8443/", ["10.1.3.1"]),
        ("https://10.1.2.1/", ["10.1.2.1"]),
        ("https://10.1.2.1:8444/", ["10.1.2.1"]),
        ("https://[fd13::1]/", ["fd13::1"]),
        ("https://name.example:8443/", ["10.1.2.3", "10.1.3.1"]),
        ("https://name.example:8443/", ["8.8.8.8"]),
        ("https://hook.example/", ["192.168.7.7"]),
        ("https://a.hook.example:8080/", ["192.168.7.7"]),
        ("https://hook.example:8080/", ["127.0.0.1"]),
        ("https://hook.example:8080/", ["192.168.7.7", "169.254.169.254"]),
        ("https://hook.example:8080/", ["fe80::1%eth0"]),
        ("https://good.example/", ["fd12::1%eth0"]),
        ("https://hook.example:8080/", ["nonsense"]),
        ("https://hook.example:8080/", []),
    ],
)
def test_what_lies_beside_it_does_not(url: str, answers: list[str]) -> None:
    with pytest.raises(AddressRefused):
        INNER.check_answers(INNER.check_url(url), answers)


@given(st.sampled_from(NEVER).flatmap(lambda block: st.ip_addresses(network=block)))
def test_no_allow_list_opens_a_machines_own_and_metadata_addresses(address: object) -> None:
    host = f"[{address}]" if ":" in str(address) else str(address)
    for scheme in ("http", "https"):
        with pytest.raises(AddressRefused):
            EVERYTHING.check_url(f"{scheme}://{host}/")
    with pytest.raises(AddressRefused):
        EVERYTHING.check_answers(split_origin("https://any.example/"), [str(address)])


def test_loopback_opens_by_exact_address_and_port() -> None:
    egress = Egress.of(loopback=["127.0.0.1:4123"])
    assert egress.check_url("http://127.0.0.1:4123/").port == 4123
    origin = egress.check_url("https://name.example:4123/")
    assert egress.check_answers(origin, ["127.0.0.1"]) == ["127.0.0.1"]
    for url in (
        "http://127.0.0.1:4124/",
        "http://127.0.0.2:4123/",
        "http://127.1:4123/",
        "http://localhost:4123/",
    ):
        with pytest.raises(AddressRefused):
            egress.check_url(url)


def test_letters_outside_ascii_in_the_path_are_refused_with_the_mend() -> None:
    with pytest.raises(AddressRefused, match="percent-encoded"):
        Egress().check_url("https://good.example/通知")


@pytest.mark.parametrize(
    "entry", ["10.1.2.0/24", "10.1.2.0/24:", "hook.example", "10.1.2.1/24:443", "a b:443", ":1"]
)
def test_an_entry_out_of_form_is_refused(entry: str) -> None:
    with pytest.raises(AddressRefused):
        Egress.of(allow=[entry])


@given(st.text(max_size=40), st.lists(st.text(max_size=20), max_size=3))
def test_whatever_is_written_it_answers_or_refuses(text: str, answers: list[str]) -> None:
    for url in (text, f"https://{text}", f"http://{text}:8443/"):
        try:
            INNER.check_answers(INNER.check_url(url), answers)
        except AddressRefused:
            continue
