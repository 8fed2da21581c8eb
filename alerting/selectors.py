"""Reading alerts: who sees which, what is open, what did not arrive, and who would be told.

Every list begins at `visible_alerts`: an alert is of one line and one case, and both must be the person's. A
withdrawal is seen by the line that was warned, also by an authority that does not see the case any more: it
is asked to stop what the warning set in motion.
"""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case as Choice
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, When

from alerting import routing
from alerting.directory import directory, facts
from alerting.models import Alert, ContactGap, Delivery, Recipient, Stuck
from alerting.routing import Facts, Kind, Route
from registry.calendar import in_office_hours
from registry.contacts import LINES
from registry.models import Account, User
from registry.roles import Role
from registry.scope import visible_accounts, visible_units
from review.models import Case
from review.selectors import visible_cases

IS_OPEN = Q(acked_at=None, closed_at=None)
_ALL = frozenset(LINES)
# The lines whose alerts a role sees, and acknowledges in the console; the duty officer on behalf of others.
LINES_OF: dict[str, frozenset[str]] = {
    Role.DUTY_OFFICER: _ALL,
    Role.REVIEWER: _ALL,
    Role.SUPERVISOR: frozenset({"sponsor", "supervision"}),
    Role.SPONSOR: frozenset({"sponsor"}),
    Role.CAC_OFFICER: frozenset({"cac"}),
    Role.PSB_OFFICER: frozenset({"police"}),
    Role.PUBLICITY: frozenset({"publicity"}),
}
# The one line a role answers for itself; on every other it acknowledges on behalf.
LINE_OF: dict[str, str] = {
    Role.DUTY_OFFICER: "duty",
    Role.SUPERVISOR: "supervision",
    Role.SPONSOR: "sponsor",
    Role.CAC_OFFICER: "cac",
    Role.PSB_OFFICER: "police",
    Role.PUBLICITY: "publicity",
}
# Who looks after contacts and messages that did not arrive.
KEEPERS = frozenset({Role.DUTY_OFFICER, Role.REVIEWER})


def visible_alerts(user: User | AnonymousUser) -> QuerySet[Alert]:
    """The alerts `user` may see, with case, account and unit."""
    lines = LINES_OF.get(user.role, frozenset()) if isinstance(user, User) else frozenset()
    cases = visible_cases(user).order_by().values("pk")
    accounts = visible_accounts(user).order_by().values("pk")
    seen = Q(case__in=cases) | Q(kind="reversed", case__target__in=accounts)
    return Alert.objects.filter(seen, line__in=lines).select_related("case__target__unit__line_division")


def may_acknowledge(user: User, alert: Alert) -> bool:
    """Whether `user` may acknowledge `alert` in the console: whoever sees it."""
    return visible_alerts(user).filter(pk=alert.pk).exists()


def on_behalf(user: User, alert: Alert) -> bool:
    """Whether `user`, acknowledging `alert`, would answer for a line that is not their own."""
    return LINE_OF.get(user.role) != alert.line


def roles_of(line: str) -> list[str]:
    """The roles that answer for `line` themselves."""
    return [role for role, own in LINE_OF.items() if own == line]


def may_reach(user: User, recipient: Recipient) -> bool:
    """Whether `user` may read how `recipient` is reached: of an office of another line only its name."""
    who = recipient.contact or recipient.webhook
    return who is not None and who.line in LINES_OF.get(user.role, ())


def unacknowledged(user: User | AnonymousUser) -> QuerySet[Alert]:
    """Alerts nobody has answered, the most urgent first."""
    return in_order(visible_alerts(user).filter(IS_OPEN))


def in_order(alerts: QuerySet[Alert]) -> QuerySet[Alert]:
    """Unacknowledged first, the most severe and most urgent of them on top; then the newest.

    Of one severity those come first that nobody else will be told of: only who reads here is left.
    """
    is_done = Choice(When(IS_OPEN, then=0), default=1)
    severity, step = Choice(When(IS_OPEN, then=F("severity"))), Choice(When(IS_OPEN, then=F("next_at")))
    return alerts.order_by(is_done, severity, step.asc(nulls_first=True), "-opened_at", "-pk")


def of_case(user: User | AnonymousUser, case: Case) -> QuerySet[Alert]:
    """The alerts of one case in time, with whom they went to and how that went."""
    seen = visible_alerts(user).filter(case=case).order_by("opened_at", "pk")
    messages = Delivery.objects.defer("body").select_related("recipient")
    return seen.prefetch_related(
        "recipients", Prefetch("deliveries", messages), "deliveries__attempts", "acknowledgements"
    )


def parked(user: User | AnonymousUser) -> QuerySet[Delivery]:
    """Messages that reached nobody, newest first."""
    found = reached_nobody().filter(alert__in=visible_alerts(user).order_by().values("pk"))
    return found.defer("body").select_related("alert__case", "recipient").order_by("-done_at", "pk")


def reached_nobody() -> QuerySet[Delivery]:
    """Parked messages of alerts still open and free, in whose place no other was sent."""
    later = Delivery.objects.filter(recipient=OuterRef("recipient"), created_at__gt=OuterRef("created_at"))
    waits = {"alert__acked_at": None, "alert__closed_at": None}
    return Delivery.objects.filter(~Exists(later), outcome="parked", **waits)


def open_gaps(user: User | AnonymousUser) -> QuerySet[ContactGap]:
    """Offices without a contact when one was needed, oldest first: those in the person's place and above it.

    An office above is missed by cases below; whoever looks after these cases must see it.
    """
    if not isinstance(user, User) or user.role not in KEEPERS or user.scope is None:
        return ContactGap.objects.none()
    seen = Q(unit__in=visible_units(user)) | Q(
        case__target__in=visible_accounts(user).order_by().values("pk")
    )
    seen |= Q(division__path__startswith=user.scope.path)
    found = ContactGap.objects.filter(seen, resolved_at=None)
    return found.select_related("division", "unit", "case").order_by("since", "pk")


def stuck(user: User | AnonymousUser) -> QuerySet[Stuck]:
    """Case changes that could not be fanned out and are tried again: nobody was told of them yet."""
    cases = visible_cases(user).order_by().values("pk")
    keeps = isinstance(user, User) and user.role in KEEPERS
    found = Stuck.objects.filter(resolved_at=None, change__case__in=cases)
    return (found if keeps else found.none()).select_related("change__case").order_by("since")


def who_would_be_told(about: Account | Case, now: datetime, kind: Kind = "confirmed") -> Route:
    """By today's contacts, whom an alert of `kind` would go to; of an account as if the case were S1."""
    if isinstance(about, Case):
        return routing.route(facts(about, kind, now), directory(about.target.unit, now))
    unit = about.unit
    supposed = Facts(kind, "S1", unit.name, unit.kind, in_office_hours=in_office_hours(now))
    return routing.route(supposed, directory(unit, now))
