"""The export: deterministic, whole or not at all, and never over something else."""

from pathlib import Path

import pytest

from audit_logs import keys, memory, tiles
from audit_logs.errors import ExportRefused, LogBroken
from audit_logs.export import export
from audit_logs.verify_directory import files, verify_directory
from tests.audit_logs.database import record_some, sequenced, tampered, walls_down
from tests.audit_logs.log import broken, intact

pytestmark = pytest.mark.django_db


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """A place for the export of a log with five signed entries."""
    record_some(5)
    sequenced(force=True)
    return tmp_path / "out"


def contents(folder: Path) -> dict[str, bytes]:
    return {path: (folder / path).read_bytes() for path in files(folder)}


def grow(count: int) -> None:
    record_some(count)
    sequenced(force=True)


def test_what_is_exported_verifies_with_the_key_kept_elsewhere(out: Path) -> None:
    assert export(out).size == 5
    assert intact(verify_directory(out, keys.verifier_key())).edge.size == 5
    assert list(out.parent.glob(".*")) == []


def test_the_same_log_gives_the_same_bytes(out: Path, tmp_path: Path) -> None:
    grow(300)
    export(out)
    export(tmp_path / "again")
    assert contents(out) == contents(tmp_path / "again")
    assert set(contents(out)) == {"checkpoint", "log.vkey", *tiles.layout(305)}


@pytest.mark.parametrize("more", [0, 1, 251, 252, 600])
def test_an_earlier_export_is_continued_as_if_made_anew(out: Path, tmp_path: Path, more: int) -> None:
    export(out)
    grow(more)
    export(out)
    export(tmp_path / "new")
    assert contents(out) == contents(tmp_path / "new")
    intact(verify_directory(out, keys.verifier_key()))


def test_only_what_is_signed_is_exported(out: Path) -> None:
    record_some(2)
    sequenced()
    assert export(out).size == 5


def test_an_empty_folder_is_taken(out: Path) -> None:
    out.mkdir()
    export(out)
    intact(verify_directory(out))


def test_without_a_checkpoint_there_is_nothing_to_export(tmp_path: Path) -> None:
    record_some(1)
    with pytest.raises(ExportRefused, match="zhenwei audit checkpoint"):
        export(tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_folder_with_something_else_in_it_is_left_alone(out: Path) -> None:
    out.mkdir()
    (out / "thesis.txt").write_text("years of work", encoding="utf-8")
    with pytest.raises(ExportRefused, match=r"thesis\.txt"):
        export(out)
    assert contents(out) == {"thesis.txt": b"years of work"}


def test_a_file_or_a_link_is_no_place_for_it(out: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    for place in ("file", "link"):
        with pytest.raises(ExportRefused, match="not a folder"):
            export(tmp_path / place)


def test_the_export_of_another_log_is_left_alone(out: Path) -> None:
    export(out)
    before = contents(out)
    keys.signing_key_path().unlink()
    keys.verifier_key_path().unlink()
    memory.path().unlink()
    with tampered("DELETE FROM audit_logs_checkpoint"):
        sequenced(force=True)
        with pytest.raises(ExportRefused, match="another log"):
            export(out)
    assert contents(out) == before


def test_a_log_rolled_back_does_not_go_over_its_longer_export(out: Path) -> None:
    with walls_down():
        grow(3)
        export(out)
    with pytest.raises(LogBroken, match="truncated"):
        export(out)
    intact(verify_directory(out))


def test_a_broken_log_is_not_exported(out: Path) -> None:
    changed = tampered("UPDATE audit_logs_entry SET leaf = X'00' WHERE \"index\" = 2")
    with changed, pytest.raises(LogBroken, match="entry 2"):
        export(out)
    assert not out.exists()


def test_a_tile_changed_since_is_not_mended_in_silence(out: Path) -> None:
    export(out)
    grow(600)
    export(out)
    (out / "tile/0/001").write_bytes(b"x" * 8192)
    grow(1)
    with pytest.raises(ExportRefused, match="tile/0/001 was changed"):
        export(out)
    assert broken(verify_directory(out)).entry == 256
