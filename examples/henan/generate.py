"""Makes the example province: `python -m examples.henan.generate [FOLDER]` writes four files.

* `registry.csv`: the official accounts as a registry import takes them;
* `accounts.jsonl`: all 2,000 accounts on the example platform, one a line;
* `answers.csv`: what is true about each: registered, counterfeit, hard_negative or ordinary;
* `contacts.csv`: who answers for the places and units of the register, as a contacts import takes them.

The same bytes come out at every run, and nothing here is taken from the matcher: the example can judge it.
"""

import csv
import io
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, time
from pathlib import Path

from examples.henan.bystanders import bystanders
from examples.henan.contacts import COLUMNS as CONTACT_COLUMNS
from examples.henan.contacts import contacts
from examples.henan.counterfeits import counterfeits
from examples.henan.draft import Dice, Draft, Handles
from examples.henan.places import FOLDER, read
from examples.henan.registered import Official, Unit, officials
from examples.henan.residents import residents

PLATFORM, INSTANCE = "mastodon", "example"
HOME = "https://mastodon.example/@"
ACCOUNTS = 2000
REGISTRY_COLUMNS = (
    "platform", "instance", "platform_uid", "handle", "name", "certified_subject", "home_url", "opened_on",
    "state", "unit", "unit_division", "unit_kind",
)  # fmt: skip
ANSWER_COLUMNS = ("uid", "label", "kind", "target_uid", "note")


def files() -> dict[str, bytes]:
    """The four files, by name."""
    registered = officials(read())
    drafts = _drafts(registered)
    uids = _uids(drafts)
    by_age = sorted(drafts, key=lambda draft: int(uids[draft.handle]))
    return {
        "registry.csv": _csv(REGISTRY_COLUMNS, (_registry_row(official, uids) for official in registered)),
        "accounts.jsonl": "".join(_account_line(draft, uids) for draft in by_age).encode(),
        "answers.csv": _csv(ANSWER_COLUMNS, (_answer_row(draft, uids) for draft in by_age)),
        "contacts.csv": _csv(CONTACT_COLUMNS, contacts(read(), _units(registered))),
    }


def write(folder: Path) -> None:
    """Write the four files into `folder`."""
    for name, content in files().items():
        (folder / name).write_bytes(content)


def _units(registered: list[Official]) -> list[tuple[Unit, str]]:
    """Every unit once, with the handle of its first account."""
    handles: dict[Unit, str] = {}
    for official in registered:
        handles.setdefault(official.unit, official.draft.handle)
    return list(handles.items())


def _drafts(registered: list[Official]) -> list[Draft]:
    """All accounts; a handle goes first to the official ones, then to imitators, then to whoever comes."""
    handles = Handles()
    genuine = {handles.exactly(official.draft.handle): official.draft for official in registered}
    drafts = [*genuine.values(), *counterfeits(handles, genuine), *bystanders(handles, read())]
    return [*drafts, *residents(handles, ACCOUNTS - len(drafts))]


def _uids(drafts: list[Draft]) -> dict[str, str]:
    """An invented id per handle, shaped like Mastodon's: milliseconds of its birth, then 16 other bits."""
    dice = Dice("uids")
    uids: dict[str, str] = {}
    for draft in drafts:
        midnight = datetime.combine(draft.created, time(), UTC)
        milliseconds = int(midnight.timestamp()) * 1000 + dice.number(0, 86_399_999)
        uids[draft.handle] = str(milliseconds << 16 | dice.number(0, 0xFFFF))
    return uids


def _registry_row(official: Official, uids: dict[str, str]) -> Sequence[str]:
    unit, draft = official.unit, official.draft
    account = (
        PLATFORM,
        INSTANCE,
        uids[draft.handle],
        draft.handle,
        draft.name,
        unit.name,
        HOME + draft.handle,
    )
    return (*account, draft.created.isoformat(), official.state, unit.name, unit.division, unit.kind)


def _account_line(draft: Draft, uids: dict[str, str]) -> str:
    account = {
        "uid": uids[draft.handle],
        "handle": draft.handle,
        "name": draft.name,
        "bio": draft.bio,
        "created_at": draft.created.isoformat(),
        "followers": draft.followers,
        "bot": draft.bot,
        "posts_hours_ago": draft.posts,
    }
    return _show_invisible(json.dumps(account, ensure_ascii=False)) + "\n"


def _answer_row(draft: Draft, uids: dict[str, str]) -> Sequence[str]:
    return (uids[draft.handle], draft.label, draft.kind, uids.get(draft.target, ""), draft.note)


def _show_invisible(text: str) -> str:
    """JSON text with format characters (zero width, direction) as escapes: a file that hides nothing."""
    return re.sub(r"[^\x00-\x7f]", lambda match: _escape_format(match[0]), text)


def _escape_format(letter: str) -> str:
    return f"\\u{ord(letter):04x}" if unicodedata.category(letter) == "Cf" else letter


def _csv(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue().encode()


if __name__ == "__main__":
    write(Path(sys.argv[1]) if len(sys.argv) > 1 else FOLDER)
