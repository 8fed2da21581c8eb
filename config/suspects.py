"""Suspects for a terminal: a judgement made again, to see that it still says what is on record."""

from dataclasses import dataclass
from typing import Any

from detection.compare import Match
from detection.detect import seen
from detection.models import Suspect
from detection.reasons import Reason
from detection.replay import CannotReplay, replay


class Refused(Exception):
    """There is nothing to compare with; the text says why, in both languages."""


@dataclass(frozen=True)
class Replayed:
    """What came of it, in both languages, and whether it is what was stored."""

    text: str
    same: bool


def replayed(number: int) -> Replayed:
    """Judge the suspect `number` again. Raises Refused if it is unknown or cannot be judged again."""
    suspect = Suspect.objects.select_related("observation").filter(pk=number).first()
    if suspect is None:
        raise Refused(f"没有编号为 {number} 的疑似账号。 There is no suspect {number}.")
    again = replay(suspect.rules_version, seen(suspect.observation), suspect.basis)
    if isinstance(again, CannotReplay):
        raise Refused(f"{again.zh} {again.en}")
    return _compared(suspect, again)


def _compared(suspect: Suspect, again: Match) -> Replayed:
    # Reasons beside the name have a value; the last of the others is that of the severity.
    named = [reason for reason in suspect.reasons if "value" not in reason][:-1]
    stored = suspect.score, suspect.kind, [_stored(reason) for reason in named]
    now = again.score, again.kind, [_made(reason) for reason in again.reasons]
    head = f"{suspect.pk}: {suspect.rules_version}, {suspect.kind} {suspect.score:.4f}"
    if stored == now:
        return Replayed(f"{head}\n重算结果相同。\nJudged again, it is the same.", True)
    kind = again.kind or "–"
    return Replayed(
        f"{head}\n重算结果不同：{kind} {again.score:.4f}。规则改了而版本未变，或记录被改动。\n"
        f"Judged again, it is another: {kind} {again.score:.4f}. "
        "Rules were changed under the same version, or the record was.",
        False,
    )


def _stored(reason: dict[str, Any]) -> tuple[object, ...]:
    """What a reason says, without its sentences, which may be worded anew."""
    return reason["code"], reason["points"], reason["detail"], reason["at"]


def _made(reason: Reason) -> tuple[object, ...]:
    return reason.code, reason.points, dict(reason.detail), [list(span) for span in reason.at]
