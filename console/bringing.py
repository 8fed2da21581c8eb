"""What is asked of whoever brings a file in, by what the file holds, and what its importer is told."""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.faults import BadFile
from console import words
from crawlers import specs
from crawlers.specs import SpecError
from observations import claims
from observations.models import Source
from registry import profiles
from registry.models import User

ACCEPTED = ".csv,.tsv,.txt,.xlsx,.json,.jsonl"
PACKED = f"{ACCEPTED},.gz,.zip"


class Bringing(forms.Form):
    """The file and what holds for every kind: whose columns are used, what becomes of bad rows."""

    KIND = ""
    file = forms.FileField(
        label=gettext_lazy("File"),
        error_messages={
            "required": gettext_lazy("Choose a file first."),
            "empty": gettext_lazy("This file is empty. Save it again and choose that one."),
        },
    )
    profile = forms.ChoiceField(required=False, label=gettext_lazy("Meaning of the columns"))
    skip_bad = forms.BooleanField(
        required=False, label=gettext_lazy("Leave out rows with faults, and take the others")
    )

    def __init__(self, given: Any = None, files: Any = None) -> None:
        super().__init__(given, files, auto_id=f"{self.KIND}_%s")
        known = profiles.names(self.KIND)
        automatic = ("", _("as their headings say"))
        self.fields["profile"] = forms.ChoiceField(
            required=False,
            label=gettext_lazy("Meaning of the columns"),
            choices=[automatic, *((name, name) for name in known)],
        )
        self.has_profiles = bool(known)
        self.fields["file"].widget.attrs["accept"] = ACCEPTED

    @property
    def ticks(self) -> list[forms.BoundField]:
        """The fields that are ticked."""
        return [field for field in self if isinstance(field.field, forms.BooleanField)]

    @property
    def others(self) -> list[forms.BoundField]:
        """The other fields, without the file."""
        return [
            field
            for field in self
            if not isinstance(field.field, forms.BooleanField | forms.FileField)
            and (field.name != "profile" or self.has_profiles)
        ]

    def options(self, by: User) -> dict[str, Any]:
        """What the importer of this kind is told; `by` bounds what the file may touch."""
        said = self.cleaned_data
        mapping = profiles.columns(self.KIND, said["profile"]) or {}
        return {"mapping": mapping, "skip_bad": said["skip_bad"], "scope_path": _scope(by)}


class RegistryForm(Bringing):
    """A register of units and accounts."""

    KIND = "registry"
    moving = forms.BooleanField(
        required=False, label=gettext_lazy("Accounts may move to the unit that the file names")
    )
    retire_missing = forms.BooleanField(
        required=False,
        label=gettext_lazy("This is the full list of my area: accounts it does not name have ended"),
    )

    def options(self, by: User) -> dict[str, Any]:
        """Those of every kind, and what becomes of accounts."""
        return super().options(by) | {name: self.cleaned_data[name] for name in ("moving", "retire_missing")}


class ContactsForm(Bringing):
    """Who answers for which office."""

    KIND = "contacts"


class ObservationsForm(Bringing):
    """What a platform or a vendor exported."""

    KIND = "observations"
    source = forms.ChoiceField(label=gettext_lazy("Platform"))
    statement = forms.CharField(
        label=gettext_lazy("Where the file is from"),
        max_length=500,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("for example: exported from the platform's console by our office"),
    )
    searched = forms.ChoiceField(
        required=False,
        label=gettext_lazy("What was searched for"),
        choices=list(words.SEARCHED.items()),
    )
    covers = forms.CharField(
        required=False,
        label=gettext_lazy("Divisions or search words"),
        max_length=480,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=gettext_lazy("with commas between, for example 410100,410200"),
    )
    exported_on = forms.DateField(
        required=False,
        label=gettext_lazy("Exported on"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=gettext_lazy("empty: today"),
    )

    field_order = ("file", "source", "statement", "searched", "covers", "exported_on", "profile", "skip_bad")

    def __init__(self, given: Any = None, files: Any = None) -> None:
        super().__init__(given, files)
        self.sources = sources()
        self.fields["source"] = forms.ChoiceField(
            label=gettext_lazy("Platform"), choices=list(self.sources.items())
        )
        self.order_fields(self.field_order)
        self.fields["file"].widget.attrs["accept"] = PACKED

    def clean(self) -> dict[str, Any]:
        """What was searched, in the words of `observations.claims`; what they cannot mean is told at once."""
        said = super().clean() or {}
        how, text = said.get("searched", ""), said.get("covers", "")
        covers = {"": "", "all": claims.ALL, "divisions": text, "keywords": f"{claims.KEYWORD}{text}"}[how]
        if how in ("divisions", "keywords") and not text:
            self.add_error("covers", _("Say which ones."))
            return said
        try:
            claims.parse(covers)
        except BadFile as error:
            self.add_error("covers", error.faults[0].said("zh" if words.chinese() else "en"))
        return {**said, "covers": covers}

    def options(self, by: User) -> dict[str, Any]:
        """Those of every kind, and what the person says about the file."""
        said = self.cleaned_data
        platform, _, instance = said["source"].partition("/")
        day = said["exported_on"]
        return super().options(by) | {
            "platform": platform,
            "instance": instance,
            "statement": said["statement"],
            "covers": said["covers"],
            "exported_at": day.isoformat() if day else "",
        }


FORMS: Mapping[str, type[Bringing]] = {
    form.KIND: form for form in (RegistryForm, ContactsForm, ObservationsForm)
}


def sources() -> dict[str, str]:
    """The platforms that are switched on: `platform/instance` → title."""
    found = {}
    for source in Source.objects.filter(enabled=True).order_by("platform", "instance"):
        try:
            spec = specs.load(source.platform)
        except SpecError:
            continue
        title = f"{spec.title} · {source.instance}" if source.instance else spec.title
        found[f"{source.platform}/{source.instance}"] = title
    return found


def _scope(by: User) -> str:
    return by.scope.path if by.scope else ""
