import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from detection.align import (
    COST,
    is_near,
    is_put_inside,
    letter_steps,
    letters_apart,
    means,
    similarity,
    steps,
)
from detection.rarity import EVEN, Rarity
from names.characters import near_syllable
from names.views import symbol

HAN = st.text(alphabet="郑州洲正发布公安人入日曰", max_size=8)
LETTERS = st.text(alphabet="ab1", max_size=8)
REGISTER = Rarity(["郑州发布", "郑州公安", "人民日报"] * 400)
ZHENG = symbol(near_syllable("zheng"))


@pytest.mark.parametrize(
    ("one", "other", "how"),
    [
        ("州", "州", "same"),
        ("人", "入", "same_look"),
        ("州", "洲", "same_sound"),
        ("深", "森", "near_sound"),
        ("d", "贷", "initial"),
        (ZHENG, "郑", "spelled"),
        (ZHENG, ZHENG, "same"),
        (ZHENG, "州", "unrelated"),
        ("猫", "州", "unrelated"),
        ("a", "b", "unrelated"),
        ("x", "州", "unrelated"),
    ],
)
def test_it_says_by_what_means_one_symbol_passes_for_another(one: str, other: str, how: str) -> None:
    assert means(one, other) == means(other, one) == how


def test_what_is_heard_or_seen_costs_less_than_what_is_not() -> None:
    dearest = ["same", "spelled", "same_look", "same_sound", "initial", "near_sound", "unrelated"]
    assert sorted(COST, key=lambda how: COST[how]) == dearest
    assert COST["same"] == 0


@given(HAN, HAN)
def test_the_steps_make_one_text_of_the_other(mine: str, theirs: str) -> None:
    built, at = "", 0
    for step in steps(mine, theirs, REGISTER):
        assert mine[step.at : step.at + len(step.mine)] == step.mine
        assert theirs[step.there : step.there + len(step.theirs)] == step.theirs
        built += mine[at : step.at] + step.theirs
        at = step.at + len(step.mine)
    assert built + mine[at:] == theirs


@given(HAN, HAN)
def test_likeness_is_one_less_the_cost_of_the_steps(mine: str, theirs: str) -> None:
    like = similarity(mine, theirs, EVEN)
    assert 0 <= like <= 1
    assert like == pytest.approx(similarity(theirs, mine, EVEN))
    if is_near(mine, theirs) and not is_put_inside(mine, theirs):
        cost = sum(step.cost for step in steps(mine, theirs, EVEN))
        assert like == pytest.approx(max(0.0, 1 - cost / max(len(mine), len(theirs), 1)))


@given(HAN, HAN)
def test_what_is_not_near_is_not_alike(mine: str, theirs: str) -> None:
    assert is_near(mine, theirs) == is_near(theirs, mine)
    assert is_near(mine, theirs) or similarity(mine, theirs, EVEN) == 0


@given(LETTERS, LETTERS)
def test_letters_apart_is_optimal_string_alignment(mine: str, theirs: str) -> None:
    assert letters_apart(mine, theirs) == OSA.distance(mine, theirs)
    assert (letters_apart(mine, theirs) == 0) == (letter_steps(mine, theirs) == [])


def test_a_change_of_a_rare_symbol_weighs_more() -> None:
    common, rare = similarity("囧州发布", "郑州发布", REGISTER), similarity("人民日囧", "人民日骉", REGISTER)
    assert REGISTER.weight("郑") < REGISTER.weight("骉")
    assert common > rare


@pytest.mark.parametrize(
    ("one", "other", "inside"),
    [
        ("乐山汇中院", "乐山中院", True),
        ("乐山中院", "乐山汇中院", True),
        ("乐山中院汇", "乐山中院", False),
        ("汇乐山中院", "乐山中院", False),
        ("乐汇山汇中院", "乐山中院", False),
        ("乐汇山", "乐山", False),
        ("乐山中院", "乐山中院", False),
    ],
)
def test_a_symbol_between_is_told_from_one_at_an_end(one: str, other: str, inside: bool) -> None:
    assert is_put_inside(one, other) is inside


def test_a_swap_is_one_step() -> None:
    [step] = steps("人民报日", "人民日报", EVEN)
    assert (step.mine, step.theirs, step.means, step.at) == ("报日", "日报", "swapped", 2)
