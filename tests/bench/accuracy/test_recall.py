from bench.accuracy import recall
from bench.accuracy.figures import Reading
from bench.accuracy.readers import Attack, Stranger
from detection.compare import AccountName
from tests.bench.accuracy.standin import desk

OFFICIALS = [AccountName("郑州发布"), AccountName("平安郑州")]


def _attack(variant: str, technique: str) -> Attack:
    return Attack("郑州发布", variant, "gen", technique, (0,))


def test_what_the_comparison_accepts_and_the_search_does_not_give_is_lost() -> None:
    rows = [_attack("郑州发布", "one"), _attack("平安郑州", "two")]
    searched = desk(OFFICIALS, {"郑州发布": [("郑州发布", "identical", 1.0)]})
    section = recall.measure(searched, rows, [Stranger("小鸟", "", False)])
    assert section.readings["search.recall"] == Reading(50.0, "1 of 2")
    assert [(one.name, one.wanted) for one in section.misses] == [("平安郑州", "平安郑州")]


def test_a_sample_without_a_match_measures_nothing() -> None:
    assert recall.measure(desk(OFFICIALS, {}), [_attack("小鸟", "one")], []).readings == {}


def test_the_sample_holds_one_attack_of_each_technique_and_ten_strangers() -> None:
    rows = [_attack(f"{technique}{number}", technique) for technique in "abc" for number in range(5)]
    strangers = [Stranger(f"s{number}", "", False) for number in range(30)]
    chosen = recall.sampled(rows, strangers)
    assert chosen == recall.sampled(rows, strangers)
    assert [name[0] for name in chosen] == ["a", "b", "c", *"s" * 10]
    assert len(set(chosen)) == 13
