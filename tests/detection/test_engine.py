"""The engine: same results however its register came about and however it is asked."""

import os
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detection.compare import AccountName
from detection.engine import NO_ONE, Engine, Found
from tests.detection.pool import CROWD, LATIN, PLACELESS, altered, officials

POOL = officials()
FEW = [AccountName(name) for name in (*PLACELESS[:8], "郑州发布", "郑洲发布", "平安郑州", "郑州公安")] + [
    AccountName("郑州发布", "zhengzhou_fabu"),
    AccountName("", "zhengzhou_fabu"),
    AccountName("", "haloBCA"),
    AccountName("haloBCA"),
    AccountName("鼓楼发布", division="410204"),
    AccountName("鼓楼发布", division="320106"),
    AccountName("", ""),
]
ASKED = [
    AccountName("郑洲发布"),
    AccountName("zhengzhoufabu"),
    AccountName("郑州公安"),
    AccountName("开封公安"),
    AccountName("人民曰报", "haIoBCA"),
    AccountName("小猫", "zhengzhou.fabu"),
    AccountName("南京鼓楼发布"),
    AccountName("郑州市人民政府发布"),
    AccountName("haloBCA", "haloBCA"),
    AccountName("邮政精选"),
    AccountName(""),
]
Result = list[list[tuple[int, object]]]


def results(engine: Engine, positions: dict[int, int], threshold: float | None = None) -> Result:
    """What the engine says, with positions told as in an engine without gaps."""
    return [
        [(positions.get(one.at, one.at), one.match) for one in found]
        for found in engine.search(ASKED, threshold)
    ]


STEP = st.tuples(st.sampled_from(["add", "rename", "remove", "search"]), st.integers(0, 200))


@settings(deadline=None)
@given(st.lists(STEP, max_size=25), st.sampled_from([None, 0.0, 0.9]))
def test_after_any_changes_it_is_like_one_built_afresh(
    steps: list[tuple[str, int]], threshold: float | None
) -> None:
    engine = Engine(FEW[:4])
    kept: dict[int, AccountName] = dict(enumerate(FEW[:4]))
    for act, number in steps:
        chosen, at = FEW[number % len(FEW)], number % (max(kept, default=0) + 1)
        if act == "add":
            kept.update(zip(engine.add([chosen]), [chosen], strict=True))
        elif act == "rename" and at in kept:
            engine.rename(at, chosen)
            kept[at] = chosen
        elif act == "remove" and at in kept:
            engine.remove(at)
            del kept[at]
        elif act == "search":
            engine.search(ASKED)
    positions = {at: place for place, at in enumerate(sorted(kept))}
    afresh = Engine([kept[at] for at in sorted(kept)])
    assert results(engine, positions, threshold) == results(afresh, {}, threshold)


def crowd(seed: int, count: int) -> list[AccountName]:
    rng = Random(seed)
    return [rng.choice(altered(rng.choice(POOL), rng)) for _ in range(count)] + [
        AccountName(name) for name in CROWD
    ]


@pytest.fixture(scope="module")
def engine() -> Engine:
    return Engine(POOL)


@pytest.mark.parametrize("threshold", [None, 0, 0.9])
def test_results_do_not_depend_on_batches_or_order(engine: Engine, threshold: float | None) -> None:
    accounts = crowd(1, 60)
    together = engine.search(accounts, threshold)
    assert [engine.search([one], threshold)[0] for one in accounts] == together
    assert engine.search(accounts[:17], threshold) + engine.search(accounts[17:], threshold) == together
    assert engine.search(accounts[::-1], threshold) == together[::-1]


def test_results_do_not_depend_on_the_order_of_the_register(engine: Engine) -> None:
    accounts, last = crowd(2, 60), len(POOL) - 1
    turned = Engine(POOL[::-1]).search(accounts)
    for one, other in zip(engine.search(accounts), turned, strict=True):
        there = [(last - found.at if found.at >= 0 else found.at, found.match) for found in other]
        assert sorted(map(str, there)) == sorted(str((found.at, found.match)) for found in one)


@pytest.mark.parametrize("threshold", [None, 0])
def test_the_best_comes_first_and_equals_by_position(engine: Engine, threshold: float | None) -> None:
    for found in engine.search(crowd(3, 60), threshold):
        ranks = [(-one.match.score, one.at) for one in found if one.at >= 0]
        assert ranks == sorted(ranks)


def test_a_threshold_gives_every_candidate_from_there_on(engine: Engine) -> None:
    accounts = crowd(4, 40)
    everyone, some = engine.search(accounts, 0), engine.search(accounts, 0.9)
    for all_found, found in zip(everyone, some, strict=True):
        wanted = [one for one in all_found if one.match.score >= 0.9 and one.at >= 0]
        assert [one for one in found if one.at >= 0] == wanted


def kinds(engine: Engine, account: AccountName) -> list[tuple[int, str]]:
    return [(one.at, one.match.kind) for one in engine.search([account])[0]]


def test_an_identical_name_is_reported_alone() -> None:
    engine = Engine([AccountName("郑州发布"), AccountName("郑洲发布"), AccountName("", "zhengzhou_fa")])
    assert kinds(engine, AccountName("郑州发布", "zhengzhou.fa")) == [(0, "identical")]
    assert [kind for _, kind in kinds(engine, AccountName("郑舟发布"))] == ["homophone", "homophone"]


def test_every_holder_of_an_identical_name_is_reported() -> None:
    engine = Engine([AccountName("海州发布"), AccountName("郑州发布"), AccountName("海州发布")])
    assert kinds(engine, AccountName("海州发布")) == [(0, "identical"), (2, "identical")]


def test_name_and_handle_of_one_account_are_found_apart() -> None:
    [found] = Engine([AccountName("郑州发布", "zhengzhou_fabu")]).search(
        [AccountName("郑洲发布", "zhengzhou.fabu")]
    )
    assert [(one.at, one.match.registered) for one in found] == [(0, "zhengzhou_fabu"), (0, "郑州发布")]


def office(engine: Engine, name: str) -> tuple[str, str] | None:
    claims = [one.match for one in engine.search([AccountName(name)])[0] if one.at == NO_ONE]
    return (claims[0].place, claims[0].organ) if claims else None


def test_an_office_is_claimed_where_nobody_is_registered() -> None:
    engine = Engine([AccountName("平安郑州"), AccountName("开封发布")])
    assert office(engine, "郑州交警") == ("郑州市", "交警")
    assert office(engine, "金水公安") == ("郑州市金水区", "公安")
    assert office(engine, "开封公安") == ("开封市", "公安")


@pytest.mark.parametrize(
    "name",
    [
        "郑州公安",
        "郑州警方",
        "平安郑州",
        "郑州",
        "郑州交警粉丝团",
        "郑州大学",
        "公安",
        "郑州交警老王",
        "zhengzhou",
    ],
)
def test_no_office_is_claimed_by(name: str) -> None:
    assert office(Engine([AccountName("平安郑州")]), name) is None


def test_an_office_is_taken_though_its_account_is_called_otherwise() -> None:
    engine = Engine([AccountName("郑州公安小分队宣传员")])
    assert kinds(engine, AccountName("郑州公安")) == []
    assert office(engine, "郑州交警") == ("郑州市", "交警")


def test_an_office_claim_names_itself_and_nobody() -> None:
    [[claim]] = Engine([]).search([AccountName("鄭州公安", "zzga")])
    assert (claim.at, claim.match.kind, bool(claim.match)) == (NO_ONE, "office_claim", True)
    assert (claim.match.registered, claim.match.came_from) == ("", "name")
    [reason] = claim.match.reasons
    assert "郑州市" in reason.zh and "公安" in reason.zh
    assert reason.at == ((0, 4),)
    assert reason.points == claim.match.score


def test_an_office_is_free_again_when_its_last_account_is_removed() -> None:
    engine = Engine([AccountName("平安郑州"), AccountName("郑州市公安局")])
    engine.remove(0)
    assert office(engine, "郑州公安") is None
    engine.remove(1)
    assert office(engine, "郑州公安") == ("郑州市", "公安")
    engine.add([AccountName("郑州警方")])
    assert office(engine, "郑州公安") is None


def test_positions_are_kept_for_good() -> None:
    engine = Engine([AccountName("郑州发布")])
    assert engine.add([AccountName("开封发布"), AccountName("郑州发布")]) == range(1, 3)
    engine.remove(0)
    assert engine.add([AccountName("洛阳发布")]) == range(3, 4)
    assert kinds(engine, AccountName("郑州发布")) == [(2, "identical")]
    engine.rename(2, AccountName("南阳发布"))
    assert kinds(engine, AccountName("南阳发布")) == [(2, "identical")]


def test_an_empty_register_knows_nobody() -> None:
    engine = Engine([])
    assert engine.search([AccountName("人民日报"), AccountName("", "haloBCA")]) == [[], []]
    assert engine.search([]) == []
    assert engine.candidates([AccountName("郑州发布", "zhengzhou_fabu")]) == [[]]


def test_odd_texts_are_registered_and_asked_like_any_other() -> None:
    odd = ["\0", "\ud800", "a\0b", "\ud800郑州", "\U0010ffff", "🐱", "\u202e", ("郑州发布x9" * 1667)[:10_000]]
    engine = Engine([AccountName(text, text) for text in odd] + [AccountName(text) for text in LATIN])
    for account, found in zip(odd, engine.search([AccountName(one, one) for one in odd], 0), strict=True):
        assert all(isinstance(one, Found) for one in found), account
    assert set(kinds(engine, AccountName("a\0b"))) == {(2, "identical")}


def test_the_engine_runs_without_the_framework() -> None:
    code = "import sys; from detection.engine import Engine; Engine([]); print(*sys.modules, sep='\\n')"
    environment = {key: value for key, value in os.environ.items() if not key.startswith("DJANGO")}
    ran = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=Path(__file__).parents[2],
        env=environment,
    )
    loaded = {name.partition(".")[0] for name in ran.stdout.split()}
    assert "detection" in loaded
    assert not loaded & {"django", "scrapy", "twisted"}
