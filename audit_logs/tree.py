"""The log as a Merkle tree (RFC 6962, SHA-256), and the one verification everybody calls.

* Entries are only ever added; their indices have no gaps.
* A leaf is the canonical JSON of one event with its index and the time it was logged; the leaf hash covers
  exactly these bytes.
* Time is given by the caller and must not go back.
* Verification trusts signed heads only, never the store: leaf hashes kept beside the leaves help to name a
  culprit and prove nothing. It names the first entry that is wrong and says how.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from audit_logs.errors import FormatError, LogBroken
from audit_logs.event import EventBody, from_fields
from common import canonical, clock
from common.table import shown

MAX_LEAF = 65_535  # a tile bundle writes the length in 16 bits (C2SP tlog-tiles)
HASH_SIZE = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()

Hash = bytes  # 32 bytes of SHA-256


@dataclass(frozen=True, slots=True)
class Entry:
    """One numbered event: its place, when it was logged (`clock.isoformat`), and the event's body."""

    index: int
    logged_at: str
    body: bytes

    def leaf(self) -> bytes:
        """The bytes that are hashed: canonical JSON, since the body is canonical and the keys are sorted."""
        return b'{"event":%b,"index":%d,"logged_at":"%b"}' % (self.body, self.index, self.logged_at.encode())


@dataclass(frozen=True, slots=True)
class Edge:
    """All that appending needs: size, last time ("" when empty), roots of the full subtrees from the left."""

    size: int = 0
    time: str = ""
    peaks: tuple[Hash, ...] = ()

    def __post_init__(self) -> None:
        """Raises FormatError if the subtrees cannot be those of a log of this size."""
        if self.size < 0 or len(self.peaks) != self.size.bit_count():
            raise FormatError(f"edge: {len(self.peaks)} subtrees cannot hold {self.size} entries")

    def packed(self) -> bytes:
        """The subtree roots, one after the other, as they are stored."""
        return b"".join(self.peaks)

    def root(self) -> Hash:
        """The tree head over all entries so far (RFC 6962 section 2.1)."""
        if not self.peaks:
            return EMPTY_ROOT
        root = self.peaks[-1]
        for peak in reversed(self.peaks[:-1]):
            root = node_hash(peak, root)
        return root


def unpacked(size: int, time: str, packed: bytes) -> Edge:
    """The edge as stored. Raises FormatError if it cannot be one."""
    if len(packed) % HASH_SIZE:
        raise FormatError(f"edge: {len(packed)} bytes are no sequence of hashes")
    return Edge(size, time, tuple(packed[at : at + HASH_SIZE] for at in range(0, len(packed), HASH_SIZE)))


@dataclass(frozen=True, slots=True)
class Head:
    """What a checkpoint promises: this many entries with this root."""

    size: int
    root: Hash


def _none(said: EventBody) -> None:
    """No objection: the store holds nothing beside the leaf."""


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as a store returns it. `objection` says in words what else there contradicts the event."""

    leaf: bytes
    leaf_hash: Hash
    body: bytes | None = None  # the event's own copy, where the store has one
    objection: Callable[[EventBody], str | None] = _none


@dataclass(frozen=True, slots=True)
class Intact:
    """Nothing is wrong up to `edge`; heads cover `signed` entries; `waiting` events have no number yet."""

    edge: Edge
    signed: int
    waiting: int = 0

    def __str__(self) -> str:
        return f"intact to {self.edge.size} (checkpoint covers {self.signed}), {self.waiting} waiting"


@dataclass(frozen=True, slots=True)
class Broken:
    """Something is wrong, first at `entry` (None: the entries hold, something beside them does not)."""

    entry: int | None
    reason: str

    def __str__(self) -> str:
        place = "broken" if self.entry is None else f"broken at entry {self.entry}"
        return f"{place}: {shown(self.reason)}"  # it may name a file that somebody else named


Verdict = Intact | Broken


class Wrong(LogBroken):
    """A Broken verdict as an exception, for callers that cannot go on."""

    def __init__(self, entry: int | None, reason: str) -> None:
        self.verdict = Broken(entry, reason)
        super().__init__(str(self.verdict))


def demand_intact(verdict: Verdict) -> Intact:
    """The verdict, if it is good. Raises Wrong otherwise."""
    if isinstance(verdict, Broken):
        raise Wrong(verdict.entry, verdict.reason)
    return verdict


def leaf_hash(leaf: bytes) -> Hash:
    """RFC 6962 section 2.1: the hash of one leaf."""
    return hashlib.sha256(b"\0" + leaf).digest()


def node_hash(left: Hash, right: Hash) -> Hash:
    """RFC 6962 section 2.1: the hash over two subtrees."""
    return hashlib.sha256(b"\1" + left + right).digest()


def append(edge: Edge, body: bytes, when: datetime) -> tuple[Entry, Edge]:
    """Number `body` and add it at `edge`. Raises LogBroken if `when` lies before the last entry."""
    logged_at = clock.isoformat(when)
    if logged_at < edge.time:
        raise LogBroken(f"time goes back at entry {edge.size}: {edge.time}, then {logged_at}")
    entry = Entry(edge.size, logged_at, body)
    return entry, grow(edge, leaf_hash(entry.leaf()), logged_at)


def grow(edge: Edge, leaf: Hash, logged_at: str) -> Edge:
    """`edge` with one more leaf: equal subtrees become one, as carrying does in binary addition."""
    peaks, carry = list(edge.peaks), edge.size
    while carry & 1:
        leaf = node_hash(peaks.pop(), leaf)
        carry >>= 1
    return Edge(edge.size + 1, logged_at, (*peaks, leaf))


def parse_leaf(leaf: bytes) -> tuple[Entry, EventBody]:
    """The entry whose leaf this is, and its event. Raises FormatError on what `Entry.leaf` does not write."""
    if len(leaf) > MAX_LEAF:
        raise FormatError(f"leaf of {len(leaf)} bytes")
    try:
        fields = canonical.parse(leaf)
    except canonical.CanonicalError as error:
        raise FormatError(f"leaf: {error}") from error
    match fields:
        case {"event": said, "index": int(index), "logged_at": str(logged_at), **rest} if not rest:
            return _cut_out(leaf, index, logged_at), from_fields(said)
    raise FormatError("leaf: not the fields of an entry")


def _cut_out(leaf: bytes, index: int, logged_at: str) -> Entry:
    """The entry of a canonical `leaf`: the body is cut out, which spares writing it anew."""
    try:
        clock.parse(logged_at)
    except ValueError as error:
        raise FormatError(f"leaf: {error}") from error
    before = len(b'{"event":')
    after = len(Entry(index, logged_at, b"").leaf()) - before
    entry = Entry(index, logged_at, leaf[before : len(leaf) - after])
    if entry.leaf() != leaf:
        raise FormatError("leaf: not written as entries are")
    return entry


def verify(entries: Iterable[Stored], heads: Iterable[Head]) -> Verdict:
    """Judge `entries`, in order, against signed `heads`. Reads `entries` once and keeps none of them.

    Intact means: every leaf is well-formed, agrees with its copies, has the next index and no earlier time
    than the one before; and every head has the root of that many first entries. Reading `entries` may raise
    Wrong, which ends the check with that verdict; other errors pass through.
    """
    promises, edge = _Promises(heads), Edge()
    try:
        promises.meet(edge)
        for stored in entries:
            edge = _joined(edge, stored)
            promises.meet(edge)
        promises.finish(edge)
    except Wrong as wrong:
        return wrong.verdict
    return Intact(edge, promises.signed)


def _joined(edge: Edge, stored: Stored) -> Edge:
    """`edge` grown by `stored`. Raises Wrong, in the order in which a finding says most about its cause."""
    digest = leaf_hash(stored.leaf)
    if digest != stored.leaf_hash:
        raise Wrong(edge.size, "the entry and its stored hash disagree: one of them was changed")
    try:
        entry, said = parse_leaf(stored.leaf)
    except FormatError as error:
        raise Wrong(edge.size, str(error)) from error
    if entry.index != edge.size:
        raise Wrong(edge.size, f"gap or wrong order: here stands entry {entry.index}")
    if entry.logged_at < edge.time:
        raise Wrong(edge.size, f"time goes back from {edge.time} to {entry.logged_at}")
    if stored.body is not None and stored.body != entry.body:
        raise Wrong(edge.size, "the event row does not say what was logged: it was changed afterwards")
    if objection := stored.objection(said):
        raise Wrong(edge.size, objection)
    return grow(edge, digest, entry.logged_at)


class _Promises:
    """Signed heads, met one after the other as the tree grows."""

    def __init__(self, heads: Iterable[Head]) -> None:
        self.signed = 0
        self._due = sorted(heads, key=lambda head: head.size, reverse=True)

    def meet(self, edge: Edge) -> None:
        """Compare the heads of exactly this size. Raises Wrong from the first entry no good head covers."""
        while self._due and self._due[-1].size == edge.size:
            if self._due.pop().root != edge.root():
                where = f"entries {self.signed} to {edge.size - 1}" if edge.size else "the empty log"
                raise Wrong(self.signed, f"forked: with {where} the root is not the signed one")
            self.signed = edge.size

    def finish(self, edge: Edge) -> None:
        """Raises Wrong if a head promises more entries than there are."""
        if self._due:
            reason = f"truncated: a checkpoint covers {self._due[0].size} entries, {edge.size} are here"
            raise Wrong(edge.size, reason)
