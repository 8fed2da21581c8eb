"""The index is held against brute force: whatever `compare` accepts must be among its candidates."""

from random import Random

import pytest

from detection.compare import AccountName, compare, compare_each
from detection.engine import Engine
from tests.detection.pairs import rows
from tests.detection.pool import CROWD, altered, officials

CANDIDATES_A_SEED = 40


@pytest.fixture(scope="module")
def known() -> list[AccountName]:
    return officials()


@pytest.fixture(scope="module")
def engine(known: list[AccountName]) -> Engine:
    return Engine(known)


def accepted(account: AccountName, known: list[AccountName]) -> set[int]:
    """The positions of all officials that comparing with every one of them accepts."""
    return {at for at, official in enumerate(known) if compare(account, official)}


@pytest.mark.parametrize("seed", range(6))
def test_it_misses_nothing_that_comparing_all_would_accept(
    engine: Engine, known: list[AccountName], seed: int
) -> None:
    rng = Random(seed)
    accounts = [one for official in rng.sample(known, 12) for one in altered(official, rng)]
    for account in rng.sample(accounts, CANDIDATES_A_SEED):
        missed = accepted(account, known) - set(engine.candidates([account])[0])
        assert not missed, (account, [known[at] for at in missed])


def test_it_misses_no_row_of_the_table() -> None:
    table = [row for row in rows() if row.kind != "none"]
    engine = Engine([AccountName(row.official) for row in table])
    for at, found in enumerate(engine.candidates([AccountName(row.candidate) for row in table])):
        assert at in found, table[at]


def test_a_handle_that_is_registered_as_a_name_is_found(engine: Engine, known: list[AccountName]) -> None:
    for account in (AccountName("小猫", "zhengzhoufabu"), AccountName("Halo BCA"), AccountName("haloBCA")):
        assert accepted(account, known)
        assert accepted(account, known) <= set(engine.candidates([account])[0])


@pytest.mark.parametrize(
    ("typed", "name"),
    [("xianjiaojing", "西安交警"), ("pinganenshi", "平安恩施"), ("wangxinenshi", "网信恩施")],
)
def test_pinyin_that_can_be_cut_in_two_ways_is_found(typed: str, name: str) -> None:
    assert compare(AccountName(typed), AccountName(name))
    assert Engine([AccountName(name)]).candidates([AccountName(typed)]) == [[0]]


@pytest.mark.parametrize("seed", range(2))
def test_threshold_0_gives_every_candidate_and_all_their_scores(
    engine: Engine, known: list[AccountName], seed: int
) -> None:
    rng = Random(seed)
    accounts = [rng.choice(altered(rng.choice(known), rng)) for _ in range(20)]
    for account, found, candidates in zip(
        accounts, engine.search(accounts, 0), engine.candidates(accounts), strict=True
    ):
        if found and found[0].match.kind == "identical":
            continue
        assert {one.at for one in found if one.at >= 0} == set(candidates)
        best = {at: compare_each(account, known[at])[0].kind for at in candidates}
        assert all(any(one.at == at for one in found) for at in best)


def test_an_ordinary_name_is_compared_with_few(engine: Engine, known: list[AccountName]) -> None:
    counts = [len(found) for found in engine.candidates([AccountName(name) for name in CROWD])]
    assert sum(counts) <= len(known) / 20


def test_the_alterations_are_recognised_at_all(known: list[AccountName]) -> None:
    rng = Random(1)
    official = AccountName("郑州市公安局交通警察支队")
    assert official in known
    assert sum(bool(compare(one, official)) for one in altered(official, rng)) >= 12
