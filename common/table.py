"""Plain-text tables whose columns line up where Chinese and Latin letters are mixed."""

import unicodedata
from collections.abc import Sequence

_GAP = "  "
_NARROWEST = 20  # a folded column: ten Chinese characters, three or four words


def render(headers: Sequence[str], rows: Sequence[Sequence[str]], within: int | None = None) -> str:
    """Headings, a rule and the rows, columns padded to their widest cell; no newline at the end.

    `within` so many columns the last cell of a row is folded, if that leaves it room to be read.

    Characters that would move the cursor or not show (line breaks, zero-width, direction marks) are written
    as their number. Raises ValueError where a row has not as many cells as there are headings.
    """
    for row in rows:
        if len(row) != len(headers):
            raise ValueError(f"{len(headers)} headings and a row of {len(row)} cells: {list(row)!r}")
    lines = [[shown(cell) for cell in row] for row in (headers, *rows)]
    widths = [max(map(width, column)) for column in zip(*lines, strict=True)]
    if within is not None:
        left = within - sum(widths[:-1]) - len(_GAP) * (len(widths) - 1)
        widths[-1] = min(widths[-1], max(left, _NARROWEST))
        lines = [line for cells in lines for line in _folded(cells, widths[-1])]
    rule = ["-" * wide for wide in widths]
    return "\n".join(_line(cells, widths) for cells in (lines[0], rule, *lines[1:]))


def width(text: str) -> int:
    """Columns `text` takes on a terminal: two for a wide character, none for a mark over another."""
    return sum(_columns(character) for character in text)


def shown(text: str) -> str:
    """`text` for one line of a terminal: what would move the cursor or not show is written as its number."""
    return "".join(c if _has_place(c) else f"[U+{ord(c):04X}]" for c in text)


def _folded(cells: list[str], columns: int) -> list[list[str]]:
    """A row as the lines it takes when its last cell is at most `columns` wide."""
    first, *rest = _fold(cells[-1], columns)
    return [[*cells[:-1], first], *([""] * (len(cells) - 1) + [piece] for piece in rest)]


def _fold(text: str, columns: int) -> list[str]:
    """`text` in pieces at most `columns` wide, cut at a space where the cut would fall into a Latin word."""
    pieces, piece = [], ""
    for character in text:
        if width(piece + character) > columns:
            head, space, tail = piece.rpartition(" ")
            if space and character != " " and (tail + character).isascii():
                pieces.append(head)
                piece = tail
            else:
                pieces.append(piece)
                piece = ""
        piece = (piece + character).lstrip(" ") if pieces else piece + character
    return [*pieces, piece]


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    padded = (cell + " " * (wide - width(cell)) for cell, wide in zip(cells, widths, strict=True))
    return _GAP.join(padded).rstrip()


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def _has_place(character: str) -> bool:
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
