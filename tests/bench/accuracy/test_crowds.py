from bench.accuracy import crowds
from bench.accuracy.figures import Reading
from bench.accuracy.readers import Stranger
from detection.compare import AccountName
from tests.bench.accuracy.standin import desk

OFFICIALS = [AccountName("郑州发布"), AccountName("a")]
SAID = {
    "alike": [("郑州发布", "edited", 0.9)],
    "equal": [("a", "identical", 1.0)],
    "same": [("郑州发布", "same_body", 0.95), ("a", "edited", 0.9)],
    "claim": [("", "office_claim", 0.9)],
    "official": [("郑州发布", "edited", 0.9)],
}


def _crowd(*names: str) -> list[Stranger]:
    return [Stranger(name, "weibo" if name < "f" else "wechat", name == "official") for name in names]


def test_likeness_and_the_kinds_apart_are_counted_by_the_best_match() -> None:
    strangers = _crowd(*SAID, *(f"n{number}" for number in range(996)))
    section = crowds.measure(desk(OFFICIALS, SAID), crowds.SOCIAL, strangers)
    assert section.readings == {
        "social.likeness": Reading(10.0, "1 of 1,000"),
        "social.identical": Reading(10.0, "1 of 1,000"),
        "social.office_claim": Reading(10.0, "1 of 1,000"),
        "social.same_body": Reading(10.0, "1 of 1,000"),
    }


def test_official_names_are_shown_in_the_table_and_left_out_of_the_figures() -> None:
    section = crowds.measure(desk(OFFICIALS, SAID), crowds.SOCIAL, _crowd(*SAID))
    assert section.readings["social.likeness"].counts == "1 of 4"
    [table] = section.tables
    assert list(table.rows) == [
        ("wechat", "1", "0.0", "0", "0", "0", "1"),
        ("wechat, official", "1", "10000.0", "1", "0", "0", "0"),
        ("weibo", "3", "3333.3", "1", "1", "1", "0"),
    ]


def test_every_flag_is_listed() -> None:
    section = crowds.measure(desk(OFFICIALS, SAID), crowds.SOCIAL, _crowd("none", *SAID))
    assert [(one.name, one.kind) for one in section.alarms] == [
        (name, said[0][1]) for name, said in SAID.items()
    ]


def test_a_crowd_has_a_goal_for_likeness_alone() -> None:
    assert {figure.code: figure.goal for figure in crowds.SOCIAL.figures if figure.goal} == {
        "social.likeness": "at most 4"
    }
    assert {figure.code: figure.goal for figure in crowds.BACKGROUND.figures if figure.goal} == {
        "background.likeness": "at most 1.5"
    }


def test_a_crowd_without_kinds_is_one_group() -> None:
    section = crowds.measure(desk(OFFICIALS, SAID), crowds.ORDINARY, [Stranger("x", "", False)])
    assert section.readings["ordinary.likeness"] == Reading(0.0, "0 of 1")
    assert [row[0] for row in section.tables[0].rows] == ["all"]
