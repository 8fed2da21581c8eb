"""The moves a person makes beside judging: one function each, called by `decide.move` in its transaction."""

from collections.abc import Callable, Mapping
from datetime import datetime

from registry.models import User
from review import codes, second, severity, standing
from review.errors import Incomplete, WrongState
from review.models import Case, CaseChange, Decision
from review.transitions import apply

Details = Mapping[str, object]
LONGEST_NUMBER = 80


def _take(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    codes.checked("take", code, text)
    before = {"from_owner": case.owner_id} if case.owner_id else {}
    return apply(
        case,
        case.version,
        "take",
        user,
        now,
        to="under_review",
        text=text,
        details=before,
        sets={"owner": user},
    )


def _report(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    """Propose the formal report; it leaves when a second person has signed, or at once alone at night."""
    codes.checked("report", code, text)
    if case.decisions.filter(outcome="report", standing__in=standing.NOT_YET).exists():
        raise WrongState("已有一份上报待第二人签字。", "a report waits for its second person already")
    first, due = second.first_standing(user, "report", case, details.get("alone") is True, now)
    decision = Decision.objects.create(
        case=case,
        suspect=case.suspect,
        face=case.suspect.observation.content_hash,
        severity=case.severity,
        outcome="report",
        code=code,
        text=text,
        by=user,
        at=now,
        standing=first,
        second_by=due,
    )
    leaves = first == "provisional"
    state, sets = ("reported", {"notified_at": now}) if leaves else (case.state, {})
    told = standing.told(case, decision)
    return apply(
        case, case.version, "report", user, now, to=state, code=code, text=text, details=told, sets=sets
    )


def _accept(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    number = details.get("acceptance_number")
    if not isinstance(number, str) or not 0 < len(number.strip()) <= LONGEST_NUMBER:
        raise Incomplete(
            f"请填写受理编号（最多 {LONGEST_NUMBER} 字）。",
            f"give the acceptance number, {LONGEST_NUMBER} characters at most",
        )
    told = {"acceptance_number": number.strip()}
    # Reported and accepted again, a case has another number; the change keeps the one before.
    before = {"former_number": case.acceptance_number} if case.acceptance_number else {}
    return _to("accepted", case, "accept", user, now, code, text, {**told, **before}, **told)


def _dispose(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    return _to("disposed", case, "dispose", user, now, code, text, outcome=code, disposed_at=now)


def _recheck(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    return _to("rechecked", case, "recheck", user, now, code, text)


def _conclude(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    _nothing_pending(case)
    return _to("concluded", case, "conclude", user, now, code, text)


def _archive(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    _nothing_pending(case)
    return _to("archived", case, "archive", user, now, code, text)


def _reopen(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    """Back under review: the decision stands no more, and the clock starts anew."""
    if other := standing.undecided_sibling(case):
        raise WrongState(
            f"请在案件 {other} 中研判。", f"the same pair is under review in {other}: decide there"
        )
    _, fields = standing.back_to_review(case, now)
    replaced = standing.replace(case.decisions.filter(standing__in=(*standing.IN_EFFECT, "awaiting")))
    told = {"replaced": replaced}
    return _to("under_review", case, "reopen", user, now, code, text, told, owner=user, **fields)


def _severity(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    return severity.change(case, case.version, user, now, code, text)


def _crime_signs(case: Case, user: User, now: datetime, code: str, text: str, details: Details) -> CaseChange:
    return _to(case.state, case, "crime_signs", user, now, code, text, crime_signs=code != "withdrawn")


BY_NAME: dict[str, Callable[[Case, User, datetime, str, str, Details], CaseChange]] = {
    "take": _take,
    "report": _report,
    "accept": _accept,
    "dispose": _dispose,
    "recheck": _recheck,
    "conclude": _conclude,
    "archive": _archive,
    "reopen": _reopen,
    "severity": _severity,
    "crime_signs": _crime_signs,
}


def _to(
    state: str,
    case: Case,
    name: str,
    user: User,
    now: datetime,
    code: str,
    text: str,
    told: Details | None = None,
    **sets: object,
) -> CaseChange:
    codes.checked(name, code, text)
    return apply(case, case.version, name, user, now, to=state, code=code, text=text, details=told, sets=sets)


def _nothing_pending(case: Case) -> None:
    if case.decisions.filter(standing__in=standing.NOT_YET).exists():
        raise WrongState("尚有决定待第二人签字。", "a decision still waits for its second person")
