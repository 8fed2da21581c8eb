"""Switching platforms on and off, and platforms that cannot be asked."""

from datetime import timedelta

from pytest import LogCaptureFixture

from config import pipeline
from observations import coverage, sources
from observations.models import Coverage, CrawlRun, Heartbeat, Source, Task
from registry.models import User
from registry.roles import Role
from tests.observations.conftest import NOW, World

DAY = timedelta(hours=24)


def answered(world: World, state: str = "ok") -> None:
    """A question answered whole, and the ledger that says so."""
    task = world.task("search", "郑州发布")
    Task.objects.filter(pk=task.pk).update(
        state=state, complete=True, run=None, looked_at=NOW, due_at=NOW + DAY
    )
    coverage.refresh(NOW)


def states() -> set[str]:
    return set(Coverage.objects.filter(purpose="search").values_list("state", flat=True))


def test_what_was_checked_on_a_platform_switched_off_is_not_checked_any_more(world: World) -> None:
    answered(world)
    assert states() == {"checked"}
    person = User.objects.create(username="li", role=Role.REVIEWER)
    sources.disable(world.source, person, NOW)
    assert states() == {"no_access"}


def test_answers_grow_old_also_when_nothing_is_asked(world: World) -> None:
    answered(world)
    coverage.keep_up(NOW + timedelta(minutes=30))
    assert set(Coverage.objects.values_list("at", flat=True)) == {NOW}
    coverage.keep_up(NOW + 3 * DAY)
    assert states() == {"deferred"}


def test_a_clock_set_back_does_not_stop_the_ledger(world: World) -> None:
    answered(world)
    Coverage.objects.update(at=NOW + 300 * DAY)
    coverage.keep_up(NOW)
    assert set(Coverage.objects.values_list("at", flat=True)) == {NOW}


def test_a_platform_without_a_readable_spec_stops_no_scan(world: World, caplog: LogCaptureFixture) -> None:
    answered(world)
    CrawlRun.objects.update(state="ingested")
    Source.objects.create(platform="gone", base_url="https://gone.example", enabled=True, daily_budget=9)
    Source.objects.filter(platform="mastodon").update(enabled=False)
    assert pipeline.ask(lambda: NOW, lambda run: None) is None
    assert [source.platform for source in sources.askable()] == []
    assert "gone is not asked" in caplog.text


def test_a_scan_is_alive_only_when_it_came_to_its_end(world: World) -> None:
    CrawlRun.objects.update(state="ingested")
    Source.objects.update(enabled=False)
    pipeline.scan(lambda: NOW, lambda run: None)
    assert Heartbeat.objects.get(name="scan").at == NOW
