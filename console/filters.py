"""Filters that live in the address: GET parameters in, a checked narrowing out.

A value that does not exist is answered with a message and left out, so the page then shows more than was
asked for, never less.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from django import forms
from django.core.paginator import Page, Paginator
from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from common.clock import BEIJING
from console import words
from detection.selectors import ORDERS, SEVERITIES, Narrowing
from observations.selectors import STATES
from watch.selectors import URGENCY

ROWS_PER_PAGE = 50
ORDER_WORDS = {
    "severity": _("most severe first"),
    "newest": _("newest first"),
    "score": _("highest score first"),
    "target": _("by official account"),
}
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


class SuspectFilter(forms.Form):
    """The filters of the list of suspects."""

    severity = forms.MultipleChoiceField(
        required=False,
        label=_("Severity"),
        choices=[(severity, severity) for severity in SEVERITIES],
        widget=forms.CheckboxSelectMultiple,
        error_messages=NO_SUCH_VALUE,
    )
    q = forms.CharField(
        required=False,
        label=_("Name, handle or number contains"),
        max_length=100,
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off", "spellcheck": "false"}),
    )
    kind = _Choice([], _("Kind"))
    platform = _Choice([], _("Platform"))
    since = forms.DateField(
        required=False,
        label=_("Found from"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    until = forms.DateField(
        required=False,
        label=_("to"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    order = _Choice(_choices(ORDERS, ORDER_WORDS), _("Order"))
    target = forms.IntegerField(
        required=False,
        label=_("Account imitated"),
        min_value=1,
        max_value=2**63 - 1,
        widget=forms.HiddenInput,
        error_messages=NO_SUCH_VALUE,
    )

    def __init__(self, given: QueryDict, kinds: Iterable[str], platforms: Iterable[str]) -> None:
        super().__init__(given)
        self.fields["kind"] = _Choice(_choices(kinds, words.KINDS), _("Kind"), _("all kinds"))
        self.fields["platform"] = _Choice(_choices(platforms, {}), _("Platform"), _("all platforms"))

    def narrowing(self) -> Narrowing:
        """What the valid fields ask for."""
        self.is_valid()
        given = self.cleaned_data
        return Narrowing(
            severities=tuple(given.get("severity", ())),
            kinds=_one(given.get("kind")),
            platforms=_one(given.get("platform")),
            target=given.get("target"),
            text=given.get("q", ""),
            since=_midnight(given.get("since")),
            until=_midnight(given.get("until"), days=1),
            order=given.get("order") or "severity",
        )


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


def _one(value: str | None) -> tuple[str, ...]:
    return (value,) if value else ()


def _midnight(day: date | None, days: int = 0) -> datetime | None:
    """The start of `day` in Beijing, `days` later; None where that is no moment in UTC: it bounds nothing."""
    if day is None or day > date.max - timedelta(days=days) or (day, days) == (date.min, 0):
        return None
    return datetime.combine(day + timedelta(days=days), time(), BEIJING)
