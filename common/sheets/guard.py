"""Cells that a spreadsheet would run as a formula, and the apostrophe that keeps it from doing so. Pure.

Source of the list: OWASP, “CSV Injection”; the full-width forms are what Chinese input methods write. Tab and
carriage return, which it names too, are never written at the start of a cell.
"""

import re

_FORMULA = re.compile("'*[=+\\-@＝＋－＠]")


def guarded(cell: str) -> str:
    """`cell` with an apostrophe before what would be a formula, or before one that is there already."""
    return f"'{cell}" if _FORMULA.match(cell) else cell


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell) else cell
