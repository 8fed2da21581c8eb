"""Small logs for tests, made by hand: in memory, without a database."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from audit_logs import tree
from audit_logs.event import EventBody
from audit_logs.tree import Broken, Edge, Entry, Head, Intact, Stored

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def body(number: int, **details: object) -> bytes:
    """The body of one plausible event, with more `details` if given."""
    event = EventBody(
        id=UUID(int=number, version=4),
        at=NOON + timedelta(seconds=number),
        actor="user:7",
        action="registry.import",
        subject=("account", f"weibo//{1_000_000 + number}"),
        details={"rows": number, "file": "名册.csv", "checked": True, "note": None} | details,
    )
    return event.encode()


def entries(count: int, salt: int = 0) -> list[Entry]:
    """A log of `count` entries, a second apart; another `salt` gives another history."""
    made, edge = [], Edge()
    for number in range(count):
        when = NOON + timedelta(minutes=1, seconds=number)
        entry, edge = tree.append(edge, body(salt + number), when)
        made.append(entry)
    return made


def stored(log: list[Entry]) -> list[Stored]:
    """The log as an honest store returns it."""
    return [Stored(entry.leaf(), tree.leaf_hash(entry.leaf()), entry.body) for entry in log]


def head(log: list[Entry]) -> Head:
    """What an honest checkpoint over `log` promises."""
    edge = Edge()
    for entry in log:
        edge = tree.grow(edge, tree.leaf_hash(entry.leaf()), entry.logged_at)
    return Head(edge.size, edge.root())


def broken(verdict: tree.Verdict) -> Broken:
    """The verdict, which must be a bad one."""
    assert isinstance(verdict, Broken), verdict
    return verdict


def intact(verdict: tree.Verdict) -> Intact:
    """The verdict, which must be a good one."""
    assert isinstance(verdict, Intact), verdict
    return verdict
