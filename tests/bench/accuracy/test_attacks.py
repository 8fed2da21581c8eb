import pytest

from bench.accuracy import attacks
from bench.accuracy.figures import Reading
from bench.accuracy.readers import Attack
from detection.compare import AccountName
from tests.bench.accuracy.standin import Said, desk

OFFICIALS = [AccountName(name) for name in ("郑州发布", "abc", "a", "b", "c")]


def _attack(variant: str, technique: str, target: str = "郑州发布", at: int = 0) -> Attack:
    return Attack(target, variant, "gen", technique, (at,))


def _told(*strings: str) -> list[Said]:
    return [(string, "edited", 0.9) for string in strings]


def test_the_first_three_distinct_strings_count() -> None:
    said = {"x": _told("a", "b", "郑州发布"), "y": _told("a", "b", "c", "郑州发布")}
    section = attacks.measure(desk(OFFICIALS, said), [_attack("x", "swap"), _attack("y", "swap")])
    assert section.readings["attacks.found"] == Reading(50.0, "1 of 2")
    assert [(one.name, one.cause) for one in section.misses] == [("y", "found at place 4, behind a")]


def test_synonyms_are_reported_apart() -> None:
    said = {"x": _told("郑州发布")}
    section = attacks.measure(
        desk(OFFICIALS, said), [_attack("x", "swap"), _attack("y", "synonym"), _attack("x", "synonym")]
    )
    assert section.readings["attacks.found"] == Reading(100.0, "1 of 1")
    assert section.readings["attacks.synonym"] == Reading(50.0, "1 of 2")
    assert len(section.misses) == 1


def test_the_mean_weighs_techniques_alike_and_han_and_latin_are_told_apart() -> None:
    said = {"x": _told("郑州发布"), "v": _told("abc")}
    rows = [_attack("x", "swap"), _attack("y", "swap"), _attack("v", "leet", "abc", 1)]
    readings = attacks.measure(desk(OFFICIALS, said), rows).readings
    assert readings["attacks.mean_of_techniques"].value == 75.0
    assert readings["attacks.han"] == Reading(50.0, "1 of 2")
    assert readings["attacks.latin"] == Reading(100.0, "1 of 1")


def test_the_lowest_technique_is_looked_for_among_the_large_ones() -> None:
    said = {"x": _told("郑州发布")}
    rows = [_attack("x", "swap")] * 40 + [_attack("y", "swap")] * 10 + [_attack("y", "rare")] * 49
    rows += [_attack("x", "leet")] * 50
    section = attacks.measure(desk(OFFICIALS, said), rows)
    assert section.readings["attacks.lowest_technique"] == Reading(80.0, "swap: 40 of 50")
    [table] = section.tables
    assert list(table.rows) == [
        ("rare", "49", "0", "0.0%", "none set"),
        ("swap", "50", "40", "80.0%", "missed"),
        ("leet", "50", "50", "100.0%", "reached"),
    ]


def test_without_a_large_technique_the_lowest_is_not_measured() -> None:
    readings = attacks.measure(desk(OFFICIALS, {}), [_attack("y", "rare")]).readings
    assert "attacks.lowest_technique" not in readings
    assert attacks.measure(desk(OFFICIALS, {}), []).readings == {}


@pytest.mark.parametrize(
    ("variant", "is_equal"), [("ＡＢＣ", True), ("abc", True), ("ab c", False), ("⒜bc", False)]
)
def test_variants_equal_after_nfkc_and_case_are_shown(variant: str, is_equal: bool) -> None:
    section = attacks.measure(desk(OFFICIALS, {variant: _told("abc")}), [_attack(variant, "leet", "Abc", 1)])
    assert ("attacks.equal" in section.readings) == is_equal
    assert section.readings["attacks.found"].value == 100.0


def test_a_target_that_the_comparison_accepts_and_the_search_does_not_give_is_lost() -> None:
    said = {"x": _told("a", "b", "c", "郑州发布")}
    rows = [_attack("x", "swap"), _attack("郑州发布", "swap"), _attack("小鸟", "swap")]
    section = attacks.measure(desk(OFFICIALS, said), rows)
    assert section.readings["attacks.given"] == Reading(50.0, "1 of 2")
    equal_to_another = desk(OFFICIALS, {"郑州发布": [("a", "identical", 1.0)]})
    assert "attacks.given" not in attacks.measure(equal_to_another, rows[1:]).readings


def test_an_equal_variant_that_is_not_found_is_missed() -> None:
    section = attacks.measure(desk(OFFICIALS, {}), [_attack("ＡＢＣ", "leet", "abc", 1)])
    assert section.readings["attacks.equal"].value == 0.0
    assert section.readings["attacks.found"].value == 0.0
