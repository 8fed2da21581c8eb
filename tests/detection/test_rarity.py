from hypothesis import given
from hypothesis import strategies as st

from detection.rarity import EVEN, LEAST, MOST, Rarity

NAMES = st.lists(st.text(alphabet="郑州开封发布公安", max_size=6), max_size=40)


@given(NAMES, st.text(max_size=1))
def test_weights_stay_between_their_bounds(names: list[str], symbol: str) -> None:
    assert LEAST <= Rarity(names).weight(symbol) <= MOST


@given(NAMES)
def test_weights_do_not_depend_on_the_order_of_names(names: list[str]) -> None:
    one, other = Rarity(names), Rarity(names[::-1])
    assert [one.weight(symbol) for symbol in "郑州x"] == [other.weight(symbol) for symbol in "郑州x"]


@given(NAMES)
def test_the_rarer_symbol_never_weighs_less(names: list[str]) -> None:
    counted = Rarity(names)
    symbols = sorted("郑州开封发布公安猫", key=counted.holding)
    weights = [counted.weight(symbol) for symbol in symbols]
    assert weights == sorted(weights, reverse=True)


def test_a_symbol_counts_once_a_name() -> None:
    assert Rarity(["发发发布", "郑州"]).holding("发") == 1
    assert Rarity(["郑州", "州"]).holding("州") == 2


def test_an_empty_register_tells_nothing() -> None:
    assert EVEN.weight("郑") == EVEN.weight("") == 1.0


def test_the_spread_is_believed_as_the_register_grows() -> None:
    few, many = Rarity(["郑州发布"] * 10), Rarity(["郑州发布"] * 30_000)
    assert 1 > few.weight("郑") > many.weight("郑") >= LEAST
    assert many.weight("猫") > few.weight("猫") > 1
