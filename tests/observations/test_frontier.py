"""The questions follow the register, and each is one run's at a time."""

from datetime import timedelta

import pytest

from observations import frontier
from observations.models import Task
from registry.models import Account, ProtectedName
from tests.observations.conftest import NOW, World

LATER = NOW + timedelta(days=1)


def asked(world: World, account: Account) -> set[tuple[str, str]]:
    return set(world.source.tasks.filter(accounts=account).values_list("stage", "value"))


def second_account(world: World, **changes: object) -> Account:
    fields = {
        "platform": "mastodon",
        "instance": "example",
        "platform_uid": "2",
        "handle": "kaifeng",
        "name": "开封发布",
        "state": "in_service",
        "unit": world.account.unit,
        "created_at": NOW,
        "changed_at": NOW,
    }
    return Account.objects.create(**(fields | changes))


def test_an_account_is_searched_by_name_and_looked_at_by_its_id(world: World) -> None:
    assert frontier.refresh(world.source, NOW) > 4
    questions = asked(world, world.account)
    assert {("posts", "1"), ("profile", "1"), ("search", "郑州发布")} <= questions
    assert {stage for stage, _ in questions} == {"posts", "profile", "search", "lookup"}


def test_an_account_of_another_platform_is_only_searched_for(world: World) -> None:
    elsewhere = second_account(world, platform="weibo", instance="")
    frontier.refresh(world.source, NOW)
    assert {stage for stage, _ in asked(world, elsewhere)} == {"search", "lookup"}


def test_refreshing_again_adds_nothing_and_keeps_answers(world: World) -> None:
    frontier.refresh(world.source, NOW)
    task = world.source.tasks.get(stage="search", value="郑州发布")
    Task.objects.filter(pk=task.pk).update(state="ok", due_at=LATER)
    assert frontier.refresh(world.source, NOW) == 0
    task.refresh_from_db()
    assert (task.state, task.due_at) == ("ok", LATER)


def test_a_protected_name_added_later_is_asked_about(world: World) -> None:
    frontier.refresh(world.source, NOW)
    ProtectedName.objects.create(
        unit=world.account.unit, account=world.account, text="豫见郑州", reason="former", since=NOW
    )
    assert frontier.refresh(world.source, NOW) > 0
    assert ("search", "豫见郑州") in asked(world, world.account)


def test_a_question_nobody_has_any_more_is_not_due_but_kept(world: World) -> None:
    frontier.refresh(world.source, NOW)
    Account.objects.filter(pk=world.account.pk).update(name="大河网", handle="dahe")
    frontier.refresh(world.source, NOW)
    old = world.source.tasks.get(stage="search", value="郑州发布")
    assert not old.accounts.exists()
    assert old not in frontier.lease(world.run, world.source, 1000, NOW)


def test_a_question_shared_by_two_accounts_is_asked_once(world: World) -> None:
    other = second_account(world, name="郑州发布")
    frontier.refresh(world.source, NOW)
    task = world.source.tasks.get(stage="search", value="郑州发布")
    assert set(task.accounts.all()) == {world.account, other}


def test_a_deregistered_account_is_protected_but_not_looked_at(world: World) -> None:
    Account.objects.filter(pk=world.account.pk).update(state="deregistered")
    frontier.refresh(world.source, NOW)
    assert {stage for stage, _ in asked(world, world.account)} == {"search", "lookup"}


def test_a_small_budget_takes_the_best_questions_of_every_account(world: World) -> None:
    second_account(world)
    frontier.refresh(world.source, NOW)
    first = frontier.lease(world.run, world.source, 4, NOW)
    assert {(task.stage, task.value) for task in first} == {
        (stage, uid) for stage in ("posts", "profile") for uid in ("1", "2")
    }


def test_what_is_leased_or_not_yet_due_is_nobody_elses(world: World) -> None:
    frontier.refresh(world.source, NOW)
    total = frontier.due(world.source, NOW)
    assert frontier.due(world.source, NOW - timedelta(seconds=1)) == 0
    leased = frontier.lease(world.run, world.source, 3, NOW)
    assert (len(leased), frontier.due(world.source, NOW)) == (3, total - 3)
    assert frontier.release(world.run, "the crawl died") == 3
    assert frontier.due(world.source, NOW) == total


def test_what_a_run_gives_back_was_not_looked_at_whatever_was_known_before(world: World) -> None:
    frontier.refresh(world.source, NOW)
    world.source.tasks.update(state="ok", complete=True, looked_at=NOW)
    (task,) = frontier.lease(world.run, world.source, 1, NOW)
    frontier.release(world.run, "the crawl died")
    task.refresh_from_db()
    assert (task.state, task.reason, task.complete) == ("deferred", "the crawl died", False)
    assert task.looked_at == NOW
    assert world.source.tasks.filter(state="ok").count() == world.source.tasks.count() - 1


def test_asking_everything_leaves_what_is_being_asked_alone(world: World) -> None:
    frontier.refresh(world.source, NOW)
    (leased,) = frontier.lease(world.run, world.source, 1, NOW)
    world.source.tasks.update(due_at=LATER)
    frontier.make_due(world.source, NOW)
    leased.refresh_from_db()
    assert leased.due_at == LATER
    assert frontier.due(world.source, NOW) == world.source.tasks.count() - 1


@pytest.mark.parametrize("state", ["ok", "empty", "not_found"])
def test_a_failure_to_look_is_tried_again_sooner_than_an_answer(state: str) -> None:
    assert frontier.NEXT_DUE["error"] < frontier.NEXT_DUE[state]
    assert frontier.NEXT_DUE["budget"] < frontier.NEXT_DUE[state]
