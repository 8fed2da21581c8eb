"""Handles and names in Latin letters: each comparator by itself, and what stays quiet."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection import latin
from detection.compare import compare_texts
from detection.grounds import Ground
from detection.latin import Comparator
from detection.reading import read
from names.variants import lookalike_handles
from tests.detection.pairs import rows

PAIRS = [
    (row.candidate, row.official) for row in rows() if row.official.isascii() and row.candidate.isascii()
]
HANDLES = st.text(alphabet="abcklI10oO_.- BCAgovpoliceNews5", min_size=1, max_size=16)


def grounds(comparator: Comparator, candidate: str, official: str) -> list[Ground]:
    return list(comparator(latin.pair_of(read(candidate), read(official))))


@pytest.mark.parametrize(
    ("comparator", "candidate", "official"),
    [
        (latin.same_look, "haIoBCA", "haloBCA"),
        (latin.dressed, "easyJet10011", "easyJet"),
        (latin.dressed, "haloBCA_official", "haloBCA"),
        (latin.dressed, "HaloBCA45886745", "haloBCA"),
        (latin.reordered, "IndiaMEA", "MEAIndia"),
        (latin.reordered, "softwarevalve", "valvesoftware"),
        (latin.few_edits, "valvesotfware", "valvesoftware"),
        (latin.few_edits, "halloBCA", "haloBCA"),
        (latin.glued, "edemmettgov", "EdEmmett"),
        (latin.all_words, "Resila Atieno Onyango", "Resila Onyango"),
        (latin.one_word_more, "HMRC_refund_govuk", "HMRCgovuk"),
    ],
)
def test_a_comparator_sees_what_it_is_for(comparator: Comparator, candidate: str, official: str) -> None:
    assert any(ground.kind for ground in grounds(comparator, candidate, official))


@pytest.mark.parametrize(
    ("comparator", "candidate", "official"),
    [
        (latin.same_look, "haloBCB", "haloBCA"),
        (latin.dressed, "arc24", "arc"),
        (latin.dressed, "morris", "City of Morris"),
        (latin.reordered, "lohaBCA", "haloBCA"),
        (latin.few_edits, "police119", "police110"),
        (latin.few_edits, "abcde", "abcdf"),
        (latin.few_edits, "rationalmedicalcentre", "nationalmediacentre"),
        (latin.glued, "gov", "nycgov"),
        (latin.all_words, "Onyango", "Resila Onyango"),
        (latin.one_word_more, "HMRC_govuk", "HMRCgovuk"),
    ],
)
def test_a_comparator_leaves_the_rest_to_others(
    comparator: Comparator, candidate: str, official: str
) -> None:
    assert not any(ground.kind for ground in grounds(comparator, candidate, official))


@pytest.mark.parametrize("comparator", latin.COMPARATORS, ids=lambda one: one.__name__)
def test_every_comparator_decides_a_row_of_the_table(comparator: Comparator) -> None:
    assert any(grounds(comparator, candidate, official) for candidate, official in PAIRS)


@given(HANDLES, HANDLES)
def test_the_points_of_every_ground_are_its_score(one: str, other: str) -> None:
    for ground in latin.grounds(read(one), read(other)):
        assert ground.score == pytest.approx(max(0.0, sum(r.points for r in ground.reasons)), abs=1e-3)


@pytest.mark.parametrize("handle", ["valvesoftware", "haloBCAbank", "zhengzhou_fabu", "MorenoValleyPolice"])
def test_nearly_every_handle_that_a_reader_takes_for_another_is_seen(handle: str) -> None:
    others = lookalike_handles(handle)
    seen = [other for other in others if compare_texts(other, handle)]
    assert len(seen) >= 0.9 * len(others), set(others) - set(seen)


def test_a_parody_is_told_by_its_own_word() -> None:
    [ground] = latin.grounds(read("haloBCA_parody"), read("haloBCA"))
    assert (ground.kind, ground.reasons[0].code) == ("", "says_unofficial")
    assert any(ground.kind for ground in latin.grounds(read("haloBCA_parody_"), read("haloBCA_parody1")))
