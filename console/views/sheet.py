"""The printable case sheet, for the office that takes the case on. In Chinese, whoever prints it."""

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from audit_logs.record import record
from common import clock
from console import sheet
from console.permissions import signed_in
from console.views.case import found


@require_safe
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet. Opening it is on record, because it is made to leave the house."""
    user, now = signed_in(request), clock.now()
    case = found(user, pk)
    with transaction.atomic():
        record(f"user:{user.pk}", "case.sheet", ("case", str(pk)), {"version": case.version})
    with translation.override("zh-hans"):
        paper = render_to_string("console/_sheet.html", sheet.of(case) | {"now": now})
    return render(request, "console/sheet.html", {"case": case, "paper": paper, "now": now})
