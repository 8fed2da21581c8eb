"""Reading findings: how each registered account stands now, and which were never judged."""

from collections.abc import Mapping

from django.contrib.auth.models import AnonymousUser
from django.db.models import Case, Count, Exists, IntegerField, OuterRef, QuerySet, Value, When

from registry.models import Account, User
from registry.scope import visible_accounts
from watch.models import Finding

# What a shift looks at first. `not_observed` is no verdict about the account: it comes before the good ones.
URGENCY = ("lapsed", "due_soon", "not_observed", "in_time")


def visible_findings(user: User | AnonymousUser) -> QuerySet[Finding]:
    """How every account `user` may see stands by every rule, the most urgent first."""
    return (
        Finding.objects.filter(is_newest=True, account__in=visible_accounts(user).order_by().values("pk"))
        .select_related("account__unit__line_division")
        .annotate(urgency=_urgency())
        .order_by("urgency", "severity", "-found_at", "-pk")
    )


def by_verdict(findings: QuerySet[Finding]) -> dict[str, int]:
    """How many of `findings` there are of each verdict; all are named."""
    counted: Mapping[str, int] = dict(findings.order_by().values_list("verdict").annotate(Count("pk")))
    return {verdict: counted.get(verdict, 0) for verdict in URGENCY}


def never_judged(user: User | AnonymousUser) -> QuerySet[Account]:
    """The accounts in service that no rule has looked at yet: not checked, therefore not in time."""
    judged = Finding.objects.filter(account=OuterRef("pk"), is_newest=True)
    return visible_accounts(user).filter(~Exists(judged), state="in_service").order_by("name", "pk")


def _urgency() -> Case:
    ranks = [When(verdict=verdict, then=Value(rank)) for rank, verdict in enumerate(URGENCY)]
    return Case(*ranks, default=Value(len(URGENCY)), output_field=IntegerField())
