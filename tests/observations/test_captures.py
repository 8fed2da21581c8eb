"""Captures are proof: what is read back is what was kept, or an error."""

import os
from hashlib import sha256
from pathlib import Path

import pytest

from observations import captures
from observations.captures import CaptureError


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty data folder."""
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    return tmp_path


def test_what_was_kept_is_read_back() -> None:
    assert captures.read(captures.keep(b"answer")) == b"answer"
    assert captures.keep(b"answer") == sha256(b"answer").hexdigest()


@pytest.mark.parametrize("digest", ["../secret", "/etc/passwd", "", "A" * 64, "a" * 63, "\x00", "x\n" * 32])
def test_a_name_that_is_no_hash_reads_nothing(digest: str, data_folder: Path) -> None:
    (data_folder / "secret").write_bytes(b"secret")
    captures.keep(b"answer")
    with pytest.raises(CaptureError, match="is no capture"):
        captures.read(digest)


def test_a_changed_a_missing_and_a_replaced_capture_are_told(data_folder: Path) -> None:
    digest = captures.keep(b"answer")
    path = captures.directory() / digest
    path.write_bytes(b"another")
    with pytest.raises(CaptureError, match="changed"):
        captures.read(digest)
    path.unlink()
    with pytest.raises(CaptureError, match="missing"):
        captures.read(digest)
    (data_folder / "elsewhere").write_bytes(b"answer")
    path.symlink_to(data_folder / "elsewhere")
    with pytest.raises(CaptureError, match="cannot be read"):
        captures.read(digest)
    path.unlink()
    os.mkfifo(path)
    with pytest.raises(CaptureError, match="changed"):
        captures.read(digest)
