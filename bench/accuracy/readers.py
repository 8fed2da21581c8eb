"""The files of a benchmark folder as records. Whatever is wrong in one is named with file, line and mend.

All are UTF-8 TSV with a header, split at tabs and line feeds alone: quotation marks and all other separators
belong to the names. Each may be compressed (`.gz`); further columns are passed over. A file that is not there
is None: what it would tell was not measured.
"""

import gzip
import hashlib
import zlib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from detection.compare import AccountName

_ROWS = TypeVar("_ROWS")
_CODE_LENGTHS = (2, 4, 6)  # of a province, a prefecture, a county


class BenchDataError(Exception):
    """The folder or a file of it cannot be used; the text names the place and the mend."""


@dataclass(frozen=True)
class Registered:
    """A row of the register. `region` is a division's code without closing zeros, empty where it has none."""

    id: str
    account: AccountName
    region: str


@dataclass(frozen=True)
class Attack:
    """A variant of a registered string; `wanted`: the positions of the rows that hold that string or id."""

    target: str
    variant: str
    generator: str
    technique: str
    wanted: tuple[int, ...]


@dataclass(frozen=True)
class RealPair:
    """A published counterfeit beside the names of what it imitates; `is_alike` where the strings show it."""

    names: tuple[str, ...]
    counterfeit: str
    is_alike: bool
    note: str


@dataclass(frozen=True)
class GenuinePair:
    """Two genuine names that are easily taken for one another."""

    first: str
    second: str


@dataclass(frozen=True)
class Stranger:
    """An ordinary name; `is_official` where a rough rule takes it for a body the register may lack."""

    name: str
    kind: str
    is_official: bool


@dataclass(frozen=True)
class Sibling:
    """A genuine name of a body that is not registered, and the code of its division."""

    name: str
    region: str


@dataclass(frozen=True)
class Folder:
    """What a benchmark folder holds, and the SHA-256 of each file read."""

    registry: Sequence[Registered] | None
    attacks: Sequence[Attack] | None
    real_pairs: Sequence[RealPair] | None
    real_negatives: Sequence[GenuinePair] | None
    social: Sequence[Stranger] | None
    background: Sequence[Stranger] | None
    ordinary: Sequence[Stranger] | None
    siblings: Sequence[Sibling] | None
    hashes: Mapping[str, str]

    @property
    def officials(self) -> list[AccountName]:
        """The registered accounts, in the order of the file."""
        return [one.account for one in self.registry or ()]


@dataclass(frozen=True)
class _Row:
    cells: Mapping[str, str]
    place: str

    def filled(self, column: str) -> str:
        if not self.cells[column]:
            raise BenchDataError(f"{self.place}: {column} is empty; fill it in or remove the line")
        return self.cells[column]

    def is_yes(self, column: str) -> bool:
        if self.cells[column] not in ("yes", "no"):
            raise BenchDataError(f"{self.place}: {column} must be yes or no, not {self.cells[column]!r}")
        return self.cells[column] == "yes"


def read_folder(folder: Path) -> Folder:
    """Every file of `folder` that is there. Raises BenchDataError if one cannot be used or none is there."""
    hashes: dict[str, str] = {}

    def read(name: str, columns: str, make: Callable[[list[_Row]], _ROWS]) -> _ROWS | None:
        path = _path(folder, name)
        if path is None:
            return None
        data = _bytes(path)
        hashes[path.name] = hashlib.sha256(data).hexdigest()
        return make(_rows(path, data, columns.split()))

    registry = read("registry.tsv", "id name handle? region?", _registry)
    found = Folder(
        registry=registry,
        attacks=read(
            "attacks.tsv",
            "target_id target variant generator technique",
            lambda r: _attacks(r, registry or ()),
        ),
        real_pairs=read("real_pairs.tsv", "names counterfeit likeness note?", _real_pairs),
        real_negatives=read("real_negatives.tsv", "genuine_a genuine_b", _genuine_pairs),
        social=read("background_social.tsv", "name kind official", _social),
        background=read("background.tsv", "name kind", _strangers),
        ordinary=read("ordinary.tsv", "name kind?", _strangers),
        siblings=read("siblings.tsv", "name division?", _siblings),
        hashes=hashes,
    )
    if not hashes:
        raise BenchDataError(
            f"{folder}: none of the benchmark files is there; name the folder that holds them"
        )
    return found


def as_account(text: str) -> AccountName:
    """A name, or a handle if it begins with @, as `zhenwei match` reads it."""
    return AccountName("", text[1:]) if text.startswith("@") else AccountName(text)


def _path(folder: Path, name: str) -> Path | None:
    return next((path for path in (folder / name, folder / f"{name}.gz") if path.exists()), None)


def _bytes(path: Path) -> bytes:
    try:
        data = path.read_bytes()
        return gzip.decompress(data) if path.suffix == ".gz" else data
    except (OSError, EOFError, zlib.error) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise BenchDataError(f"{path}: cannot be read ({why}); fetch the file again") from error


def _rows(path: Path, data: bytes, columns: Sequence[str]) -> list[_Row]:
    """The rows with the wanted columns; one whose name ends with ? may be missing and is empty then."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise BenchDataError(f"{path}, line {line}: not UTF-8; save the file as UTF-8") from error
    header, *lines = (line.removesuffix("\r").split("\t") for line in text.split("\n"))
    needed = {column for column in columns if not column.endswith("?")}
    if missing := sorted(needed - set(header)):
        raise BenchDataError(f"{path}, line 1: no column {missing[0]}; the first line must name the columns")
    wanted = [column.removesuffix("?") for column in columns]
    rows = []
    for number, cells in enumerate(lines, 2):
        place = f"{path}, line {number}"
        if cells == [""]:
            continue
        if len(cells) != len(header):
            raise BenchDataError(
                f"{place}: {len(cells)} cells under {len(header)} headings; separate them by one tab each"
            )
        named = dict(zip(header, cells, strict=True))
        rows.append(_Row({column: named.get(column, "") for column in wanted}, place))
    return rows


def _registry(rows: Sequence[_Row]) -> list[Registered]:
    return [_registered(row) for row in rows]


def _registered(row: _Row) -> Registered:
    name, handle, region = (row.cells[column] for column in ("name", "handle", "region"))
    if not name and not handle:
        raise BenchDataError(f"{row.place}: neither name nor handle; fill one in or remove the line")
    region = _region(region)
    return Registered(
        row.filled("id"), AccountName(name, handle, region.ljust(6, "0") if region else ""), region
    )


def _region(text: str) -> str:
    """The code of a Chinese division without the zeros of the levels below it; empty for any other text."""
    if not (text.isascii() and text.isdigit() and len(text) in _CODE_LENGTHS):
        return ""
    while text.endswith("00"):
        text = text[:-2]
    return text


def _attacks(rows: Sequence[_Row], registry: Sequence[Registered]) -> list[Attack]:
    at: dict[tuple[str, str], list[int]] = {}
    for position, one in enumerate(registry):
        for key in {("id", one.id), ("text", one.account.name), ("text", one.account.handle)}:
            at.setdefault(key, []).append(position)
    return [_attack(row, at) for row in rows]


def _attack(row: _Row, at: Mapping[tuple[str, str], Sequence[int]]) -> Attack:
    target = row.filled("target")
    wanted = {*at.get(("id", row.filled("target_id")), ()), *at.get(("text", target), ())}
    if at and not wanted:
        raise BenchDataError(
            f"{row.place}: the registry has no row {row.cells['target_id']}; take both files from one release"
        )
    variant, generator, technique = map(row.filled, ("variant", "generator", "technique"))
    return Attack(target, variant, generator, technique, tuple(sorted(wanted)))


def _real_pairs(rows: Sequence[_Row]) -> list[RealPair]:
    return [_real_pair(row) for row in rows]


def _real_pair(row: _Row) -> RealPair:
    names = tuple(name for name in row.filled("names").split("|") if name)
    if not names:
        raise BenchDataError(f"{row.place}: names holds no name; write them with | between")
    return RealPair(names, row.filled("counterfeit"), row.is_yes("likeness"), row.cells["note"])


def _genuine_pairs(rows: Sequence[_Row]) -> list[GenuinePair]:
    return [GenuinePair(row.filled("genuine_a"), row.filled("genuine_b")) for row in rows]


def _social(rows: Sequence[_Row]) -> list[Stranger]:
    return [Stranger(row.filled("name"), row.cells["kind"], row.is_yes("official")) for row in rows]


def _strangers(rows: Sequence[_Row]) -> list[Stranger]:
    return [Stranger(row.filled("name"), row.cells["kind"], is_official=False) for row in rows]


def _siblings(rows: Sequence[_Row]) -> list[Sibling]:
    return [Sibling(row.filled("name"), _region(row.cells["division"])) for row in rows]
