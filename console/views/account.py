"""One registered account: its facts, how it came to them, how it looked over time, and how it is watched."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from common import clock
from console import register, words, worklist
from console.permissions import may_open, refused, sees_rules, signed_in
from detection.difference import Span, differences
from observations import selectors as observations
from observations.snapshots import Snapshot, snapshots
from registry.history import imports_of
from registry.models import Account, User
from registry.scope import visible_accounts
from watch.selectors import visible_findings

FACES, IMPORTS, CASES, NAMES = 20, 20, 20, 100
# Longer texts are not compared character by character, still longer ones not shown whole.
MARKED, SHOWN = 200, 300
# What of a face is registered as well; all of it is short.
REGISTERED = ("name", "handle", "certified_subject")


@dataclass(frozen=True, slots=True)
class Changed:
    """A field of a face and what it was before; `spans` mark the difference where both are short."""

    field: str
    old: str
    new: str
    spans: tuple[Span, ...]

    @property
    def field_title(self) -> str:
        """The field in the language of the page."""
        return str(words.FACE[self.field])


@dataclass(frozen=True, slots=True)
class Face:
    """A snapshot and what changed in it against the face before."""

    snapshot: Snapshot
    changes: list[Changed]


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Everything about an account in reach."""
    user, now = signed_in(request), clock.now()
    account = _found(user, pk)
    faces = [_face(one) for one in snapshots(account, FACES)]
    context = {
        "account": account,
        "imports": imports_of(account, IMPORTS),
        "inside": sees_rules(user),
        "names": account.protected_names.select_related("unit").order_by("-since", "-pk")[:NAMES],
        "faces": faces,
        "differing": _differing(account, faces),
        "followers": [face.snapshot for face in faces if face.snapshot.seen.followers is not None],
        "coverage": [(purpose, _coverage(user, account, purpose, now)) for purpose in register.PURPOSES],
        "findings": visible_findings(user).filter(account=account),
        "cases_open": may_open(user, "cases"),
        "rows": _cases(user, account, now),
        "titles": register.platform_titles(),
        "address": "",
        "now": now,
    }
    return render(request, "console/account.html", context)


def _found(user: User, pk: int) -> Account:
    """The account, or 404; one that is out of reach is answered the same and put on record."""
    account = visible_accounts(user).filter(pk=pk).first()
    if account is None:
        if Account.objects.filter(pk=pk).exists():
            refused(user, ("account", str(pk)))
        raise Http404(_("There is no such account in your area."))
    return account


def _face(one: Snapshot) -> Face:
    return Face(one, [_changed(field, one) for field in words.FACE if field in one.changed])


def _changed(field: str, one: Snapshot) -> Changed:
    old, new = getattr(one.before, field), getattr(one.seen, field)
    is_short = max(len(old), len(new)) <= MARKED
    spans = differences(new, old) if is_short else ()
    return Changed(field, _cut(old), _cut(new), spans)


def _differing(account: Account, faces: list[Face]) -> list[Changed]:
    """What of the newest face is shown and is not as registered; nothing where it was not seen."""
    if not faces:
        return []
    seen = faces[0].snapshot.seen
    pairs = [(field, getattr(account, field), getattr(seen, field)) for field in REGISTERED]
    return [
        Changed(field, old, new, differences(new, old))
        for field, old, new in pairs
        if old and new and old != new
    ]


def _cut(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"


def _coverage(user: User, account: Account, purpose: observations.Purpose, now: datetime) -> list[Any]:
    return list(observations.visible_coverage(user, purpose, now).filter(pk=account.pk))


def _cases(user: User, account: Account, now: datetime) -> list[worklist.Row]:
    """The newest cases in which somebody imitates it."""
    cases = worklist.visible(user).filter(target=account).order_by("-detected_at", "-pk")
    return worklist.rows(cases[:CASES], now)
