"""The key that signs checkpoints, as a file of its own beside the public one.

* `<data folder>/keys/audit_log.key` is made once, on the first checkpoint. With checkpoints there and no key,
  nothing is made: a second key would start a second log under the first one's name.
* The file belongs to its owner alone; a key that others could read is refused.
* Whoever holds data folder and key can forge the log; keep checkpoints (or the export) elsewhere.
"""

import os
import stat
from pathlib import Path

from audit_logs.errors import FormatError, KeyProblem
from audit_logs.note import SigningKey, VerifierKey, new_signing_key, parse_signing_key, parse_verifier_key
from common import datafolder
from common.crash import crash_point

DEFAULT_ORIGIN = "audit.zhenwei.invalid/log1"
_MAX_KEY_FILE = 4_096


def origin() -> str:
    """The name of this installation's log: ZHENWEI_LOG_ORIGIN, such as audit.example.gov.cn/log1."""
    return os.environ.get("ZHENWEI_LOG_ORIGIN", "").strip() or DEFAULT_ORIGIN


def signing_key_path() -> Path:
    """Where the private key lies."""
    return datafolder.folder() / "keys" / "audit_log.key"


def verifier_key_path() -> Path:
    """Where the public key lies."""
    return datafolder.folder() / "keys" / "audit_log.vkey"


def signing_key(*, may_create: bool) -> SigningKey:
    """The key of this log, made if `may_create` and there is none. Raises KeyProblem with the mend."""
    path = signing_key_path()
    if not path.exists():
        if not may_create:
            raise KeyProblem(
                f"{path} is missing, but checkpoints were signed with it: restore it from a backup"
            )
        _make(path)
    key = _load(path)
    _publish(key.verifier)
    return key


def verifier_key(path: Path | None = None) -> VerifierKey:
    """The public key at `path` (default: this log's). Raises KeyProblem with the mend."""
    path = path or verifier_key_path()
    try:
        return parse_verifier_key(_read(path).removesuffix("\n"))
    except FileNotFoundError:
        raise KeyProblem(f"{path} is missing: without the public key nothing can be checked") from None
    except FormatError as error:
        raise KeyProblem(f"{path}: {error}; restore it from a copy") from error


def _load(path: Path) -> SigningKey:
    mode = stat.S_IMODE(path.stat().st_mode)
    if mode & 0o077:
        raise KeyProblem(
            f"{path} has mode {mode:04o}, others can reach it: chmod 600, and consider a new log"
        )
    try:
        key = parse_signing_key(_read(path).removesuffix("\n"))
    except FormatError as error:
        raise KeyProblem(f"{path}: {error}; restore it from a backup") from error
    if key.name != origin():
        raise KeyProblem(f"{path} signs for {key.name}, but ZHENWEI_LOG_ORIGIN says {origin()}: set it back")
    return key


def _read(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(_MAX_KEY_FILE)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        raise FormatError("key: not text") from None


def _make(path: Path) -> None:
    try:
        key = new_signing_key(origin())
    except FormatError as error:
        raise KeyProblem(f"ZHENWEI_LOG_ORIGIN: {error}") from error
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    _place(path, key.secret_text(), 0o600)
    # A kill here leaves a key that has signed nothing; the next run loads it.
    crash_point("audit.key_made")


def _publish(key: VerifierKey) -> None:
    """Write the public key if it is not there; a different one is a sign of a swapped key."""
    path = verifier_key_path()
    if not path.exists():
        _place(path, str(key), 0o644)
    if verifier_key() != key:
        raise KeyProblem(f"{path} is not the public half of {signing_key_path()}: one of them was swapped")


def _place(path: Path, text: str, mode: int) -> None:
    """Put a whole file at `path`, or leave the one that is there: two makers end with one key."""
    part = path.with_name(f"{path.name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, mode)
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
        os.link(part, path)
    except FileExistsError:
        pass
    finally:
        part.unlink()
