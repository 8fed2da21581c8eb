"""What becomes of each suspect row: it opens a case, joins one, raises the pair again, or is covered.

A pair is one stranger and one target; a suspect of another target is another pair. A decision covers the face
it was made about: name, handle, avatar, bio, certified subject, everything in `Observation.content_hash`.

- The pair is undecided: the row joins its case, whose evidence is the newer row from then on. A waiting case
  wakes up if the face changed, and worse evidence raises it; nothing but a person lowers it.
- A judgement about this very face stands, and the row is no worse than what was known then: covered. So new
  rules that see what the old ones saw raise nobody again. Nor does an old face put on again: what was said of
  it still holds, whatever was said of another face since (under the same rules it is the very row that was
  taken in long ago). Known then means the worse of the level the case had and the level the rules gave, for a
  person may have lowered it and is not asked twice.
- The pair was decided, but about another face or about less: a case is raised, with the last as `earlier`.
- Nothing was ever said about the pair: a case is opened.

A judgement that was replaced, refused or is still awaited covers nothing. A row that cannot be taken in is
left out and tried again the next time; the others go on.
"""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import QuerySet

from audit_logs.record import record
from common.crash import crash_point
from detection.models import Suspect
from observations.models import Observation
from review import clocks
from review.apart import apart
from review.models import Case, Decision, Intake
from review.moves import UNDECIDED
from review.severity import due_fields, due_of
from review.standing import DECIDING, IN_EFFECT
from review.transitions import apply, open_case

BY = "system:intake"
BATCH = 50  # a person who decides meanwhile waits half a second at most
OVERDUE = timedelta(hours=1)  # a scan takes in at once what it detects
# What a citizen sees of an account, as the handbook calls it.
FACE = {
    "name": ("名称", "name"),
    "handle": ("用户名", "handle"),
    "avatar_url": ("头像", "avatar"),
    "bio": ("简介", "bio"),
    "certified_subject": ("认证主体", "certified subject"),
    "profile_url": ("主页地址", "address"),
}


@dataclass
class Taken:
    """How many suspects were taken in, by what became of them; and how many could not be, see the log."""

    opened: int = 0
    joined: int = 0
    raised: int = 0
    covered: int = 0
    left_out: int = 0


@dataclass(frozen=True, slots=True)
class Reason:
    """Why: for the intake's row and the page."""

    code: str
    zh: str
    en: str


FIRST = Reason("first", "首次发现，立案待研判。", "seen for the first time: to be judged")


def take_in(now: datetime) -> Taken:
    """Take in every suspect that was not, in the order they were found; some to a transaction."""
    taken, after = Taken(), 0
    while suspects := list(_new().filter(pk__gt=after)[:BATCH]):
        _batch(suspects, taken, now)
        after = suspects[-1].pk
        crash_point("review.intake_after_commit")
    return taken


def left_out(now: datetime) -> QuerySet[Suspect]:
    """The suspects nobody will judge, for they are in no case though they were found long ago."""
    return _new().filter(detected_at__lt=now - OVERDUE)


def _new() -> QuerySet[Suspect]:
    return Suspect.objects.filter(intake=None).select_related("observation").order_by("pk")


def _batch(suspects: list[Suspect], taken: Taken, now: datetime) -> None:
    """Take in some suspects, each apart, and count them in `taken`."""
    with transaction.atomic():
        rows = [apart(f"suspect {each.pk}", partial(_taken_in, each, now)) for each in suspects]
        crash_point("review.intake_before_commit")
    for row in rows:
        became = row.outcome if row else "left_out"
        setattr(taken, became, getattr(taken, became) + 1)


def _taken_in(suspect: Suspect, now: datetime) -> Intake:
    pair = _cases_of_pair(suspect)
    undecided = next((case for case in pair if case.state in UNDECIDED and not case.confirmed), None)
    standing = _about_this_face(suspect) if pair and not undecided else None
    if undecided:
        case, outcome, reason = undecided, "joined", _join(undecided, suspect, now)
    elif standing and _no_worse(suspect, standing):
        case, outcome, reason = standing.case, "covered", _covered(standing)
        details = {"suspect": suspect.pk, "decision": standing.pk}
        record(BY, "case.cover", ("case", str(case.pk)), details, at=now)
    elif pair:
        outcome, reason = "raised", _why_again(suspect, pair[0], standing)
        case = _open(outcome, suspect, pair[0], reason, now)
    else:
        outcome, reason = "opened", FIRST
        case = _open(outcome, suspect, None, reason, now)
    return Intake.objects.create(suspect=suspect, case=case, outcome=outcome, reason=asdict(reason), at=now)


def _cases_of_pair(suspect: Suspect) -> list[Case]:
    """What there is about the stranger and the target of `suspect`, newest first."""
    pair = Case.objects.filter(
        platform=suspect.platform, instance=suspect.instance, uid=suspect.uid, target=suspect.target_id
    )
    return list(pair.select_related("suspect__observation").order_by("-pk"))


def _open(name: str, suspect: Suspect, earlier: Case | None, reason: Reason, now: datetime) -> Case:
    case = Case(
        platform=suspect.platform,
        instance=suspect.instance,
        uid=suspect.uid,
        target_id=suspect.target_id,
        suspect=suspect,
        earlier=earlier,
        state="detected",
        severity=suspect.severity,
        first_seen_at=suspect.observation.seen_at,
        detected_at=suspect.detected_at,
        **due_fields(clocks.deadlines(suspect.severity, suspect.detected_at)),
    )
    details = {"suspect": suspect.pk} | ({"earlier": earlier.pk} if earlier else {})
    return open_case(case, name, BY, now, code=reason.code, details=details)


def _join(case: Case, suspect: Suspect, now: datetime) -> Reason:
    """Put the newer evidence in the case; says what is new about it."""
    changed = _differences(case.suspect.observation, suspect.observation)
    worse = suspect.severity < min(case.suspect.severity, case.severity)
    sets: dict[str, object] = {"suspect": suspect}
    if worse:
        due = clocks.raised(due_of(case), suspect.severity, now)
        sets |= {"severity": suspect.severity, **due_fields(due)}
    if case.review_on and (changed or worse):
        sets |= {"review_on": None, **due_fields(clocks.deadlines(suspect.severity, now))}
    reason = _why_joined(changed, worse)
    apply(case, case.version, "joined", BY, now, code=reason.code, details={"suspect": suspect.pk}, sets=sets)
    return reason


def _about_this_face(suspect: Suspect) -> Decision | None:
    """The last judgement that stands about the pair with the face it shows now."""
    return (
        Decision.objects.filter(
            case__platform=suspect.platform,
            case__instance=suspect.instance,
            case__uid=suspect.uid,
            case__target=suspect.target_id,
            face=suspect.observation.content_hash,
            outcome__in=DECIDING,
            standing__in=IN_EFFECT,
        )
        .select_related("case", "suspect")
        .order_by("-pk")
        .first()
    )


def _no_worse(suspect: Suspect, standing: Decision) -> bool:
    # S1 sorts before S2.
    return suspect.severity >= min(standing.severity, standing.suspect.severity)


def _differences(before: Observation, after: Observation) -> list[str]:
    return [field for field in FACE if getattr(before, field) != getattr(after, field)]


def _named(changed: Iterable[str]) -> tuple[str, str]:
    words = [FACE[field] for field in changed]
    return "、".join(zh for zh, _ in words), ", ".join(en for _, en in words)


def _why_joined(changed: list[str], worse: bool) -> Reason:
    if changed:
        zh, en = _named(changed)
        return Reason("changed", f"待判案件的账号资料有变（{zh}），并入。", f"joined; changed since: {en}")
    if worse:
        return Reason(
            "worse", "同一资料，新规则判级更高，并入。", "joined; the same face, judged to be worse"
        )
    return Reason("same", "同一资料的新判定，并入待判案件。", "joined; the same face under other rules")


def _why_again(suspect: Suspect, earlier: Case, standing: Decision | None) -> Reason:
    if standing is not None:
        before, after = min(standing.severity, standing.suspect.severity), suspect.severity
        return Reason(
            "worse",
            f"资料未变，但级别由 {before} 升为 {after}，再次立案。",
            f"the same face, but {after} where it was {before}",
        )
    zh, en = _named(_differences(earlier.suspect.observation, suspect.observation))
    if not zh:
        return Reason(
            "not_judged", "此前的决定已不再有效，再次立案。", "what was decided before stands no more"
        )
    return Reason("changed", f"结案后账号资料有变（{zh}），再次立案。", f"changed since it was decided: {en}")


def _covered(standing: Decision) -> Reason:
    day = f"{clocks.today(standing.at)}"
    return Reason(
        "judged",
        f"同一资料已于 {day} 在案件 {standing.case} 中研判，且级别未升。",
        f"this very face was judged on {day} in {standing.case}, and it is no worse",
    )
