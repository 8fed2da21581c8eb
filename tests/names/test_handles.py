import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from names.handles import glued_words, is_dress, read, side_words, unglued


@pytest.mark.parametrize(
    ("handle", "words"),
    [
        ("BSF_India", ("bsf", "india")),
        ("MEAIndia", ("mea", "india")),
        ("eCitizenKenya", ("e", "citizen", "kenya")),
        ("NYC_GOVERNMENT", ("nyc", "gov")),
        ("HaloBCA94345256", ("halo", "bca", "94345256")),
        ("Moreno Valley Police Department", ("moreno", "valley", "police", "dept")),
        ("policía", ("policia",)),
        ("", ()),
    ],
)
def test_it_cuts_a_handle_into_words(handle: str, words: tuple[str, ...]) -> None:
    assert read(handle).words == words


@pytest.mark.parametrize(
    ("handle", "core", "dress"),
    [
        ("BsfIndia0", "bsf", ("india", "0")),
        ("DSWD Announcement", "dswd", ("announcement",)),
        ("City of Mobile Police", "moblle" + "pollce", ("city", "of")),
        ("EdEmmettGov", "edemmett", ("gov",)),
        ("edemmettgov", "edemmettgov", ()),
        ("official", "offlclal", ()),
        ("zzgov", "zzgov", ()),
    ],
)
def test_it_takes_official_words_off_both_ends(handle: str, core: str, dress: tuple[str, ...]) -> None:
    assert (read(handle).core, read(handle).dress) == (core, dress)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("edemmettgov", [("edemmett", "gov")]),
        ("govedemmett", [("edemmett", "gov")]),
        ("zzgov", []),
        ("edemmett", []),
        ("", []),
    ],
)
def test_an_official_word_written_on_is_taken_off(text: str, left: list[tuple[str, str]]) -> None:
    assert list(unglued(text)) == left


@given(st.text(alphabet="edmtgovcnhelp", max_size=20))
@example("pdccccc")  # a short one that is no word by itself
def test_what_is_taken_off_is_an_official_word_at_an_end(text: str) -> None:
    for rest, word in unglued(text):
        assert word in glued_words()
        assert text in (rest + word, word + rest)


def test_words_of_a_second_account_are_no_claim() -> None:
    assert {"care", "help"} <= side_words()
    assert not side_words() & {"official", "gov", "police"}
    assert is_dress("gov") and is_dress("123") and not is_dress("emmett")


@given(st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=40))
def test_any_text_can_be_read(handle: str) -> None:
    found = read(handle)
    assert len(found.dress) <= len(found.words)
    assert all(found.words)


def test_a_parody_says_so() -> None:
    assert read("haloBCA_parody").has_fan_word
    assert not read("haloBCA").has_fan_word
