"""Anybody does anything to the cases of one pair, in any order: what must hold, holds after every act."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_logs.models import Event
from detection.models import Suspect
from registry.models import User
from review import codes, decide, standing
from review.decide import Judgement
from review.errors import Conflict, ReviewError
from review.intake import take_in
from review.models import Case, CaseChange, Decision
from review.moves import ADVANCES, HANDLED, MOVES, UNDECIDED
from review.second import needed, signers
from review.severity import RAISES
from review.sweep import sweep
from review.transitions import apply
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NIGHT, REASONS

FACES = ("郑州発布", "郑州發布", "郑洲发布")
PEOPLE = tuple(Cast.__dataclass_fields__)
JUDGING = ("reviewer", "second_reviewer", "duty_officer")
OUTCOMES = tuple(REASONS)


@dataclass
class World:
    """One stranger, one target, everybody, and a clock that only goes on."""

    place: Province
    people: Cast
    now: datetime = NIGHT
    looks: int = 0
    refused: list[str] = field(default_factory=list)

    def case(self, newest: bool) -> Case:
        return Case.objects.order_by("-pk" if newest else "pk")[0]

    def user(self, who: str) -> User:
        user = getattr(self.people, who)
        assert isinstance(user, User)
        return user


Act = Callable[[World], object]


def passing(hours: int) -> Act:
    def act(world: World) -> None:
        world.now += timedelta(hours=hours)

    return act


def looking(face: str, severity: str) -> Act:
    """Seen with `face` under ever newer rules, which call it `severity`."""

    def act(world: World) -> None:
        world.looks += 1
        rules = f"names-{world.looks}"
        cast.suspect(world.place.zhengzhou_account, face, severity=severity, at=world.now, rules=rules)
        take_in(world.now)

    return act


def judging(who: str, newest: bool, outcome: str, alone: bool, stale: int) -> Act:
    def act(world: World) -> None:
        case = world.case(newest)
        day = (world.now + timedelta(days=3)).date() if outcome == "wait" else None
        crime = alone and outcome == "counterfeit"
        said = Judgement(outcome, REASONS[outcome], review_on=day, crime_signs=crime, alone=alone)
        decide.judge(world.user(who), case.pk, case.version - stale, said, world.now)

    return act


def signing(who: str, newest: bool, agree: bool, stale: int) -> Act:
    def act(world: World) -> None:
        case = world.case(newest)
        decide.countersign(world.user(who), case.pk, case.version - stale, agree, "已核。", world.now)

    return act


def moving(who: str, newest: bool, name: str, choice: int, alone: bool) -> Act:
    def act(world: World) -> None:
        case = world.case(newest)
        keys = [code.key for code in codes.CODES.get(name, ())]
        if name == "severity":
            keys = [code.key for way in ("raise", "lower") for code in codes.CODES[way]]
        code = keys[choice % len(keys)] if keys else ""
        details = {"acceptance_number": "7", "alone": alone}
        decide.move(world.user(who), case.pk, case.version, name, code, "说明。", details, world.now)

    return act


def warning(newest: bool) -> Act:
    def act(world: World) -> None:
        case = world.case(newest)
        apply(case, case.version, "warn", "system:fan_out", world.now, to="warned")

    return act


def sweeping() -> Act:
    return lambda world: sweep(world.now)


NEXT: dict[str, Act] = {
    "detected": judging("reviewer", True, "counterfeit", False, 0),
    "under_review": warning(True),
    "warned": moving("sponsor", True, "report", 0, False),
    "reported": moving("cac_officer", True, "accept", 0, False),
    "accepted": moving("cac_officer", True, "dispose", 0, False),
    "disposed": moving("cac_officer", True, "recheck", 0, False),
    "rechecked": moving("cac_officer", True, "conclude", 0, False),
    "concluded": moving("reviewer", True, "archive", 0, False),
    "not_established": moving("reviewer", True, "reopen", 0, False),
    "archived": looking(FACES[0], "S1"),
}


def going_on() -> Act:
    """What comes next for the newest case, by whoever does it; else random acts hardly leave the start."""

    def act(world: World) -> None:
        case = world.case(newest=True)
        waits = case.decisions.filter(standing__in=standing.NOT_YET).exists()
        undecided = case.state in UNDECIDED and not case.confirmed
        step = NEXT["detected" if undecided else case.state]
        (signing("second_reviewer", True, True, 0) if waits else step)(world)

    return act


BOOLEAN, STALE = st.booleans(), st.sampled_from((0, 0, 0, 0, 1))
ACTS = st.one_of(
    st.builds(going_on),
    st.builds(going_on),
    st.builds(looking, st.sampled_from(FACES), st.sampled_from(("S1", "S2", "S2", "S3"))),
    st.builds(judging, st.sampled_from(JUDGING), BOOLEAN, st.sampled_from(OUTCOMES), BOOLEAN, STALE),
    st.builds(judging, st.sampled_from(PEOPLE), BOOLEAN, st.sampled_from(OUTCOMES), BOOLEAN, STALE),
    st.builds(signing, st.sampled_from(PEOPLE), BOOLEAN, BOOLEAN, STALE),
    st.builds(
        moving, st.sampled_from(PEOPLE), BOOLEAN, st.sampled_from(ADVANCES), st.integers(0, 12), BOOLEAN
    ),
    st.builds(warning, BOOLEAN),
    st.builds(passing, st.integers(1, 20)),
    st.builds(sweeping),
)


@pytest.fixture
def ground(place: Province, everybody: Cast) -> World:
    """The world before anybody acts."""
    return World(place, everybody)


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    first=st.builds(looking, st.sampled_from(FACES), st.sampled_from(("S1", "S2"))),
    acts=st.lists(ACTS, min_size=8, max_size=24),
)
def test_whatever_anybody_does_the_rules_hold(ground: World, first: Act, acts: list[Act]) -> None:
    with transaction.atomic():
        world = World(ground.place, ground.people)
        for act in (first, *acts):
            before = everything()
            try:
                with transaction.atomic():
                    act(world)
            except ReviewError as error:
                assert everything() == before, f"{error!r} left something behind"
                assert error.zh
                assert str(error)
            check(world)
        transaction.set_rollback(True)


def everything() -> list[object]:
    """All that an act may change."""
    return [
        list(Case.objects.order_by("pk").values()),
        list(Decision.objects.order_by("pk").values()),
        list(CaseChange.objects.order_by("pk").values_list("pk")),
        Event.objects.count(),
    ]


def check(world: World) -> None:
    """What must hold of every case at any time."""
    cases = list(Case.objects.all())
    assert sum(case.state in UNDECIDED and not case.confirmed for case in cases) <= 1
    assert not Suspect.objects.filter(intake=None).exists()
    for case in cases:
        changes = list(case.changes.select_related("by").order_by("version"))
        decisions = list(case.decisions.select_related("by", "second"))
        check_moves(case, changes)
        check_standing(case, decisions)
        for decision in decisions:
            check_two(decision)


def check_moves(case: Case, changes: list[CaseChange]) -> None:
    assert [change.version for change in changes] == list(range(1, case.version + 1))
    assert [change.at for change in changes] == sorted(change.at for change in changes)
    assert (changes[-1].to_state, changes[-1].severity) == (case.state, case.severity)
    events = Event.objects.filter(subject_id=str(case.pk), action__startswith="case.").order_by("pk")
    logged = [(e.action, e.actor, e.at) for e in events.exclude(action="case.cover")]
    assert logged == [(f"case.{change.move}", change.actor, change.at) for change in changes]
    raises = [change.code for change in changes if change.move == "severity" and change.code in RAISES]
    assert len(raises) == len(set(raises))
    for before, change in pairwise(changes):
        assert change.from_state == before.to_state
        assert change.by is None or change.by.role in MOVES[change.move].roles


def check_standing(case: Case, decisions: list[Decision]) -> None:
    in_effect = [d for d in decisions if d.standing in standing.IN_EFFECT and d.outcome != "report"]
    assert len(in_effect) <= 1
    outcome = in_effect[0].outcome if in_effect else ""
    assert case.confirmed == (outcome == "counterfeit")
    if case.crime_signs and not any(decision.crime_signs for decision in in_effect):
        assert case.changes.filter(move="crime_signs").latest("version").code != "withdrawn"
    assert (case.judged_at is not None) == (outcome in standing.DECIDING)
    assert (case.review_on is None) or outcome == "wait"
    assert case.confirmed or case.state not in HANDLED
    assert not (case.confirmed and case.state == "not_established")
    if case.state in HANDLED and case.state != "warned":
        assert case.notified_at is not None
        assert case.judged_at is not None


def check_two(decision: Decision) -> None:
    if decision.second is not None:
        assert decision.second != decision.by
        assert decision.second.role in signers(decision.outcome)
    gravest = min(decision.severity, decision.suspect.severity)
    if needed(decision.outcome, gravest) and decision.standing == "final":
        assert decision.second is not None
    assert (decision.standing in standing.NOT_YET) <= (decision.second_by is not None)


def test_a_stale_reader_is_told_who_was_first(ground: World) -> None:
    looking(FACES[0], "S2")(ground)
    judging("reviewer", True, "not_established", False, 0)(ground)
    with pytest.raises(Conflict):
        judging("second_reviewer", True, "counterfeit", False, 1)(ground)
    check(ground)
