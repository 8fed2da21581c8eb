"""A flood of strangers who imitate one account: the first cases are told of, the others join their thread.

Before a judgement one mail a case would bury sponsor and duty desk, and everybody else's messages. A case
that joins stands in the queue like every other; its confirmation is told of by alerts of its own.
"""

from alerting.grounds import Reason
from alerting.models import Alert
from review.models import Case

TOLD_OF = 3
"""So many open alerts before judgement about one account, on one line, are a campaign."""


def thread(case: Case, line: str) -> Case | None:
    """The case whose thread on `line` `case` joins, None while it is told of by an alert of its own."""
    alerts = Alert.objects.filter(
        kind="preliminary", line=line, case__target=case.target_id, closed_at=None
    ).exclude(case=case)
    first = list(alerts.select_related("case").order_by("pk")[:TOLD_OF])
    return first[0].case if len(first) == TOLD_OF else None


def joins(head: Case) -> Reason:
    """Why nobody is told of a case that joins the thread of `head`."""
    return Reason(
        "campaign",
        f"同一账号已有多起待研判预警（始于 {head.number}），本案并入其列，不另行通知。",
        f"Several warnings about this account wait for judgement already, from {head.number} on: "
        "this case joins them, and nobody is told of it apart.",
    )
