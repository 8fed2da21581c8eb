"""The columns of a file that somebody brought in, and what each of them means: asked for, and chosen anew."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple, cast

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from console import words
from console.bringing import FORMS
from crawlers.spec_rules import IMPORT_TARGETS
from registry import headers, uploads
from registry.headers import PASSED_OVER, FileKind
from registry.models import FileImport

MOST = 200  # columns asked about; a file with more has another trouble


class Asked(NamedTuple):
    """A column as the file writes it, and the field in which its meaning is chosen.

    `sheet` is "" where the whole file is one sheet.
    """

    column: str
    sheet: str
    field: forms.BoundField


class AgainForm(forms.Form):
    """How a file is checked again: its options, the meaning of its columns, and a name to keep that under."""

    profile_name = forms.CharField(
        required=False,
        max_length=60,
        label=gettext_lazy("Keep the meaning of the columns under the name"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def __init__(self, given: Any, job: FileImport) -> None:
        super().__init__(given, initial=dict(job.options))
        self.job = job
        self.known = uploads.columns_of(job)[:MOST]
        for tick in FORMS[job.kind]().ticks:
            self.fields[tick.name] = tick.field
        choices = list(offered(job.kind))
        mapping = job.options.get("mapping", {})
        for number, column in enumerate(self.known):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                choices=choices, required=False, initial=mapping.get(column.name) or column.field
            )

    @property
    def ticks(self) -> list[forms.BoundField]:
        """The options that are ticked."""
        return [field for field in self if isinstance(field.field, forms.BooleanField)]

    @property
    def asked(self) -> Iterator[Asked]:
        """The columns of the file."""
        has_sheets = len({column.sheet for column in self.known}) > 1
        for number, column in enumerate(self.known):
            yield Asked(column.name, column.sheet if has_sheets else "", self[f"column_{number}"])

    def clean(self) -> dict[str, Any]:
        """A field is that of one column; a name without any choice keeps nothing."""
        said = super().clean() or {}
        chosen = [field for field in self._chosen().values() if field != PASSED_OVER]
        doubled = {field for field in chosen if chosen.count(field) > 1}
        if doubled:
            titles = dict(offered(self.job.kind))
            fields = "、".join(str(titles[field]) for field in sorted(doubled))
            raise forms.ValidationError(_("Two columns mean the same: %(fields)s.") % {"fields": fields})
        if said.get("profile_name") and not self.mapping:
            raise forms.ValidationError(_("There is nothing to keep: every column is as its heading says."))
        return said

    @property
    def mapping(self) -> dict[str, str]:
        """Column → field, where a person said otherwise than the heading."""
        understood = {column.name: column.field for column in self.known}
        return {name: field for name, field in self._chosen().items() if field != understood[name]}

    def _chosen(self) -> dict[str, str]:
        given = {name: value for name, value in self.cleaned_data.items() if name.startswith("column_")}
        return {
            column.name: given[f"column_{number}"] or PASSED_OVER
            for number, column in enumerate(self.known)
            if f"column_{number}" in given
        }

    @property
    def options(self) -> dict[str, Any]:
        """The options of the import as they are now."""
        ticked = {tick.name: self.cleaned_data[tick.name] for tick in self.ticks}
        kept = self.mapping if self.known else self.job.options.get("mapping", {})
        return {**self.job.options, **ticked, "mapping": kept}


def offered(kind: str) -> Iterable[tuple[str, Any]]:
    """What a column of such a file can mean: field and title, the first for none."""
    yield PASSED_OVER, _("not brought in")
    if kind == "observations":
        yield from ((target, words.TARGETS.get(target, target)) for target in IMPORT_TARGETS)
    else:
        for field in headers.fields(cast(FileKind, kind)).values():
            yield field.name, field.chinese[0] if words.chinese() else field.english[0]


def titles(kind: str) -> Mapping[str, Any]:
    """Field → what people call it."""
    return dict(offered(kind))
