"""Typed readers of the environment. A bad value stops the start and says what to write instead.

A secret may come from `NAME` or from the file that `NAME_FILE` points to, which must then be readable.
"""

import os
import secrets
from collections.abc import Sequence
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
    if value.upper() not in allowed:
        raise SettingError(f"{name}={value!r}: write one of {', '.join(allowed)}")
    return value.upper()


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
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE: {path} cannot be read ({error.strerror})") from None


def secret_or_made(name: str, path: Path) -> str:
    """The secret `name`, or one made once and kept at `path` (mode 0600, its folder 0700)."""
    given = secret(name)
    if given:
        return given
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _kept_secret(path)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
    return _kept_secret(path)


def _kept_secret(path: Path) -> str:
    value = path.read_text(encoding="ascii").strip()
    if len(value) < 50:
        raise SettingError(f"{path} is damaged; restore it, or remove it (everybody then signs in anew)")
    return value
