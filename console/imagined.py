"""“Who would be told, and why?”: the ladders of a case that has not happened, for an account of one's own."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from alerting import selectors
from alerting.routing import Kind, Ladder
from console import filters, words
from registry.models import Account, User
from registry.scope import visible_accounts

MATCHES = 20


class ImaginedForm(forms.Form):
    """The account, by name or (`account`) by its key, and what happened to it."""

    who = forms.CharField(
        required=False,
        max_length=100,
        label=_("Official account or unit"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
    account = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    kind = forms.ChoiceField(required=False, label=_("What happened"), choices=list(words.IMAGINED.items()))


@dataclass(frozen=True, slots=True)
class Imagined:
    """The form, the accounts that fit, and for the chosen one the ladders the person may see."""

    form: ImaginedForm
    problems: list[str]
    matches: list[Account]
    account: Account | None
    ladders: list[Ladder]

    @property
    def is_asked(self) -> bool:
        """Whether an account was named."""
        return bool(self.form["who"].value() or self.form["account"].value())


def asked(given: Mapping[str, str], user: User, now: datetime) -> Imagined:
    """What `given` asks for; an account out of reach is as if it did not exist."""
    form = ImaginedForm({"kind": "confirmed"} | dict(given.items()))
    form.is_valid()
    fields = form.cleaned_data
    matches = _matches(user, fields.get("account"), fields.get("who", ""))
    account = matches[0] if len(matches) == 1 else None
    ladders = _ladders(user, account, fields.get("kind") or "confirmed", now) if account else []
    return Imagined(form, filters.problems(form), matches, account, ladders)


def _matches(user: User, pk: int | None, text: str) -> list[Account]:
    accounts: QuerySet[Account] = visible_accounts(user).order_by("name", "pk")
    if pk:
        return list(accounts.filter(pk=pk))
    if not text:
        return []
    named = Q(name__icontains=text) | Q(handle__icontains=text) | Q(unit__name__icontains=text)
    return list(accounts.filter(named)[:MATCHES])


def _ladders(user: User, account: Account, kind: Kind, now: datetime) -> list[Ladder]:
    route = selectors.who_would_be_told(account, now, kind)
    lines = selectors.LINES_OF.get(user.role, frozenset())
    return [ladder for ladder in route.ladders if ladder.line in lines]
