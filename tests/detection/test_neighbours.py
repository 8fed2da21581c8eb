"""Neighbours are held against brute force: optimal string alignment with every filed text."""

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from detection import score
from detection.neighbours import Neighbours

# Few symbols, so that texts are often near; from three planes, and a lone surrogate.
TEXT = st.text(alphabet="ab郑州\U000f0001\ud800", max_size=9)
TEXTS = st.lists(TEXT, max_size=25)
LIMITS = (lambda _length: 0, lambda _length: 1, lambda _length: 2, score.most_edits, score.most_letters)


EDIT = st.tuples(st.sampled_from(["exchange", "put in", "leave out", "swap"]), st.integers(0, 8))


def edited(text: str, edits: list[tuple[str, int]]) -> str:
    for act, place in edits:
        at = place % (len(text) + 1)
        before, one, behind = text[:at], text[at : at + 1], text[at + 1 :]
        if act == "exchange":
            text = before + "囧" + behind
        elif act == "put in":
            text = before + "囧" + one + behind
        elif act == "leave out":
            text = before + behind
        else:
            text = before + behind[:1] + one + behind[1:]
    return text


@given(TEXT, st.lists(EDIT, max_size=2))
@example("ab郑", [("exchange", 0), ("exchange", 1)])
@example("ab郑州", [("swap", 0), ("put in", 4)])
def test_two_edits_of_any_sort_are_seen_through(text: str, edits: list[tuple[str, int]]) -> None:
    asked = edited(text, edits)
    assert not text or not asked or found([text], [asked], 2) == {(0, 0)}


def found(filed: list[str], asked: list[str], most: int) -> set[tuple[int, int]]:
    return set(Neighbours(filed, range(len(filed)), LIMITS[most]).find(asked))


def distance(one: str, other: str) -> int:
    return int(OSA.distance(list(one), list(other)))


@settings(deadline=None)
@given(TEXTS, TEXTS, st.integers(0, len(LIMITS) - 1))
def test_none_within_the_edits_allowed_is_missed(filed: list[str], asked: list[str], limit: int) -> None:
    pairs = found(filed, asked, limit)
    most = LIMITS[limit]
    for row, one in enumerate(asked):
        for number, other in enumerate(filed):
            allowed = min(most(len(one)), most(len(other)))
            if one and other and distance(one, other) <= allowed:
                assert (row, number) in pairs, (one, other)


@settings(deadline=None)
@given(TEXTS, TEXTS, st.integers(0, len(LIMITS) - 1))
def test_whoever_is_found_is_near_or_has_the_same_symbols(
    filed: list[str], asked: list[str], limit: int
) -> None:
    for row, number in found(filed, asked, limit):
        one, other = asked[row], filed[number]
        most = LIMITS[limit](max(len(one), len(other)))
        assert distance(one, other) <= most or sorted(one) == sorted(other), (one, other)


@given(TEXTS, st.permutations(range(5)))
def test_order_and_batches_change_nothing(filed: list[str], order: list[int]) -> None:
    asked = ["ab郑", "b郑a", "州", "\ud800a", "abab郑州"]
    together = found(filed, asked, 1)
    for at in order:
        alone = found(filed, [asked[at]], 1)
        assert {number for _, number in alone} == {number for row, number in together if row == at}


def test_texts_in_any_order_of_symbols_are_found() -> None:
    assert found(["教育招生考试院"], ["考试院教育招生"], 0) == {(0, 0)}


@pytest.mark.parametrize(("filed", "asked"), [([], ["郑州"]), (["郑州"], []), ([""], [""]), ([], [])])
def test_nothing_is_near_nothing(filed: list[str], asked: list[str]) -> None:
    assert found(filed, asked, 2) == set()


def test_a_filed_text_keeps_the_number_it_was_given() -> None:
    known = Neighbours(["郑州发布", "郑洲发布"], [70, 7], score.most_edits)
    assert set(known.find(["x", "郑州发布"])) == {(1, 70), (1, 7)}


@pytest.mark.parametrize("text", ["哈" * 30, "哈嘿" * 15])
def test_a_text_of_one_symbol_over_and_over_is_found_once(text: str) -> None:
    assert list(Neighbours([text], [3], score.most_edits).find([text])) == [(0, 3)]


def test_a_stranger_is_seldom_compared() -> None:
    filed = [f"{a}{b}市{c}局" for a in "郑开洛南安" for b in "州封阳海口" for c in "公教财民税"]
    asked = [f"{a}{b}的{c}" for a in "我你小大好" for b in "爱是有在看" for c in "猫狗书花天"]
    assert len(found(filed, asked, 3)) <= len(asked) * len(filed) / 100
