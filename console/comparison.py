"""A suspect beside the name it imitates, as the pages show it."""

from dataclasses import dataclass

from detection.difference import Span, differences
from detection.models import Suspect


@dataclass(frozen=True, slots=True)
class Compared:
    """A suspect with the spans in which its name and handle differ from the genuine ones.

    `official` is the protected name the rules compared with: the target account's, or one of its unit.
    """

    suspect: Suspect
    official: str
    name: tuple[Span, ...]
    handle: tuple[Span, ...]


def compared(suspect: Suspect) -> Compared:
    """`suspect` with its differences, character by character."""
    seen, target, official = suspect.observation, suspect.target, _official_name(suspect)
    return Compared(
        suspect, official, differences(seen.name, official), differences(seen.handle, target.handle)
    )


def _official_name(suspect: Suspect) -> str:
    """What the strongest reason about the name compared it with; without one, the account's own name."""
    details = (reason.get("detail", {}) for reason in suspect.reasons)
    said = (detail["official"] for detail in details if _is_about(detail, suspect.observation.name))
    return next(said, suspect.target.name)


def _is_about(detail: dict[str, str], name: str) -> bool:
    return detail.get("candidate") == name and bool(detail.get("official"))
