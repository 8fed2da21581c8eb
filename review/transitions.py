"""The one way a case moves: the table of `review.moves` and compare-and-set.

A move is one row `CaseChange`, one audit event and a version higher by one, in one transaction with all that
belongs to it. Whoever read an older version is told who was first, and changes nothing.
"""

import hashlib
import secrets
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from audit_logs.record import record
from registry.models import User
from review.errors import Conflict, NotAllowed, WrongState
from review.models import Case, CaseChange
from review.moves import MOVES, STATES, TITLES, Move

By = User | str
"""A person, or a part of this service as the audit log names it (`system:intake`)."""


def apply(
    case: Case,
    version: int,
    name: str,
    by: By,
    now: datetime,
    *,
    to: str | None = None,
    code: str = "",
    text: str = "",
    details: Mapping[str, object] | None = None,
    sets: Mapping[str, object] | None = None,
) -> CaseChange:
    """Move `case`, read at `version`, to the state `to` (default: it stays), and its columns to `sets`.

    `case` itself carries the new values afterwards. Raises Conflict if its row has moved on, WrongState where
    the table has no such move, NotAllowed for a person it does not name; then nothing is changed.
    """
    if case.version != version:
        raise conflict(case.pk)
    came_from, target = case.state, to or case.state
    _check(MOVES[name], case, target, by)
    new = {**(sets or {}), "state": target, "version": version + 1}
    with transaction.atomic():
        if Case.objects.filter(pk=case.pk, version=version).update(**new) != 1:
            raise conflict(case.pk)
        for field, value in new.items():
            setattr(case, field, value)
        return _written(case, name, came_from, by, now, code, text, details or {})


def open_case(
    case: Case, name: str, by: By, now: datetime, *, code: str, details: Mapping[str, object]
) -> Case:
    """Save a new `case` with its first change, `opened` or `raised`."""
    with transaction.atomic():
        case.save(force_insert=True)
        _written(case, name, "", by, now, code, "", details)
    return case


def require(user: User, name: str) -> None:
    """Raises NotAllowed unless the role of `user` makes the move `name`."""
    move = MOVES[name]
    if user.role not in move.roles:
        raise NotAllowed(f"您的角色不能办理「{move.zh}」。", f"your role may not do this: {move.en}")


def conflict(case_pk: int) -> Conflict:
    """Who moved the case last, when and how."""
    last = CaseChange.objects.select_related("by").filter(case=case_pk).latest("version")
    return Conflict(name_of(last), last.at, *TITLES[last.move])


def name_of(change: CaseChange) -> str:
    """Whoever made a change, as people call them."""
    return (change.by.full_name or change.by.username) if change.by else change.actor


def text_digest(change: CaseChange) -> str:
    """What the audit log says of the text of `change`: SHA-256, in hex, over the bytes of its salt and it."""
    return hashlib.sha256(bytes.fromhex(change.details["salt"]) + change.text.encode()).hexdigest()


def _check(move: Move, case: Case, target: str, by: By) -> None:
    if isinstance(by, User):
        require(by, move.name)
    if not move.leads(case.state, target) or move.confirmed not in (None, case.confirmed):
        zh, en = STATES[case.state]
        standing = ("已认定", "confirmed") if case.confirmed else ("未认定", "not confirmed")
        raise WrongState(
            f"案件处于「{zh}」阶段，{standing[0]}，不能办理「{move.zh}」。",
            f"a case that is {en} and {standing[1]} cannot be moved so: {move.en}",
        )


def _written(
    case: Case,
    name: str,
    came_from: str,
    by: By,
    now: datetime,
    code: str,
    text: str,
    details: Mapping[str, object],
) -> CaseChange:
    """The row of a move and its audit event."""
    actor = by if isinstance(by, str) else f"user:{by.pk}"
    # What a person wrote may name people: the log proves it by a hash, the row keeps it. Few words could be
    # guessed from their hash, so they are hashed behind a salt that only the row has.
    salt = {"salt": secrets.token_hex(16)} if text else {}
    change = CaseChange.objects.create(
        case=case,
        version=case.version,
        move=name,
        from_state=came_from,
        to_state=case.state,
        severity=case.severity,
        by=by if isinstance(by, User) else None,
        actor=actor,
        at=now,
        code=code,
        text=text,
        details={**details, **salt},
    )
    event = {
        "version": case.version,
        "from": came_from,
        "to": case.state,
        "severity": case.severity,
        **details,
    }
    reason = {"code": code} if code else {}
    words = {"text_sha256": text_digest(change)} if text else {}
    record(actor, f"case.{name}", ("case", str(case.pk)), {**event, **reason, **words}, at=now)
    return change
