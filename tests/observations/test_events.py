"""Whatever stands in a spool, the rest of it is stored, and what was lost is not called looked at."""

import base64
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_logs.models import Event
from common.clock import isoformat
from observations import events, ingest
from observations.models import CrawlRun, Observation, Quarantine, Response, Task
from tests.observations.conftest import NOW, Spool, World, response, row

Line = dict[str, Any]
DEEP: list[Any] = []
for _ in range(500):
    DEEP = [DEEP]
BAD: list[Any] = [
    None,
    True,
    -1,
    2**63,
    2**70,
    1.5,
    "",
    "\x00",
    "\ud800",
    "x" * 20_000,
    [],
    [[]],
    [1],
    {},
    DEEP,
]
BAD += [{"a": "\ud800"}, {"\ud800": 1}, [["k", "\ud800"]], "9999-12-31T23:59:59.999999Z"]


def of_every_kind(task: Task) -> list[Line]:
    """A sound event of every kind."""
    found = row("2", "郑洲发布", followers=3, bio="b", links=["https://a.example/"])
    return [
        response(1, task.pk, b"[]"),
        {
            "event": "rows",
            "seq": 1,
            "task": task.pk,
            "page": 1,
            "state": "ok",
            "rows": [found],
            "reason": None,
        },
        {"event": "host", "host": "127.0.0.1:1", "not_before": isoformat(NOW), "reason": "429"},
        {"event": "challenge", "source": "mastodon/example", "until": isoformat(NOW), "reason": "x"},
        {"event": "task", "task": task.pk, "state": "ok", "reason": None, "pages": 1, "complete": True},
    ]


def test_sound_events_have_no_problem(world: World) -> None:
    assert [events.problem(event) for event in of_every_kind(world.task("search", "a"))] == [None] * 5


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_value_in_any_place_keeps_the_rest_from_the_store(
    world: World, spool: Spool, data: st.DataObject
) -> None:
    with transaction.atomic():
        spool.lines.clear()
        written = of_every_kind(world.task("search", "a"))
        event = data.draw(st.sampled_from(written))
        place = data.draw(st.sampled_from(sorted(event)))
        event[place] = data.draw(st.sampled_from(BAD))
        if place == "rows" and data.draw(st.booleans()):
            event["rows"] = [
                row("2", "甲") | {data.draw(st.sampled_from(["id", "name", "bio", "x"])): event["rows"]}
            ]
        for one in written:
            spool.event(one)
        spool.answer(world.task("search", "b"), [row("3", "乙")])
        ingest.drain(CrawlRun.objects.get(pk=world.run.pk), NOW)
        assert Observation.objects.filter(uid="3").exists()
        assert Task.objects.get(value="b").state == "ok"
        transaction.set_rollback(True)


@pytest.mark.parametrize("damage", ["body", "hash", "rows", "response"])
def test_a_question_whose_answer_was_damaged_was_not_looked_at(
    world: World, spool: Spool, damage: str
) -> None:
    answer, rows, *_, end = of_every_kind(world.task("search", "a"))
    if damage == "body":
        answer["body"] = base64.b64encode(b"[1]").decode()
    if damage == "hash":
        answer["body_sha256"] = None
    for event in [answer, rows, end]:
        broken = event["event"] == damage
        spool.raw(b'{"event":"damaged\n') if broken else spool.event(event)
    ingest.drain(world.run, NOW)
    task = Task.objects.get()
    assert (task.state, task.complete, task.looked_at) == ("quarantine", False, None)
    assert "damaged" in task.reason
    assert Quarantine.objects.exists()


def test_bytes_that_are_not_what_they_say_become_no_proof(world: World, spool: Spool) -> None:
    spool.event(response(1, None, b"[]") | {"body": base64.b64encode(b"[forged]").decode()})
    ingest.drain(world.run, NOW)
    assert not Response.objects.exists()
    assert "not what its hash says" in Quarantine.objects.get().reason


def test_a_batch_ends_before_it_fills_the_memory(
    world: World, spool: Spool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ingest, "MAX_BYTES", 1)
    for n in range(3):
        spool.event(response(n + 1, None, b"[%d]" % n))
    ingest.drain(world.run, NOW)
    assert Response.objects.count() == 3
    assert Event.objects.filter(action="observations.ingest").count() == 3
