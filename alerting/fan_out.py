"""Case changes → alerts. What people decided becomes what others are told, once, in one transaction a change.

1. Take the changes nobody has fanned out, the most severe cases first, of a case the oldest. The row `FanOut`
   is the claim: who inserts it has it.
2. Look at the case as it stands now, not as it stood then: after a stop of the service nobody is told of what
   was taken back since.
3. Write alerts, recipients, deliveries, gaps and the audit event.
4. Once a message about its confirmation has arrived, or somebody acknowledged it, a case moves to `warned`.
5. A change that fails is kept in `Stuck` with the error and tried again; later changes of the same case wait
   for it, those of other cases do not.

A crash before the commit leaves nothing, after it everything: the next run goes on.
"""

import logging
import math
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from alerting import campaign, gaps, routing
from alerting.close import close
from alerting.directory import TAKES_BACK, directory, facts, heard, taken_back, told
from alerting.grounds import Reason
from alerting.internal import note_gaps, open_alert
from alerting.models import Alert, Delivery, FanOut, Stuck
from alerting.routing import Kind, Ladder
from alerting.sharpen import sharpen
from audit_logs.record import record
from common.crash import crash_point
from review.apart import apart
from review.models import Case, CaseChange
from review.moves import UNDECIDED
from review.standing import IN_EFFECT, NOT_YET
from review.transitions import apply

log = logging.getLogger("zhenwei.alerting")

BATCH = 200
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=5), timedelta(hours=1)
MOST_DOUBLINGS = 10
PROBLEM_LENGTH = 500
# New on the desk, or more serious: what an S1 case is told of before judgement.
_ARRIVING = frozenset({"opened", "raised", "joined", "severity", "reopen"})

TOLD = Reason("told", "已按路由通知。", "Told along the lines.")
KNOWN = Reason("known", "应知各方均已知悉，无须再发。", "Everybody who must know has been told.")
QUIET = Reason("quiet", "此项变动无须通知。", "Nobody needs to be told of this move.")


def fan_out(now: datetime, until: float = math.inf) -> int:
    """Fan out what waits, `BATCH` at most; how many changes were.

    It begins none after the moment `until` of the monotonic clock: what is left waits for the next call. One
    that fails is logged and tried again later.
    """
    gaps.resolve_gaps(now)
    warn(now)
    done, failed = 0, set[int]()
    for pk, case in list(_waiting(now).values_list("pk", "case")[:BATCH]):
        if (done or failed) and time.monotonic() > until:
            break
        if case in failed:
            continue
        try:
            done += _fan_out_one(pk, now)
        except Exception as error:
            failed.add(case)
            _keep_stuck(pk, error, now)
    return done


def _waiting(now: datetime) -> QuerySet[CaseChange]:
    """Changes not fanned out, of the most severe cases first; not those of a case one of which pauses."""
    # A pause that ends far ahead was set by a clock that has been set back since.
    waits = {"next_at__gt": now, "next_at__lte": now + 2 * LONGEST_PAUSE}
    pausing = Stuck.objects.filter(resolved_at=None, **waits).values("change__case")
    return CaseChange.objects.filter(fan_out=None).exclude(case__in=pausing).order_by("case__severity", "pk")


def _fan_out_one(pk: int, now: datetime) -> bool:
    """Whether the change was fanned out here, and not by another worker at the same moment."""
    with transaction.atomic():
        change = CaseChange.objects.select_related(
            "case__target__unit__line_division", "case__suspect__observation__response"
        ).get(pk=pk)
        claim = {"at": now, "alerts": 0, "reason": QUIET._asdict()}
        if not FanOut.objects.get_or_create(change=change, defaults=claim)[1]:
            return False
        _tell(change, now)
        Stuck.objects.filter(change=change).update(resolved_at=now)
        crash_point("fan_out.before_commit")
    crash_point("fan_out.after_commit")
    return True


def _tell(change: CaseChange, now: datetime) -> None:
    """Everything a change leads to, and on its FanOut row how much that was and why."""
    case, kinds = change.case, list(_wanted(change))
    if change.move == "severity" and change.by_id is not None and _is_raise(change):
        sharpen(case, now)
    alerts = [alert for kind in kinds for alert in _open(change, kind, now)]
    reason = TOLD if alerts else _why_nobody(case, kinds)
    FanOut.objects.filter(pk=change.pk).update(alerts=len(alerts), reason=reason._asdict())
    if alerts:
        lines = [{"alert": alert.pk, "kind": alert.kind, "line": alert.line} for alert in alerts]
        record(
            gaps.ACTOR,
            "alert.fan_out",
            ("case", str(case.pk)),
            {"alerts": lines, "change": change.pk},
            at=now,
        )


def _why_nobody(case: Case, kinds: list[Kind]) -> Reason:
    head = campaign.thread(case, "duty") if "preliminary" in kinds else None
    return campaign.joins(head) if head else KNOWN if kinds else QUIET


def _wanted(change: CaseChange) -> Iterator[Kind]:
    """What there is to tell now that the case stands as it does."""
    case = change.case
    if case.confirmed:
        yield from _of_confirmed(change)
        if change.details.get("effect") == "withdrawn" and heard(case, "reported"):
            yield "withdrawn"
    elif _is_to_take_back(case):
        yield "reversed"
    elif _is_urgent_arrival(change) and not heard(case, "preliminary"):
        yield "preliminary"
    if change.move == "second_missing" and _still_waits(change):
        yield "second_missing"


def _still_waits(change: CaseChange) -> bool:
    """Whether the decision that was overdue has still not been signed."""
    return change.case.decisions.filter(pk=change.details["decision"], standing__in=NOT_YET).exists()


def _of_confirmed(change: CaseChange) -> Iterator[Kind]:
    # By a person: what the service itself raised opens no line to an authority.
    if change.by_id is not None and _opens(change):
        yield "confirmed"
    if change.to_state == "reported" != change.from_state:
        yield "reported"


def _opens(change: CaseChange) -> bool:
    """Whether an act may open lines: a decision in effect, a severity raised, signs of a crime that stand."""
    match change.move:
        case "judge" | "countersign":
            said = change.details
            return said.get("outcome") == "counterfeit" and said.get("standing") in IN_EFFECT
        case "severity":
            return _is_raise(change)
        case "crime_signs":
            return change.code != "withdrawn"
        case _:
            return False


def _is_raise(change: CaseChange) -> bool:
    return str(change.details.get("was", "")) > change.severity


def _is_to_take_back(case: Case) -> bool:
    """Whether the case came to less than was, or is about to be, told of it."""
    wrong = taken_back(case, "reversed")
    if case.state in UNDECIDED:
        wrong = wrong.exclude(kind="preliminary")
    return wrong.filter(closed_at=None).exists() or (wrong.exists() and bool(told(case, "reversed")))


def _is_urgent_arrival(change: CaseChange) -> bool:
    case = change.case
    return change.move in _ARRIVING and case.state in UNDECIDED and case.severity == "S1"


def _open(change: CaseChange, kind: Kind, now: datetime) -> list[Alert]:
    """One alert for each line of `kind`; of a confirmation only those that have not heard of it."""
    case = change.case
    if kind in TAKES_BACK:  # before the route is asked for: what never leaves was told to nobody
        for alert in taken_back(case, kind).filter(closed_at=None):
            close(alert, kind, now)
    known = heard(case, "confirmed") if kind == "confirmed" else frozenset()
    offices = directory(case.target.unit, now)
    way = routing.route(facts(case, kind, now), offices)
    ladders = [ladder for ladder in way.ladders if ladder.line not in known]
    if kind == "preliminary":
        ladders = [ladder for ladder in ladders if campaign.thread(case, ladder.line) is None]
    alerts = [open_alert(case, kind, ladder, now, change, offices=offices)[0] for ladder in ladders]
    note_gaps(case, _missing(ladders), now, change, bridged=all(ladder.rungs for ladder in ladders))
    return alerts


def _missing(ladders: list[Ladder]) -> Iterator[routing.Gap]:
    return (gap for ladder in ladders for gap in ladder.gaps)


def warn(now: datetime) -> None:
    """Move to `warned` every case of whose confirmation somebody knows by now, each apart."""
    for pk in list(_known_of().values_list("pk", flat=True)):
        apart(f"case {pk}", partial(_warn, pk, now))


def _warn(pk: int, now: datetime) -> None:
    if case := _known_of().filter(pk=pk).first():
        apply(case, case.version, "warn", gaps.ACTOR, now, to="warned", sets={"warned_at": now})


def _known_of() -> QuerySet[Case]:
    """Confirmed cases under review, about the confirmation of which somebody has read or got a message."""
    arrived = Delivery.objects.filter(alert=OuterRef("pk"), outcome="delivered")
    taken_back = Alert.objects.filter(case=OuterRef("case"), kind="reversed", pk__gt=OuterRef("pk"))
    known = Alert.objects.filter(
        Exists(arrived) | Q(acked_at__isnull=False),
        ~Exists(taken_back),
        case=OuterRef("pk"),
        kind="confirmed",
    )
    return Case.objects.filter(Exists(known), state="under_review", confirmed=True)


def _keep_stuck(pk: int, error: Exception, now: datetime) -> None:
    """Note that a change failed, and when it is tried again; logged when the error is a new one."""
    problem = f"{type(error).__name__}: {error}"[:PROBLEM_LENGTH]
    with transaction.atomic():
        stuck, is_new = Stuck.objects.get_or_create(
            change_id=pk, defaults={"since": now, "next_at": now, "problem": problem}
        )
        pause = min(FIRST_PAUSE * 2 ** min(stuck.tries, MOST_DOUBLINGS), LONGEST_PAUSE)
        Stuck.objects.filter(pk=pk).update(
            tries=stuck.tries + 1, next_at=now + pause, problem=problem, resolved_at=None
        )
    if is_new or stuck.problem != problem:
        log.error(
            "case change %s is told to nobody, tried again in %s: %s", pk, pause, problem, exc_info=error
        )
