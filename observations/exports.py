"""Rows of an export → accounts as they were seen, ready to be stored; or why a row names nobody.

Written for a million rows: what is the same for all of them is looked up once.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from common.faults import Faults, Place, Text
from common.sheets.model import Row, Table
from crawlers.exported import Reader, Unread
from observations.identity import MAX_HANDLE, MAX_NAME, MAX_SUBJECT, MAX_UID, canonical_face
from observations.stage import Stage, Staged

MAX_FIELDS = 100_000
IN_FACE = ("handle", "name", "bio", "avatar_url", "profile_url")
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Registered:
    """The accounts of the register that live on the platform: ids, and the ids behind the present handles."""

    uids: frozenset[str] = frozenset()
    by_handle: Mapping[str, str] = field(default_factory=dict)


@dataclass
class Found:
    """What a file held: rows that name an account, repeated ones, searches answered, registered accounts."""

    rows: int = 0
    duplicates: int = 0
    queries: set[str] = field(default_factory=set)
    registered: dict[str, str | None] = field(default_factory=dict)
    """Permanent id → when it published last, where the file says so exactly."""


class Rows:
    """Reads the tables of an export into `stage`; bad rows go to `faults`, unread cells to `notices`."""

    def __init__(
        self,
        reader: Reader,
        place: tuple[str, str],
        registered: Registered,
        stage: Stage,
        faults: Faults,
        notices: Faults,
    ) -> None:
        """`place`: platform and instance."""
        self.found = Found()
        self._reader, self._registered, self._stage = reader, registered, stage
        self._faults, self._notices = faults, notices
        self._written = canonical_face(*place)
        self._seen: set[bytes] = set()

    def take(self, table: Table, row: Row) -> None:
        """One row of `table`."""
        unread: list[Unread] = []
        fields = self._reader.read(row.cells, unread)
        if unread:
            self._tell(unread, table, row.line)
        get, found = fields.get, self.found
        name, handle = get("name"), get("handle", "")
        uid = get("id") or self._registered.by_handle.get(handle.casefold(), handle)
        if not name or not uid or len(uid) > MAX_UID:
            self._refuse(table, row.line, name, uid)
            return
        found.rows += 1
        if "query" in fields:
            found.queries.add(fields["query"])
        if uid in self._registered.uids:
            self._note(uid, fields)
        face = (
            uid,
            handle[:MAX_HANDLE],
            name[:MAX_NAME],
            get("bio", ""),
            get("avatar_url", ""),
            get("profile_url", ""),
            get("verified_subject", "")[:MAX_SUBJECT],
        )
        text = self._written(*face)
        digest = sha256(text.encode()).digest()
        if digest in self._seen:
            found.duplicates += 1
            return
        self._seen.add(digest)
        self._stage.add(_staged(digest, row.line, face, text, fields))

    def _note(self, uid: str, fields: Mapping[str, Any]) -> None:
        """That a registered account was seen, and when it last published if the row says it exactly."""
        last = None if "last_post_at_approx" in fields else fields.get("last_post_at")
        known = self.found.registered.get(uid)
        self.found.registered[uid] = max(last or "", known or "") or None

    def _refuse(self, table: Table, line: int, name: str | None, uid: str) -> None:
        if not name:
            self._faults.add("no_name", Place(table.name, line), *_NO_NAME)
        elif not uid:
            self._faults.add("no_id", Place(table.name, line, value=name), *_NO_ID)
        else:
            self._faults.add("long_id", Place(table.name, line, value=uid), *_LONG_ID)

    def _tell(self, unread: Iterable[Unread], table: Table, line: int) -> None:
        for cell in unread:
            place = Place(table.name, line, cell.column, cell.value)
            self._notices.add("not_read", place, Text("读不懂，按未知处理", "not understood"), _NOT_READ)


def _staged(digest: bytes, line: int, face: Staged, text: str, fields: dict[str, Any]) -> Staged:
    """A row of the stage: what `stage.COLUMNS` names, and the line.

    The whole row is kept as JSON: the face as it was hashed, and what it does not hold.
    """
    followers, opened_at, seen_at = map(fields.get, ("followers", "created_at", "seen_at"))
    for name in IN_FACE:
        fields.pop(name, None)
    more = _encode(fields)
    if len(more) > MAX_FIELDS:
        more = _encode({key: value for key, value in fields.items() if key != "other"} | {"other_cut": True})
    return (
        *face,
        followers,
        opened_at and stored(opened_at),
        text if more == "{}" else f"{text[:-1]},{more[1:]}",
        digest.hex(),
        seen_at and stored(seen_at),
        line,
    )


def stored(moment: str) -> str:
    """UTC text of `clock.isoformat` as the database holds times."""
    return f"{moment[:10]} {moment[11:19]}" if moment[19:] == ".000000Z" else f"{moment[:10]} {moment[11:26]}"


_NO_NAME = (
    Text("这一行没有账号名称", "this row has no name of an account"),
    Text("请填写名称；不是账号的行请删除", "fill in the name; delete a row that is no account"),
)
_NO_ID = (
    Text(
        "这一行既没有账号编号，也没有账号（用户名）", "this row has neither the account's id nor its handle"
    ),
    Text(
        "请填写其中一项，否则无法证明是哪个账号；也可用“列=id”指定列",
        "fill in one of them, or nobody can prove which account it is; a column can be named with COLUMN=id",
    ),
)
_LONG_ID = (
    Text(f"账号编号超过 {MAX_UID} 个字符", f"an id of more than {MAX_UID} characters"),
    Text("请检查该列是否确为账号编号", "make sure that the column holds the id of the account"),
)
_NOT_READ = Text("原值已保留在原文件中，请核对", "the value stays in the file as kept; check it there")
