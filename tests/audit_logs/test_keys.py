"""The signing key: made once, kept to its owner, never replaced in silence."""

from pathlib import Path

import pytest

from audit_logs import keys, note
from audit_logs.errors import KeyProblem


def test_it_is_made_once_for_its_owner_alone(data_folder: Path) -> None:
    first = keys.signing_key(may_create=True)
    assert keys.signing_key(may_create=True).verifier == first.verifier == keys.verifier_key()
    assert keys.signing_key_path().stat().st_mode & 0o777 == 0o600
    assert (data_folder / "keys").stat().st_mode & 0o777 == 0o700
    assert sorted(path.name for path in (data_folder / "keys").iterdir()) == [
        "audit_log.key",
        "audit_log.vkey",
    ]


def test_a_missing_key_is_not_made_anew_once_something_was_signed() -> None:
    with pytest.raises(KeyProblem, match="restore it"):
        keys.signing_key(may_create=False)
    assert not keys.signing_key_path().exists()


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o660])
def test_a_key_that_others_can_reach_is_refused(mode: int) -> None:
    keys.signing_key(may_create=True)
    keys.signing_key_path().chmod(mode)
    with pytest.raises(KeyProblem, match="chmod 600"):
        keys.signing_key(may_create=False)


@pytest.mark.parametrize("contents", [b"", b"\xff\xfe", b"PRIVATE+KEY+a+00000000+AAAA\n"])
def test_a_damaged_key_is_refused_without_being_shown(contents: bytes) -> None:
    keys.signing_key(may_create=True)
    keys.signing_key_path().write_bytes(contents)
    with pytest.raises(KeyProblem, match="restore it") as refused:
        keys.signing_key(may_create=True)
    assert "AAAA" not in str(refused.value)


def test_a_key_of_another_log_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    keys.signing_key(may_create=True)
    monkeypatch.setenv("ZHENWEI_LOG_ORIGIN", "audit.example.gov.cn/log1")
    with pytest.raises(KeyProblem, match="ZHENWEI_LOG_ORIGIN"):
        keys.signing_key(may_create=False)


def test_an_origin_that_is_no_name_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ZHENWEI_LOG_ORIGIN", "our log")
    with pytest.raises(KeyProblem, match="ZHENWEI_LOG_ORIGIN"):
        keys.signing_key(may_create=True)
    assert not keys.signing_key_path().exists()


def test_a_swapped_public_key_is_noticed() -> None:
    keys.signing_key(may_create=True)
    other = note.new_signing_key(keys.DEFAULT_ORIGIN).verifier
    keys.verifier_key_path().write_text(f"{other}\n", encoding="utf-8")
    with pytest.raises(KeyProblem, match="swapped"):
        keys.signing_key(may_create=False)


def test_a_public_key_that_cannot_be_had_is_a_problem_of_its_own(tmp_path: Path) -> None:
    with pytest.raises(KeyProblem, match="missing"):
        keys.verifier_key()
    (tmp_path / "bad.vkey").write_text("nonsense\n", encoding="utf-8")
    with pytest.raises(KeyProblem, match=r"bad\.vkey"):
        keys.verifier_key(tmp_path / "bad.vkey")
