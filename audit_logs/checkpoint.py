"""Signs what the log has come to, and never anything that contradicts what was signed before."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import transaction

from audit_logs import keys, lease, memory, note, tree
from audit_logs.errors import FormatError, LogBroken
from audit_logs.models import Checkpoint, Edge, Entry
from common import clock
from common.crash import crash_point

EVERY = timedelta(seconds=60)


def due(now: datetime) -> bool:
    """Whether there is something unsigned, and the last checkpoint is old (or from the future)."""
    last = latest()
    unsigned = Entry.objects.filter(index__gte=last.size if last else 0).exists()
    return unsigned and not (last and last.signed_at <= now < last.signed_at + EVERY)


def latest() -> Checkpoint | None:
    """The checkpoint that covers most."""
    return Checkpoint.objects.order_by("-size").first()


def stored_edge() -> tree.Edge:
    """The right edge as stored; the empty one before the first entry. Raises LogBroken if it is damaged."""
    row = Edge.objects.filter(pk=Edge.THE_ROW).first()
    if row is None:
        return tree.Edge()
    try:
        clock.parse(row.time)
        return tree.unpacked(row.size, row.time, bytes(row.peaks))
    except (FormatError, ValueError) as error:
        raise LogBroken(f"the stored edge is damaged ({error}): zhenwei audit verify") from error


def sign(held: lease.Held, now: Callable[[], datetime]) -> tree.Head:
    """Sign the log as it stands and store the checkpoint; the same log twice is signed once.

    Only the holder of the sequencer's lease may sign: nobody else moves the edge meanwhile. Raises LogBroken
    if the log does not continue its last checkpoint, KeyProblem, LeaseLost.
    """
    last, edge = latest(), stored_edge()
    key = keys.signing_key(may_create=last is None)
    head = tree.Head(edge.size, edge.root())
    _prove_remembered(last, key.verifier)
    if last is not None:
        _prove_continued(last, edge, key.verifier)
        if head.size == last.size:
            return head
    signed = note.sign_checkpoint(head, key)
    with transaction.atomic():
        moment = now()
        held.renew(moment)
        Checkpoint.objects.create(
            size=head.size, root=head.root, peaks=edge.packed(), note=signed, signed_at=moment
        )
        # A kill here leaves no checkpoint; what was signed was shown to nobody, the next pass signs anew.
        crash_point("audit.checkpoint_before_commit")
    # A kill here leaves the checkpoint; the lease ends by itself, the next pass remembers it.
    crash_point("audit.checkpoint_after_commit")
    memory.keep(signed)
    return head


def _prove_remembered(last: Checkpoint | None, key: note.VerifierKey) -> None:
    """Raises LogBroken unless what was signed last is still there: a log that was cut is not continued."""
    try:
        signed = memory.head(key)
    except FormatError as error:
        raise LogBroken(f"not signed: {error}: zhenwei audit verify") from error
    if signed and not Checkpoint.objects.filter(size=signed.size, root=signed.root).exists():
        raise LogBroken(f"without its checkpoint of {signed.size} entries, which {memory.path()} holds")
    if last and (signed is None or signed.size < last.size):
        memory.keep(bytes(last.note))


def _prove_continued(last: Checkpoint, edge: tree.Edge, key: note.VerifierKey) -> None:
    """Rebuild `edge` from the last checkpoint and the leaves since. Raises LogBroken if it differs"""
    grown = _signed_edge(last, key)
    leaves = Entry.objects.filter(index__gte=last.size).order_by("index").values_list("leaf", flat=True)
    for leaf in leaves.iterator():
        grown = tree.grow(grown, tree.leaf_hash(bytes(leaf)), edge.time)
    if (grown.size, grown.peaks) != (edge.size, edge.peaks):
        raise LogBroken(f"the log of {edge.size} entries does not continue its checkpoint of {last.size}")


def _signed_edge(last: Checkpoint, key: note.VerifierKey) -> tree.Edge:
    try:
        signed = note.open_checkpoint(bytes(last.note), key)
        edge = tree.unpacked(last.size, "", bytes(last.peaks))
    except FormatError as error:
        raise LogBroken(f"the last checkpoint is damaged ({error}): zhenwei audit verify") from error
    if signed != tree.Head(edge.size, edge.root()):
        raise LogBroken("the last checkpoint signs something else than it says: zhenwei audit verify")
    return edge
