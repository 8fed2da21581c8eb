"""When a second person is needed, who that may be, and who may do without until the morning."""

from datetime import datetime

from django.db.models import Q

from registry.calendar import in_office_hours
from registry.models import User
from registry.roles import Role
from review import standing
from review.clocks import JUDGE, SECOND_PERSON
from review.errors import NotAllowed
from review.models import Case, Decision
from review.moves import JUDGES, REPORTERS
from review.standing import DECIDING, NOT_YET

_SIGNED = Q(standing="final", second__isnull=False)


def needed(outcome: str, severity: str) -> bool:
    """Whether this is decided by two: a counterfeit of S1, and whatever formally leaves the house."""
    return outcome == "report" or (outcome == "counterfeit" and severity == "S1")


def at_stake(case: Case, user: User) -> str:
    """The severity by which `user` decides about `case` alone or not: lowering it spares nobody the second.

    The worse of what the case has and what the rules gave; S1 also where this person lowered it from there,
    and where a counterfeit at S1 still waits for its second person.
    """
    lowered = case.changes.filter(move="severity", by=user, details__was="S1")
    waiting = case.decisions.filter(outcome="counterfeit", severity="S1", standing__in=NOT_YET)
    if lowered.exists() or waiting.exists():
        return "S1"
    return min(case.severity, case.suspect.severity)


def signers(outcome: str) -> frozenset[Role]:
    """The roles that may be the second person: those that may decide the same."""
    return REPORTERS if outcome == "report" else JUDGES


def may_sign(user: User, decision: Decision) -> bool:
    """Whether `user` may be the second person for `decision`: never the one who took it, nor a namesake.

    Two accounts of one full name are one person, as far as anybody can tell.
    """
    is_another = decision.by_id != user.pk and not (
        user.full_name and user.full_name == decision.by.full_name
    )
    return is_another and user.role in signers(decision.outcome)


def first_standing(
    user: User, outcome: str, case: Case, alone: bool, now: datetime
) -> tuple[str, datetime | None]:
    """The standing of a decision when it is taken, and until when the second person is due.

    What two decided, one does not undo: a judgement in its place waits for a second person, whatever it says.
    Raises NotAllowed for `alone` by anybody but a duty officer outside office hours, or against two.
    """
    undoes_two = outcome in DECIDING and standing.giving_way(case, outcome).filter(_SIGNED).exists()
    if not undoes_two and not needed(outcome, at_stake(case, user)):
        return "final", None
    if not alone:
        return "awaiting", _due(outcome, case, now)
    if undoes_two:
        raise NotAllowed(
            "两人共同作出的决定不能由一人改变；请由另一人签字。",
            "what two decided is not undone alone, at night neither: a second person must sign",
        )
    if user.role != Role.DUTY_OFFICER or in_office_hours(now):
        raise NotAllowed(
            "仅值守人员可在非工作时间单人处置；请由另一人签字。",
            "only a duty officer acts alone, outside office hours: a second person must sign",
        )
    return "provisional", _due_alone(outcome, case, now)


def _due_alone(outcome: str, case: Case, now: datetime) -> datetime:
    """Within four hours; saying the same again while it is unsigned starts no new clock."""
    unsigned = case.decisions.filter(outcome=outcome, standing="provisional").first()
    return (unsigned.second_by if unsigned else None) or now + SECOND_PERSON


def _due(outcome: str, case: Case, now: datetime) -> datetime:
    """Until when a decision may wait: a counterfeit as long as the case has to be judged, others longer."""
    if outcome != "counterfeit":
        return now + SECOND_PERSON
    return case.judge_by if case.judge_by and case.judge_by > now else now + JUDGE["S1"]
