"""`zhenwei audit` and `zhenwei sequence`: what they print, and their exit codes."""

import json
from pathlib import Path

import pytest

from audit_logs import keys, lease
from audit_logs.sequence import LEASE
from common import clock
from config.cli import main
from tests.audit_logs.database import record_some, sequenced, tampered

pytestmark = pytest.mark.django_db
Printed = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def prepared(data_folder: Path) -> None:
    """The data folder has its database, so no command makes one first (and records that)."""
    (data_folder / "zhenwei.sqlite3").touch()


def test_a_log_is_numbered_signed_verified_exported_and_verified_again(
    tmp_path: Path, capsys: Printed
) -> None:
    record_some(3)
    out = str(tmp_path / "out")
    assert main(["audit", "checkpoint"]) == 0
    assert main(["audit", "verify"]) == 0
    assert main(["audit", "export", out]) == 0
    assert main(["audit", "verify", out, "--vkey", str(keys.verifier_key_path())]) == 0
    printed = capsys.readouterr()
    assert printed.out.splitlines() == [
        "numbered 3, checkpoint covers 3 entries",
        "intact to 3 (checkpoint covers 3), 0 waiting",
        f"{out}: 3 entries. Keep it, or its checkpoint file, on another machine.",
        "intact to 3 (checkpoint covers 3), 0 waiting",
    ]
    assert printed.err == ""


def test_a_key_out_of_the_folder_itself_is_remarked_on(tmp_path: Path, capsys: Printed) -> None:
    main(["audit", "checkpoint"])
    main(["audit", "export", str(tmp_path / "out")])
    assert main(["audit", "verify", str(tmp_path / "out")]) == 0
    assert "not forgery" in capsys.readouterr().err


def test_a_verdict_is_one_json_object_if_asked(capsys: Printed) -> None:
    record_some(2)
    assert main(["audit", "verify", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["verdict"], found["size"], found["signed"], found["waiting"]) == ("intact", 0, 0, 2)


def test_a_broken_log_is_exit_code_1_and_names_the_entry(tmp_path: Path, capsys: Printed) -> None:
    record_some(3)
    sequenced()
    with tampered("UPDATE audit_logs_entry SET leaf = X'00' WHERE \"index\" = 1"):
        assert main(["audit", "verify"]) == 1
        assert capsys.readouterr().out.startswith("broken at entry 1: ")
        assert main(["audit", "verify", "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["entry"] == 1
        assert main(["audit", "export", str(tmp_path / "out")]) == 1
        assert "broken at entry 1" in capsys.readouterr().err
        record_some(1)
        assert main(["sequence"]) == 1
        assert "stops" in capsys.readouterr().err


def test_what_cannot_be_checked_or_done_is_exit_code_2(tmp_path: Path, capsys: Printed) -> None:
    assert main(["audit", "verify", str(tmp_path)]) == 2
    assert main(["audit", "verify", "--vkey", str(tmp_path / "none.vkey")]) == 2
    assert main(["audit", "export", str(tmp_path / "out")]) == 2
    assert main(["audit", "prove", "0"]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 4


def test_a_missing_signing_key_is_exit_code_2_with_the_mend(capsys: Printed) -> None:
    record_some(1)
    sequenced()
    keys.signing_key_path().unlink()
    record_some(1)
    assert main(["audit", "checkpoint"]) == 2
    assert "restore it from a backup" in capsys.readouterr().err


def test_a_busy_sequencer_is_said(capsys: Printed) -> None:
    record_some(1)
    with lease.taken(LEASE, clock.now):
        assert main(["audit", "checkpoint"]) == 2
        assert main(["sequence", "--once"]) == 0
    assert "another sequencer" in capsys.readouterr().out


def test_one_pass_says_what_it_did(capsys: Printed) -> None:
    record_some(2)
    assert main(["sequence", "--once"]) == 0
    assert main(["sequence", "--once"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "numbered 2, signed a checkpoint of 2",
        "numbered 0, no checkpoint was due",
    ]


def test_the_worker_goes_on_until_it_is_stopped(capsys: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    record_some(2)
    pauses = []

    def pause(seconds: float) -> None:
        pauses.append(seconds)
        record_some(1)
        if len(pauses) == 3:
            raise KeyboardInterrupt

    monkeypatch.setattr("config.commands.sequence.time.sleep", pause)
    assert main(["sequence"]) == 130
    assert main(["audit", "verify"]) == 0
    assert "intact to 4 (checkpoint covers 2), 1 waiting" in capsys.readouterr().out


def test_a_proof_is_printed_as_it_is(capsys: Printed) -> None:
    record_some(2)
    sequenced()
    assert main(["audit", "prove", "1"]) == 0
    assert capsys.readouterr().out.startswith("c2sp.org/tlog-proof@v1\nextra ")
