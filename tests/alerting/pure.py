"""A world for `storm` without a database: columns of alerts in memory, moved by the pure machine alone."""

import json
from dataclasses import asdict, dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from alerting import escalation
from alerting.escalation import Progress, next_step
from tests.alerting import naive
from tests.alerting.storm import LINES, Seen


@dataclass
class Row:
    """The columns of an alert."""

    kind: str
    line: str
    severity: str
    next_at: datetime | None
    rung: int = 0
    rounds: int = 0
    acked_at: datetime | None = None
    promised_by: datetime | None = None
    closed: bool = False
    told: list[tuple[datetime, int, int]] = field(default_factory=list)


class PureWorld:
    """Alerts as columns in memory, moved by `next_step` alone."""

    def __init__(self, random: Random, now: datetime) -> None:
        self.random = random
        severity = random.choice(("S1", "S2", "S3", "S3", "S4"))
        self.case, self.severity, self.raised = naive.Case(severity), severity, False
        self.moved: list[datetime] = []
        self.ladders: dict[str, list[str]] = {}
        self.change_ladders(now)
        self.model: list[naive.Alert] = []
        self.rows: list[Row] = []
        for line in random.sample(LINES, random.randint(1, 2)):
            self._open(
                random.choice(("preliminary", "confirmed", "confirmed", "reported", "reversed")), line, now
            )

    def _open(self, kind: str, line: str, now: datetime) -> None:
        diary = naive.Alert(kind, line, self.case)
        diary.opened(now, self.ladder(line))
        due = escalation.due_at(kind, line, self.severity, 0, 0, now)
        row = Row(kind, line, self.severity, due, told=[(now, 0, 0)] if diary.told else [])
        self.model.append(diary)
        self.rows.append(row)

    def ladder(self, line: str) -> list[str]:
        return self.ladders[line]

    def tick(self, now: datetime) -> None:
        waiting = [row for row in self.rows if not row.closed and _is_due(row, now)]
        for row in sorted(waiting, key=lambda row: row.next_at or now):
            self._take_step(row, now)

    def _take_step(self, row: Row, now: datetime) -> None:
        moved = row.acked_at is not None and any(at > row.acked_at for at in self.moved)
        progress = Progress(
            row.kind, row.line, self.severity, row.rung, row.rounds, now,
            told=bool(row.told), raised=self.raised, promised_by=row.promised_by, moved=moved,
        )  # fmt: skip
        if (step := next_step(progress, self.ladders[row.line], now)) is None:
            return
        self.raised |= step.severity != self.severity
        self.severity = row.severity = step.severity
        row.rung, row.rounds, row.next_at = step.rung, step.rounds, step.next_at
        row.closed = step.why == "kept"
        if step.lapses:
            row.acked_at = row.promised_by = None
        if step.tells:
            assert row.acked_at is None, "told although somebody had acknowledged"
            row.told.append((now, step.rung, step.rounds))

    def acknowledge(self, which: int, now: datetime, until: datetime) -> bool:
        row = self.rows[which]
        if row.closed or row.acked_at:
            return False
        assert now < until <= escalation.promise_limit(row.severity, now)
        row.acked_at, row.promised_by = now, until
        row.next_at = escalation.promise_due(row.kind, row.line, row.severity, until)
        return True

    def person_moves(self, now: datetime) -> None:
        self.moved.append(now)
        self.case.progress.append((now, ""))

    def set_severity(self, now: datetime, severity: str) -> None:
        self.severity = self.case.severity = severity

    def change_ladders(self, now: datetime) -> None:
        for line in LINES:
            own = [line] * self.random.randint(0, 2)
            self.ladders[line] = own + ["supervision"] * self.random.randint(0, 3)

    def end(self, now: datetime) -> None:
        for row, diary in zip(self.rows, self.model, strict=True):
            if not row.closed:
                row.closed, row.next_at = True, None
                diary.closed(now)

    def restart(self) -> None:
        """Nothing survives but what can be written down."""
        self.rows = [_read(json.loads(json.dumps(asdict(row), default=str))) for row in self.rows]

    def seen(self) -> list[Seen]:
        return [
            Seen(
                len(row.told), row.told[-1] if row.told else None,
                row.severity, row.next_at, row.promised_by, row.closed,
            )
            for row in self.rows
        ]  # fmt: skip


def _is_due(row: Row, now: datetime) -> bool:
    return row.next_at is not None and escalation.is_due(row.severity, row.next_at, now)


def _read(written: dict[str, Any]) -> Row:
    moments = {
        name: datetime.fromisoformat(written[name]) if written[name] else None
        for name in ("next_at", "acked_at", "promised_by")
    }
    told = [(datetime.fromisoformat(at), rung, rounds) for at, rung, rounds in written["told"]]
    return Row(**{**written, **moments, "told": told})
