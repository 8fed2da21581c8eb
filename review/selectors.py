"""Reading cases: who sees which, the work list, what is due, and a case from its first day to its last.

- who judges (reviewer, duty officer) and the supervising office see every case of their subtree;
- the sponsor sees the cases of the own unit, in every state;
- cyberspace office and publicity see confirmed cases only, the police of these S1 and signs of a crime, both
  by the word of a person: what the service raised to S1 by itself is not opened to them;
- nobody else sees any, a contractor neither.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery
from django.db.models.lookups import IsNull

from registry.models import User
from registry.roles import Role
from registry.scope import visible_accounts
from review.clocks import RECHECKS, today
from review.models import Case, CaseChange, Decision, Intake
from review.moves import CYBERSPACE, JUDGES, MOVES, REPORTERS, UNDECIDED
from review.second import may_sign
from review.standing import IN_EFFECT, NOT_YET

SEVERITIES = ("S1", "S2", "S3", "S4")
Order = Literal["severity", "due"]
Standing = Literal["queue", "waiting", "all"]

RECHECKERS = CYBERSPACE | {Role.REVIEWER}

_EVERYTHING = Q()
_CONFIRMED = Q(confirmed=True)
_DECIDED_AT_S1 = Decision.objects.filter(
    case=OuterRef("pk"), outcome="counterfeit", standing__in=IN_EFFECT, severity="S1"
)
_LAST_TO_CHANGE_IT = (
    CaseChange.objects.filter(case=OuterRef("pk"), move="severity").order_by("-version").values("by")[:1]
)
S1_BY_A_PERSON = Q(severity="S1") & (
    Q(Exists(_DECIDED_AT_S1)) | Q(IsNull(Subquery(_LAST_TO_CHANGE_IT), False))
)
"""Confirmed cases that are S1 because a person said so, not because the service was answered by nobody."""
_SEEN: dict[str, Q] = {
    Role.REVIEWER: _EVERYTHING,
    Role.DUTY_OFFICER: _EVERYTHING,
    Role.SUPERVISOR: _EVERYTHING,
    Role.SPONSOR: _EVERYTHING,
    Role.CAC_OFFICER: _CONFIRMED,
    Role.PUBLICITY: _CONFIRMED,
    Role.PSB_OFFICER: _CONFIRMED & (S1_BY_A_PERSON | Q(crime_signs=True)),
}
_SORTING: dict[Order, tuple[str, ...]] = {
    "severity": ("severity", "-suspect__score", "pk"),
    "due": ("judge_by", "severity", "pk"),
}


@dataclass(frozen=True, slots=True)
class Narrowing:
    """What to keep; an empty field keeps everything."""

    standing: Standing = "all"
    severities: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    platforms: tuple[str, ...] = ()
    owner: int | None = None
    text: str = ""
    order: Order = "severity"


@dataclass(frozen=True, slots=True)
class Due:
    """What waits for a person: each a queryset, most urgent first."""

    overdue: QuerySet[Case]
    """To be judged, and late by a date that is no guess."""
    to_judge: QuerySet[Case]
    """To be judged now, the overdue among them."""
    to_sign: QuerySet[Decision]
    """Decisions of others that this person may countersign."""
    to_report: QuerySet[Case]
    """Confirmed, and no formal report has left."""
    to_recheck: QuerySet[Case]
    """Disposed of 7 or 30 days ago, and not looked at since."""


@dataclass(frozen=True, slots=True)
class Step:
    """Something that happened to a case: exactly one of the three is set."""

    at: datetime
    intake: Intake | None = None
    change: CaseChange | None = None
    decision: Decision | None = None


def visible_cases(user: User | AnonymousUser) -> QuerySet[Case]:
    """The cases `user` may see, with what a line of a list shows."""
    seen = _SEEN.get(user.role) if isinstance(user, User) else None
    if seen is None:
        return Case.objects.none()
    accounts = visible_accounts(user).order_by().values("pk")
    return Case.objects.filter(seen, target__in=accounts).select_related(
        "suspect__observation", "target__unit__line_division", "owner"
    )


def narrowed(cases: QuerySet[Case], by: Narrowing, now: datetime) -> QuerySet[Case]:
    """The rows of `cases` that `by` keeps, in its order; the order is total."""
    if by.text:
        cases = cases.filter(_mentions(by.text))
    bounds = {
        "severity__in": by.severities,
        "suspect__kind__in": by.kinds,
        "platform__in": by.platforms,
        "owner": by.owner,
    }
    given = {field: value for field, value in bounds.items() if value not in (None, ())}
    return cases.filter(_standing(by.standing, today(now)), **given).order_by(*_SORTING[by.order])


def by_severity(cases: QuerySet[Case]) -> dict[str, int]:
    """How many of `cases` there are of each severity; all four are named."""
    counted = cases.order_by().values_list("severity").annotate(Count("pk"))
    return dict.fromkeys(SEVERITIES, 0) | dict(counted)


def neighbours(case_pk: int, cases: QuerySet[Case]) -> tuple[int | None, int | None]:
    """The cases before and after one in the list `cases`; None at an end, both None if it is not in it."""
    keys = list(cases.values_list("pk", flat=True))
    if case_pk not in keys:
        return None, None
    place = keys.index(case_pk)
    return (keys[place - 1] if place else None, keys[place + 1] if place + 1 < len(keys) else None)


def due(user: User, now: datetime) -> Due:
    """What waits for `user` now."""
    cases = visible_cases(user)
    to_judge = (
        narrowed(cases, Narrowing(standing="queue", order="due"), now)
        if user.role in JUDGES
        else cases.none()
    )
    to_report = cases.filter(confirmed=True, state__in=("under_review", "warned"))
    return Due(
        overdue=to_judge.filter(judge_by__lt=now, due_is_provisional=False),
        to_judge=to_judge,
        to_sign=_to_sign(user, cases),
        to_report=to_report.order_by("report_by", "pk") if user.role in REPORTERS else cases.none(),
        to_recheck=_to_recheck(cases, now) if user.role in RECHECKERS else cases.none(),
    )


def pending(case: Case) -> QuerySet[Decision]:
    """The decisions of `case` that a second person has not signed, the oldest first."""
    return case.decisions.filter(standing__in=NOT_YET).select_related("by").order_by("pk")


def to_sign(case: Case, user: User) -> Decision | None:
    """The oldest decision of `case` that `user` could countersign, None if there is none."""
    return next((decision for decision in pending(case) if may_sign(user, decision)), None)


def chain(case: Case) -> list[Step]:
    """Everything that happened to `case`, in time."""
    steps = [Step(intake.at, intake=intake) for intake in case.intakes.select_related("suspect__observation")]
    steps += [
        Step(change.at, change=change) for change in case.changes.select_related("by").order_by("version")
    ]
    decisions = case.decisions.select_related("by", "second", "suspect__observation", "replaces").order_by(
        "pk"
    )
    steps += [Step(decision.at, decision=decision) for decision in decisions]
    # A stable sort: at one moment, what came in stands before what was done about it.
    return sorted(steps, key=lambda step: step.at)


def relatives(case: Case, among: QuerySet[Case]) -> QuerySet[Case]:
    """The other cases of `among` about the same stranger, newest first."""
    return (
        among.filter(platform=case.platform, instance=case.instance, uid=case.uid)
        .exclude(pk=case.pk)
        .order_by("-pk")
    )


def _to_sign(user: User, cases: QuerySet[Case]) -> QuerySet[Decision]:
    signable = Q(outcome="report") if user.role in REPORTERS else Q(pk=None)
    if user.role in JUDGES:
        signable = Q()
    themselves = Q(by=user) | Q(by__full_name=user.full_name) if user.full_name else Q(by=user)
    waiting = Decision.objects.filter(signable, standing__in=NOT_YET)
    return (
        waiting.filter(case__in=cases.order_by().values("pk"))
        .exclude(themselves)
        .select_related("by", "case__suspect__observation", "case__target")
        .order_by(F("second_by").asc(nulls_last=True), "severity", "pk")
    )


def _to_recheck(cases: QuerySet[Case], now: datetime) -> QuerySet[Case]:
    is_due = Q()
    for period in RECHECKS:
        looked = CaseChange.objects.filter(
            case=OuterRef("pk"), move="recheck", at__gte=OuterRef("disposed_at") + period
        )
        is_due |= Q(disposed_at__lte=now - period) & ~Q(Exists(looked))
    return cases.filter(is_due, state__in=MOVES["recheck"].sources).order_by("disposed_at", "pk")


def _standing(standing: Standing, day: date) -> Q:
    undecided = Q(state__in=UNDECIDED, confirmed=False)
    later = Q(review_on__gt=day)
    match standing:
        case "queue":
            return undecided & ~later
        case "waiting":
            return undecided & later
        case "all":
            return Q()


def _mentions(text: str) -> Q:
    fields = (
        "suspect__observation__name",
        "suspect__observation__handle",
        "uid",
        "target__name",
        "target__handle",
    )
    found = Q()
    for field in fields:
        found |= Q(**{f"{field}__icontains": text})
    number = text.rpartition("-")[2]
    return found | Q(pk=int(number)) if number.isdecimal() and len(number) <= 15 else found
