"""The rows of one file that is taken: its run and response, what it shows, publications, answers, ledger."""

import os
import socket
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from common import clock
from observations import answering, coverage, frontier, handed
from observations.answering import Answered
from observations.claims import Claim
from observations.exports import Found, stored
from observations.models import Capture, CrawlRun, Handover, Publication, Response, Source
from observations.stage import Stage
from observations.told import Told
from registry.models import Account

NOT_HTTP = 0
"""The status of a response that nobody asked for over HTTP."""
NOT_ASKED = "not_asked"
"""What robots.txt says where no request was made."""


@dataclass(frozen=True, slots=True)
class File:
    """A file that is handed in, and what is said of it.

    `digest` and `size` of its bytes; `exported_at` as said (`is_dated`), or the moment it came in; `by`: who
    brought it, as people know them.
    """

    name: str
    digest: str
    size: int
    platform: str
    instance: str
    mapping_version: str
    statement: str
    covers: str
    exported_at: datetime
    is_dated: bool
    actor: str
    by: str

    @property
    def place(self) -> tuple[str, str]:
        """Platform and instance."""
        return self.platform, self.instance


@dataclass(frozen=True, slots=True)
class Written:
    """How many looks and publications were new; None for `answered` where a crawl answers."""

    observations: int
    publications: int
    answered: Answered | None


def before(file: File) -> Handover | None:
    """The same file, taken before with the same words about it."""
    same = Handover.objects.filter(
        response__capture=file.digest,
        platform=file.platform,
        instance=file.instance,
        mapping_version=file.mapping_version,
        statement=file.statement,
        covers=file.covers,
    )
    return (same.filter(exported_at=file.exported_at) if file.is_dated else same).order_by("pk").first()


def write(
    file: File,
    source: Source,
    claim: Claim,
    stage: Stage,
    found: Found,
    refused: int,
    now: datetime,
    progress: Callable[[int], None],
) -> Written:
    """Store everything. Call inside a transaction, when the bytes are kept."""
    response = _response(file, found, now)
    Handover.objects.create(
        response=response,
        platform=file.platform,
        instance=file.instance,
        file_name=file.name[:255],
        statement=file.statement,
        covers=file.covers,
        exported_at=file.exported_at,
        mapping_version=file.mapping_version,
        actor=file.actor,
        rows=found.rows,
        refused=refused,
        at=now,
    )
    exported_at = stored(clock.isoformat(file.exported_at))
    added = handed.write(stage, file.place, response, exported_at, progress)
    publications = _publications(file, found.registered, response)
    answered = None
    if source.is_import_only:
        frontier.refresh(source, now)
        told = Told(file.name, file.by)
        answered = answering.answer(
            source, found.queries, claim, found.registered.keys(), told, file.exported_at
        )
        coverage.refresh(now)
    return Written(added, publications, answered)


def _response(file: File, found: Found, now: datetime) -> Response:
    """The file as an answer. Nothing was asked, so it has neither host, status nor certificate to show."""
    run = CrawlRun.objects.create(
        key=uuid.uuid4(),
        worker=f"{CrawlRun.OF_A_FILE}{socket.gethostname()[:80]}/{os.getpid()}",
        state="ingested",
        started_at=now,
        finished_at=now,
        heartbeat_at=now,
    )
    capture, _ = Capture.objects.get_or_create(
        sha256=file.digest, defaults={"size": file.size, "stored_at": now}
    )
    address = f"file:{quote(file.name)}"
    return Response.objects.create(
        run=run,
        seq=1,
        url=address,
        final_url=address,
        status=NOT_HTTP,
        headers=[],
        robots={"verdict": NOT_ASKED, "sha256": None, "fetched_at": None},
        at=file.exported_at,
        clock_source="statement" if file.is_dated else "system",
        capture=capture,
        state="ok" if found.rows else "empty",
    )


def _publications(file: File, registered: Mapping[str, str | None], response: Response) -> int:
    """Keep when registered accounts published last, where the file says it exactly; returns how many are new.

    A lone time shows that an account is alive; that it has not published since is not known from it.
    """
    times = {uid: datetime.fromisoformat(at) for uid, at in registered.items() if at}
    here = Account.objects.filter(platform=file.platform, instance=file.instance)
    rows = [
        Publication(account_id=pk, at=times[uid], url="", response=response)
        for pk, uid in here.values_list("pk", "platform_uid").iterator()
        if uid in times
    ]
    known = Publication.objects.count()
    Publication.objects.bulk_create(rows, ignore_conflicts=True, batch_size=500)
    return Publication.objects.count() - known
