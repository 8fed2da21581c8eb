"""What people do with a case: judge, countersign, and move it on. Each act is one transaction.

Whoever acts must see the case; NotFound is the answer to everybody else. A counterfeit of S1 and every formal
report have no effect until a second person has signed: another one, of a role that may decide the same. So
does what takes the place of a decision of two. A duty officer alone at night sends at once and is
countersigned within four hours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import transaction

from common.crash import crash_point
from registry.models import User
from review import advance, clocks, codes, second, severity, standing
from review.errors import Incomplete, NotAllowed, NotFound, WrongState
from review.models import Case, CaseChange, Decision
from review.moves import ADVANCES
from review.selectors import pending, visible_cases
from review.standing import DECIDING
from review.transitions import apply, conflict, require

LONGEST_WAIT = timedelta(days=90)
ONE_DAY = timedelta(days=1)
Columns = dict[str, object]


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says about a case. `review_on` belongs to `wait` alone, a day to come in Beijing.

    `alone` is said by a duty officer at night: in effect at once, to be countersigned within four hours.
    """

    outcome: str
    code: str
    text: str = ""
    review_on: date | None = None
    crime_signs: bool = False
    alone: bool = False


def judge(user: User, case_pk: int, version: int, judgement: Judgement, now: datetime) -> Decision:
    """Judge a case, or judge it anew; `standing` of the decision says whether it is in effect.

    Raises NotFound, Conflict, NotAllowed, WrongState or Incomplete; then nothing is saved.
    """
    with transaction.atomic():
        case = read(user, case_pk, version)
        require(user, "judge")
        _check(judgement, now)
        if judgement.outcome == "counterfeit" and not case.confirmed:
            severity.raise_if_repeated(case, now)
        decision = _decision(user, case, judgement, now)
        _wait(case, decision, now) if judgement.outcome == "wait" else _judge(case, decision, now)
        crash_point("review.judge_before_commit")
    crash_point("review.judge_after_commit")
    return decision


def countersign(user: User, case_pk: int, version: int, agree: bool, text: str, now: datetime) -> Decision:
    """Sign the oldest decision of a case that waits for `user`, or refuse it with a text.

    Raises NotFound, Conflict, NotAllowed, WrongState or Incomplete; then nothing is saved.
    """
    with transaction.atomic():
        case = read(user, case_pk, version)
        decision = _to_sign(case, user)
        if not agree and not text.strip():
            raise Incomplete("不同意时请写明理由。", "a refusal needs a text that explains it")
        codes.checked("countersign", "", text)
        was = decision.standing
        decision.second, decision.second_at, decision.second_text = user, now, text.strip()
        decision.standing = "final" if agree else "refused"
        if agree:
            _agree(case, decision, was, user, now)
        else:
            _refuse(case, decision, was, user, now)
        crash_point("review.countersign_before_commit")
    crash_point("review.countersign_after_commit")
    return decision


def move(
    user: User,
    case_pk: int,
    version: int,
    name: str,
    code: str,
    text: str,
    details: Mapping[str, object],
    now: datetime,
) -> CaseChange:
    """Take a case, or move it on after it was judged: one of `moves.ADVANCES`.

    `details`: `acceptance_number` for accept; `alone` for report. Raises NotFound, Conflict, NotAllowed,
    WrongState or Incomplete; then nothing is saved.
    """
    with transaction.atomic():
        case = read(user, case_pk, version)
        if name not in ADVANCES:
            raise Incomplete("没有这一操作。", f"no such move: {name}")
        require(user, name)
        change = advance.BY_NAME[name](case, user, now, code, text.strip(), details)
        crash_point("review.move_before_commit")
    crash_point("review.move_after_commit")
    return change


def read(user: User, case_pk: int, version: int) -> Case:
    """The case, if `user` may see it and nobody moved it since `version`. Raises NotFound or Conflict."""
    case = visible_cases(user).filter(pk=case_pk).first()
    if case is None:
        raise NotFound(case_pk)
    if case.version != version:
        raise conflict(case_pk)
    return case


def _check(judgement: Judgement, now: datetime) -> None:
    if judgement.outcome not in (*DECIDING, "wait"):
        raise Incomplete("请选择研判结论。", f"no such outcome: {judgement.outcome}")
    codes.checked(judgement.outcome, judgement.code, judgement.text)
    if (judgement.outcome == "wait") != (judgement.review_on is not None):
        raise Incomplete(
            "待定须注明复查日期，其他结论不需要。", "a review date belongs to wait, and to wait alone"
        )
    if judgement.crime_signs and judgement.outcome != "counterfeit":
        raise Incomplete("涉罪线索仅随仿冒认定提出。", "signs of a crime go with a counterfeit only")
    today = clocks.today(now)
    if judgement.review_on and not today < judgement.review_on <= today + LONGEST_WAIT:
        last = today + LONGEST_WAIT
        raise Incomplete(
            f"复查日期须在明天至 {last} 之间。", f"the review date lies between tomorrow and {last}"
        )


def _decision(user: User, case: Case, judgement: Judgement, now: datetime) -> Decision:
    """The row of a judgement, with what stood before it."""
    first, due = second.first_standing(user, judgement.outcome, case, judgement.alone, now)
    return Decision.objects.create(
        case=case,
        suspect=case.suspect,
        face=case.suspect.observation.content_hash,
        severity=case.severity,
        outcome=judgement.outcome,
        code=judgement.code,
        text=judgement.text.strip(),
        review_on=judgement.review_on,
        crime_signs=judgement.crime_signs,
        by=user,
        at=now,
        standing=first,
        second_by=due,
        replaces=standing.in_effect(case),
    )


def _judge(case: Case, decision: Decision, now: datetime) -> None:
    """Move the case by a judgement, which takes effect unless a second person is awaited."""
    details = standing.told(case, decision)
    if decision.standing == "awaiting":
        standing.make_way(case, decision)
        state = "under_review" if case.state == "detected" else case.state
        sets: Columns = {"review_on": None}
    else:
        state, sets = standing.put_in_effect(case, decision, now)
    sets["owner"] = case.owner or decision.by
    _apply(case, "judge", decision, now, state, details, sets)


def _wait(case: Case, decision: Decision, now: datetime) -> None:
    """Put the case off; it is back in the queue on the day itself, and due by its end."""
    details = standing.told(case, decision)
    if decision.review_on is None:
        raise ValueError("a wait without its day was let through")
    standing.make_way(case, decision)
    due = clocks.start_of(decision.review_on + ONE_DAY)
    sets: Columns = {"review_on": decision.review_on, "judge_by": due, "due_is_provisional": False}
    sets["owner"] = case.owner or decision.by
    _apply(case, "wait", decision, now, "under_review", details, sets)


def _to_sign(case: Case, user: User) -> Decision:
    waiting = list(pending(case))
    if not waiting:
        raise WrongState("本案没有待第二人签字的决定。", "no decision of this case waits for a second person")
    mine = next((decision for decision in waiting if second.may_sign(user, decision)), None)
    if mine is None:
        raise NotAllowed(
            "须由另一位有权人员签字，作出决定的本人或同名账号不能签。",
            "another person must sign, of a role that may decide this: not the one who decided, "
            "nor an account of the same full name",
        )
    return mine


def _agree(case: Case, decision: Decision, was: str, user: User, now: datetime) -> None:
    """The second person agrees: what was awaited takes effect, what was provisional is final."""
    if decision.outcome != "report" and decision.face != case.suspect.observation.content_hash:
        raise WrongState("决定之后该账号资料已变化，请重新研判。", "the account changed since: judge it anew")
    details = standing.told(case, decision) if was == "awaiting" else standing.told_again(decision)
    state, sets = case.state, Columns()
    if was == "awaiting" and decision.outcome == "report":
        state, sets = "reported", {"notified_at": now}
    elif was == "awaiting":
        state, sets = standing.put_in_effect(case, decision, now)
    _save(decision)
    _apply(case, "countersign", decision, now, state, details, sets, user)


def _refuse(case: Case, decision: Decision, was: str, user: User, now: datetime) -> None:
    """The second person refuses; what was in effect already is taken back."""
    details = standing.told_again(decision)
    state, sets = case.state, Columns()
    if was == "provisional":
        details, state, sets = standing.take_back(case, decision, now)
    _save(decision)
    _apply(case, "second_refused", decision, now, state, details, sets, user)


def _save(decision: Decision) -> None:
    decision.save(update_fields=["standing", "second", "second_at", "second_text"])


def _apply(
    case: Case,
    name: str,
    decision: Decision,
    now: datetime,
    state: str,
    details: Columns,
    sets: Columns,
    by: User | None = None,
) -> CaseChange:
    """The change a decision makes: its reason is the decision's, a second person's text their own."""
    return apply(
        case,
        case.version,
        name,
        by or decision.by,
        now,
        to=state,
        code="" if by else decision.code,
        text=decision.second_text if by else decision.text,
        details=details,
        sets=sets,
    )
