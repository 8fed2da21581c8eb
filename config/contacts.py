"""What `zhenwei contacts` shows: offices and units nobody can be told at. Raises Refused for a bad word."""

import argparse
import json
from typing import Any, NamedTuple

from common import clock
from common.clock import BEIJING
from common.table import render
from registry import lookups, missing
from registry.contacts import LINES
from registry.missing import Gap
from registry.models import Unit

TITLES = ("线 line", "代码 code", "哪里 where", "缺什么 lacks", "涉及单位 units")
LACKS = {"contact": "没有联系人 no contact", "email": "只有电话 telephone only"}
WITHIN = 110  # columns


class Listed(NamedTuple):
    """What to print, and how many gaps there are."""

    text: str
    gaps: int


def listed(args: argparse.Namespace) -> Listed:
    """The gaps in the whole register, or within `--scope`."""
    found = gaps(lookups.division(args.scope).path if args.scope else "/CN/")
    if args.json:
        return Listed(json.dumps([_as_json(gap) for gap in found], ensure_ascii=False, indent=2), len(found))
    if not found:
        return Listed("处处都能通知到。Everybody can be told.", 0)
    offices = sum(gap.division is not None for gap in found)
    counts = (
        f"无法通知的办公室 {offices} 处，单位 {len(found) - offices} 个。\n"
        f"Nobody can be told at {offices} offices and {len(found) - offices} units."
    )
    return Listed(f"{render(TITLES, [_row(gap) for gap in found], WITHIN)}\n{counts}", len(found))


def gaps(within: str) -> list[Gap]:
    """Those of offices, then those of units, of the division with this path and below."""
    units = Unit.objects.filter(line_division__path__startswith=within)
    today = clock.now().astimezone(BEIJING).date()
    return [
        *missing.offices_without_contact(units, today, within),
        *missing.units_without_contact(units, today),
    ]


def _row(gap: Gap) -> tuple[str, ...]:
    line, (code, name) = LINES[gap.line], _where(gap)
    return f"{line.zh} {line.en}", code, name, LACKS[gap.lacks], str(gap.units)


def _where(gap: Gap) -> tuple[str, str]:
    """Code of the division, and name of the place or unit."""
    if gap.unit is not None:
        return gap.unit.line_division_id, gap.unit.name
    return (gap.division.code, gap.division.name) if gap.division else ("", "")


def _as_json(gap: Gap) -> dict[str, Any]:
    code, name = _where(gap)
    kind = "division" if gap.unit is None else "unit"
    return {
        "line": gap.line, "lacks": gap.lacks, "of": kind, "division": code, "name": name, "units": gap.units,
    }  # fmt: skip
