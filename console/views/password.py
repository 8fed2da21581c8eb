"""Changing one's own password; the only page open while a change is due."""

from typing import Any

from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.contrib.auth.forms import PasswordChangeForm
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from audit_logs.record import record
from console.permissions import signed_in


class ChangeForm(PasswordChangeForm):
    """Django's own form, and the new password must be another one."""

    def clean(self) -> dict[str, Any] | None:
        """The cleaned fields. The old password is known to be right here, so equality says no secret."""
        fields = super().clean()
        old, new = self.cleaned_data.get("old_password"), self.cleaned_data.get("new_password1")
        if old and old == new:
            self.add_error("new_password1", _("The new password is the old one. Choose another."))
        return fields


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest) -> HttpResponse:
    """The form; a changed password ends the person's other sign-ins."""
    user = signed_in(request)
    form = ChangeForm(user, request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/password.html", {"form": form, "due": user.password_change_due})
    form.save(commit=False)  # the slow hashing, before the database is held
    user.password_change_due = False
    with transaction.atomic():
        user.save(update_fields=["password", "password_change_due"])
        record(f"user:{user.pk}", "session.password_changed", ("user", str(user.pk)), {})
        update_session_auth_hash(request, user)
    messages.success(request, _("The password is changed. Other sign-ins of yours have ended."))
    return redirect("start")
