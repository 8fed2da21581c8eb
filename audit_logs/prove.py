"""A proof file for one entry (C2SP tlog-proof v1): its bytes, its place, and the way up to a checkpoint."""

from audit_logs import checkpoint, keys, note, proofs, tree
from audit_logs.errors import NotChecked
from audit_logs.models import Entry


def prove(index: int) -> bytes:
    """The proof of entry `index` under the last checkpoint; the entry itself stands in its `extra` line.

    Raises NotChecked if no checkpoint covers the entry yet, LogBroken if the stored log does not prove it.
    """
    last = checkpoint.latest()
    if last is None or not 0 <= index < last.size:
        covered = last.size if last else 0
        raise NotChecked(
            f"no checkpoint covers entry {index}, the last one covers {covered}: zhenwei audit checkpoint"
        )
    signed = bytes(last.note)
    head = note.open_checkpoint(signed, keys.verifier_key())
    leaves = Entry.objects.filter(index__lt=head.size).order_by("index").values_list("leaf", flat=True)
    hashes = [tree.leaf_hash(bytes(leaf)) for leaf in leaves.iterator()]
    path = proofs.inclusion(hashes, index)
    proofs.check_inclusion(path, index, hashes[index], head)
    return _file(index, bytes(Entry.objects.get(index=index).leaf), path, signed)


def _file(index: int, leaf: bytes, path: list[tree.Hash], signed: bytes) -> bytes:
    lines = ["c2sp.org/tlog-proof@v1", f"extra {note.to_base64(leaf)}", f"index {index}"]
    lines += [note.to_base64(sibling) for sibling in path]
    return ("\n".join(lines) + "\n\n").encode() + signed
