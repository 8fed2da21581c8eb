"""A suspect beside the account it imitates, as the pages show it."""

from dataclasses import dataclass

from detection.difference import Span, differences
from detection.models import Suspect


@dataclass(frozen=True, slots=True)
class Compared:
    """A suspect with the spans in which its name and handle differ from the genuine ones."""

    suspect: Suspect
    name: tuple[Span, ...]
    handle: tuple[Span, ...]


def compared(suspect: Suspect) -> Compared:
    """`suspect` with its differences from the target, character by character."""
    seen, target = suspect.observation, suspect.target
    return Compared(suspect, differences(seen.name, target.name), differences(seen.handle, target.handle))
