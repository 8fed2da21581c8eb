"""Filters that live in the address: GET parameters in, a checked narrowing out.

A value that does not exist is answered with a message and left out, so the page then shows more than was
asked for, never less.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from console import words
from observations.selectors import STATES
from review.selectors import SEVERITIES
from watch.selectors import URGENCY

ROWS_PER_PAGE = 50
NO_SUCH_VALUE = {
    "invalid_choice": _("There is no “%(value)s” to choose here; it was left out."),
    "invalid": _("This is not a value to filter by; it was left out."),
}


def _choices(codes: Iterable[str], titles: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return [(code, titles.get(code, code)) for code in codes]


class _Choice(forms.ChoiceField):
    """One value, or none for all."""

    def __init__(self, choices: list[tuple[str, Any]], label: Any, empty: Any = None) -> None:
        offered = [("", empty), *choices] if empty else choices
        super().__init__(choices=offered, required=False, label=label, error_messages=NO_SUCH_VALUE)


class CaseFilter(forms.Form):
    """The filters of the work list. Where no state is given, `first` holds: a key of words.WORK."""

    state = _Choice([], _("State"))
    severity = forms.MultipleChoiceField(
        required=False,
        label=_("Severity"),
        choices=[(severity, severity) for severity in SEVERITIES],
        widget=forms.CheckboxSelectMultiple,
        error_messages=NO_SUCH_VALUE,
    )
    q = forms.CharField(
        required=False,
        label=_("Name, handle or case number contains"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    kind = _Choice([], _("Kind"))
    platform = _Choice([], _("Platform"))
    own = forms.BooleanField(required=False, label=_("only mine"))

    def __init__(
        self, given: QueryDict, kinds: Iterable[str], platforms: Iterable[str], *, first: str
    ) -> None:
        super().__init__(given)
        work = sorted(_choices(words.WORK, words.WORK), key=lambda choice: choice[0] != first)
        states = [*work, *_choices(words.CASE_STATES, words.CASE_STATES)]
        self.fields["state"] = _Choice(states, _("State"))
        self.fields["kind"] = _Choice(_choices(kinds, words.KINDS), _("Kind"), _("all kinds"))
        self.fields["platform"] = _Choice(_choices(platforms, {}), _("Platform"), _("all platforms"))


class AlertFilter(forms.Form):
    """The filters of the list of alerts."""

    state = _Choice(_choices(words.ALERT_STATES, words.ALERT_STATES), _("State"), _("all states"))
    severity = _Choice(_choices(SEVERITIES, {}), _("Severity"), _("all severities"))
    line = _Choice(_choices(words.LINES, words.LINES), _("Line"), _("all lines"))
    q = forms.CharField(
        required=False,
        label=_("Case number, account or office contains"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


class ContactFilter(forms.Form):
    """The filters of the list of contacts."""

    line = _Choice(_choices(words.LINES, words.LINES), _("Line"), _("all lines"))
    state = _Choice(_choices(words.CONTACT_STATES, words.CONTACT_STATES), _("State"), _("all states"))
    q = forms.CharField(
        required=False,
        label=_("Office, place or person contains"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )


class ImportFilter(forms.Form):
    """The filters of the list of imports."""

    state = _Choice(_choices(words.IMPORT_STATES, words.IMPORT_STATES), _("State"), _("all states"))
    kind = _Choice(_choices(words.IMPORT_KINDS, words.IMPORT_KINDS), _("Kind of file"), _("all files"))


class FindingFilter(forms.Form):
    """The filters of the list of findings."""

    verdict = _Choice(_choices(URGENCY, words.VERDICTS), _("Verdict"), _("all verdicts"))
    rule = _Choice(_choices(words.RULES, words.RULES), _("Rule"), _("all rules"))


class CoverageFilter(forms.Form):
    """The filters of the coverage page."""

    purpose = _Choice(_choices(words.PURPOSES, words.PURPOSES), _("Purpose"))
    state = _Choice(
        [("unchecked", _("not checked in full")), *_choices(STATES, words.COVERAGE_STATES)],
        _("State"),
        _("all states"),
    )
    platform = forms.CharField(required=False, label=_("Platform"), max_length=32)


class RegisterFilter(forms.Form):
    """The filters of the register; of units those are kept that have an account on the platform and so on."""

    q = forms.CharField(
        required=False,
        label=_("Name, pinyin, handle, number or place"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    platform = _Choice([], _("Platform"))
    state = _Choice(_choices(words.ACCOUNT_STATES, words.ACCOUNT_STATES), _("State"), _("all states"))
    kind = _Choice(_choices(words.UNIT_KINDS, words.UNIT_KINDS), _("Kind of unit"), _("all kinds of units"))

    def __init__(self, given: QueryDict, platforms: Mapping[str, str]) -> None:
        super().__init__(given)
        self.fields["platform"] = _Choice(list(platforms.items()), _("Platform"), _("all platforms"))


@dataclass(frozen=True, slots=True)
class Chosen:
    """The valid values of a form, "" where nothing is chosen, and what was wrong with the others."""

    values: Mapping[str, str]
    problems: list[str]


def chosen(form: forms.Form) -> Chosen:
    """What `form` says, in words for the page."""
    form.is_valid()
    values = {name: form.cleaned_data.get(name) or "" for name in form.fields}
    return Chosen(values, problems(form))


def problems(form: forms.Form) -> list[str]:
    """One line for each filter that was left out."""
    form.is_valid()
    return [
        f"{form.fields[name].label or name}: {message}"
        for name, found in form.errors.items()
        for message in found
    ]


def page_of(request: HttpRequest, rows: Any) -> Page[Any]:
    """The 50 rows of GET `page`; the nearest page there is when the number is none."""
    return Paginator(rows, ROWS_PER_PAGE).get_page(request.GET.get("page"))


def address(given: QueryDict, **changes: str | int | None) -> str:
    """The filters of this address with `changes` (None takes one out), as `?…`; without the page number."""
    kept = given.copy()
    kept.pop("page", None)
    for name, value in changes.items():
        kept.pop(name, None)
        if value is not None:
            kept[name] = str(value)
    for name in [name for name in kept if not any(kept.getlist(name))]:
        del kept[name]
    return f"?{kept.urlencode()}" if kept else ""
