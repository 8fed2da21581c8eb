"""What a transport is given, and what it gives back.

A transport is a folder below `alerting/transports` whose `transport.py` holds a class `Transport`; one line
in `alerting/channels.py` registers it.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, Protocol, Self

from alerting.models import Delivery

Kind = Literal["delivered", "retry", "permanent"]


class Unsendable(Exception):
    """A delivery that no number of tries gets out; the text says why."""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A message on its way: nothing in it is read from the database any more. Secrets show in no repr."""

    id: str
    address: str
    body: bytes = field(repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one try.

    delivered  the receiver took it, by the contract in the transport's docstring
    retry      it did not, or nobody knows; the same bytes may yet arrive
    permanent  it will never take these bytes at this address

    `code` is the receiver's own where it gave one; `text` is a sentence, which may quote the receiver.
    `wait` is how long the receiver wants to be left alone; `is_gone` that the address is no more.
    """

    kind: Kind
    code: str
    text: str
    wait: timedelta | None = None
    is_gone: bool = False


class Transport(Protocol):
    """One channel. `seal` is called where the database is open, `send` in a thread of its own."""

    @classmethod
    def from_settings(cls) -> Self | None:
        """By the settings of this installation; None where the channel is not set up: messages wait."""

    def host(self, address: str) -> str:
        """Whose time a conversation with `address` takes."""

    def seal(self, delivery: Delivery) -> Envelope:
        """The envelope of a delivery. Raises Unsendable."""

    def send(self, envelope: Envelope) -> Outcome:
        """Try once; within the transport's own limit, whatever the other side does."""
