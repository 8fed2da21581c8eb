"""What this log signed last, kept in a file beside the key: `<data folder>/keys/audit_log.checkpoint`.

Whoever can write the database, but has no key, could take out every checkpoint together with the entries they
cover, and the log would go on from there as if nothing had been. This file does not go with them: the log is
neither signed nor found intact unless it holds what the file says. It is written after the commit, so that
after a kill it may be behind the database, never ahead of it.

After restoring a database that is older than the file, the log is short by what was lost. Note that down,
then remove the file: the next checkpoint writes it anew.
"""

import os
from pathlib import Path

from audit_logs import note, tree
from audit_logs.errors import FormatError
from common import datafolder


def path() -> Path:
    """Where the last checkpoint is kept."""
    return datafolder.folder() / "keys" / "audit_log.checkpoint"


def exists() -> bool:
    """Whether anything is kept."""
    return path().exists()


def head(key: note.VerifierKey) -> tree.Head | None:
    """What the kept checkpoint promises; None if none is kept. Raises FormatError if it is not good."""
    try:
        with path().open("rb") as file:
            signed = file.read(note.MAX_NOTE)
    except FileNotFoundError:
        return None
    try:
        return note.open_checkpoint(signed, key)
    except FormatError as error:
        raise FormatError(f"{path()}: {error}") from error


def keep(signed: bytes) -> None:
    """Keep this checkpoint in place of the one before, whole or not at all."""
    part = path().with_name(f"{path().name}.{os.getpid()}.part")
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(signed)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path())
