"""The mail that was caught: a folder of files, each whole, the newest ones kept."""

import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

KEPT = 500


@dataclass(frozen=True)
class Store:
    """Keeps mail in `folder`, `kept` files at most. One process writes; anybody may read."""

    folder: Path
    kept: int = KEPT

    def __post_init__(self) -> None:
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for unfinished in self.folder.glob("*.part"):
            unfinished.unlink()

    def keep(self, content: bytes, now: datetime) -> Path:
        """Write a mail as it came, named by its moment; what is over the limit goes, the oldest first.

        Raises OSError if it cannot be written; then nothing of it is left.
        """
        while (path := self.folder / f"{now:%Y%m%dT%H%M%S.%f}Z.eml").exists():
            now += timedelta(microseconds=1)
        unfinished = path.with_suffix(".part")
        try:
            _write(unfinished, content)
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        self._forget_oldest()
        return path

    def mails(self) -> list[Path]:
        """All that is kept, the oldest first."""
        return sorted(self.folder.glob("*.eml"))

    def _forget_oldest(self) -> None:
        for old in self.mails()[: -self.kept]:
            old.unlink(missing_ok=True)


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
