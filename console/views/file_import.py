"""One file that somebody brought in: how far it is, what it changes, what is wrong with it, what one may do.

Whoever has the area sees it; only who brought it in has it checked again, takes it or withdraws it. What is
confirmed is what was shown: a page that was overtaken is told so.
"""

from collections.abc import Callable
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from common import clock
from common.clock import BEIJING, isoformat
from console import columns, outcomes, words
from console.columns import AgainForm
from console.permissions import refused, signed_in
from console.views.imports import visible
from registry import imports, profiles, uploads
from registry.models import FileImport, User

UNPROCESSABLE = 422
NOT_YOURS = gettext_lazy("Only who brought a file in can act on it. Bring it in yourself to take it.")
WORKING = ("received", "checking", "confirmed", "taking")


class TakeForm(forms.Form):
    """Confirms what was `seen`; where accounts would end, by their number."""

    seen = forms.CharField(widget=forms.HiddenInput)
    number = forms.IntegerField(
        label=gettext_lazy("Type how many accounts end"),
        min_value=0,
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )

    def __init__(self, given: object, job: FileImport) -> None:
        super().__init__(given, initial={"seen": isoformat(job.changed_at)})  # type: ignore[arg-type]
        self.job, self.retired = job, outcomes.read(job.outcome).retired
        if not self.retired:
            del self.fields["number"]

    @property
    def is_overtaken(self) -> bool:
        """Whether the import is no longer as it was shown."""
        return self.data.get("seen") != isoformat(self.job.changed_at)

    def clean_number(self) -> int:
        """The number that the preview shows."""
        number: int = self.cleaned_data["number"]
        if number != self.retired:
            raise forms.ValidationError(
                _("%(number)s accounts would end. Type this number if that is meant.")
                % {"number": self.retired}
            )
        return number


@require_safe
def show(request: HttpRequest, key: UUID) -> HttpResponse:
    """The whole import."""
    return _page(request, _found(signed_in(request), key))


@require_POST
def again(request: HttpRequest, key: UUID) -> HttpResponse:
    """Check it once more with other options; what the columns mean may be kept under a name."""
    user, job, now = signed_in(request), _own(request, key), clock.now()
    form = AgainForm(request.POST, job)
    if not form.is_valid():
        return _page(request, job, again_form=form, status=UNPROCESSABLE)

    def check() -> None:
        uploads.check_again(job, form.options, user, now)
        if name := form.cleaned_data["profile_name"]:
            profiles.save(job.kind, name, form.mapping, f"user:{user.pk}", now)

    return _done(request, job, check)


@require_POST
def take(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take it as it was shown."""
    user, job = signed_in(request), _own(request, key)
    form = TakeForm(request.POST, job)

    def confirm() -> None:
        if form.is_overtaken:
            raise uploads.Outdated
        uploads.confirm(job, user, clock.now(), retiring=form.cleaned_data.get("number"))

    if form.is_overtaken or form.is_valid():
        return _done(request, job, confirm)
    return _page(request, job, take_form=form, status=UNPROCESSABLE)


@require_POST
def withdraw(request: HttpRequest, key: UUID) -> HttpResponse:
    """Take nothing of it, and keep none of its bytes."""
    user, job = signed_in(request), _own(request, key)
    return _done(request, job, lambda: uploads.withdraw(job, user, clock.now()))


@require_safe
def reasons(request: HttpRequest, key: UUID) -> HttpResponseBase:
    """A copy of the file with a column that says what is wrong with each row, to be saved, not shown."""
    job = _found(signed_in(request), key)
    path = uploads.reasons_of(job)
    if path is None:
        raise Http404(_("There is no such copy any more."))
    day = job.created_at.astimezone(BEIJING).strftime("%Y%m%d")
    name = _("faults-%(day)s%(ending)s") % {"day": day, "ending": path.suffix}
    kind = "application/octet-stream"
    return FileResponse(path.open("rb"), as_attachment=True, filename=name, content_type=kind)


def _done(request: HttpRequest, job: FileImport, act: Callable[[], None]) -> HttpResponse:
    try:
        act()
    except uploads.UploadError as refusal:
        messages.warning(request, words.spoken(refusal))
    return redirect("import", job.key)


def _found(user: User, key: UUID) -> FileImport:
    """The import, or 404; one that exists but is out of reach is answered the same and put on record."""
    job = visible(user).filter(key=key).first()
    if job is None:
        if FileImport.objects.filter(key=key).exists():
            refused(user, ("import", str(key)))
        raise Http404(_("There is no such import for you."))
    return job


def _own(request: HttpRequest, key: UUID) -> FileImport:
    user = signed_in(request)
    job = _found(user, key)
    if job.by_id != user.pk:
        refused(user, ("import", str(key)))
        raise PermissionDenied(NOT_YOURS)
    return job


def _page(
    request: HttpRequest,
    job: FileImport,
    *,
    again_form: AgainForm | None = None,
    take_form: TakeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    mine = job.by_id == signed_in(request).pk
    shown = outcomes.read(job.outcome)
    is_here = uploads.is_kept(job)
    context = {
        "job": job,
        "shown": shown,
        "preview": outcomes.read(uploads.preview_of(job)),
        "progress": imports.progress_of(job),
        "is_working": job.state in WORKING,
        "mine": mine,
        "titles": columns.titles(job.kind),
        "column_kinds": outcomes.COLUMN_KINDS,
        "ask_columns": shown.faults.has_columns or shown.notices.has_columns or again_form is not None,
        "has_reasons": uploads.reasons_of(job) is not None,
        "may_check": mine and is_here and job.state in uploads.AT_REST,
        "may_withdraw": mine and job.state in ("received", *uploads.AT_REST),
        "again_form": again_form or AgainForm(None, job),
        "take_form": take_form or TakeForm(None, job),
    }
    return render(request, "console/import.html", context, status=status)
