"""The exported log before a verifier that shares no code with us (golang.org/x/mod/sumdb)."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from audit_logs import keys, note
from audit_logs.export import export
from audit_logs.prove import prove
from tests.audit_logs.database import record_some, sequenced

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.smoke,
    pytest.mark.django_db,
    pytest.mark.skipif(not shutil.which("go"), reason="the Go toolchain is not installed (or not on PATH)"),
]
SOURCE = Path(__file__).resolve().parents[2] / "audit_logs" / "verifier"


@pytest.fixture(scope="module")
def tlogverify(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The built verifier."""
    program = tmp_path_factory.mktemp("go") / "tlogverify"
    done = subprocess.run(
        ["go", "build", "-o", str(program), "."], cwd=SOURCE, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return program


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An export of 600 entries, with a data folder and keys of its own."""
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path / "var"))
    record_some(600)
    sequenced()
    export(tmp_path / "log")
    return tmp_path / "log"


def accepts(program: Path, folder: Path, *more: str) -> bool:
    """Whether the verifier, given the key kept elsewhere, accepts."""
    words = [str(program), "-dir", str(folder), "-vkey", str(keys.verifier_key_path()), *more]
    done = subprocess.run(words, capture_output=True, text=True, check=False, env=os.environ)
    assert (done.returncode == 0) != ("FAIL" in done.stderr)
    return done.returncode == 0


def test_it_accepts_an_export_and_what_it_grew_into(tlogverify: Path, log: Path, tmp_path: Path) -> None:
    assert accepts(tlogverify, log)
    older = tmp_path / "older"
    shutil.copy(log / "checkpoint", older)
    record_some(700)
    sequenced(force=True)
    export(log)
    assert accepts(tlogverify, log, "-old", str(older))


@pytest.mark.parametrize("path", ["checkpoint", "tile/entries/001", "tile/0/002.p/88", "tile/1/000.p/2"])
def test_it_refuses_a_flipped_byte(tlogverify: Path, log: Path, path: str) -> None:
    kept = (log / path).read_bytes()
    for at in range(0, len(kept), max(1, len(kept) // 20)):
        (log / path).write_bytes(kept[:at] + bytes([kept[at] ^ 1]) + kept[at + 1 :])
        assert not accepts(tlogverify, log)


@pytest.mark.parametrize("index", [0, 255, 256, 599])
def test_it_accepts_the_proof_of_an_entry_and_of_no_other(
    tlogverify: Path, log: Path, tmp_path: Path, index: int
) -> None:
    proof = prove(index)
    (tmp_path / "proof").write_bytes(proof)
    leaf = note.from_base64(proof.decode().splitlines()[1].removeprefix("extra "))
    for entry, good in [(leaf, True), (leaf.replace(b"user:7", b"user:8"), False)]:
        (tmp_path / "entry").write_bytes(entry)
        words = ["-proof", str(tmp_path / "proof"), "-entry", str(tmp_path / "entry")]
        assert accepts(tlogverify, log, *words) == good
