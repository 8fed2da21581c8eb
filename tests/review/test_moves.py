"""The table of moves, against the handbook."""

from itertools import pairwise

import pytest

from registry.roles import Role
from review.models import Case, CaseChange
from review.moves import ADVANCES, EVERY, MOVES, STATES, STAYS, TITLES, open_to

# Handbook 1: who does what with a case.
MAY = {
    Role.REVIEWER: {
        *("take", "wait", "judge", "reopen", "severity", "crime_signs", "report", "countersign"),
        *("second_refused", "archive"),
    },
    Role.DUTY_OFFICER: {
        *("take", "wait", "judge", "reopen", "severity", "crime_signs", "report", "countersign"),
        "second_refused",
    },
    Role.SPONSOR: {"report", "countersign", "second_refused"},
    Role.SUPERVISOR: {"report", "countersign", "second_refused"},
    Role.CAC_OFFICER: {"accept", "dispose", "recheck", "conclude", "archive"},
}
LIFE = (
    *("detected", "under_review", "warned", "reported", "accepted", "disposed", "rechecked", "concluded"),
    "archived",
)


@pytest.mark.parametrize("role", Role)
def test_every_role_makes_the_moves_of_the_handbook_and_no_other(role: Role) -> None:
    assert {move.name for move in MOVES.values() if role in move.roles} == MAY.get(role, set())


def test_what_the_service_does_nobody_else_may() -> None:
    own = {move.name for move in MOVES.values() if not move.roles}
    assert own == {"joined", "warn", "second_missing", "due", "registered"}


def test_the_states_are_those_of_the_rows() -> None:
    assert set(STATES) == set(EVERY) == set(Case.STATES)
    assert all(
        {*move.sources} | {*move.targets} <= {*EVERY, STAYS} and move.sources for move in MOVES.values()
    )


def test_names_and_titles_fit_their_columns() -> None:
    longest = CaseChange._meta.get_field("move").max_length or 0
    assert all(len(name) <= longest for name in TITLES)
    assert set(ADVANCES) < set(MOVES) < set(TITLES)


def test_the_life_of_a_case_is_walked_in_its_order() -> None:
    steps = ("take", "warn", "report", "accept", "dispose", "recheck", "conclude", "archive")
    for step, (state, after) in zip(steps, pairwise(LIFE), strict=True):
        assert MOVES[step].leads(state, after)


@pytest.mark.parametrize(
    ("move", "state"), [("accept", "warned"), ("dispose", "reported"), ("conclude", "disposed")]
)
def test_no_stage_is_skipped(move: str, state: str) -> None:
    assert state not in MOVES[move].sources


def test_nothing_leads_out_of_the_archive() -> None:
    leaving = [
        move.name for move in MOVES.values() if "archived" in move.sources and move.targets != (STAYS,)
    ]
    assert leaving == []


def test_a_page_offers_what_the_table_allows() -> None:
    def offered(role: Role, state: str, confirmed: bool) -> list[str]:
        return [move.name for move in open_to(role, state, confirmed)]

    assert offered(Role.CAC_OFFICER, "reported", True) == ["accept"]
    assert offered(Role.SPONSOR, "under_review", False) == ["countersign", "second_refused"]
    assert "report" in offered(Role.SPONSOR, "warned", True)
    assert offered(Role.CONTRACTOR, "warned", True) == []
    assert "wait" not in offered(Role.REVIEWER, "under_review", True)
