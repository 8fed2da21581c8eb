import pytest
from hypothesis import given
from hypothesis import strategies as st

from names.handles import read


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
        ("BsfIndia0", "bsflndla", ("0",)),
        ("DSWD Announcement", "dswd", ("announcement",)),
        ("City of Mobile Police", "moblle" + "pollce", ("city", "of")),
        ("edemmettgov", "edemmett", ("gov",)),
        ("official", "offlclal", ()),
        ("zzgov", "zzgov", ()),
    ],
)
def test_it_takes_official_words_off_both_ends(handle: str, core: str, dress: tuple[str, ...]) -> None:
    assert (read(handle).core, read(handle).dress) == (core, dress)


@given(st.text(max_size=40))
def test_any_text_can_be_read(handle: str) -> None:
    read(handle)


def test_a_parody_says_so() -> None:
    assert read("haloBCA_parody").has_fan_word
    assert not read("haloBCA").has_fan_word
