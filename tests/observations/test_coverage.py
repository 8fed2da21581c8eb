"""The ledger of what was looked at: nothing is called checked that was not."""

from datetime import timedelta

from observations import coverage, frontier
from observations.judge import ANSWERED, FAILURES
from observations.models import Coverage, Source, Task
from registry.models import Account
from tests.observations.conftest import NOW, World

LATER = NOW + timedelta(hours=6)


def ledger(world: World) -> dict[str, str]:
    """State by purpose, after bringing the ledger up to date."""
    coverage.refresh(LATER)
    return dict(Coverage.objects.filter(account=world.account).values_list("purpose", "state"))


def answered(world: World, stage: str, value: str, state: str, **changes: object) -> Task:
    """A question on behalf of the account with its last answer."""
    task = world.task(stage, value)
    looked = {"looked_at": NOW} if state in ANSWERED else {}
    fields = {"state": state, "complete": True, "run": None, **looked, **changes}
    Task.objects.filter(pk=task.pk).update(**fields)
    return task


def test_before_any_answer_nothing_is_checked(world: World) -> None:
    frontier.refresh(world.source, NOW)
    assert ledger(world) == {"search": "deferred", "self": "deferred"}
    assert set(Coverage.objects.values_list("last_checked_at", flat=True)) == {None}


def test_every_question_answered_is_checked_at_the_time_of_the_answer(world: World) -> None:
    answered(world, "search", "郑州发布", "ok")
    answered(world, "lookup", "zhengzh0u", "not_found", looked_at=NOW + timedelta(minutes=5))
    assert ledger(world) == {"search": "checked"}
    assert Coverage.objects.get().last_checked_at == NOW + timedelta(minutes=5)


def test_every_failure_keeps_an_account_from_being_checked(world: World) -> None:
    answered(world, "search", "郑州发布", "ok")
    failing = answered(world, "search", "发布", "ok")
    for state in FAILURES:
        Task.objects.filter(pk=failing.pk).update(state=state)
        assert ledger(world) == {"search": "partial"}, state


def test_a_failed_look_keeps_the_time_of_the_last_real_one_and_says_why(world: World) -> None:
    task = answered(world, "search", "郑州发布", "ok")
    ledger(world)
    Task.objects.filter(pk=task.pk).update(state="error", reason="HTTP 500")
    assert ledger(world) == {"search": "failed"}
    line = Coverage.objects.get()
    assert line.last_checked_at == NOW
    assert "HTTP 500" in line.reason["zh"]
    assert "HTTP 500" in line.reason["en"]


def test_a_cut_search_is_partial_but_the_newest_page_of_posts_is_enough(world: World) -> None:
    answered(world, "search", "郑州发布", "ok", complete=False)
    answered(world, "posts", "1", "ok", complete=False)
    assert ledger(world) == {"search": "partial", "self": "checked"}


def test_an_answer_does_not_count_for_ever(world: World) -> None:
    task = answered(world, "search", "郑州发布", "ok", due_at=LATER - coverage.OVERDUE)
    assert ledger(world) == {"search": "checked"}
    Task.objects.filter(pk=task.pk).update(due_at=LATER - coverage.OVERDUE - timedelta(seconds=1))
    assert ledger(world) == {"search": "deferred"}
    line = Coverage.objects.get()
    assert line.last_checked_at == NOW
    assert "due since 2026-11-23" in line.reason["en"]


def test_an_account_on_a_platform_that_is_off_has_no_access(world: World) -> None:
    Account.objects.filter(pk=world.account.pk).update(platform="weibo", instance="")
    answered(world, "search", "郑州发布", "ok")
    assert ledger(world) == {"search": "checked", "self": "no_access"}


def test_without_any_platform_every_account_has_no_access(world: World) -> None:
    answered(world, "search", "郑州发布", "ok")
    ledger(world)
    Source.objects.update(enabled=False)
    assert ledger(world) == {"search": "no_access", "self": "no_access"}
    assert not Coverage.objects.filter(source=world.source).exists()


def test_a_deregistered_account_is_no_gap(world: World) -> None:
    Source.objects.update(enabled=False)
    Account.objects.filter(pk=world.account.pk).update(state="deregistered")
    assert ledger(world) == {}


def test_refreshing_twice_keeps_the_same_rows(world: World) -> None:
    frontier.refresh(world.source, NOW)
    ledger(world)
    rows = set(Coverage.objects.values_list("pk", flat=True))
    ledger(world)
    assert set(Coverage.objects.values_list("pk", flat=True)) == rows
