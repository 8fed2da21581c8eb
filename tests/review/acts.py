"""What people do in the tests of review, said shortly, on the case as it stands."""

from datetime import UTC, datetime

from audit_logs.models import Event
from registry.models import User
from review import decide
from review.models import Case, CaseChange, Decision

NOON = datetime(2026, 11, 24, 4, tzinfo=UTC)  # a Tuesday, 12:00 in Beijing
NIGHT = datetime(2026, 11, 24, 15, tzinfo=UTC)  # 23:00
REASONS = {
    "counterfeit": "name_imitated",
    "not_established": "name_alone",
    "legit_homonym": "subject_fits",
    "unfiled_genuine": "unit_confirms",
    "wait": "ask_unit",
}


def judge(
    user: User, case: Case, outcome: str = "counterfeit", now: datetime = NOON, **more: object
) -> Decision:
    """Judge `case` as it stands now; `case` is read again afterwards."""
    case.refresh_from_db()
    said = decide.Judgement(outcome, REASONS[outcome], **more)  # type: ignore[arg-type]
    decision = decide.judge(user, case.pk, case.version, said, now)
    case.refresh_from_db()
    return decision


def sign(
    user: User, case: Case, agree: bool = True, text: str = "已核对。", now: datetime = NOON
) -> Decision:
    """Sign, or refuse, what waits for `user`."""
    case.refresh_from_db()
    decision = decide.countersign(user, case.pk, case.version, agree, text, now)
    case.refresh_from_db()
    return decision


def move(
    user: User, case: Case, name: str, code: str = "", text: str = "", now: datetime = NOON, **details: object
) -> CaseChange:
    """Move `case` on as it stands now."""
    case.refresh_from_db()
    change = decide.move(user, case.pk, case.version, name, code, text, details, now)
    case.refresh_from_db()
    return change


def moves(case: Case) -> list[str]:
    """What was done to `case`, in order."""
    return list(case.changes.order_by("version").values_list("move", flat=True))


def logged(case: Case) -> list[str]:
    """The events of the audit log about `case`, in order."""
    events = Event.objects.filter(subject_kind="case", subject_id=str(case.pk)).order_by("pk")
    return [action.removeprefix("case.") for action in events.values_list("action", flat=True)]


def last(case: Case) -> CaseChange:
    """The last change of `case`."""
    return case.changes.latest("version")
