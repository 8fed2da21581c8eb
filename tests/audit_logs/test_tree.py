"""The Merkle tree, and verification: whatever is changed, the first wrong entry is named."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_logs import proofs, tree
from audit_logs.errors import FormatError, LogBroken
from audit_logs.event import MAX_BODY
from audit_logs.tree import Edge, Entry, Head, Stored, verify
from tests.audit_logs.log import NOON, body, broken, entries, head, intact, stored

FIVE = entries(5)

# RFC 6962 vectors as published with certificate-transparency: leaves in hex, root of the first n.
LEAVES = ["", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f"]
ROOTS = {
    0: "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    1: "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    7: "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    8: "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
}


def grown(hashes: list[bytes]) -> Edge:
    edge = Edge()
    for digest in hashes:
        edge = tree.grow(edge, digest, "")
    return edge


@pytest.mark.parametrize("size", ROOTS)
def test_roots_are_those_of_rfc_6962(size: int) -> None:
    hashes = [tree.leaf_hash(bytes.fromhex(leaf)) for leaf in LEAVES[:size]]
    assert grown(hashes).root().hex() == ROOTS[size]


@given(st.lists(st.binary(min_size=32, max_size=32), max_size=70))
def test_growing_one_by_one_gives_the_root_by_definition(hashes: list[bytes]) -> None:
    assert grown(hashes).root() == proofs.root(hashes)


@given(st.integers(0, 200))
def test_an_edge_survives_storing(size: int) -> None:
    edge = grown([tree.leaf_hash(bytes([number])) for number in range(size)])
    assert tree.unpacked(edge.size, edge.time, edge.packed()) == edge


@pytest.mark.parametrize(
    ("size", "packed"), [(1, b""), (0, b"a" * 32), (2, b"a" * 64), (1, b"a" * 31), (-1, b"")]
)
def test_an_impossible_edge_is_refused(size: int, packed: bytes) -> None:
    with pytest.raises(FormatError):
        tree.unpacked(size, "", packed)


def test_it_refuses_a_time_going_back() -> None:
    _, edge = tree.append(Edge(), body(0), NOON)
    tree.append(edge, body(1), NOON)
    with pytest.raises(LogBroken, match="time goes back"):
        tree.append(edge, body(1), NOON - timedelta(microseconds=1))


def test_a_leaf_reads_back_as_the_entry_it_was() -> None:
    for entry in FIVE:
        assert tree.parse_leaf(entry.leaf())[0] == entry


def test_the_largest_event_fits_under_the_largest_index() -> None:
    empty = len(body(0, x=""))
    largest = body(0, x="x" * (MAX_BODY - empty))
    assert len(largest) == MAX_BODY
    assert len(Entry(2**53 - 1, FIVE[0].logged_at, largest).leaf()) <= tree.MAX_LEAF


@pytest.mark.parametrize(
    "leaf",
    [
        b"",
        b"{}",
        b'{"event":{},"index":0,"logged_at":"2026-11-24T12:00:00.000000Z"}',
        FIVE[0].leaf().replace(b'"index":0', b'"index":true'),
        FIVE[0].leaf().replace(b'"index":0', b'"index":"0"'),
        FIVE[0].leaf().replace(b'"index":0', b'"index":0,"more":1'),
        FIVE[0].leaf().replace(b"12:01:00.000000Z", b"12:01:00Z"),
        FIVE[0].leaf() + b" ",
        FIVE[0].leaf().replace(b"registry.import", b"Registry Import"),
        b" " * 70_000,
    ],
)
def test_a_leaf_of_another_form_is_refused(leaf: bytes) -> None:
    with pytest.raises(FormatError):
        tree.parse_leaf(leaf)


def test_an_untouched_log_is_intact_up_to_its_end() -> None:
    verdict = intact(verify(stored(FIVE), [head(FIVE[:3])]))
    assert (verdict.edge.size, verdict.signed) == (5, 3)
    assert str(verdict) == "intact to 5 (checkpoint covers 3), 0 waiting"


def test_every_flipped_byte_of_a_leaf_names_its_entry() -> None:
    for index, kept in enumerate(stored(FIVE)):
        for at in range(len(kept.leaf)):
            changed = bytearray(kept.leaf)
            changed[at] ^= 1
            log = stored(FIVE)
            log[index] = replace(kept, leaf=bytes(changed))
            assert broken(verify(log, [head(FIVE)])).entry == index


def test_a_changed_leaf_with_a_fitting_hash_is_found_by_its_form_or_by_the_checkpoint() -> None:
    """The store is not trusted: whoever changes a leaf changes its hash as well."""
    for index, entry in enumerate(FIVE):
        for at in range(len(entry.leaf())):
            changed = bytearray(entry.leaf())
            changed[at] ^= 1
            log = stored(FIVE)
            log[index] = Stored(bytes(changed), tree.leaf_hash(bytes(changed)))
            found = broken(verify(log, [head(FIVE[:count]) for count in range(6)])).entry
            # A time moved forward, still in order, may show as the next entry's going back.
            assert found in (index, index + 1)


@pytest.mark.parametrize(
    ("order", "first_wrong"),
    [
        ([0, 2, 1, 3, 4], 1),
        ([0, 1, 3, 4], 2),
        ([0, 1, 1, 2, 3, 4], 2),
        ([1, 2, 3, 4], 0),
        ([0, 1, 2, 4, 3], 3),
    ],
    ids=["swapped", "dropped", "repeated", "first dropped", "last swapped"],
)
def test_entries_out_of_place_are_named(order: list[int], first_wrong: int) -> None:
    log = stored(FIVE)
    verdict = broken(verify([log[index] for index in order], [head(FIVE)]))
    assert verdict.entry == first_wrong
    assert "gap" in verdict.reason


def test_a_log_rebuilt_from_the_middle_is_forked_there() -> None:
    edge, other = Edge(), []
    for number, entry in enumerate(FIVE):
        said = entry.body if number < 3 else body(90 + number)
        rebuilt, edge = tree.append(edge, said, NOON + timedelta(minutes=1, seconds=number))
        other.append(rebuilt)
    verdict = broken(verify(stored(other), [head(FIVE[:2]), head(FIVE)]))
    assert verdict.entry == 2
    assert "forked" in verdict.reason


def test_an_older_checkpoint_holds_for_a_longer_log() -> None:
    assert intact(verify(stored(FIVE), [head(FIVE[:2])])).signed == 2


def test_a_newer_checkpoint_shows_a_shorter_log_as_truncated() -> None:
    verdict = broken(verify(stored(FIVE[:3]), [head(FIVE[:2]), head(FIVE)]))
    assert verdict.entry == 3
    assert "truncated" in verdict.reason


def test_two_checkpoints_of_one_size_must_agree() -> None:
    verdict = broken(verify(stored(FIVE), [head(FIVE), head(entries(5, salt=9))]))
    assert "forked" in verdict.reason


def test_a_false_checkpoint_over_the_empty_log_is_found() -> None:
    assert intact(verify([], [Head(0, tree.EMPTY_ROOT)])).signed == 0
    assert "empty" in broken(verify([], [Head(0, b"x" * 32)])).reason


def test_a_time_going_back_is_named() -> None:
    early = replace(FIVE[2], logged_at=FIVE[0].logged_at)
    log = stored([*FIVE[:2], early])
    assert "time goes back" in broken(verify(log, [])).reason


def test_an_event_row_that_says_something_else_is_named() -> None:
    log = stored(FIVE)
    log[3] = replace(log[3], body=body(99))
    verdict = broken(verify(log, [head(FIVE)]))
    assert (verdict.entry, str(verdict)[:26]) == (3, "broken at entry 3: the eve")


def test_a_bad_verdict_can_be_raised() -> None:
    intact(tree.demand_intact(verify(stored(FIVE), [])))
    with pytest.raises(tree.Wrong, match="broken at entry 0"):
        tree.demand_intact(verify(stored(FIVE)[1:], []))
