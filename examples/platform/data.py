"""The accounts living on the platform, read from `accounts.jsonl` and checked line by line."""

import json
import re
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

HANDLE = re.compile(r"[A-Za-z0-9_]{1,30}", re.ASCII)
UID = re.compile(r"[0-9]{1,19}", re.ASCII)
LINE_LIMIT = 100_000
OLDEST_HOURS = 200_000
"""More than twenty years: older than any such platform."""


class DataError(Exception):
    """The accounts file cannot be used; the text names the line and what to mend."""


@dataclass(frozen=True)
class Account:
    """One account. `posts` are hours before the platform's start, newest first."""

    uid: str
    handle: str
    name: str
    bio: str
    created: date
    followers: int
    bot: bool
    posts: tuple[float, ...]


def load(path: Path) -> list[Account]:
    """All accounts of `path`. Raises DataError if it is missing, a line is unfit, an id or handle repeats."""
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(f"{path} cannot be read as UTF-8 text: {error}") from error
    accounts = [_account(f"{path.name} line {n}", line) for n, line in enumerate(lines, 1) if line]
    _refuse_repeats([account.uid for account in accounts], "uid")
    _refuse_repeats([account.handle.lower() for account in accounts], "handle")
    return accounts


def _account(where: str, line: str) -> Account:
    if len(line) > LINE_LIMIT:
        raise DataError(f"{where} is longer than {LINE_LIMIT} characters")
    try:
        row = json.loads(line)
        return _checked(row)
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise DataError(f"{where} is not an account: {type(error).__name__} {error}") from error


def _checked(row: dict[str, Any]) -> Account:
    account = Account(
        uid=_matching(UID, row["uid"]),
        handle=_matching(HANDLE, row["handle"]),
        name=_text(row["name"]),
        bio=_text(row["bio"]),
        created=date.fromisoformat(row["created_at"]),
        followers=_of(int, row["followers"]),
        bot=_of(bool, row["bot"]),
        posts=tuple(float(_of((int, float), hours)) for hours in _of(list, row["posts_hours_ago"])),
    )
    if not all(0 <= hours <= OLDEST_HOURS for hours in account.posts):
        raise ValueError(f"posts_hours_ago must lie between 0 and {OLDEST_HOURS}")
    if not all(newer < older for newer, older in pairwise(account.posts)):
        raise ValueError("posts_hours_ago must have the newest first and none twice")
    return account


def _matching(pattern: re.Pattern[str], value: object) -> str:
    if not pattern.fullmatch(_text(value)):
        raise ValueError(f"{value!r} does not match {pattern.pattern}")
    return str(value)


def _text(value: object) -> str:
    text = str(_of(str, value))
    text.encode()  # A lone surrogate cannot be sent: refuse it here, not in the middle of an answer.
    return text


def _of(kind: type | tuple[type, ...], value: Any) -> Any:
    if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
        raise TypeError(f"{value!r} is not of type {kind}")
    return value


def _refuse_repeats(values: list[str], what: str) -> None:
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise DataError(f"the {what} {value} stands twice in the accounts file")
        seen.add(value)
