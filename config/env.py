"""Typed readers of the environment. A bad value stops the start and says what to write instead.

A secret may come from `NAME` or from the file that `NAME_FILE` points to, which must then be readable.
"""

import os
import tempfile
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path


class SettingError(Exception):
    """A setting cannot be used as given; the text names it and the mend."""


def text(name: str, default: str = "") -> str:
    """The value of `name`, stripped, or `default`."""
    return os.environ.get(name, default).strip()


def flag(name: str, default: bool = False) -> bool:
    """`on` or `off`. Raises SettingError for anything else."""
    value = text(name, "on" if default else "off").lower()
    if value not in ("on", "off"):
        raise SettingError(f"{name}={value!r}: write on or off")
    return value == "on"


def one_of(name: str, default: str, allowed: Sequence[str]) -> str:
    """One of `allowed`, in whatever case it is written. Raises SettingError for anything else."""
    value = text(name, default)
    for each in allowed:
        if each.lower() == value.lower():
            return each
    raise SettingError(f"{name}={value!r}: write one of {', '.join(allowed)}")


def number(name: str, default: int, low: int, high: int) -> int:
    """A whole number from `low` to `high`. Raises SettingError for anything else."""
    value = text(name, str(default))
    if not value.isascii() or not value.isdigit() or not low <= int(value) <= high:
        raise SettingError(f"{name}={value!r}: write a whole number from {low} to {high}")
    return int(value)


def names(name: str) -> list[str]:
    """A comma-separated list, empty parts dropped."""
    return [part.strip() for part in text(name).split(",") if part.strip()]


def secret(name: str) -> str | None:
    """The secret `name`, from `NAME` or the file named by `NAME_FILE`; None if neither is set."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name) or None
    try:
        value = Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE: {path} cannot be read ({error.strerror})") from None
    except UnicodeDecodeError:
        raise SettingError(f"{name}_FILE: {path} is not UTF-8 text") from None
    if not value:
        raise SettingError(f"{name}_FILE: {path} is empty")
    return value


def secret_or_made(name: str, path: Path, make: Callable[[], str]) -> str:
    """The secret `name`, or one that `make` gives, made once and kept at `path` (mode 0600, folder 0700)."""
    return secret(name) or kept(path, make)


def kept(path: Path, make: Callable[[], str]) -> str:
    """The text of `path`; without that file what `make` gives, which is kept there. Raises SettingError."""
    try:
        if not path.exists():
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _keep(path, make())
        value = path.read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingError(f"{path} cannot be read ({error}); restore it from a backup") from None
    if not value:
        raise SettingError(f"{path} is empty; restore it from a backup")
    return value


def _keep(path: Path, value: str) -> None:
    """Write `path` whole or not at all; of two that try at once, the first one's value stays."""
    handle, draft = tempfile.mkstemp(prefix=".", dir=path.parent)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(value + "\n")
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        path.hardlink_to(draft)
    Path(draft).unlink()
