"""What only the edge knows of an act, put into every event recorded on the way."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from types import MappingProxyType

_NONE: Mapping[str, object] = MappingProxyType({})
_KNOWN: ContextVar[Mapping[str, object]] = ContextVar("circumstances", default=_NONE)


@contextmanager
def under(**known: object) -> Iterator[None]:
    """Put `known` into the details of every event that is recorded inside, by this thread."""
    token = _KNOWN.set({**_KNOWN.get(), **known})
    try:
        yield
    finally:
        _KNOWN.reset(token)


def known() -> Mapping[str, object]:
    """The circumstances that hold now."""
    return _KNOWN.get()
