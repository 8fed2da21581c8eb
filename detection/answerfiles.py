"""The files of a folder of known answers, read without a database.

* `registry.csv`: what is official: platform, instance, platform_uid, name, handle, unit_division;
* `answers.csv`: what each account is: uid, label, kind, target_uid, and where several platforms are looked at
  platform, instance and target_platform;
* `PLATFORM-export.xlsx`, `.csv` or any other kind of table: an export of a platform, read by the mapping of
  its spec as an import reads it;
* `accounts.jsonl`: everybody on the platform that has no export.
"""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from common import clock
from common.faults import BadFile, Faults
from common.sheets.opening import opened
from crawlers import specs
from crawlers.exported import Reader, Unread
from detection.compare import AccountName

LABELS = ("registered", "counterfeit", "hard_negative", "ordinary")
EXPORT = "-export"
_OFFICIAL = ("platform_uid", "name", "handle", "unit_division")
_ANSWER = ("uid", "label", "kind", "target_uid")


class EvaluateInputError(Exception):
    """The folder or a file of it cannot be used; the text names the place and the mend."""


class Who(NamedTuple):
    """An account of a platform; the platform with its instance, "" where the folder has only one."""

    platform: str
    uid: str


@dataclass(frozen=True)
class Official:
    """A registered account."""

    who: Who
    name: AccountName


@dataclass(frozen=True)
class Answer:
    """What an account is known to be; a target only for a counterfeit or who may be mistaken for one."""

    who: Who
    label: str
    kind: str
    target: Who | None


@dataclass(frozen=True)
class Folder:
    """What the files say: the register, the answers, and how each account is called."""

    officials: Sequence[Official]
    answers: Sequence[Answer]
    names: dict[Who, AccountName]


def read(folder: Path) -> Folder:
    """Everything in `folder`. Raises EvaluateInputError naming file and line."""
    officials = read_registry(folder / "registry.csv")
    answers = read_answers(folder / "answers.csv")
    exports = {path.name.partition(EXPORT)[0]: path for path in sorted(folder.glob(f"*{EXPORT}.*"))}
    by_file: dict[Path, dict[str, AccountName]] = {}
    names: dict[Who, AccountName] = {}
    for answer in answers:
        platform = answer.who.platform.partition("/")[0]
        path = exports.get(platform, folder / "accounts.jsonl")
        if path not in by_file:
            by_file[path] = read_export(path, platform) if platform in exports else read_accounts(path)
        if answer.who.uid not in by_file[path]:
            raise EvaluateInputError(
                f"{folder / 'answers.csv'}: no such account in {path.name}: {answer.who.uid}"
            )
        names[answer.who] = by_file[path][answer.who.uid]
    return Folder(officials, answers, names)


def read_registry(path: Path) -> list[Official]:
    """The accounts of registry.csv. Raises EvaluateInputError naming the line."""
    officials = [_official(row, place) for place, row in _rows(path, _OFFICIAL)]
    if not officials:
        raise EvaluateInputError(f"{path}: no account is registered; write one a line")
    return officials


def read_answers(path: Path) -> list[Answer]:
    """The rows of answers.csv. Raises EvaluateInputError naming the line."""
    return [_answer(row, place) for place, row in _rows(path, _ANSWER)]


def read_accounts(path: Path) -> dict[str, AccountName]:
    """The accounts of accounts.jsonl by uid. Raises EvaluateInputError naming the line."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise EvaluateInputError(f"{path}: cannot be read as UTF-8 text: {_why(error)}") from error
    return dict(
        _account(line, f"{path}, line {number}") for number, line in enumerate(lines, 1) if line.strip()
    )


def read_export(path: Path, platform: str) -> dict[str, AccountName]:
    """The accounts of an export by uid. Raises EvaluateInputError naming the first thing wrong with it."""
    mapping = specs.for_import(platform).mapping
    assert mapping is not None  # noqa: S101 -- for_import falls back on the generic one
    # When it was exported decides what its times mean, and those are not judged.
    reader = Reader(mapping, clock.now(), {})
    faults = Faults()
    found: dict[str, AccountName] = {}
    try:
        with opened(path, path.name, faults, is_header=reader.is_header, list_at=mapping.list_at) as file:
            for table in file.tables:
                for row in table.rows:
                    uid, name = _exported(reader, row.cells, f"{path}, line {row.line}")
                    found[uid] = name
        faults.raise_if_any()
    except BadFile as error:
        raise EvaluateInputError(f"{path}: {error.faults[0].sentence('en')}") from error
    return found


def _exported(reader: Reader, cells: Mapping[str, Any], place: str) -> tuple[str, AccountName]:
    unread: list[Unread] = []
    fields = reader.read(cells, unread)
    if "id" not in fields:
        raise EvaluateInputError(f"{place}: no id; every account of an export needs one here")
    return fields["id"], AccountName(fields.get("name", ""), fields.get("handle", ""))


def _rows(path: Path, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
    """For each row its place and its cells, without surrounding space. `columns` must be there."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.DictReader(file, restkey="")
            if missing := sorted(set(columns) - set(reader.fieldnames or ())):
                raise EvaluateInputError(f"{path}: the column {missing[0]} is missing")
            for row in reader:
                cells = {name: (row[name] or "").strip() for name in reader.fieldnames or () if name}
                yield f"{path}, line {reader.line_num}", cells
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise EvaluateInputError(f"{path}: no UTF-8 CSV file to read: {_why(error)}") from error


def _why(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} is not UTF-8 (the file may be GB18030); save it as UTF-8"
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)


def _where(platform: str, instance: str) -> str:
    return f"{platform}/{instance}" if instance else platform


def _official(row: dict[str, str], place: str) -> Official:
    if not row["name"] and not row["handle"]:
        raise EvaluateInputError(f"{place}: neither name nor handle; fill one in or remove the line")
    who = Who(_where(row.get("platform", ""), row.get("instance", "")), row["platform_uid"])
    return Official(who, AccountName(row["name"], row["handle"], row["unit_division"]))


def _answer(row: dict[str, str], place: str) -> Answer:
    if row["label"] not in LABELS:
        raise EvaluateInputError(
            f"{place}: the label must be one of {', '.join(LABELS)}, not {row['label']!r}"
        )
    who = Who(_where(row.get("platform", ""), row.get("instance", "")), row["uid"])
    platform = row.get("target_platform") or row.get("platform", "")
    # An instance's neighbours imitate whom they see: the target is on the same one.
    same = platform == row.get("platform", "")
    target = Who(who.platform if same else platform, row["target_uid"]) if row["target_uid"] else None
    return Answer(who, row["label"], row["kind"], target)


def _account(line: str, place: str) -> tuple[str, AccountName]:
    try:
        fields = json.loads(line)
        uid, name, handle = (fields[key] for key in ("uid", "name", "handle"))
    except (ValueError, TypeError, KeyError) as error:
        raise EvaluateInputError(f"{place}: not a JSON object with uid, name and handle: {error}") from error
    if not all(isinstance(value, str) for value in (uid, name, handle)):
        raise EvaluateInputError(f"{place}: uid, name and handle must be texts")
    return uid, AccountName(name, handle)
