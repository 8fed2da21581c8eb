from typing import get_args

import pytest

from detection.compare import KIND_OF_FOLDING, AccountName
from detection.engine import NO_ONE, Engine
from detection.kinds import APART, KINDS, Kind
from tests.detection.pairs import by_name, rows


def test_the_list_is_closed_and_each_kind_stands_once() -> None:
    assert get_args(Kind) == KINDS
    assert len(set(KINDS)) == len(KINDS)
    assert set(KINDS) > APART
    assert set(KINDS) > set(KIND_OF_FOLDING.values())


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind != "office_claim"])
def test_every_kind_is_given_to_some_pair(kind: str) -> None:
    assert any(by_name(row.candidate, row.official).kind == kind for row in rows() if row.kind == kind)


def test_an_office_is_claimed_of_nobody() -> None:
    [[claim]] = Engine([]).search([AccountName("郑州公安")])
    assert (claim.at, claim.match.kind) == (NO_ONE, "office_claim")
    assert claim.match.kind in APART
