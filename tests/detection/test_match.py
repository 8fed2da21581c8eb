"""The flow from a register and names to lines, with an engine of a few lines behind it."""

import json
import os
import random
import tracemalloc
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.compare import AccountName
from detection.engine import Found
from detection.match import Rule, Told, match
from detection.namesfile import Candidate, names_given
from detection.registryfile import Official
from detection.rowfiles import MatchInputError
from tests.detection.standin import StandIn

OFFICIALS = [
    Official("R2", AccountName("郑州发布", "zhengzhou_fabu"), "weibo"),
    Official("R1", AccountName("郑州发布厅")),
    Official("R1", AccountName("郑州发布社")),
    Official("R3", AccountName("平安郑州"), "weibo"),
    Official(9, AccountName("开封发布"), "weibo"),
]


def found(
    candidates: Iterable[Candidate], officials: list[Official] = OFFICIALS, **rule: Any
) -> list[dict[str, Any]]:
    told = match(officials, candidates, Rule(**rule), build=StandIn)
    return [json.loads(line) for one in told for line in one.lines.splitlines()]


def matches(name: str, officials: list[Official] = OFFICIALS, **rule: Any) -> list[tuple[Any, float]]:
    (one,) = found(names_given([name]), officials, **rule)
    return [(match["id"], match["score"]) for match in one["matches"]]


def candidate(name: str, identity: str | int | None, platform: str, handle: str = "") -> Candidate:
    return Candidate(1, name, AccountName(name, handle), identity, platform)


def test_rows_that_match_are_told_in_order_duplicates_included() -> None:
    names = ["郑州发布号", "小猫", "", "郑州发布号", "@zhengzhou_fab"]
    told = found(names_given(names))
    assert [(one["row"], one["name"]) for one in told] == [
        (1, "郑州发布号"),
        (4, "郑州发布号"),
        (5, "@zhengzhou_fab"),
    ]
    assert told[0]["matches"] == told[1]["matches"]


def test_rows_are_counted_with_those_that_are_blank_and_those_that_match() -> None:
    (told,) = match(OFFICIALS, names_given(["郑州发布号", "小猫", "", " "]), Rule(), build=StandIn)
    assert told._replace(lines=b"") == Told(b"", rows=4, blank=2, matched=1)


def test_top_counts_ids_and_tells_the_best_name_of_each() -> None:
    assert [one for one, _ in matches("郑州发布社区", top=2)] == ["R1", "R2"]
    assert [one for one, _ in matches("郑州发布社区", top=1)] == ["R1"]


def test_the_best_comes_first_and_ties_go_by_id() -> None:
    officials = [
        Official(uid, AccountName(name)) for uid, name in (("b", "甲乙丙"), ("a", "甲乙丁"), (7, "甲乙戊"))
    ]
    told = matches("甲乙己", officials, threshold=0.1)
    assert [one for one, _ in told] == [7, "a", "b"]
    assert len({score for _, score in told}) == 1


def test_a_threshold_of_zero_tells_every_candidate() -> None:
    assert {one for one, _ in matches("小猫", threshold=0, top=20)} == {"R1", "R2", "R3", 9}


def test_the_very_name_is_identical_and_nothing_else() -> None:
    assert matches("郑州发布", threshold=0) == [("R2", 1.0)]
    assert matches("ＺＨＥＮＧＺＨＯＵ＿ＦＡＢＵ", threshold=0) == [("R2", 1.0)]


@pytest.mark.parametrize(
    ("identity", "platform", "is_told"),
    [
        ("R2", "weibo", False),
        ("R2", "douyin", True),
        ("R3", "weibo", True),
        ("R2", "", True),
        (None, "weibo", True),
    ],
)
def test_the_registered_account_itself_gives_no_output(
    identity: str | None, platform: str, is_told: bool
) -> None:
    assert bool(found([candidate("郑州发布", identity, platform)])) is is_told


def test_a_number_and_its_text_are_the_same_id() -> None:
    assert found([candidate("开封发布", "9", "weibo")]) == []


def test_an_unknown_platform_proves_nothing() -> None:
    officials = [Official("R2", AccountName("郑州发布"))]
    assert found([candidate("郑州发布", "R2", "")], officials)


def test_another_name_is_told_even_of_a_registered_account() -> None:
    assert found([candidate("郑州发布号", "R2", "weibo")])


def test_an_office_claim_is_told_after_accounts_of_the_same_score() -> None:
    officials = [Official("R1", AccountName("甲局"))]
    (one,) = found(names_given(["乙局"]), officials, threshold=0.5)
    assert [match["id"] for match in one["matches"]] == ["R1", None]


# -- whatever the batches and processes


def many() -> list[Candidate]:
    chance = random.Random(5)
    letters = "郑州发布平安开封厅社"
    return list(names_given("".join(chance.choices(letters, k=chance.randrange(6))) for _ in range(300)))


def output(batch: int, processes: int) -> bytes:
    told = match(OFFICIALS, many(), Rule(), processes, build=StandIn, batch=batch)
    return b"".join(one.lines for one in told)


@pytest.mark.parametrize(("batch", "processes"), [(1, 1), (7, 1), (7, 2), (50, 3), (299, 2), (300, 4)])
def test_the_output_is_the_same_for_any_batch_and_number_of_processes(batch: int, processes: int) -> None:
    expected = output(2000, 1)
    assert expected.count(b"\n") > 30
    assert output(batch, processes) == expected


def test_what_the_engine_works_out_at_first_use_is_shared_by_all_processes(tmp_path: Path) -> None:
    class Lazy(StandIn):
        is_ready = False

        def search(self, *asked: Any) -> list[list[Found]]:
            if not self.is_ready:
                (tmp_path / str(os.getpid())).touch()
                self.is_ready = True
            return super().search(*asked)

    assert list(match(OFFICIALS, many(), Rule(), 2, build=Lazy, batch=10))
    assert [path.name for path in tmp_path.iterdir()] == [str(os.getpid())]


def test_a_few_names_need_no_other_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("detection.workers._hire", None)
    assert list(match(OFFICIALS, many(), Rule(), processes=8, build=StandIn))


def test_no_names_are_no_work() -> None:
    assert list(match(OFFICIALS, [], Rule(), processes=8, build=StandIn)) == []


def test_names_are_never_all_in_memory() -> None:
    def stream() -> Iterator[Candidate]:
        for number in range(20_000):
            yield Candidate(number, "猫" * 500, AccountName(""))

    tracemalloc.start()
    try:
        assert sum(one.rows for one in match(OFFICIALS, stream(), Rule(), build=StandIn, batch=100)) == 20_000
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert most < 1_000_000  # all of them would take twenty times as much


@pytest.mark.parametrize("processes", [1, 2])
def test_a_bad_row_ends_the_flow_where_it_stands(processes: int) -> None:
    def stream() -> Iterator[Candidate]:
        yield from many()
        raise MatchInputError("names, line 301: spoilt")

    with pytest.raises(MatchInputError, match="line 301"):
        list(match(OFFICIALS, stream(), Rule(), processes, build=StandIn, batch=10))


@given(st.lists(st.text(st.characters(), max_size=6), max_size=8))
def test_any_name_can_be_compared(names: list[str]) -> None:
    told = found(names_given(names), threshold=0)
    assert [one["row"] for one in told] == sorted({one["row"] for one in told})
