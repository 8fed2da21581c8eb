"""An exported log: whatever byte or file is changed, it is found, and the entry named."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from audit_logs import note, tiles, tree
from audit_logs.errors import NotChecked
from audit_logs.verify_directory import key_file, verify_directory
from tests.audit_logs.log import broken, entries, head, intact

KEY = note.new_signing_key("audit.test/log1")
FIVE = entries(5)


def write(folder: Path, log: list[tree.Entry], key: note.SigningKey = KEY) -> Path:
    """The log as a folder, written by the specification and not by the exporter."""
    builder = tiles.Builder()
    files = {"checkpoint": note.sign_checkpoint(head(log), key), "log.vkey": key_file(key.verifier)}
    for index, width in tiles.widths(len(log)):
        leaves = [entry.leaf() for entry in log[index * tiles.WIDTH : index * tiles.WIDTH + width]]
        files[tiles.path("entries", index, width)] = tiles.bundle(leaves)
    hashes = [tile for entry in log for tile in builder.add(tree.leaf_hash(entry.leaf()))]
    files |= {tile.path: tile.data for tile in [*hashes, *builder.rest()]}
    for path, data in files.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_bytes(data)
    return folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path / "log", FIVE)


def flips(path: Path) -> Iterator[int]:
    """The place of each byte, while it is changed."""
    kept = path.read_bytes()
    for at in range(len(kept)):
        path.write_bytes(kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])
        yield at
    path.write_bytes(kept)


@pytest.mark.parametrize("size", [0, 1, 5, 255, 256, 257, 700])
def test_an_untouched_export_is_intact(tmp_path: Path, size: int) -> None:
    verdict = intact(verify_directory(write(tmp_path / "log", entries(size)), KEY.verifier))
    assert (verdict.edge.size, verdict.signed) == (size, size)


def test_every_flipped_byte_of_the_entries_names_its_entry(folder: Path) -> None:
    owner = [index for index, entry in enumerate(FIVE) for _ in range(2 + len(entry.leaf()))]
    for at in flips(folder / "tile/entries/000.p/5"):
        assert broken(verify_directory(folder)).entry == owner[at]


def test_every_flipped_byte_of_the_hashes_names_its_entry(folder: Path) -> None:
    for at in flips(folder / "tile/0/000.p/5"):
        assert broken(verify_directory(folder)).entry == at // 32


@pytest.mark.parametrize("path", ["checkpoint", "log.vkey"])
@pytest.mark.parametrize("key", [KEY.verifier, None], ids=["known key", "own key"])
def test_every_flipped_byte_of_checkpoint_and_key_is_found(
    folder: Path, path: str, key: note.VerifierKey | None
) -> None:
    for _ in flips(folder / path):
        assert broken(verify_directory(folder, key)).entry is None


def test_every_flipped_byte_of_an_upper_tile_is_found(tmp_path: Path) -> None:
    folder = write(tmp_path / "log", entries(300))
    for _ in flips(folder / "tile/1/000.p/1"):
        assert "tile/1/000.p/1" in broken(verify_directory(folder)).reason


@pytest.mark.parametrize("size", [5, 300])
def test_each_file_removed_cut_or_lengthened_is_found(tmp_path: Path, size: int) -> None:
    folder = write(tmp_path / "log", entries(size))
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        kept = path.read_bytes()
        for changed in (kept[:-1], kept + b"\n", b""):
            path.write_bytes(changed)
            broken(verify_directory(folder, KEY.verifier))
        path.unlink()
        assert path.name in broken(verify_directory(folder, KEY.verifier)).reason
        path.write_bytes(kept)


@pytest.mark.parametrize("path", ["note.txt", "tile/0/000.p/4", "tile/1/000.p/1", "tile/entries/001"])
def test_a_file_that_does_not_belong_is_named(folder: Path, path: str) -> None:
    (folder / path).parent.mkdir(parents=True, exist_ok=True)
    (folder / path).write_bytes(b"")
    assert path in broken(verify_directory(folder)).reason


def test_links_and_pipes_are_not_followed(folder: Path, tmp_path: Path) -> None:
    tile = folder / "tile/0/000.p/5"
    tile.rename(tmp_path / "elsewhere")
    tile.symlink_to(tmp_path / "elsewhere")
    assert "plain file" in broken(verify_directory(folder)).reason
    tile.unlink()
    os.mkfifo(tile)
    assert "plain file" in broken(verify_directory(folder)).reason


def test_a_linked_folder_does_not_belong(folder: Path, tmp_path: Path) -> None:
    (folder / "more").symlink_to(tmp_path)
    assert "more" in broken(verify_directory(folder)).reason


def test_an_older_checkpoint_over_newer_files_is_found(folder: Path, tmp_path: Path) -> None:
    older = write(tmp_path / "older", FIVE[:3])
    (older / "checkpoint").rename(folder / "checkpoint")
    broken(verify_directory(folder))


def test_a_newer_checkpoint_over_older_files_is_found(folder: Path, tmp_path: Path) -> None:
    older = write(tmp_path / "older", FIVE[:3])
    (folder / "checkpoint").rename(older / "checkpoint")
    broken(verify_directory(older))


def test_entries_and_hashes_changed_together_are_a_fork(folder: Path, tmp_path: Path) -> None:
    forged = write(tmp_path / "forged", entries(5, salt=9))
    (folder / "checkpoint").rename(forged / "checkpoint")
    assert "forked" in broken(verify_directory(forged)).reason


def test_a_log_signed_by_somebody_else_is_found_with_the_right_key_only(tmp_path: Path) -> None:
    forged = write(tmp_path / "log", FIVE, note.new_signing_key(KEY.name))
    intact(verify_directory(forged))
    assert "log.vkey" in broken(verify_directory(forged, KEY.verifier)).reason


def test_a_folder_without_a_log_or_without_any_key_is_not_checked(folder: Path, tmp_path: Path) -> None:
    for missing in (tmp_path / "nowhere", tmp_path):
        with pytest.raises(NotChecked, match="no exported log"):
            verify_directory(missing)
    (folder / "log.vkey").unlink()
    with pytest.raises(NotChecked, match="--vkey"):
        verify_directory(folder)


def test_it_needs_no_django(folder: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from config.cli import main\n"
        f"code = main(['audit', 'verify', {str(folder)!r}])\n"
        "assert 'django' not in sys.modules\n"
        "sys.exit(code)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "intact to 5 (checkpoint covers 5), 0 waiting\n"), (
        done.stderr
    )


def test_a_full_upper_tile_is_compared_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With tiles of 4 instead of 256, 30 entries reach what takes 65,536 otherwise."""
    monkeypatch.setattr(tiles, "WIDTH", 4)
    folder = write(tmp_path / "log", entries(30))
    intact(verify_directory(folder))
    for path in ("tile/1/000", "tile/2/000.p/1"):
        for _ in flips(folder / path):
            assert path in broken(verify_directory(folder)).reason


def test_a_file_name_cannot_write_a_verdict_of_its_own(folder: Path) -> None:
    (folder / "x\x1b[2J\nintact to 99").touch()
    said = str(broken(verify_directory(folder)))
    assert said.isprintable()
    assert said.startswith("broken: x[U+001B]")
