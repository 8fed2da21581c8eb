"""To acknowledge is to promise: who does what, until when. One form for the link and for the console."""

from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from alerting.escalation import promise_limit
from common.clock import BEIJING
from console import words
from console.times import beijing

# What the form offers as the end of the promise; the person may choose another up to the limit.
OFFERED = {
    "S1": timedelta(hours=1),
    "S2": timedelta(hours=8),
    "S3": timedelta(days=3),
    "S4": timedelta(days=7),
}
MINUTES = "%Y-%m-%dT%H:%M"


class PromiseForm(forms.Form):
    """`promise` (one of words.PROMISES), `text` (more about it) and `until` (Beijing time, to the minute)."""

    promise = forms.ChoiceField(
        label=gettext_lazy("What will be done"),
        choices=list(words.PROMISES.items()),
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        required=False,
        max_length=400,
        label=gettext_lazy("More about it, or who takes it over"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    until = forms.DateTimeField(
        label=gettext_lazy("Done by (Beijing time)"),
        input_formats=[MINUTES],
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format=MINUTES),
    )

    def __init__(self, given: Any, severity: str, now: datetime) -> None:
        super().__init__(given, initial={"promise": "check", "until": (now + OFFERED[severity])})
        self.now, self.limit = now, promise_limit(severity, now)
        bounds = {"min": _minute(now), "max": _minute(self.limit)}
        self.fields["until"].widget.attrs |= bounds

    def clean_until(self) -> datetime:
        """A moment to come, not behind what the severity allows."""
        until: datetime = self.cleaned_data["until"]
        if until <= self.now:
            raise forms.ValidationError(_("This moment is over. Choose one that is still to come."))
        if until > self.limit:
            latest = _("A promise about this alert may name %(until)s at the latest.")
            raise forms.ValidationError(latest % {"until": beijing(self.limit)[:16]})
        return until

    def clean(self) -> dict[str, Any] | None:
        """The fields; “something else” says what."""
        fields = super().clean()
        if self.cleaned_data.get("promise") == "other" and not self.cleaned_data.get("text"):
            self.add_error("text", _("Say what will be done."))
        return fields

    def sentence(self) -> str:
        """The promise as it is kept, in the language of the page. Only of a valid form."""
        chosen, text = self.cleaned_data["promise"], self.cleaned_data["text"]
        if chosen == "other":
            return str(text)
        said = str(words.PROMISES[chosen])
        return f"{said} – {text}" if text else said


def _minute(moment: datetime) -> str:
    return moment.astimezone(BEIJING).strftime(MINUTES)
