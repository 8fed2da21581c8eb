"""Build backend: an editable checkout is the only supported installation.

The top-level names (`config`, `tests`, …) are an application's, not a library's; a wheel of them in a
shared environment would silently replace foreign modules. So a wheel is refused with the mend.
"""

from typing import NoReturn

from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    prepare_metadata_for_build_editable,
)

__all__ = [
    "build_editable",
    "build_wheel",
    "get_requires_for_build_editable",
    "prepare_metadata_for_build_editable",
]


def build_wheel(*_args: object, **_settings: object) -> NoReturn:
    """Refuse, with what to run instead."""
    raise SystemExit(
        "Zhenwei runs from its checkout and is not installed as a library. Run `make run` instead."
    )
