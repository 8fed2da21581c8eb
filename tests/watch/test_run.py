"""What was seen of the registered accounts becomes findings, a row for every change."""

from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_logs.models import Event
from observations.models import Capture, Coverage, Publication, Response, Source
from registry.models import Account
from tests.observations.conftest import NOW, World, world
from watch.models import Finding
from watch.run import watch

__all__ = ["world"]  # the fixture of another package's tests
SEEN_FROM = NOW - timedelta(days=60)


@pytest.fixture
def response(world: World) -> Response:
    """An answer publications can be seen in."""
    capture = Capture.objects.create(sha256="0" * 64, size=0, stored_at=NOW)
    return Response.objects.create(
        run=world.run, seq=1, url="u", final_url="u", status=200, headers=[], robots={}, at=NOW,
        clock_source="system", capture=capture,
    )  # fmt: skip


def looked(world: World, uid: str = "1", **changes: object) -> None:
    """Somebody looked at the publications of the account with this id, just now and whole."""
    fields = {"state": "ok", "complete": True, "run": None, "looked_at": NOW, "seen_back_to": SEEN_FROM}
    task = world.task("posts", uid)
    type(task).objects.filter(pk=task.pk).update(**(fields | changes))


def published(account: Account, response: Response, *times: datetime) -> None:
    """Publications of the account."""
    for at in times:
        Publication.objects.create(account=account, at=at, response=response)


def stands(account: Account) -> dict[str, str]:
    """Verdict by rule, as the newest rows say."""
    return dict(Finding.objects.filter(account=account, is_newest=True).values_list("rule", "verdict"))


def test_an_account_that_publishes_is_in_time_and_one_long_silent_is_lapsed(
    world: World, response: Response
) -> None:
    looked(world)
    published(world.account, response, *(NOW - timedelta(days=days) for days in (0, 4, 5, 6, 50)))
    assert watch(NOW) == {"in_time": 2}
    assert stands(world.account) == {"dormant_veto": "in_time", "slow_update": "in_time"}


def test_the_last_publication_is_named_however_long_ago_it_was(world: World, response: Response) -> None:
    looked(world)
    last = NOW - timedelta(days=40)
    published(world.account, response, last, NOW - timedelta(days=50))
    assert watch(NOW) == {"lapsed": 2}
    veto = Finding.objects.get(rule="dormant_veto")
    assert veto.inputs == {"last_publication": last.isoformat(), "limit_days": 14}
    assert (veto.severity, veto.profile) == ("S3", "national-2019-19")


def test_the_first_hour_of_the_last_closed_week_counts_to_the_last_hour_of_this_one(
    world: World, response: Response
) -> None:
    sunday_night = datetime.fromisoformat("2026-11-29T23:59:00+08:00")
    monday_morning = datetime.fromisoformat("2026-11-16T00:00:00+08:00")
    looked(world, looked_at=sunday_night)
    published(world.account, response, monday_morning)
    watch(sunday_night)
    assert Finding.objects.get(rule="slow_update").inputs["publications"] == 1


def test_an_account_nobody_could_look_at_is_not_observed_and_says_why(world: World) -> None:
    Coverage.objects.create(
        account=world.account, platform="mastodon", purpose="self", state="no_access",
        reason={"zh": "平台未启用", "en": "the platform is off"}, at=NOW,
    )  # fmt: skip
    assert watch(NOW) == {"not_observed": 2}
    assert Finding.objects.first().reasons[0]["zh"] == "未能观察：平台未启用"  # type: ignore[union-attr]


def test_a_switched_off_platform_does_not_vouch_for_anybody(world: World, response: Response) -> None:
    looked(world)
    published(world.account, response, NOW)
    Source.objects.update(enabled=False)
    assert watch(NOW) == {"not_observed": 2}


def test_only_a_change_is_a_new_row_and_the_old_ones_stay(world: World, response: Response) -> None:
    looked(world)
    published(world.account, response, NOW - timedelta(days=1), NOW - timedelta(days=5))
    watch(NOW)
    watch(NOW + timedelta(hours=1))
    assert Finding.objects.count() == 2
    later = NOW + timedelta(days=4)
    watch(later)
    rows = Finding.objects.filter(rule="dormant_veto").order_by("pk").values_list("verdict", "is_newest")
    assert list(rows) == [("in_time", False), ("not_observed", True)]
    assert [event.details["findings"] for event in Event.objects.order_by("pk")] == [2, 1]


def test_accounts_out_of_service_are_not_judged(world: World) -> None:
    Account.objects.update(state="paused")
    assert watch(NOW) == {}


def test_more_accounts_are_no_more_queries(world: World, response: Response) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as asked:
            watch(NOW)
        return len(asked)

    looked(world)
    published(world.account, response, NOW)
    first = queries()
    for uid in ("2", "3", "4"):
        account = Account.objects.get(pk=world.account.pk)
        account.pk, account.platform_uid = None, uid
        account.save()
        looked(world, uid)
        published(account, response, NOW)
    assert queries() <= first
    assert Finding.objects.filter(is_newest=True).count() == 8
