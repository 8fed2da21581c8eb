"""What a case sheet says beside the evidence: who decided, the provision pointed to, the place in the log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from audit_logs.models import Checkpoint, Event
from console import evidence
from console.chain import title
from console.clauses import clause
from review import selectors, standing
from review.models import Case, Decision
from review.moves import TITLES

ACT = "case."


@dataclass(frozen=True, slots=True)
class Logged:
    """An act upon the case as the audit log has it; `index` is None until the sequencer has numbered it."""

    index: int | None
    at: datetime
    what: str
    actor: str


def of(case: Case) -> dict[str, Any]:
    """Everything on the sheet of `case`, in the names the template uses."""
    logged = _logged(case)
    return evidence.of(case.suspect, inside=False, originals=True) | {
        "case": case,
        "decision": standing.in_effect(case) or selectors.pending(case).exclude(outcome="report").first(),
        "report": _report(case),
        "clause": clause(case.suspect.kind),
        "logged": logged,
        "checkpoint": _covering(logged),
    }


def _report(case: Case) -> Decision | None:
    reports = case.decisions.filter(outcome="report").exclude(standing__in=("refused", "replaced"))
    return reports.select_related("by", "second").order_by("-pk").first()


def _logged(case: Case) -> list[Logged]:
    """The moves of the case in the log; that somebody looked at it is there too, and not for the sheet."""
    actions = [f"{ACT}{move}" for move in TITLES]
    events = Event.objects.filter(subject_kind="case", subject_id=str(case.pk), action__in=actions)
    return [
        Logged(
            event.entry.index if hasattr(event, "entry") else None,
            event.at,
            title(event.action.removeprefix(ACT)),
            event.actor,
        )
        for event in events.select_related("entry").order_by("at", "pk")
    ]


def _covering(logged: list[Logged]) -> Checkpoint | None:
    """The first signed checkpoint that covers every numbered act of the sheet."""
    numbered = [act.index for act in logged if act.index is not None]
    if not numbered:
        return None
    return Checkpoint.objects.filter(size__gt=max(numbered)).order_by("size").first()
