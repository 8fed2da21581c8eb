"""Plain-text tables whose columns line up where Chinese and Latin letters are mixed."""

import unicodedata
from collections.abc import Sequence

_GAP = "  "


def render(headers: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Headings, a rule and the rows, columns padded to their widest cell; no newline at the end.

    Characters that would move the cursor or not show (line breaks, zero-width, direction marks) are written
    as their number. Raises ValueError where a row has not as many cells as there are headings.
    """
    for row in rows:
        if len(row) != len(headers):
            raise ValueError(f"{len(headers)} headings and a row of {len(row)} cells: {list(row)!r}")
    lines = [[shown(cell) for cell in row] for row in (headers, *rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    rule = ["-" * wide for wide in widths]
    return "\n".join(_line(cells, widths) for cells in (lines[0], rule, *lines[1:]))


def width(text: str) -> int:
    """Columns `text` takes on a terminal: two for a wide character, none for a mark over another."""
    return sum(_columns(character) for character in text)


def shown(text: str) -> str:
    """`text` for one line of a terminal: what would move the cursor or not show is written as its number."""
    return "".join(c if _has_place(c) else f"[U+{ord(c):04X}]" for c in text)


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _has_place(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
