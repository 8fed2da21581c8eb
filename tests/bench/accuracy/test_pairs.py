from bench.accuracy import pairs
from bench.accuracy.figures import Reading
from bench.accuracy.readers import GenuinePair, RealPair
from detection.compare import AccountName
from tests.bench.accuracy.standin import desk

REGISTERED = [AccountName("郑州发布"), AccountName("人民日报")]


def _pair(names: str, counterfeit: str, is_alike: bool = True) -> RealPair:
    return RealPair(tuple(names.split("|")), counterfeit, is_alike, "")


def test_only_a_match_with_the_pairs_own_names_counts_and_identical_does() -> None:
    said = {
        "人民曰报": [("人民日报", "look_alike", 0.95)],
        "香港郵政": [("hkpost", "identical", 1.0)],
        "郑洲发布": [("人民日报", "edited", 0.9), ("", "office_claim", 0.9)],
        "汇通财经": [("某某财经", "edited", 0.9)],
    }
    listed = [
        _pair("人民日报", "人民曰报"),
        _pair("邮政|@hkpost", "香港郵政"),
        _pair("郑州发布", "郑洲发布"),
        _pair("某某财经", "汇通财经", is_alike=False),
        _pair("某某财经", "别的", is_alike=False),
    ]
    section = pairs.measure(desk([], said), REGISTERED, listed)
    assert section.readings["real.alike"].counts == "2 of 3"
    assert section.readings["real.not_alike"] == Reading(50.0, "1 of 2")
    assert list(section.tables[0].rows) == [
        ("edited", "0", "1"),
        ("identical", "1", "0"),
        ("look_alike", "1", "0"),
        ("missed", "1", "1"),
    ]


def test_every_miss_of_both_kinds_is_listed_with_its_cause() -> None:
    said = {"郑洲发布": [("人民日报", "edited", 0.9)]}
    below = {"郑洲发布": [("郑州发布", "", 0.5)]}
    listed = [_pair("郑州发布", "郑洲发布"), _pair("某|b", "x", is_alike=False)]
    section = pairs.measure(desk([], said, below), REGISTERED, listed)
    assert [(one.group, one.name, one.wanted) for one in section.misses] == [
        ("alike", "郑洲发布", "郑州发布"),
        ("not alike", "x", "某 | b"),
    ]
    assert section.misses[0].cause.endswith("edited 人民日报 instead")
    assert section.misses[1].cause == "no candidate, and no match if compared"
    assert section.misses[0].why


def test_each_genuine_name_meets_the_other_one_alone() -> None:
    said = {
        "重庆邮电大学": [("西安邮电大学", "edited", 0.9)],
        "bankbca": [("haloBCA", "edited", 0.9), ("bankbca", "identical", 1.0)],
        "甲": [("", "office_claim", 0.9)],
        "乙": [("乙", "identical", 1.0)],  # of a register that holds the name itself, which none does
    }
    listed = [
        GenuinePair("重庆邮电大学", "西安邮电大学"),
        GenuinePair("@haloBCA", "@bankbca"),
        GenuinePair("甲", "乙"),
    ]
    section = pairs.measure_genuine(desk([], said), listed)
    assert section.readings["genuine.han"] == Reading(1, "1 of 4")
    assert section.readings["genuine.all"] == Reading(2, "2 of 6")
    assert [(one.name, one.registered) for one in section.alarms] == [
        ("重庆邮电大学", "西安邮电大学"),
        ("@bankbca", "haloBCA"),
    ]
