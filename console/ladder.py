"""An alert's line as the pages show it: the steps taken, those to come, and what happens next, in words."""

from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import cast

from django.utils.translation import gettext as _

from alerting import routing
from alerting.escalation import MAX_ROUNDS, due_at, open_rungs
from alerting.models import Alert, Recipient
from alerting.selectors import who_would_be_told
from console import standing, words
from console.times import beijing


@dataclass(frozen=True, slots=True)
class Taken:
    """Those told together; `round` counts the repeats at the top of the line."""

    number: int
    round: int
    people: list[Recipient]


@dataclass(frozen=True, slots=True)
class Coming:
    """A step that is told if nobody answers."""

    number: int
    rung: routing.Rung


def taken(alert: Alert) -> list[Taken]:
    """The steps of `alert` so far, in order."""
    people = alert.recipients.select_related("contact", "webhook").order_by("rung", "round", "pk")
    steps = groupby(people, key=lambda person: (person.rung, person.round))
    return [Taken(rung + 1, again, list(group)) for (rung, again), group in steps]


def coming(alert: Alert, now: datetime) -> list[Coming]:
    """The steps that are left by the contacts of today; none where silence has no consequence."""
    climbs = due_at(alert.kind, alert.line, alert.severity, alert.rung, alert.rounds, now) is not None
    if alert.closed_at or not climbs:
        return []
    ladder = who_would_be_told(alert.case, now, cast(routing.Kind, alert.kind)).line(alert.line)
    rungs = ladder.rungs if ladder else ()
    top = open_rungs(alert.kind, [rung.line for rung in rungs])
    first = alert.rung + 1 if alert.recipients.exists() else alert.rung
    return [Coming(number, rung) for number, rung in enumerate(rungs[:top], 1) if number > first]


def what_next(alert: Alert, left: list[Coming]) -> str:
    """What happens if nobody does anything, in a sentence."""
    match standing.of_alert(alert):
        case "closed":
            reason = words.CLOSED_REASONS.get(alert.closed_reason, alert.closed_reason)
            return _("Closed: %(reason)s.") % {"reason": reason}
        case "acknowledged":
            return _acknowledged(alert)
        case "waiting":
            return _waiting(alert, left)
        case _:
            return _at_rest(alert)


def _acknowledged(alert: Alert) -> str:
    if alert.next_at is None:
        return _("Nothing more happens by itself.")
    sentence = _("Without progress by %(due)s the acknowledgement is void and the next step is told.")
    return sentence % {"due": beijing(alert.next_at)[:16]}


def _waiting(alert: Alert, left: list[Coming]) -> str:
    filled = {"due": beijing(alert.next_at)[:16] if alert.next_at else "", "most": MAX_ROUNDS}
    if left:
        return _("If nobody acknowledges by %(due)s, the next step is told.") % filled
    if alert.rounds < MAX_ROUNDS:
        sentence = _("Nobody is further up. If nobody acknowledges by %(due)s, the last step is told again.")
        return sentence % filled
    return _("All were told, the last %(most)s times more. After %(due)s it stays unanswered.") % filled


def _at_rest(alert: Alert) -> str:
    if due_at(alert.kind, alert.line, alert.severity, 0, 0, alert.opened_at) is None:
        return _("Silence has no consequence here: nobody else is told.")
    return _("Everybody up the line was told and nobody answered. Nobody else will be told: call them.")
