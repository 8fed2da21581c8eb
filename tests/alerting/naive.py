"""Escalation once more, by somebody who has only the rules on paper: slow, plain, and independent.

Nothing is kept but a diary of what happened to an alert; whatever is asked is read off the diary anew. The
product's own `alerting.escalation` is not used, so that a slip there is not repeated here.
"""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from typing import Literal
from zoneinfo import ZoneInfo

import chinese_calendar  # type: ignore[import-untyped]

CHINA = ZoneInfo("Asia/Shanghai")
MINUTES = {"S1": (15, 30), "S2": (120, 240)}
WORKING_DAYS = {"S3": (3, 5)}
"""How long the first contact has, and everybody after them."""
NO_LATER = {
    "S1": timedelta(hours=4),
    "S2": timedelta(hours=48),
    "S3": timedelta(days=90),
    "S4": timedelta(days=90),
}
"""A deadline after that was never meant: the clock was ahead when it was set."""
PROMISES = {"S1": timedelta(hours=2), "S2": timedelta(hours=24)}
"""How long a promise may last; those of S3 and S4 are longer than any made here."""
BOUNDLESS = ("confirmed", "reported", "reversed", "second_missing", "delivery_parked", "contact_missing")

What = Literal["told", "nobody", "acknowledged", "lapsed", "stopped", "closed", "raised"]


@dataclass(frozen=True)
class Entry:
    """A line of the diary. `until`: of a promise. `due`: of a raise. `severity`: the alert's from then on."""

    what: What
    at: datetime
    severity: str
    rung: int = 0
    round: int = 0
    until: datetime | None = None
    due: datetime | None = None


@dataclass
class Case:
    """What the alerts of one case share. `progress`: when, and on which line ("" where it counts on all)."""

    severity: str
    progress: list[tuple[datetime, str]] = field(default_factory=list)
    raised: bool = False
    by_silence: bool = False


@dataclass
class Alert:
    """One alert, as its diary."""

    kind: str
    line: str
    case: Case
    diary: list[Entry] = field(default_factory=list)

    def opened(self, now: datetime, ladder: list[str], severity: str = "") -> None:
        """Somebody is told at once, if there is anybody."""
        self._write("told" if self._open_part(ladder) else "nobody", now, severity=severity)

    def acknowledged(self, now: datetime, until: datetime) -> bool:
        """Whether the promise was taken."""
        if self.over or self.promise:
            return False
        self._write("acknowledged", now, severity=self.severity, until=until)
        return True

    def closed(self, now: datetime) -> None:
        """The case is over."""
        self._write("closed", now, severity=self.severity)

    def raised(self, now: datetime) -> None:
        """A person finds the case worse than the alert says."""
        if self.over or self.kind == "contact_missing" or self.severity <= self.case.severity:
            return
        before, worse, until = self.deadline, self.case.severity, self.promised_until
        if until:
            until = min(until, now + PROMISES[worse]) if worse in PROMISES else until
            due = end_of_quiet(worse, until)
        else:
            due = after_clock(worse, now, self._is_first)
        is_still = before is None and self.severity != "S4" and not until
        soonest = None if is_still or self._only_informs else min(due, before or due)
        self.diary.append(Entry("raised", now, worse, until=until, due=soonest))

    def tick(self, now: datetime, ladder: list[str]) -> None:
        """Do what is due."""
        deadline = self.deadline
        if self.over or deadline is None or is_quiet(self.case.severity, now):
            return
        if now < deadline <= now + NO_LATER[self.severity]:
            return
        if (promise := self.promise) and self._is_kept(promise):
            self._write("closed", now)
        elif self.case.severity == "S4":
            self._write("stopped", now)
        else:
            self._tell(now, self._open_part(ladder), promise)

    @property
    def severity(self) -> str:
        """As of the last thing that happened."""
        return self.diary[-1].severity

    @property
    def told(self) -> list[Entry]:
        """Every time somebody was told."""
        return [entry for entry in self.diary if entry.what == "told"]

    @property
    def promise(self) -> Entry | None:
        """The acknowledgement that holds."""
        for entry in reversed(self.diary):
            if entry.what == "lapsed":
                return None
            if entry.what == "acknowledged":
                return entry
        return None

    @property
    def promised_until(self) -> datetime | None:
        """When the promise that holds ends: as it was made, or as a raise shortened it."""
        if not self.promise:
            return None
        return next(entry.until for entry in reversed(self.diary) if entry.until)

    @property
    def over(self) -> bool:
        """Whether it is closed."""
        return self.diary[-1].what == "closed"

    @property
    def deadline(self) -> datetime | None:
        """When something is to be done."""
        last = self.diary[-1]
        if last.what in ("stopped", "closed") or self._only_informs or last.severity == "S4":
            return None
        if last.what == "raised":
            return last.due
        if last.until:
            return end_of_quiet(last.severity, last.until)
        return after_clock(last.severity, last.at, self._is_first)

    @property
    def _is_first(self) -> bool:
        """Whether only the first contact was told."""
        told = self.told
        return len(told) <= 1 and (not told or (told[0].rung, told[0].round) == (0, 0))

    @property
    def _only_informs(self) -> bool:
        """Whether nothing is asked."""
        return self.kind == "reversed" or (self.kind == "reported" and self.line == "sponsor")

    def _tell(self, now: datetime, ladder: list[str], promise: Entry | None) -> None:
        if promise:
            self._write("lapsed", now)
        if not ladder:
            self._write("nobody", now)
            return
        if not self.told:
            self._write("told", now)
            return
        last = self.told[-1]
        can_climb = last.rung < len(ladder) - 1
        if not can_climb and not promise and last.round >= 3:
            self._write("stopped", now)
            return
        if not promise:
            self._silence()
        if can_climb:
            self._write("told", now, rung=last.rung + 1)
        else:
            self._write("told", now, rung=last.rung, round=last.round + 1)

    def _is_kept(self, promise: Entry) -> bool:
        return any(at > promise.at and line in ("", self.line) for at, line in self.case.progress)

    def _silence(self) -> None:
        if self.line == "sponsor" and self.kind in ("preliminary", "confirmed") and not self.case.raised:
            level = int(self.case.severity[1])
            if level > 1:
                self.case.severity = f"S{level - 1}"
                self.case.raised = self.case.by_silence = True

    def _open_part(self, ladder: list[str]) -> list[str]:
        if self.kind in BOUNDLESS:
            return ladder
        part: list[str] = []
        for line in ladder:
            if line not in ("sponsor", "duty"):
                break
            part.append(line)
        return part

    def _write(
        self,
        what: What,
        at: datetime,
        *,
        severity: str = "",
        rung: int = 0,
        round: int = 0,
        until: datetime | None = None,
    ) -> None:
        self.diary.append(Entry(what, at, severity or self.case.severity, rung, round, until))


@cache
def after_clock(severity: str, told: datetime, is_first: bool) -> datetime:
    """The end of the half clock of the first contact, or of a whole one."""
    if severity in MINUTES:
        return told + timedelta(minutes=MINUTES[severity][0 if is_first else 1])
    day = end_of_quiet(severity, told).astimezone(CHINA).date()
    worked = [later for n in range(1, 60) if works(later := day + timedelta(days=n))]
    last = worked[WORKING_DAYS[severity][0 if is_first else 1] - 1]
    midnight = datetime.combine(last + timedelta(days=1), time(), CHINA).astimezone(UTC)
    return end_of_quiet(severity, midnight)


def is_quiet(severity: str, moment: datetime) -> bool:
    """Whether S3 and S4 are silent now."""
    if severity in ("S1", "S2"):
        return False
    local = moment.astimezone(CHINA)
    return not 8 <= local.hour < 22 or not works(local.date())


@cache
def end_of_quiet(severity: str, moment: datetime) -> datetime:
    """The first moment from `moment` on that is not quiet: it is `moment`, or on the hour."""
    while is_quiet(severity, moment):
        local = moment.astimezone(CHINA).replace(minute=0, second=0, microsecond=0)
        moment = (local + timedelta(hours=1)).astimezone(UTC)
    return moment


@cache
def works(day: date) -> bool:
    """Whether offices work that day; where no calendar tells, Monday to Friday."""
    try:
        return bool(chinese_calendar.is_workday(day))
    except NotImplementedError:
        return day.weekday() < 5
