"""Short proofs about a tree: that an entry is in it, and that an older tree is its beginning.

Built by the definitions of RFC 6962 (sections 2.1.1 and 2.1.2), checked by the algorithms of RFC 9162
(sections 2.1.3.2 and 2.1.4.2), so a mistake in one shows in the other.
"""

from collections.abc import Sequence

from audit_logs.errors import LogBroken
from audit_logs.tree import EMPTY_ROOT, Hash, Head, node_hash


def root(leaves: Sequence[Hash]) -> Hash:
    """The Merkle tree hash over leaf hashes, by its definition."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    middle = _split(len(leaves))
    return node_hash(root(leaves[:middle]), root(leaves[middle:]))


def inclusion(leaves: Sequence[Hash], index: int) -> list[Hash]:
    """The sibling hashes from leaf `index` up to the root. Raises IndexError if there is no such leaf."""
    if not 0 <= index < len(leaves):
        raise IndexError(f"no entry {index} in a log of {len(leaves)}")
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if index < middle:
        return [*inclusion(leaves[:middle], index), root(leaves[middle:])]
    return [*inclusion(leaves[middle:], index - middle), root(leaves[:middle])]


def consistency(leaves: Sequence[Hash], old_size: int) -> list[Hash]:
    """The hashes that prove the first `old_size` leaves to be the beginning of `leaves`; none for 0."""
    if not 0 <= old_size <= len(leaves):
        raise IndexError(f"no size {old_size} in a log of {len(leaves)}")
    return _subproof(leaves, old_size, True) if old_size else []


def check_inclusion(proof: Sequence[Hash], index: int, leaf: Hash, head: Head) -> None:
    """Raises LogBroken unless `proof` shows the leaf hash `leaf` at `index` under `head`."""
    node, last, found = index, head.size - 1, leaf
    if not 0 <= index < head.size:
        raise LogBroken(f"no entry {index} under a checkpoint of {head.size}")
    for sibling in proof:
        if last == 0:
            raise LogBroken("inclusion proof is too long")
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    if last or found != head.root:
        raise LogBroken(f"entry {index} is not proved under the checkpoint of {head.size}")


def check_consistency(proof: Sequence[Hash], old: Head, new: Head) -> None:
    """Raises LogBroken unless `proof` shows `old` to be the beginning of `new`."""
    if not _consistent(list(proof), old, new):
        raise LogBroken(f"the checkpoint of {old.size} is not proved a beginning of the one of {new.size}")


def _consistent(proof: list[Hash], old: Head, new: Head) -> bool:
    if old.size in (0, new.size):
        return not proof and old.root == (new.root if old.size else EMPTY_ROOT)
    if old.size > new.size or not proof:
        return False
    node, last = old.size - 1, new.size - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    # An old size that is a power of two is itself a subtree of the new tree, so the proof leaves it out.
    first = proof.pop(0) if node else old.root
    return _climb(proof, node, last, first, old.root, new.root)


def _climb(proof: list[Hash], node: int, last: int, first: Hash, old_root: Hash, new_root: Hash) -> bool:
    old_found = new_found = first
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            old_found, new_found = node_hash(sibling, old_found), node_hash(sibling, new_found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            new_found = node_hash(new_found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and old_found == old_root and new_found == new_root


def _subproof(leaves: Sequence[Hash], size: int, whole: bool) -> list[Hash]:
    if size == len(leaves):
        return [] if whole else [root(leaves)]
    middle = _split(len(leaves))
    if size <= middle:
        return [*_subproof(leaves[:middle], size, whole), root(leaves[middle:])]
    return [*_subproof(leaves[middle:], size - middle, False), root(leaves[:middle])]


def _split(size: int) -> int:
    """The largest power of two below `size`."""
    return 1 << (size - 1).bit_length() - 1
