"""The demo's mailbox: what the local catcher received, newest first. An office's installation has none."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from common import clock
from console import letters

SHOWN = 50
BYTES = 200_000


@dataclass(frozen=True, slots=True)
class Received:
    """A mail, when it came, and its text cut at its links."""

    letter: letters.Letter
    at: datetime
    pieces: list[letters.Piece]


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The newest 50 mails; 404 unless this is the demo."""
    if settings.MODE != "demo":
        raise Http404
    folder = settings.DATA_FOLDER / "mailbox"
    context = {"mails": list(_newest(folder)), "shown": SHOWN, "now": clock.now()}
    return render(request, "console/mailbox.html", context)


def _newest(folder: Path) -> Iterator[Received]:
    """The files are named by the moment they came."""
    for file in sorted(folder.glob("*.eml"), reverse=True)[:SHOWN]:
        with suppress(FileNotFoundError):  # the catcher keeps only so many
            yield _received(file)


def _received(file: Path) -> Received:
    with file.open("rb") as opened:
        letter = letters.read(opened.read(BYTES))
    at = datetime.fromtimestamp(file.stat().st_mtime, UTC)
    return Received(letter, at, list(letters.pieces(letter.text, settings.PUBLIC_URL)))
