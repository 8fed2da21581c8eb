"""A case from its first day to its last: what `review` and `alerting` know of it, merged in time, in words.

Alerts are those the reader may see; a decision that gave way to another stays in its place and says so.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from django.utils.translation import gettext as _

from alerting import selectors as alerting
from alerting.models import Acknowledgement, Alert, Delivery
from console import words
from console.permissions import sees_originals
from console.times import beijing
from registry.models import User
from review import codes, selectors
from review.models import Case, CaseChange, Decision, Intake
from review.moves import OPENINGS, TITLES
from review.transitions import name_of

# A fan-out tells every line in one go; its messages leave in the same minute.
TOGETHER = timedelta(minutes=1)
FANNED = ("alert", "message")
Kind = Literal["seen", "taken", "moved", "decided", "alert", "message", "answer"]
# What an intake or a decision says already, with more words.
SAID_ELSEWHERE = frozenset({*OPENINGS, "joined", "judge", "wait", "report"})


@dataclass(frozen=True, slots=True)
class Part:
    """Whom a moment is about, and what else is to say; `alert` is where to read on."""

    who: str = ""
    notes: tuple[str, ...] = ()
    alert: int | None = None


@dataclass(frozen=True, slots=True)
class Moment:
    """Something that happened, in the language of the page; `given_up`: it holds no more.

    The parts of one moment happened together: the lines alerted, the messages that arrived. They may hold
    what strangers or people wrote.
    """

    at: datetime
    kind: Kind
    what: str
    parts: tuple[Part, ...] = ()
    given_up: bool = False

    def goes_with(self, other: "Moment") -> bool:
        """Whether `other`, the next, is the same about somebody else."""
        near = other.at - self.at < TOGETHER
        return near and self.kind in FANNED and (self.kind, self.what) == (other.kind, other.what)


def of(case: Case, user: User) -> list[Moment]:
    """Everything that happened to `case` and that `user` may know, the earliest first."""
    moments = [
        Moment(case.first_seen_at, "seen", _("first seen on the platform")),
        Moment(case.detected_at, "seen", _("detected by the rules")),
        *_reviewed(case, with_notes=sees_originals(user)),
        *_alerted(case, user),
    ]
    # A stable sort: at one moment, what was known stands before what was done about it.
    return _together(sorted(moments, key=lambda moment: moment.at))


def _together(moments: list[Moment]) -> list[Moment]:
    """`moments` with those that go together as one."""
    told: list[Moment] = []
    for moment in moments:
        if told and told[-1].goes_with(moment):
            told[-1] = replace(told[-1], parts=told[-1].parts + moment.parts)
        else:
            told.append(moment)
    return told


def title(move: str) -> str:
    """What a move is called."""
    zh, en = TITLES[move]
    return zh if words.chinese() else en


def reason(what: str, key: str) -> str:
    """The words of a reason code; the code itself where a newer list has dropped it."""
    try:
        return words.spoken(codes.reason(what, key))
    except KeyError:
        return key


def _reviewed(case: Case, with_notes: bool) -> Iterator[Moment]:
    """What `review` knows; `with_notes`: also what its people wrote in their own words."""
    for step in selectors.chain(case):
        if step.intake:
            yield _taken(step.intake)
        elif step.decision:
            yield _decided(step.decision, step.decision.text if with_notes else "")
        elif step.change and step.change.move not in SAID_ELSEWHERE:
            yield _moved(step.change, step.change.text if with_notes else "")


def _taken(intake: Intake) -> Moment:
    said = intake.reason["zh" if words.chinese() else "en"]
    return Moment(intake.at, "taken", str(words.INTAKES[intake.outcome]), (Part(notes=(said,)),))


def _moved(change: CaseChange, text: str) -> Moment:
    notes = [_code_of(change), text]
    if change.from_state != change.to_state:
        states = words.CASE_STATES[change.from_state], words.CASE_STATES[change.to_state]
        notes.insert(0, " → ".join(map(str, states)))
    if change.move == "severity":
        notes.insert(0, f"{change.details.get('was', '?')} → {change.severity}")
    who = name_of(change) if change.by else _("by the service")
    return Moment(change.at, "moved", title(change.move), (Part(who, _kept(notes)),))


def _code_of(change: CaseChange) -> str:
    lists = ("raise", "lower") if change.move == "severity" else (change.move,)
    known = (reason(name, change.code) for name in lists if change.code)
    return next((said for said in known if said != change.code), change.code)


def _decided(decision: Decision, text: str) -> Moment:
    notes = [reason(decision.outcome, decision.code), text]
    if decision.crime_signs:
        notes.append(_("signs of a crime"))
    if decision.review_on:
        notes.append(_("to be looked at again on %(day)s") % {"day": decision.review_on.isoformat()})
    if before := decision.replaces:
        notes.append(_("instead of the decision of %(at)s") % {"at": beijing(before.at)[:16]})
    notes.append(str(words.STANDINGS[decision.standing]))
    return Moment(
        decision.at,
        "decided",
        _("decided: %(outcome)s") % {"outcome": words.OUTCOMES[decision.outcome]},
        (Part(decision.by.full_name or decision.by.username, _kept(notes)),),
        given_up=decision.standing in ("replaced", "refused"),
    )


def _alerted(case: Case, user: User) -> Iterator[Moment]:
    for alert in alerting.of_case(user, case):
        yield _opened(alert)
        yield from (_answered(answer) for answer in alert.acknowledgements.all())
        yield from (_sent(sent) for sent in alert.deliveries.all() if sent.outcome in ("delivered", "parked"))
        if alert.closed_at:
            yield _closed(alert, alert.closed_at)


def _opened(alert: Alert) -> Moment:
    told = [f"{person.office} {person.name}" for person in alert.recipients.all() if not person.rung]
    part = Part(_line(alert), tuple(told) or (_("nobody is on record for this line"),), alert.pk)
    what = _("alert: %(kind)s") % {"kind": words.ALERT_KINDS[alert.kind]}
    return Moment(alert.opened_at, "alert", what, (part,))


def _closed(alert: Alert, at: datetime) -> Moment:
    why = words.CLOSED_REASONS.get(alert.closed_reason, alert.closed_reason)
    what = _("alert closed: %(why)s") % {"why": why}
    return Moment(at, "alert", what, (Part(_line(alert), alert=alert.pk),))


def _answered(answer: Acknowledgement) -> Moment:
    promised = _("by %(at)s: %(promise)s") % {
        "at": beijing(answer.promised_by)[:16],
        "promise": answer.promise,
    }
    return Moment(answer.at, "answer", _("acknowledged"), (Part(answer.by, (promised,), answer.alert_id),))


def _sent(delivery: Delivery) -> Moment:
    """A message that arrived, or was given up; `done_at` is set with the outcome."""
    parked = delivery.outcome == "parked"
    channel = str(words.CHANNELS[delivery.channel])
    person = f"{delivery.recipient.office} {delivery.recipient.name}"
    part = Part(person, _kept([channel, delivery.reason if parked else ""]), delivery.alert_id)
    what = _("message reached nobody") if parked else _("message delivered")
    return Moment(delivery.done_at or delivery.created_at, "message", what, (part,))


def _line(alert: Alert) -> str:
    return str(words.LINES[alert.line])


def _kept(notes: list[str]) -> tuple[str, ...]:
    return tuple(note for note in notes if note)
