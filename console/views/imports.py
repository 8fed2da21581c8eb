"""Files that come in: what was brought, how it stands, and the forms to bring another.

The bytes of a file are written while its form is read, so whether this person may bring it is asked before
that: the check against forged forms, which reads the form, comes after the check of the role.
"""

from dataclasses import dataclass
from uuid import uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_POST, require_safe

from common import clock
from console import filters, inbox, outcomes, words
from console.bringing import FORMS, Bringing
from console.inbox import Inbox
from console.permissions import View, brings, refused, signed_in
from registry import uploads
from registry.models import FileImport, User
from registry.scope import visible_imports

NO_AREA = gettext_lazy("You have no area to bring files in for. The administrator can set one.")
UNPROCESSABLE, TOO_LARGE, NO_ROOM = 422, 413, 507


@dataclass(frozen=True, slots=True)
class Row:
    """An import and what it came to so far."""

    job: FileImport
    shown: outcomes.Shown


@dataclass(frozen=True, slots=True)
class Door:
    """A form for a kind of file, where it is sent, and how many MiB a file may have."""

    kind: str
    form: Bringing
    address: str
    most: int


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The imports in reach, those that broke off first, and a form for each kind the person may bring."""
    return _page(request)


def visible(user: User) -> QuerySet[FileImport]:
    """The imports `user` may look at: in reach, and of a kind the role brings."""
    return visible_imports(user).filter(kind__in=brings(user)).select_related("by")


def receiver(kind: str) -> View:
    """The view that takes a file of `kind`."""

    @csrf_exempt
    @require_POST
    def receive(request: HttpRequest) -> HttpResponse:
        user, most = signed_in(request), uploads.LIMITS[kind]
        if user.scope is None:
            refused(user, ("page", f"bring_{kind}"))
            raise PermissionDenied(NO_AREA)
        if int(request.META.get("CONTENT_LENGTH") or 0) > most + inbox.FIELDS:
            return _turned_away(request, kind, "too_large")
        try:
            uploads.check_room(user)
        except uploads.TooMany as refusal:
            return _page(request, problem=words.spoken(refusal), status=UNPROCESSABLE)
        key = uuid4()
        with inbox.inbox(uploads.folder_of(key), most) as box:
            request.upload_handlers = [box]
            return _received(request, FORMS[kind], uploads.Upload(key, kind), box)

    return receive


registry, contacts, observations = (receiver(kind) for kind in ("registry", "contacts", "observations"))


@csrf_protect
def _received(
    request: HttpRequest, form_of: type[Bringing], upload: uploads.Upload, box: Inbox
) -> HttpResponse:
    """Put the file in line, or show the form again with what is wrong; then nothing of it is kept."""
    user, form = signed_in(request), form_of(request.POST, request.FILES)
    if box.problem:
        return _turned_away(request, upload.kind, box.problem)
    if not form.is_valid():
        return _page(request, form, status=UNPROCESSABLE)
    file = form.cleaned_data["file"]
    try:
        uploads.receive(upload, file, form.options(user), user, clock.now())
    except uploads.TooMany as refusal:
        return _page(request, problem=words.spoken(refusal), status=UNPROCESSABLE)
    box.kept = True
    return redirect("import", upload.key)


def _turned_away(request: HttpRequest, kind: str, problem: str) -> HttpResponse:
    if problem == "no_room":
        said = _("There is no room left on the disk. Tell the system administrator; nothing was kept.")
        return _page(request, problem=said, status=NO_ROOM)
    said = _("This file is too large: %(most)s MiB is the most. Split it into smaller files.")
    return _page(request, problem=said % {"most": uploads.LIMITS[kind] // uploads.MIB}, status=TOO_LARGE)


def _page(
    request: HttpRequest, filled: Bringing | None = None, problem: str = "", status: int = 200
) -> HttpResponse:
    user = signed_in(request)
    jobs = visible(user)
    choice = filters.chosen(form := filters.ImportFilter(request.GET))
    page = filters.page_of(request, _kept(jobs, choice))
    context = {
        "doors": [_door(kind, filled) for kind in brings(user)] if user.scope else [],
        "problem": problem,
        "broken_off": jobs.filter(state="broken_off").order_by("-changed_at"),
        "form": form,
        "choice": choice,
        "page": page,
        "rows": [Row(job, outcomes.read(job.outcome)) for job in page.object_list],
        "address": filters.address(request.GET),
    }
    return render(request, "console/imports.html", context, status=status)


def _door(kind: str, filled: Bringing | None) -> Door:
    form = filled if filled and kind == filled.KIND else FORMS[kind]()
    return Door(kind, form, inbox.address(kind), uploads.LIMITS[kind] // uploads.MIB)


def _kept(jobs: QuerySet[FileImport], choice: filters.Chosen) -> QuerySet[FileImport]:
    for name in ("state", "kind"):
        if value := choice.values[name]:
            jobs = jobs.filter(**{name: value})
    return jobs.order_by("-created_at", "-pk")
