"""The names that `zhenwei match` compares: a file or standard input, streamed.

Text holds one name a line; commas and tabs belong to it. Tables and JSON Lines have `name`, perhaps
`id handle platform`. A name that begins with @ and has no handle beside it is a handle.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from detection.compare import AccountName
from detection.rowfiles import FORMATS, Format, MatchInputError, Row, format_of, rows_in, rows_of

REQUIRED = (("name",),)


@dataclass(frozen=True)
class Candidate:
    """One row to compare: `name` and `id` as read, `row` from 1 on, and what is compared of it.

    `handle_from` says where the handle begins in what was read: 1 behind an @, else 0.
    """

    row: int
    name: str
    account: AccountName
    id: str | int | None = None
    platform: str = ""
    handle_from: int = 0

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to compare."""
        return not self.account.name.strip() and not self.account.handle.strip()


def names_of(path: Path, form: Format | None = None) -> Iterator[Candidate]:
    """The rows of the file at `path`; its ending tells the format, unless `form` does.

    What is no regular file (a pipe, /dev/stdin) is text. Raises MatchInputError.
    """
    known = form or format_of(path) or (None if path.is_file() else "txt")
    if known is None:
        endings = ", ".join(f".{one}" for one in FORMATS)
        raise MatchInputError(f"{path}: does not end in {endings} (or .gz after it); name its --format")
    return _candidates(rows_of(path, known, REQUIRED))


def names_in(file: BinaryIO, form: Format | None = None) -> Iterator[Candidate]:
    """The rows of standard input: text, unless `form` says otherwise. Raises MatchInputError."""
    return _candidates(rows_in(file, form or "txt", REQUIRED, "standard input"))


def names_given(names: Iterable[str]) -> Iterator[Candidate]:
    """Names given one by one."""
    return _candidates(Row(number, f"name {number}", {"name": name}) for number, name in enumerate(names, 1))


def _candidates(rows: Iterable[Row]) -> Iterator[Candidate]:
    for row in rows:
        if "name" not in row.cells:  # a JSON object without, or a line cut short
            raise MatchInputError(f"{row.place}: no name")
        yield _candidate(row)


def _candidate(row: Row) -> Candidate:
    name, handle = row.text("name"), row.text("handle")
    is_handle = name.startswith("@") and not handle
    written = name if is_handle else handle
    bare = written.removeprefix("@")
    return Candidate(
        row=row.number,
        name=name,
        account=AccountName("" if is_handle else name, bare),
        id=row.identity("id"),
        platform=row.text("platform"),
        handle_from=len(written) - len(bare),
    )
