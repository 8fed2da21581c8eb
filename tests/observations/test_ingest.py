"""Spool → store, exactly once, whatever the spool holds."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_logs.models import Event
from observations import captures, ingest
from observations.models import (
    Capture,
    CrawlRun,
    HostLease,
    Observation,
    Publication,
    Quarantine,
    Response,
    Sighting,
)
from tests.observations.conftest import NOW, Spool, World, response, row

Drain = Callable[[], int]


def test_an_answer_becomes_response_capture_observations_and_sightings(
    world: World, spool: Spool, drain: Drain
) -> None:
    task = world.task("search", "郑州发布")
    spool.answer(task, [row("1", "郑州发布"), row("2", "郑洲发布", followers=7)])
    drain()
    answer = Response.objects.get()
    assert (answer.task, answer.status, answer.peer) == (task, 200, "127.0.0.1:1")
    assert captures.read(answer.capture_id).startswith(b"[")
    assert list(Sighting.objects.order_by("rank").values_list("rank", "observation__name")) == [
        (1, "郑州发布"),
        (2, "郑洲发布"),
    ]
    assert Observation.objects.get(uid="2").followers == 7
    task.refresh_from_db()
    assert (task.state, task.complete, task.run, task.looked_at) == ("ok", True, None, NOW)
    assert task.due_at == NOW + timedelta(hours=24)


def test_draining_twice_changes_nothing(world: World, spool: Spool, drain: Drain) -> None:
    spool.answer(world.task("search", "郑州"), [row("2", "郑洲发布")])
    assert drain() == 3
    before = Event.objects.count()
    assert drain() == 0
    assert (Response.objects.count(), Observation.objects.count(), Sighting.objects.count()) == (1, 1, 1)
    assert Event.objects.count() == before


def test_the_same_face_seen_again_is_one_observation_with_two_sightings(
    world: World, spool: Spool, drain: Drain
) -> None:
    spool.answer(world.task("search", "郑州"), [row("2", "郑洲发布", followers=1)])
    spool.answer(world.task("search", "发布"), [row("2", "郑洲发布", followers=2)])
    drain()
    assert (Observation.objects.count(), Sighting.objects.count()) == (1, 2)


def test_a_renamed_account_is_a_second_observation_and_the_first_stays(
    world: World, spool: Spool, drain: Drain
) -> None:
    spool.answer(world.task("search", "郑州"), [row("2", "老名字")])
    spool.answer(world.task("search", "发布"), [row("2", "郑洲发布")])
    drain()
    assert list(Observation.objects.order_by("pk").values_list("name", flat=True)) == ["老名字", "郑洲发布"]


def test_publication_times_are_kept_and_nothing_else_of_a_post(
    world: World, spool: Spool, drain: Drain
) -> None:
    task = world.task("posts", world.account.platform_uid)
    posts = [{"time": "2026-11-23T01:00:00Z", "url": "https://x/1", "text": "secret"}, {"time": "bad"}]
    spool.answer(task, posts, complete=False)
    drain()
    assert Publication.objects.get().url == "https://x/1"
    assert not Observation.objects.exists()
    task.refresh_from_db()
    assert task.seen_back_to is not None
    assert task.seen_back_to.isoformat() == "2026-11-23T01:00:00+00:00"


def test_a_failed_look_does_not_move_the_time_of_the_last_real_one(
    world: World, spool: Spool, drain: Drain
) -> None:
    task = world.task("search", "郑州")
    spool.answer(task, [], state="error")
    drain()
    task.refresh_from_db()
    assert (task.state, task.answered_at, task.looked_at) == ("error", NOW, None)
    assert task.due_at == NOW + timedelta(hours=1)


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"{}\n", "no event"),
        (b"\xff\xfe garbage\n", "no event"),
        (b'{"event":"response","seq":1}\n', "response.url is missing"),
        (b'{"event":"task","task":1,"state":"fine","pages":1,"complete":true}\n', "'fine' is unknown"),
        (b'{"event":"host","host":"a:1","not_before":"soon"}\n', "host.not_before"),
        (b'{"event":"rows","seq":1,"task":1,"page":1,"state":"ok","rows":[1]}\n', "no row"),
    ],
)
def test_a_bad_line_is_quarantined_by_its_place_and_stops_nothing(
    world: World, spool: Spool, drain: Drain, bad: bytes, says: str
) -> None:
    spool.answer(world.task("search", "a"), [row("2", "甲")])
    place = sum(map(len, spool.lines))
    spool.raw(bad)
    spool.answer(world.task("search", "b"), [row("3", "乙")])
    drain()
    broken = Quarantine.objects.get()
    assert broken.offset == place
    assert says in broken.reason
    assert Observation.objects.count() == 2


def test_a_line_without_its_end_waits_for_it(world: World, spool: Spool, drain: Drain) -> None:
    spool.answer(world.task("search", "a"), [row("2", "甲")])
    whole = spool.lines.pop()
    spool.raw(whole[:-5])
    drain()
    assert world.run.spool_offset == sum(map(len, spool.lines[:-1]))
    spool.lines[-1] = whole
    spool.raw(b"")
    drain()
    assert not Quarantine.objects.exists()
    assert world.run.leased.count() == 0


def test_an_unreadable_answer_keeps_its_bytes_and_its_reason(
    world: World, spool: Spool, drain: Drain
) -> None:
    spool.answer(world.task("search", "a"), [], state="quarantine", reason="not JSON")
    drain()
    broken = Quarantine.objects.get()
    assert broken.reason == "not JSON"
    assert broken.response is not None
    assert captures.read(broken.response.capture_id) == b"[]"


def test_a_failed_look_does_not_undo_how_far_back_was_seen(world: World, spool: Spool, drain: Drain) -> None:
    task = world.task("posts", world.account.platform_uid)
    spool.answer(task, [{"time": "2026-11-23T01:00:00Z"}], complete=False)
    spool.answer(task, [], state="quarantine", reason="not JSON", complete=False)
    drain()
    task.refresh_from_db()
    assert task.seen_back_to is not None
    assert task.seen_back_to.isoformat() == "2026-11-23T01:00:00+00:00"


def test_pages_reach_further_back_and_a_new_look_begins_anew(
    world: World, spool: Spool, drain: Drain
) -> None:
    task = world.task("posts", world.account.platform_uid)
    spool.answer(task, [{"time": "2026-11-23T01:00:00Z"}], complete=False)
    spool.answer(task, [{"time": "2026-11-20T01:00:00Z"}], page=2, complete=False)
    drain()
    task.refresh_from_db()
    assert str(task.seen_back_to) == "2026-11-20 01:00:00+00:00"
    spool.answer(task, [{"time": "2026-11-22T01:00:00Z"}], complete=False)
    drain()
    task.refresh_from_db()
    assert str(task.seen_back_to) == "2026-11-22 01:00:00+00:00"
    assert Publication.objects.count() == 3


def test_more_timelines_are_no_more_queries(world: World, spool: Spool, drain: Drain) -> None:
    def queries(uids: list[str]) -> int:
        for uid in uids:
            spool.answer(world.task("posts", uid), [{"time": "2026-11-23T01:00:00Z"}], complete=False)
        with CaptureQueriesContext(connection) as asked:
            drain()
        return len(asked)

    assert queries(["2"]) >= queries(["3", "4", "5", "6"])


@pytest.mark.parametrize(
    "bad", [{"name": "甲"}, {"id": "2"}, {"id": "9" * 200, "name": "甲"}, {"id": 2, "name": 3}]
)
def test_a_row_that_names_nobody_is_refused_beside_good_ones(
    world: World, spool: Spool, drain: Drain, bad: dict[str, object]
) -> None:
    spool.answer(world.task("search", "a"), [bad, row("2", "甲")])
    drain()
    assert (Observation.objects.count(), Quarantine.objects.count()) == (1, 1)


def test_a_host_pause_is_kept_and_never_shortened(world: World, spool: Spool, drain: Drain) -> None:
    lease = HostLease.objects.create(host="127.0.0.1:1", lease_until=NOW, not_before=NOW, day=NOW.date())
    for minute in ("30", "10"):
        moment = f"2026-11-24T05:{minute}:00.000000Z"
        spool.event({"event": "host", "host": "127.0.0.1:1", "not_before": moment, "reason": "429"})
    drain()
    lease.refresh_from_db()
    assert lease.not_before.minute == 30


def test_a_platform_that_wants_a_check_is_left_alone_as_long_as_its_spec_says(
    world: World, spool: Spool, drain: Drain
) -> None:
    lease = HostLease.objects.create(host="127.0.0.1:1", lease_until=NOW, not_before=NOW, day=NOW.date())
    until = "2026-11-24T16:00:00.000000Z"
    spool.event({"event": "challenge", "source": "mastodon/other", "until": until, "reason": "401"})
    drain()
    lease.refresh_from_db()
    assert lease.not_before == NOW
    spool.event({"event": "challenge", "source": "mastodon/example", "until": until, "reason": "401"})
    drain()
    lease.refresh_from_db()
    assert lease.not_before.hour == 16


def test_an_answer_read_in_the_next_batch_has_its_verdict(world: World, spool: Spool, drain: Drain) -> None:
    task = world.task("search", "郑州")
    spool.event(response(1, task.pk, b"[]"))
    drain()
    assert Response.objects.get().state == ""
    told = {"event": "rows", "seq": 1, "task": task.pk, "page": 1, "state": "empty", "rows": []}
    spool.event({**told, "field_errors": [], "reason": "nobody"})
    drain()
    assert (Response.objects.get().state, Response.objects.get().reason) == ("empty", "nobody")


def test_a_second_ingester_of_the_same_batch_is_told_and_stores_nothing(
    world: World, spool: Spool, drain: Drain
) -> None:
    spool.answer(world.task("search", "a"), [row("2", "甲")])
    stale = CrawlRun.objects.get(pk=world.run.pk)
    drain()
    with pytest.raises(ingest.Superseded):
        ingest.drain(stale, NOW)
    assert Response.objects.count() == 1


def test_a_body_that_is_no_base64_is_not_kept(world: World, spool: Spool, drain: Drain) -> None:
    spool.event({**response(1, None, b"x"), "body": "%%%"})
    drain()
    assert not Response.objects.exists()
    assert not Capture.objects.exists()


def test_a_changed_capture_is_never_given_out(world: World, spool: Spool, drain: Drain) -> None:
    spool.answer(world.task("search", "a"), [row("2", "甲")])
    drain()
    digest = Capture.objects.get().sha256
    (captures.directory() / digest).write_bytes(b"forged")
    with pytest.raises(captures.CaptureError, match="changed on disk"):
        captures.read(digest)


def test_each_batch_is_one_audit_event_with_its_counts(world: World, spool: Spool, drain: Drain) -> None:
    spool.answer(world.task("search", "a"), [row("2", "甲")])
    drain()
    event = Event.objects.get(action="observations.ingest")
    assert event.subject_id == str(world.run.key)
    assert b'"observations":1' in bytes(event.body)
