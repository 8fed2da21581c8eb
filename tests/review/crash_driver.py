"""Kills acts on cases at every commit boundary, on a real database file. Run by test_kill.py.

usage: python -m tests.review.crash_driver    prints one JSON object a line

One warm process forks a worker a step; it opens no database connection itself, so none is shared.
"""

import os
import sys
from collections.abc import Callable
from datetime import timedelta
from functools import partial

import django

from tests.audit_logs.crash_driver import forked, report

POINTS = [
    "review.judge_before_commit",
    "review.judge_after_commit",
    "review.countersign_before_commit",
    "review.countersign_after_commit",
    "review.move_before_commit",
    "review.move_after_commit",
    "review.sweep_before_commit",
    "review.sweep_after_commit",
]
READ_AT = {"judge": 1, "countersign": 2, "move": 1, "sweep": 2}
"""The version of the case at which each act finds it."""


def prepare() -> None:
    """In a database that is up to date, the province, its people, and a case for each point."""
    from tests import cast
    from tests.review import acts

    place = cast.province()
    people = cast.cast(place)
    for number, point in enumerate(POINTS):
        case = cast.case(place.zhengzhou_account, uid=str(number), severity="S1", at=acts.NOON)
        if "countersign" in point:
            acts.judge(people.reviewer, case)
        if "sweep" in point:
            acts.judge(people.duty_officer, case, now=acts.NIGHT, alone=True)


def act(point: str) -> None:
    """The act that has this point, as its case was read before the kill."""
    from registry.models import User
    from review import decide, sweep
    from review.models import Case
    from tests.review.acts import NIGHT, NOON

    name = point.removeprefix("review.").split("_")[0]
    case, version = Case.objects.get(uid=str(POINTS.index(point))), READ_AT[name]
    li, qian = (User.objects.get(username=who) for who in ("li", "qian"))
    if name == "judge":
        decide.judge(li, case.pk, version, decide.Judgement("not_established", "name_alone"), NOON)
    elif name == "countersign":
        decide.countersign(qian, case.pk, version, True, "已核。", NOON)
    elif name == "move":
        decide.move(li, case.pk, version, "take", "", "", {}, NOON)
    else:
        sweep.sweep(NIGHT + timedelta(hours=4))


def die(point: str) -> None:
    """Act until the kill."""
    os.environ["ZHENWEI_CRASH_AT"] = point
    act(point)


def again(point: str) -> None:
    """The same person tries again, not knowing how far the first try came; then what is on record."""
    from review.errors import Conflict
    from review.models import Case
    from tests.review.acts import logged, moves

    case = Case.objects.get(uid=str(POINTS.index(point)))
    found: dict[str, object] = {"point": point, "after_kill": moves(case), "told": ""}
    try:
        act(point)
    except Conflict as told:
        found["told"] = told.who
    case.refresh_from_db()
    decisions = list(case.decisions.values_list("standing", flat=True))
    found |= {"moves": moves(case), "logged": logged(case), "version": case.version, "decisions": decisions}
    report(found)


def main() -> int:
    """Kill at each point and try again; exit code 1 if a step did not end as it must."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    steps: list[tuple[Callable[[], None], int]] = [(prepare, 0)]
    for point in POINTS:
        steps += [(partial(die, point), -9), (partial(again, point), 0)]
    return int(not all(forked(step) == code for step, code in steps))


if __name__ == "__main__":
    sys.exit(main())
