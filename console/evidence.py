"""What is known about a suspect and how it is known: the facts of both sides, the reasons, the capture."""

from typing import Any

from console.comparison import compared
from detection.models import Suspect
from observations import selectors as observations
from observations.said import name_of

SIGHTINGS = 20
# What a page of evidence reads of a suspect, in one question to the database.
JOINED = (
    "observation__response__capture",
    "observation__response__handover",
    "observation__response__run",
    "observation__response__task__source",
    "target__unit__line_division",
)


def of(suspect: Suspect, *, inside: bool, originals: bool) -> dict[str, Any]:
    """The evidence about `suspect` (read with JOINED) in the names the templates use.

    Without `inside`, as for whoever stands outside the service: nothing of how the rules weigh. Without
    `originals` the templates leave out number, addresses and capture.
    """
    shown = [reason for reason in suspect.reasons if inside or not _weighs(reason)]
    response = suspect.observation.response
    handover = getattr(response, "handover", None)
    first_seen, last_seen = observations.first_and_last(suspect.observation)
    return {
        "compared": compared(suspect),
        "suspect": suspect,
        "reasons": [reason for reason in shown if "value" not in reason],
        "beside": [reason for reason in shown if "value" in reason],
        "inside": inside,
        "originals": originals,
        "seen": suspect.observation,
        "target": suspect.target,
        "target_seen": observations.newest_look(suspect.target),
        "response": response,
        "handover": handover,
        "brought_by": handover and name_of(handover.actor),
        "sightings": observations.sightings_of(suspect.observation)[:SIGHTINGS],
        "first_seen": first_seen,
        "last_seen": last_seen,
    }


def _weighs(reason: dict[str, Any]) -> bool:
    """Whether the sentence of a reason names the score."""
    return "score" in reason.get("detail", {})
