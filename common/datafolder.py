"""Where this installation keeps what it writes, and what kind of installation it is.

Everything written lies below one folder (`ZHENWEI_VAR`, default `var/` of the checkout), so a second copy
or a test touches nothing else. A file `MODE` in it says `demo` or `test`; without it the folder is production
and every relaxation meant for loopback is refused.
"""

import os
from pathlib import Path
from typing import Literal, cast

Mode = Literal["production", "demo", "test"]
CHECKOUT = Path(__file__).resolve().parent.parent


class DataFolderError(Exception):
    """The data folder cannot be used as asked; the text says what to do."""


def folder() -> Path:
    """The data folder, absolute; not created here."""
    return Path(os.environ.get("ZHENWEI_VAR") or CHECKOUT / "var").absolute()


def mode() -> Mode:
    """What kind of data folder this is. Raises DataFolderError if its MODE file says anything unknown."""
    try:
        text = (folder() / "MODE").read_text(encoding="ascii", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return "production"
    if text not in ("demo", "test"):
        raise DataFolderError(f"{folder() / 'MODE'} says {text!r}; write demo or test, or remove the file")
    return cast(Mode, text)


def create() -> Path:
    """Create the data folder, for its owner only, if it is missing. Raises DataFolderError if that fails."""
    path = folder()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataFolderError(
            f"{path} cannot be the data folder ({error.strerror}); name another one with ZHENWEI_VAR"
        ) from None
    if not os.access(path, os.R_OK | os.W_OK | os.X_OK):
        raise DataFolderError(f"{path} belongs to somebody else; run as its owner, or chown it")
    return path


def mark(kind: Literal["demo", "test"]) -> None:
    """Create the data folder as a demo or test folder. One that holds a database keeps its mode."""
    path = folder()
    if mode() == kind:
        return
    if mode() != "production" or (path / "zhenwei.sqlite3").exists():
        raise DataFolderError(f"{path} is a {mode()} data folder; choose another one with ZHENWEI_VAR")
    create()
    (path / "MODE").write_text(kind + "\n", encoding="ascii")
