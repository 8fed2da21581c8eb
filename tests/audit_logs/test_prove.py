"""The proof of one entry, for a stranger."""

import pytest

from audit_logs import keys, note, proofs, tree
from audit_logs.errors import LogBroken, NotChecked
from audit_logs.models import Entry
from audit_logs.prove import prove
from tests.audit_logs.database import record_some, sequenced, tampered

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("index", range(5))
def test_every_signed_entry_is_proved_from_the_file_alone(index: int) -> None:
    record_some(5)
    sequenced(force=True)
    text, _, signed = prove(index).partition(b"\n\n")
    kind, extra, place, *path = text.decode().splitlines()
    leaf = note.from_base64(extra.removeprefix("extra "))
    assert (kind, place) == ("c2sp.org/tlog-proof@v1", f"index {index}")
    assert leaf == bytes(Entry.objects.get(index=index).leaf)
    head = note.open_checkpoint(signed, keys.verifier_key())
    proofs.check_inclusion([note.from_base64(line) for line in path], index, tree.leaf_hash(leaf), head)


@pytest.mark.parametrize("index", [-1, 2, 3, 99])
def test_what_no_checkpoint_covers_is_not_proved(index: int) -> None:
    record_some(2)
    sequenced()
    record_some(1)
    sequenced()
    with pytest.raises(NotChecked, match="covers 2"):
        prove(index)


def test_a_broken_log_proves_nothing() -> None:
    record_some(3)
    sequenced()
    with tampered("UPDATE audit_logs_entry SET leaf = X'00' WHERE \"index\" = 2"), pytest.raises(LogBroken):
        prove(1)
