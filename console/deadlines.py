"""What a case is due for, by when, and how pressing that is: in words, from its columns."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from django.utils.translation import gettext as _

from common.clock import BEIJING
from console.times import span
from review.models import Case
from review.moves import UNDECIDED

What = Literal["judge", "second", "review", "report"]
Tone = Literal["late", "soon", "calm"]
# The last quarter of the time there was: from then on the clock is shown as pressing.
PRESSING = 0.25


@dataclass(frozen=True, slots=True)
class Deadline:
    """`what` is due (a key of words.WAITING) at `at`; a day `on` which to look again has no clock.

    `guess`: counted without the working days of that year, so nothing is late by it.
    """

    what: What
    at: datetime | None = None
    on: date | None = None
    tone: Tone = "calm"
    said: str = ""
    guess: bool = False


def deadline(case: Case, now: datetime) -> Deadline | None:
    """What `case` (annotated by `console.worklist`) is due for at `now`; None when nothing is."""
    if getattr(case, "second_waits", False):
        return _clocked("second", getattr(case, "second_by", None) or case.judge_by, case, now)
    if case.state in UNDECIDED and not case.confirmed:
        if case.review_on:
            return _to_look_again(case.review_on, now)
        return _clocked("judge", case.judge_by, case, now)
    if case.confirmed and case.state in ("under_review", "warned"):
        return _clocked("report", case.report_by, case, now)
    return None


def _to_look_again(day: date, now: datetime) -> Deadline:
    today = now.astimezone(BEIJING).date()
    if day > today:
        return Deadline("review", on=day, said=_("on %(day)s") % {"day": day.isoformat()})
    said = _("today") if day == today else _("since %(day)s") % {"day": day.isoformat()}
    return Deadline("review", on=day, tone="soon", said=said)


def _clocked(what: What, at: datetime | None, case: Case, now: datetime) -> Deadline:
    if at is None:
        return Deadline(what)
    guess = case.due_is_provisional and what != "second"
    said = (_("%(span)s left") if at >= now else _("overdue by %(span)s")) % {"span": span(abs(at - now))}
    if guess:
        return Deadline(what, at, said=said if at >= now else _("the date is not certain"), guess=True)
    return Deadline(what, at, tone=_tone(case.detected_at, at, now), said=said)


def _tone(since: datetime, at: datetime, now: datetime) -> Tone:
    if at < now:
        return "late"
    return "soon" if at - now < (at - since) * PRESSING else "calm"
