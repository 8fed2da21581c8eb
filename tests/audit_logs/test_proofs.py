"""Short proofs: every true one is accepted, no other one."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from audit_logs import proofs
from audit_logs.errors import LogBroken
from audit_logs.tree import Head, leaf_hash

LEAVES = [leaf_hash(bytes([number])) for number in range(80)]
sizes = st.integers(1, 80)


def head(size: int) -> Head:
    return Head(size, proofs.root(LEAVES[:size]))


@given(sizes, st.data())
def test_every_entry_is_proved_under_every_head(size: int, data: st.DataObject) -> None:
    index = data.draw(st.integers(0, size - 1))
    proof = proofs.inclusion(LEAVES[:size], index)
    proofs.check_inclusion(proof, index, LEAVES[index], head(size))


@given(sizes, st.data())
def test_no_other_entry_place_or_proof_is_accepted(size: int, data: st.DataObject) -> None:
    index, other = data.draw(st.integers(0, size - 1)), data.draw(st.integers(-1, size))
    proof = proofs.inclusion(LEAVES[:size], index)
    assume(other != index)
    with pytest.raises(LogBroken):
        proofs.check_inclusion(proof, other, LEAVES[index], head(size))
    with pytest.raises(LogBroken):
        proofs.check_inclusion(proof, index, LEAVES[index], Head(size, b"x" * 32))
    for wrong in ([*proof, LEAVES[0]], [LEAVES[0], *proof], proof[1:] if proof else [LEAVES[1]]):
        with pytest.raises(LogBroken):
            proofs.check_inclusion(wrong, index, LEAVES[index], head(size))


@given(sizes, st.data())
def test_every_older_head_is_proved_the_beginning(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(0, size))
    proofs.check_consistency(proofs.consistency(LEAVES[:size], old), head(old), head(size))


@given(sizes, st.data())
def test_no_other_history_is_proved_the_beginning(size: int, data: st.DataObject) -> None:
    old = data.draw(st.integers(1, size))
    proof = proofs.consistency(LEAVES[:size], old)
    false_old = Head(old, proofs.root(LEAVES[1 : old + 1]))
    with pytest.raises(LogBroken):
        proofs.check_consistency(proof, false_old, head(size))
    for wrong in ([*proof, LEAVES[0]], [LEAVES[0], *proof], proof[:-1] if proof else [LEAVES[0]]):
        with pytest.raises(LogBroken):
            proofs.check_consistency(wrong, head(old), head(size))


def test_a_longer_log_is_not_the_beginning_of_a_shorter_one() -> None:
    with pytest.raises(LogBroken):
        proofs.check_consistency([LEAVES[0]], head(8), head(4))


def test_there_is_no_proof_of_what_is_not_there() -> None:
    with pytest.raises(IndexError):
        proofs.inclusion(LEAVES[:4], 4)
    with pytest.raises(IndexError):
        proofs.consistency(LEAVES[:4], 5)


def test_a_proof_that_stops_short_of_the_claimed_size_is_refused() -> None:
    """A subtree's root passed off as the root of a larger log."""
    four = proofs.root(LEAVES[:4])
    with pytest.raises(LogBroken):
        proofs.check_inclusion(proofs.inclusion(LEAVES[:4], 1), 1, LEAVES[1], Head(8, four))
    with pytest.raises(LogBroken):
        proofs.check_consistency(proofs.consistency(LEAVES[:4], 3), head(3), Head(8, four))
