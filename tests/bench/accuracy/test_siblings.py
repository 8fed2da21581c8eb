import pytest

from bench.accuracy import siblings
from bench.accuracy.figures import Reading
from bench.accuracy.readers import Registered, Sibling
from detection.compare import AccountName
from tests.bench.accuracy.standin import Said, desk


def _row(name: str, region: str = "") -> Registered:
    return Registered(name, AccountName(name), region)


CODES = [f"41{number:04d}" for number in range(101, 121)]
REGISTRY = [_row(f"官{code}{word}", code) for code in CODES for word in ("发布", "公安")]


def test_fifteen_of_a_hundred_are_drawn_the_same_for_the_same_seed() -> None:
    regions = [str(number) for number in range(100)]
    assert len(siblings.drawn(regions, 1)) == 15
    assert siblings.drawn(regions, 1) == siblings.drawn(regions, 1)
    assert siblings.drawn(regions, 1) != siblings.drawn(regions, 2)


def test_names_of_divisions_left_out_meet_a_register_without_them() -> None:
    """Three of twenty are left out: six names, each told to be like the two rows of one division."""
    code = "410119"  # drawn by three of the seeds
    first = [f"官{code}发布", f"官{code}公安"]
    said: dict[str, list[Said]] = {
        row.account.name: [(name, "edited", 0.9) for name in first] for row in REGISTRY
    }
    section = siblings.measure(desk([], said), REGISTRY)
    assert _times_drawn(code) == 3
    rates = []
    for row, seed in zip(section.tables[0].rows, siblings.SEEDS, strict=True):
        is_out = code in siblings.drawn(CODES, seed)
        rates.append(0.0 if is_out else 1000.0)  # nobody is like whom the register does not hold
        assert row[:5] == (str(seed), "3", "6", f"{rates[-1]:.2f}", "0" if is_out else "6")
    assert section.readings["left_out.mean"].value == pytest.approx(sum(rates) / 5)
    assert section.readings["left_out.worst"].value == max(rates)
    assert len(section.alarms) == sum(rate > 0 for rate in rates) * 6


def test_the_worst_draw_and_the_mean_differ() -> None:
    """One division's names alone are called another's: it lies in some draws and not in others."""
    code = next(code for code in CODES if _times_drawn(code) in (1, 2, 3, 4))
    said: dict[str, list[Said]] = {
        f"官{code}公安": [(row.account.name, "edited", 0.9) for row in REGISTRY if row.region != code]
    }
    readings = siblings.measure(desk([], said), REGISTRY).readings
    assert readings["left_out.worst"].value == pytest.approx(1000 / 6)
    assert readings["left_out.mean"].value == pytest.approx(_times_drawn(code) / 5 * 1000 / 6)


def _times_drawn(code: str) -> int:
    return sum(code in siblings.drawn(CODES, seed) for seed in siblings.SEEDS)


def test_a_match_with_the_places_own_row_is_right_wherever_it_stands_in_the_register() -> None:
    registry = [*REGISTRY, _row("中原区人民政府"), _row("洛阳市公安局")]
    said: dict[str, list[Said]] = {
        "官410102发布": [("中原区人民政府", "edited", 0.9)],
        "官410102公安": [("洛阳市公安局", "edited", 0.9)],
    }
    section = siblings.measure(desk([], said), registry)
    drawn = _times_drawn("410102")
    assert drawn
    assert sum(int(row[-1]) for row in section.tables[0].rows) == drawn
    assert [one.name for one in section.alarms] == ["官410102公安"] * drawn


def test_a_row_is_the_places_own_by_code_or_where_it_has_none_by_name() -> None:
    assert siblings.is_own(_row("郑州公安", "4101"), "4101")
    assert not siblings.is_own(_row("郑州市金水区公安局", "410105"), "4101")
    assert siblings.is_own(_row("郑州市公安局"), "4101")
    assert siblings.is_own(_row("昌平区人民政府"), "110114")
    assert not siblings.is_own(_row("洛阳市公安局"), "4101")
    assert not siblings.is_own(_row("郑州市公安局"), "")
    assert not siblings.is_own(_row("郑州市公安局"), "999999")


def test_likeness_with_another_place_counts_before_all_else() -> None:
    registry = [_row("郑州市公安局"), _row("洛阳公安", "4103"), _row("开封公安", "4102")]
    said: dict[str, list[Said]] = {
        "own": [("郑州市公安局", "edited", 0.95)],
        "both": [
            ("郑州市公安局", "same_body", 0.95),
            ("洛阳公安", "identical", 0.9),
            ("开封公安", "edited", 0.8),
        ],
        "equal": [("洛阳公安", "identical", 1.0)],
        "claim": [("", "office_claim", 0.9)],
    }
    listed = [Sibling(name, "4101") for name in (*said, "none")]
    section = siblings.measure_listed(desk([one.account for one in registry], said), registry, listed)
    assert section.readings["siblings.flagged"] == Reading(200.0, "1 of 5")
    assert list(section.tables[0].rows) == [
        ("identical", "1"),
        ("likeness", "1"),
        ("office_claim", "1"),
        ("own place", "1"),
    ]
    assert [(one.name, one.registered) for one in section.alarms if one.kind == "edited"] == [
        ("both", "开封公安")
    ]


def test_a_register_without_codes_is_not_measured() -> None:
    assert siblings.measure(desk([], {}), [_row("a"), _row("b")]).readings == {}
