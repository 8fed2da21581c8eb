"""What stands about a case: putting a decision in effect, and taking one back.

At most one judgement of a case is in effect (`final` or `provisional`); `confirmed`, `judged_at` and, unless
somebody said so apart from it, `crime_signs` of the case follow it. Nothing is erased: what gives way says
`replaced` or `refused`.

What a change came to is told in its `details`, for those who are woken by it and for the audit log:
`decision`, what that says (`outcome`, `standing`, the `suspect` and `face` it is about, `crime_signs`,
`review_on`), `replaced` (the decisions that give way to it), `was` (the outcome it takes the place of),
`reversal` (of another outcome), and `effect`: `confirmed`, `reversed` (a counterfeit stands no more),
`reported`, `withdrawn` (a report), or none.
"""

from datetime import datetime

from django.db.models import QuerySet

from review.clocks import deadlines
from review.models import Case, Decision
from review.moves import UNDECIDED
from review.severity import due_fields

DECIDING = ("counterfeit", "not_established", "legit_homonym", "unfiled_genuine")
"""The outcomes that end a review; `wait` puts it off, `report` is about what was confirmed."""
IN_EFFECT = ("final", "provisional")
NOT_YET = ("awaiting", "provisional")
Details = dict[str, object]
Fields = dict[str, object]


def in_effect(case: Case, but: Decision | None = None) -> Decision | None:
    """The judgement that stands about `case`, a decision to wait among them; not counting `but`."""
    standing = case.decisions.exclude(outcome="report").filter(standing__in=IN_EFFECT)
    return standing.exclude(pk=but.pk if but else 0).order_by("-pk").first()


def undecided_sibling(case: Case) -> Case | None:
    """Another case of the same stranger and target that is under review."""
    pair = Case.objects.filter(
        platform=case.platform, instance=case.instance, uid=case.uid, target=case.target_id
    )
    return pair.filter(state__in=UNDECIDED, confirmed=False).exclude(pk=case.pk).first()


def giving_way(case: Case, outcome: str) -> QuerySet[Decision]:
    """What stands or waits about `case` and gives way to a judgement of `outcome` that takes effect."""
    there = case.decisions.exclude(standing__in=("refused", "replaced"))
    # A report is about a counterfeit: said again, it leaves the report alone.
    return there.exclude(outcome="report") if outcome in ("counterfeit", "wait") else there


def put_in_effect(case: Case, decision: Decision, now: datetime) -> tuple[str, Fields]:
    """Let the judgement `decision` stand in place of what stood; the new state and columns of the case."""
    before = in_effect(case, decision)
    make_way(case, decision)
    unchanged = before is not None and before.outcome == decision.outcome
    fields: Fields = {
        "judged_at": case.judged_at if unchanged else now,
        "review_on": None,
        "confirmed": decision.outcome == "counterfeit",
        "crime_signs": decision.crime_signs or _crime_is_said(case),
    }
    if decision.outcome != "counterfeit":
        return "not_established", fields
    return case.state if case.confirmed else "under_review", fields


def make_way(case: Case, decision: Decision) -> None:
    """Mark as replaced what gives way to the judgement `decision`."""
    _replaced(case, decision).update(standing="replaced")


def take_back(case: Case, decision: Decision, now: datetime) -> tuple[Details, str, Fields]:
    """Undo a provisional `decision` that was refused: what to tell, the state and columns of the case."""
    if decision.outcome == "report":
        return {**told_again(decision), "effect": "withdrawn"}, *_unreported(case)
    replaced = replace(case.decisions.filter(outcome="report", standing__in=NOT_YET))
    state, fields = back_to_review(case, now)
    undone = {"was": decision.outcome, "reversal": True, "effect": "reversed", "replaced": replaced}
    return {**told_again(decision), **undone}, state, fields


def back_to_review(case: Case, now: datetime) -> tuple[str, Fields]:
    """The state and columns of a case about which nothing stands any more; its clock starts anew.

    Where the pair is under review in a later case already, it goes on there and this one is closed.
    """
    state = "not_established" if undecided_sibling(case) else "under_review"
    due = due_fields(deadlines(case.severity, now))
    return state, {"confirmed": False, "crime_signs": _crime_is_said(case), "judged_at": None, **due}


def told(case: Case, decision: Decision) -> Details:
    """The details of a change by which `decision` is taken, or takes effect; before it does."""
    before = in_effect(case, decision)
    was = before.outcome if before and before.outcome in DECIDING else ""
    takes_effect = decision.standing in IN_EFFECT
    reversal = takes_effect and decision.outcome in DECIDING and was not in ("", decision.outcome)
    effect = ""
    if takes_effect and decision.outcome == "report":
        effect = "reported"
    elif takes_effect and decision.outcome == "counterfeit" and was != "counterfeit":
        effect = "confirmed"
    elif reversal and was == "counterfeit":
        effect = "reversed"
    replaced = _keys(_replaced(case, decision))
    return {**told_again(decision), "was": was, "reversal": reversal, "effect": effect, "replaced": replaced}


def told_again(decision: Decision) -> Details:
    """The details of a change about `decision` that alters nothing in effect."""
    return {
        "decision": decision.pk,
        "outcome": decision.outcome,
        "standing": decision.standing,
        "suspect": decision.suspect_id,
        "face": decision.face,
        "crime_signs": decision.crime_signs,
        "review_on": decision.review_on.isoformat() if decision.review_on else None,
        "replaced": [],
        "was": "",
        "reversal": False,
        "effect": "",
    }


def replace(decisions: QuerySet[Decision]) -> list[int]:
    """Mark `decisions` as replaced; their keys, for the audit log."""
    gone = _keys(decisions)
    Decision.objects.filter(pk__in=gone).update(standing="replaced")
    return gone


def _keys(decisions: QuerySet[Decision]) -> list[int]:
    return list(decisions.order_by("pk").values_list("pk", flat=True))


def _replaced(case: Case, decision: Decision) -> QuerySet[Decision]:
    """What gives way to `decision`: while it is awaiting, only what was awaiting before it."""
    if decision.outcome == "report":
        return case.decisions.none()
    there = giving_way(case, decision.outcome).exclude(pk=decision.pk)
    if decision.standing == "awaiting":
        return there.filter(standing="awaiting").exclude(outcome="report")
    return there


def _crime_is_said(case: Case) -> bool:
    """Whether a person spoke of signs of a crime apart from any judgement, and did not withdraw it."""
    said = case.changes.filter(move="crime_signs").order_by("-version").first()
    return said is not None and said.code != "withdrawn"


def _unreported(case: Case) -> tuple[str, Fields]:
    """Where the case stood before its report left, unless the report was accepted since."""
    if case.state != "reported":
        return case.state, {}
    return case.changes.filter(to_state="reported").latest("version").from_state, {"notified_at": None}
