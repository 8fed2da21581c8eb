"""Writes a batch of crawl events as rows; called by `observations.ingest` inside its transaction."""

import base64
import binascii
import hashlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db.models import Count, QuerySet

from common import clock
from observations import captures, leases
from observations.frontier import NEXT_DUE
from observations.identity import Identity, RowRefused, count, identity, moment
from observations.judge import ANSWERED
from observations.models import (
    Capture,
    CrawlRun,
    Observation,
    Publication,
    Quarantine,
    Response,
    Sighting,
    Source,
    Task,
)
from registry.models import Account

BEGINNING = datetime(1990, 1, 1, tzinfo=UTC)
"""Before any platform: a timeline that was seen whole was seen back to here."""
LOOKED_UP = 500
"""Looks asked for in one question to the database."""
LOST = "an answer was damaged between crawl and store"
Event = Mapping[str, Any]
Kept = dict[int, tuple[str, int]]
"""Per `seq` of a response: the SHA-256 of its body and its size."""


@dataclass
class Counts:
    """What a batch came to."""

    responses: int = 0
    observations: int = 0
    sightings: int = 0
    publications: int = 0
    answered: int = 0
    refused: int = 0

    def as_dict(self) -> dict[str, int]:
        """The counts by name."""
        return dict(vars(self))


def keep_bodies(events: Iterable[Event]) -> Kept:
    """Put the body of every response under its hash. Bytes that do not fit their stated hash are not kept."""
    kept: Kept = {}
    for event in events:
        if event["event"] != "response":
            continue
        try:
            body = base64.b64decode(event["body"], validate=True)
        except (binascii.Error, ValueError):
            continue
        if hashlib.sha256(body).hexdigest() == event["body_sha256"]:
            kept[event["seq"]] = (captures.keep(body), len(body))
    return kept


class Writer:
    """Turns events into rows for one run, in the order the spool has them."""

    def __init__(self, run: CrawlRun, kept: Kept, counts: Counts, now: datetime) -> None:
        self.run, self.kept, self.counts, self.now = run, kept, counts, now

    def write(self, events: Sequence[Event]) -> None:
        """Store `events`; afterwards `counts` says what they came to."""
        by_kind: dict[str, list[Event]] = {}
        for event in events:
            by_kind.setdefault(event["event"], []).append(event)
        tasks = self._tasks(events)
        responses = self._responses(by_kind.get("response", []), by_kind.get("rows", []), tasks)
        for event in by_kind.get("response", []):
            if event["seq"] not in self.kept:
                self._refuse(event, None, f"response {event['seq']}: the body is not what its hash says")
        for event in by_kind.get("rows", []):
            self._quarantined(event, responses)
        self._posts(by_kind.get("rows", []), tasks, responses)
        self._profiles(by_kind.get("rows", []), tasks, responses)
        self._answers(by_kind.get("task", []), tasks)
        self._pauses(by_kind.get("host", []), by_kind.get("challenge", []))

    def _tasks(self, events: Sequence[Event]) -> dict[int, Task]:
        wanted = {event["task"] for event in events if isinstance(event.get("task"), int)}
        return Task.objects.select_related("source").in_bulk(wanted)

    def _responses(
        self, events: list[Event], rows: list[Event], tasks: dict[int, Task]
    ) -> dict[int, Response]:
        verdicts = {event["seq"]: event for event in rows}
        usable = [event for event in events if event["seq"] in self.kept]
        Capture.objects.bulk_create(
            [Capture(sha256=sha, size=size, stored_at=self.now) for sha, size in set(self.kept.values())],
            ignore_conflicts=True,
        )
        Response.objects.bulk_create(
            [self._response(event, verdicts.get(event["seq"]), tasks) for event in usable],
            ignore_conflicts=True,
        )
        for seq in verdicts.keys() - self.kept.keys():
            # The response was the last line of the batch before.
            Response.objects.filter(run=self.run, seq=seq).update(**_verdict(verdicts[seq]))
        self.counts.responses += len(usable)
        wanted = {event["seq"] for event in [*usable, *rows]}
        return {r.seq: r for r in Response.objects.filter(run=self.run, seq__in=wanted)}

    def _response(self, event: Event, verdict: Event | None, tasks: dict[int, Task]) -> Response:
        return Response(
            run=self.run,
            seq=event["seq"],
            task=tasks.get(event.get("task") or 0),
            url=event["url"],
            final_url=event["final_url"],
            status=event["status"],
            headers=event["headers"],
            peer=event.get("peer") or "",
            robots=event["robots"],
            at=clock.parse(event["at"]),
            clock_source=event["clock_source"],
            tls_certificate_sha256=event.get("tls_certificate_sha256") or "",
            capture_id=self.kept[event["seq"]][0],
            **_verdict(verdict),
        )

    def _quarantined(self, event: Event, responses: dict[int, Response]) -> None:
        """An answer that could not be read keeps its bytes and is named."""
        if event["state"] == "quarantine":
            self._refuse(event, responses.get(event["seq"]), event.get("reason") or "unreadable answer")

    def _refuse(self, event: Event, response: Response | None, reason: str) -> None:
        self.counts.refused += 1
        Quarantine.objects.create(run=self.run, response=response, reason=reason[:500], at=self.now)

    def _profiles(self, events: list[Event], tasks: dict[int, Task], responses: dict[int, Response]) -> None:
        """Rows of search, look-up and profile: observations, and where each was seen."""
        seen: list[tuple[str, Response, int]] = []
        new: dict[str, Observation] = {}
        for event in events:
            task, response = tasks.get(event["task"]), responses.get(event["seq"])
            if task is None or response is None or task.stage == "posts":
                continue
            for rank, row in enumerate(event["rows"], start=1):
                try:
                    face = identity(row)
                except RowRefused as error:
                    self._refuse(event, response, str(error))
                    continue
                digest = face.digest(task.source.platform, task.source.instance)
                new.setdefault(digest, self._observation(face, digest, row, task, response))
                seen.append((digest, response, rank))
        self._sightings(new, seen)

    def _observation(
        self, face: Identity, digest: str, row: Event, task: Task, response: Response
    ) -> Observation:
        return Observation(
            platform=task.source.platform,
            instance=task.source.instance,
            **vars(face),
            followers=count(row, "followers"),
            opened_at=moment(row, "created_at"),
            fields=dict(row),
            content_hash=digest,
            seen_at=response.at,
            response=response,
        )

    def _sightings(self, new: dict[str, Observation], seen: list[tuple[str, Response, int]]) -> None:
        known = _stored(new)
        fresh = [observation for digest, observation in new.items() if digest not in known]
        Observation.objects.bulk_create(fresh, ignore_conflicts=True, batch_size=200)
        pks = _stored(new)
        rows = [Sighting(observation_id=pks[digest], response=r, rank=rank) for digest, r, rank in seen]
        Sighting.objects.bulk_create(rows, ignore_conflicts=True, batch_size=1000)
        self.counts.observations += len(fresh)
        self.counts.sightings += len(rows)

    def _posts(self, events: list[Event], tasks: dict[int, Task], responses: dict[int, Response]) -> None:
        """Times of publication of registered accounts; what was published is not kept."""
        pages = [
            (tasks[event["task"]], responses[event["seq"]], event)
            for event in events
            # A failed look does not undo how far an earlier one reached.
            if event["task"] in tasks and event["seq"] in responses and event["state"] in ANSWERED
        ]
        pages = [page for page in pages if page[0].stage == "posts"]
        accounts = _accounts({task.value for task, _, _ in pages})
        publications = []
        for task, response, event in pages:
            times = [(at, str(row.get("url") or "")) for row in event["rows"] if (at := moment(row, "time"))]
            account = accounts.get((task.source.platform, task.source.instance, task.value))
            if account is not None:
                publications += [
                    Publication(account_id=account, at=at, url=url[:500], response=response)
                    for at, url in times
                ]
            before = [task.seen_back_to] if event["page"] > 1 and task.seen_back_to else []
            task.seen_back_to = min([*before, *(at for at, _ in times)], default=None)
        Publication.objects.bulk_create(publications, ignore_conflicts=True, batch_size=1000)
        Task.objects.bulk_update({task for task, _, _ in pages}, ["seen_back_to"], batch_size=200)
        self.counts.publications += len(publications)

    def _answers(self, events: list[Event], tasks: dict[int, Task]) -> None:
        """The last word on each question. Answers alike are written with one UPDATE."""
        alike: dict[tuple[str, str, bool], list[int]] = defaultdict(list)
        lost = self._lost(events)
        for event in events:
            if event["task"] in lost:
                alike["quarantine", LOST, False].append(event["task"])
            elif event["task"] in tasks:
                reason = (event.get("reason") or "")[:500]
                alike[event["state"], reason, event["complete"]].append(event["task"])
        for (state, reason, complete), pks in alike.items():
            self._answer(Task.objects.filter(pk__in=pks), state, reason, complete)
            self.counts.answered += len(pks)

    def _lost(self, events: list[Event]) -> set[int]:
        """Questions said to be answered of which not every page was stored and read: nobody has looked."""
        said = {event["task"]: event["pages"] for event in events if event["pages"]}
        stored = Response.objects.filter(run=self.run, task__in=said).exclude(state="")
        read = dict(stored.values_list("task").annotate(Count("pk")))
        return {task for task, pages in said.items() if read.get(task, 0) < pages}

    def _answer(self, tasks: QuerySet[Task], state: str, reason: str, complete: bool) -> None:
        """State, when it is due again, and, for a real answer, that somebody looked."""
        tasks.update(
            state=state,
            reason=reason,
            complete=complete,
            answered_at=self.now,
            run=None,
            due_at=self.now + NEXT_DUE[state],
        )
        if state in ANSWERED:
            tasks.update(looked_at=self.now)
            if complete:
                tasks.filter(stage="posts").update(seen_back_to=BEGINNING)

    def _pauses(self, hosts: list[Event], challenges: list[Event]) -> None:
        for event in hosts:
            leases.pause(event["host"], clock.parse(event["not_before"]))
        until = {event["source"]: clock.parse(event["until"]) for event in challenges}
        for source in Source.objects.all() if until else ():
            if str(source) in until:
                leases.pause(source.host, until[str(source)])


def _accounts(uids: set[str]) -> dict[tuple[str, str, str], int]:
    """The registered accounts with these ids, by what they are known by."""
    found = Account.objects.filter(platform_uid__in=uids)
    return {
        (platform, instance, uid): pk
        for pk, platform, instance, uid in found.values_list("pk", "platform", "instance", "platform_uid")
    }


def _stored(looks: Mapping[str, Observation]) -> dict[str, int]:
    """Those of `looks`, by content hash, that are stored. Asked for by their index, hash and all."""
    found: dict[str, int] = {}
    every = list(looks.values())
    for start in range(0, len(every), LOOKED_UP):
        some = every[start : start + LOOKED_UP]
        same = Observation.objects.filter(
            platform__in={look.platform for look in some},
            instance__in={look.instance for look in some},
            uid__in={look.uid for look in some},
            content_hash__in=[look.content_hash for look in some],
        )
        found |= dict(same.values_list("content_hash", "pk"))
    return found


def _verdict(event: Event | None) -> dict[str, str]:
    """What the reader of an answer said of it; nothing where it was not read."""
    return {"state": event["state"], "reason": (event.get("reason") or "")[:500]} if event else {}
