"""The figures for people and machines, and the lists of what was missed and what was flagged wrongly."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.accuracy.figures import Alarm, Figure, Miss, Reading
from bench.accuracy.measures import Taken
from common import clock
from common.table import render, shown


@dataclass(frozen=True)
class Circumstances:
    """Under which rules, when, and on which files (SHA-256 of their content) was measured."""

    rules_version: str
    measured_at: datetime
    files: Mapping[str, str]

    def as_json(self) -> dict[str, Any]:
        """The same for machines."""
        return {**asdict(self), "measured_at": clock.isoformat(self.measured_at)}


def as_text(taken: Sequence[Taken], circumstances: Circumstances) -> str:
    """All figures beside their goals, then the tables behind them."""
    figures = [_row(one, figure) for one in taken for figure in one.measure.figures]
    headers = ("figure", "value", "unit", "goal", "", "counts")
    tables = [
        f"{table.title}\n{render(table.headers, table.rows)}"
        for one in taken
        for table in one.section.tables
        if table.rows
    ]
    return "\n\n".join([f"Rules {circumstances.rules_version}", render(headers, figures), *tables])


def as_json(taken: Sequence[Taken], circumstances: Circumstances) -> dict[str, Any]:
    """The same for machines; a figure that was not measured has the value null."""
    return {
        **circumstances.as_json(),
        "figures": [_figure(one, figure) for one in taken for figure in one.measure.figures],
        "tables": [asdict(table) for one in taken for table in one.section.tables],
    }


def write(folder: Path, document: Mapping[str, Any], misses: Sequence[Miss], alarms: Sequence[Alarm]) -> None:
    """Write figures.json, misses.tsv and false_alarms.tsv into `folder`, which is created."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(document, ensure_ascii=False, indent=2)
    (folder / "figures.json").write_text(text + "\n", encoding="utf-8")
    _write_list(folder / "misses.tsv", [field.name for field in fields(Miss)], map(astuple, misses))
    _write_list(folder / "false_alarms.tsv", [field.name for field in fields(Alarm)], map(astuple, alarms))


def _row(one: Taken, figure: Figure) -> tuple[str, ...]:
    reading = one.section.readings.get(figure.code)
    value, counts = _said(reading, one.why_not)
    return figure.title, value, figure.unit, figure.goal, figure.verdict(reading), counts


def _said(reading: Reading | None, why_not: str) -> tuple[str, str]:
    return ("－", why_not) if reading is None else (f"{reading.value:.2f}", reading.counts)


def _figure(one: Taken, figure: Figure) -> dict[str, Any]:
    reading = one.section.readings.get(figure.code)
    return {
        **asdict(figure),
        "value": None if reading is None else reading.value,
        "counts": one.why_not if reading is None else reading.counts,
        "verdict": figure.verdict(reading),
    }


def _write_list(path: Path, headings: Sequence[str], rows: Any) -> None:
    lines = ["\t".join(map(_cell, row)) for row in (headings, *rows)]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def _cell(value: object) -> str:
    return shown(f"{value:.4f}" if isinstance(value, float) else str(value))
