"""Who is told next when nobody answers an alert, and when. Pure: no store, no network, no clock of its own.

* **The clock** of an alert is that of its severity (`ACK_CLOCKS`). The first contact has half of it; whoever
  is told after that has a whole one, counted from the step before, never from the start: after a stop of the
  service nobody is passed over, and nobody is told twice to catch up.
* **Up the line**: first contact → substitute → supervision → the next place up. The ladder is the one of
  today: who left since is not told, who came is. Where it is empty, it is looked at again later.
* **A line a person has opened**: before anybody has judged (`preliminary`) an alert stays with the sponsor
  and the duty desk (`UNJUDGED_LINES`), however long they are silent.
* **At the top** the last rung is told again, at most `MAX_ROUNDS` times; then the alert stays open,
  unanswered, in everybody's sight. A promise that ran out is told once more all the same.
* **Severity** rises one level, once for a case, when its sponsor is silent past half the clock; never above
  S1.
* **An acknowledgement** stops the clock until the promised time. If somebody of the line has moved the case
  since, or any person moved it to another state, the promise is kept and the alert closes: the clocks of the
  case itself watch what is left. Otherwise the acknowledgement lapses and the next rung is told.
* **Quiet hours**: S3 and S4 wait from 22:00 to 08:00 in Beijing, and on days nobody works; S1 and S2 never.
* S4 never escalates. What is for information alone neither (`INFORMS`): a reversal goes at once to everybody
  who was told, nobody is further up; that its report has left, the sponsor knows itself.
* **An alert closes** when its case is over or no longer holds, when its line got a newer word of the case, or
  when what it asked for was done (`DONE_WHEN`). What a reversal says must arrive although the case is over:
  it stays until somebody took note, for `NOTED_AFTER`, or until the case is archived. What the service says
  of itself (a delivery that was parked, a contact that is missing) ends when it is put right.

Source: domain handbook 5.2 and 5.5, all figures of which are the project's own proposal. The halves of whole
working days are rounded up. A step on a provisional date tells somebody, it calls nobody overdue.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from itertools import product
from typing import Literal

from common.clock import BEIJING
from registry import calendar
from registry.contacts import LINES
from review.clocks import URGENT
from review.moves import OVER

ACK_CLOCKS: dict[str, timedelta | int | None] = {
    "S1": timedelta(minutes=30),
    "S2": timedelta(hours=4),
    "S3": 5,  # working days
    "S4": None,
}
"""From being told to having to answer (domain handbook 5.2)."""
LONGEST_PROMISE: dict[str, timedelta | int] = {
    "S1": timedelta(hours=2),
    "S2": timedelta(hours=24),
    "S3": 10,  # working days
    "S4": 20,
}
"""How far off the end of a promise may be: for S1 the disposal, for S2 the report is due then (5.2)."""
FARTHEST = {
    "S1": timedelta(hours=4),
    "S2": timedelta(hours=48),
    "S3": timedelta(days=90),
    "S4": timedelta(days=90),
}
"""Twice the longest promise, with the longest holidays: what is due later than that was set by a clock that
was ahead and has been set back since."""
MAX_ROUNDS = 3
UNJUDGED_LINES = frozenset({"sponsor", "duty"})
ONE_LEVEL_UP = {"S2": "S1", "S3": "S2", "S4": "S3"}
CASE_KINDS = frozenset({"preliminary", "confirmed", "reported", "reversed", "withdrawn"})
"""What a case says to a line: the newest word replaces the one before. The other kinds are internal."""
TAKING_BACK = ("reversed", "withdrawn")
INFORMS = frozenset({*product(TAKING_BACK, LINES), ("reported", "sponsor")})
"""Kinds and lines of whom nothing is asked that silence could miss."""
_ACCEPTED = frozenset({"accepted", "disposed", "rechecked"})
_REPORTED = _ACCEPTED | {"reported"}
DONE_WHEN = {
    ("confirmed", "supervision"): _REPORTED,  # it sees to it that the sponsor reports
    ("confirmed", "cac"): _ACCEPTED,
    ("reported", "cac"): _ACCEPTED,
}
"""The states of a case in which an alert has brought about what it asked for."""
ENDINGS = OVER.union(*DONE_WHEN.values())
"""The states in which an alert about a case may end."""
NOTED_AFTER = timedelta(days=7)
"""After so long whoever was to hear that something was taken back has heard it, or was called."""
RAISING_KINDS = frozenset({"preliminary", "confirmed"})
QUIET_FROM, QUIET_TO = time(22), time(8)
ONE_DAY = timedelta(days=1)

Why = Literal["silent", "lapsed", "found", "nobody", "kept", "unanswered", "no_clock"]


@dataclass(frozen=True, slots=True)
class Progress:
    """Where an alert stands.

    `severity` is the case's of today. `told`: somebody was told so far. `raised`: silence has raised this
    case before. `promised_by`: until when whoever acknowledged promised to act, None while nobody has.
    `moved`: the case made progress by a person since that acknowledgement.
    """

    kind: str
    line: str
    severity: str
    rung: int
    rounds: int
    next_at: datetime | None
    told: bool = True
    raised: bool = False
    promised_by: datetime | None = None
    moved: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """What is done now, and why; the other fields are what the alert is from then on.

    silent       nobody answered in time: the next rung is told, or the last one again
    lapsed       the promise ran out and nothing moved: the same
    found        there was nobody to tell before, now there is
    nobody       there is nobody to tell: look again later
    kept         the promise ran out, but the case moved: the alert closes
    unanswered   everybody up the line was silent: the alert stays open, nothing more is due
    no_clock     such an alert does not escalate (any more): nothing more is due
    """

    why: Why
    rung: int
    rounds: int
    severity: str
    next_at: datetime | None
    lapses: bool = False
    """Whether the acknowledgement is void from now on."""

    @property
    def tells(self) -> bool:
        """Whether `rung` is told, for the `rounds`-th time beyond the first."""
        return self.why in ("silent", "lapsed", "found")


def due_at(kind: str, line: str, severity: str, rung: int, rounds: int, told_at: datetime) -> datetime | None:
    """When whoever was told at `told_at` must have answered; None where silence has no consequence."""
    clock = ACK_CLOCKS[severity]
    if clock is None or (kind, line) in INFORMS:
        return None
    is_first = rung == 0 and rounds == 0
    began = quiet_until(severity, told_at)
    if isinstance(clock, timedelta):
        return began + (clock / 2 if is_first else clock)
    days = (clock + 1) // 2 if is_first else clock
    return quiet_until(severity, calendar.due_after(began, days).at)


def promise_due(kind: str, line: str, severity: str, promised_by: datetime) -> datetime | None:
    """When it is looked at whether the promise was kept; None where a broken one has no consequence."""
    return quiet_until(severity, promised_by) if _climbs(kind, line, severity) else None


def promise_limit(severity: str, now: datetime) -> datetime:
    """The latest moment a promise made `now` may name."""
    longest = LONGEST_PROMISE[severity]
    return now + longest if isinstance(longest, timedelta) else calendar.due_after(now, longest).at


def is_due(severity: str, next_at: datetime, now: datetime) -> bool:
    """Whether the time of an alert of `severity` has come, or can never have been meant."""
    return next_at <= now or next_at > now + FARTHEST[severity]


def next_step(progress: Progress, ladder: Sequence[str], now: datetime) -> Step | None:
    """The step that is due `now`, or None.

    `ladder` names the line of each rung of today's route, the first contact's first.
    """
    due = progress.next_at
    if due is None or now < due or quiet_until(progress.severity, now) > now:
        return None
    if progress.promised_by is not None and progress.moved:
        return _ended(progress, "kept")
    if not _climbs(progress.kind, progress.line, progress.severity):
        return _ended(progress, "no_clock")
    return _told(progress, open_rungs(progress.kind, ladder), now)


def open_rungs(kind: str, ladder: Sequence[str]) -> int:
    """How many rungs of `ladder` are open to an alert of `kind`."""
    if kind != "preliminary":
        return len(ladder)
    closed = (number for number, line in enumerate(ladder) if line not in UNJUDGED_LINES)
    return next(closed, len(ladder))


def quiet_until(severity: str, moment: datetime) -> datetime:
    """`moment` itself, or, in the quiet hours of `severity`, their end (UTC)."""
    if severity in URGENT:
        return moment
    local = moment.astimezone(BEIJING)
    if QUIET_TO <= local.time() < QUIET_FROM and calendar.is_working_day(local.date()):
        return moment
    day = local.date() + (ONE_DAY if local.time() >= QUIET_TO else timedelta())
    while not calendar.is_working_day(day):
        day += ONE_DAY
    return datetime.combine(day, QUIET_TO, BEIJING).astimezone(UTC)


def settled(
    kind: str,
    line: str,
    state: str,
    *,
    confirmed: bool,
    superseded: bool,
    cause_gone: bool,
    noted: bool = False,
) -> str:
    """Why an alert of `kind` on `line` has nothing more to say, or "".

    `state` is the case's, `confirmed` whether a counterfeit decision stands, `superseded` whether its line
    got a newer word of the case, `cause_gone` whether what an internal alert is about was put right,
    `noted` whether somebody acknowledged it or it is `NOTED_AFTER` old.
    """
    if kind not in CASE_KINDS:
        return "cause_gone" if cause_gone else ""
    if superseded:
        return "superseded"
    if kind in TAKING_BACK:
        return state if state == "archived" else "noted" if noted else ""
    if state in OVER | DONE_WHEN.get((kind, line), frozenset()):
        return state
    if kind == "reported" and state not in _REPORTED:
        return "withdrawn" if confirmed else "reversed"
    return "reversed" if kind != "preliminary" and not confirmed else ""


def _climbs(kind: str, line: str, severity: str) -> bool:
    return (kind, line) not in INFORMS and ACK_CLOCKS[severity] is not None


def _told(progress: Progress, top: int, now: datetime) -> Step:
    """Somebody is told: the first rung, the next one, or the last one again."""
    if top == 0:
        return _step(progress, "nobody", progress.rung, progress.rounds, now)
    if not progress.told:
        return _step(progress, "found", 0, 0, now)
    lapsed = progress.promised_by is not None
    why: Why = "lapsed" if lapsed else "silent"
    if progress.rung + 1 < top:
        return _step(progress, why, progress.rung + 1, 0, now)
    if progress.rounds >= MAX_ROUNDS and not lapsed:
        return _ended(progress, "unanswered")
    return _step(progress, why, progress.rung, progress.rounds + 1, now)


def _step(progress: Progress, why: Why, rung: int, rounds: int, now: datetime) -> Step:
    severity = _after_silence(progress) if why == "silent" else progress.severity
    due = due_at(progress.kind, progress.line, severity, rung, rounds, now)
    return Step(why, rung, rounds, severity, due, lapses=progress.promised_by is not None)


def _after_silence(progress: Progress) -> str:
    is_sponsors = progress.line == "sponsor" and progress.kind in RAISING_KINDS
    if progress.raised or not is_sponsors:
        return progress.severity
    return ONE_LEVEL_UP.get(progress.severity, progress.severity)


def _ended(progress: Progress, why: Why) -> Step:
    return Step(why, progress.rung, progress.rounds, progress.severity, None)
