"""The forms by which people act on a case. They read what was sent; what is enough `review` alone decides.

Each carries the version of the case it was written for, so that nobody decides past somebody else.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from console import words
from registry.calendar import in_office_hours
from registry.models import User
from registry.roles import Role
from review.codes import CODES, MAX_TEXT, Code
from review.decide import Judgement
from review.models import Case
from review.moves import ADVANCES, Move, open_to
from review.severity import REPEAT

# The outcomes of the keys 1 to 5; a formal report is a move of its own.
OUTCOMES = tuple(outcome for outcome in words.OUTCOMES if outcome != "report")
BIGGEST_VERSION = 2**31 - 1


class ActForm(forms.Form):
    """What every act carries: the version it was written for, a reason and a text."""

    version = forms.IntegerField(min_value=1, max_value=BIGGEST_VERSION, widget=forms.HiddenInput)
    code = forms.CharField(required=False, max_length=40)
    text = forms.CharField(
        required=False,
        max_length=MAX_TEXT,
        label=_("In your own words"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def afresh(self, version: int) -> None:
        """Show the form again for another `version` of the case, with all that was typed."""
        self.data = dict(self.data.items()) | {"version": str(version)}

    def chosen(self, name: str) -> str:
        """What was sent for the field `name`, checked or not."""
        return str(self[name].value() or "")


class DecideForm(ActForm):
    """A judgement."""

    outcome = forms.ChoiceField(
        label=_("Decision"),
        choices=[(outcome, words.OUTCOMES[outcome]) for outcome in OUTCOMES],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a decision.")},
    )
    review_on = forms.DateField(
        required=False,
        label=_("Look again on"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    crime_signs = forms.BooleanField(required=False, label=_("Signs of a crime: inform the police"))
    alone = forms.BooleanField(
        required=False, label=_("I am alone on night duty: in effect at once, countersigned within 4 hours")
    )

    @property
    def reasons(self) -> list[tuple[str, Any, tuple[Code, ...]]]:
        """The reasons to choose from: for each outcome its title and codes."""
        return [(outcome, words.OUTCOMES[outcome], CODES[outcome]) for outcome in OUTCOMES]

    def judgement(self) -> Judgement:
        """What a valid form says; of the fields only some outcomes have, those of another are left out."""
        said = self.cleaned_data
        outcome = said["outcome"]
        return Judgement(
            outcome,
            said["code"],
            said["text"],
            review_on=said["review_on"] if outcome == "wait" else None,
            crime_signs=said["crime_signs"] and outcome == "counterfeit",
            alone=said["alone"] and outcome == "counterfeit",
        )


class CountersignForm(ActForm):
    """The second person's word."""

    agree = forms.TypedChoiceField(choices=[("yes", ""), ("no", "")], coerce=lambda said: said == "yes")


class AdvanceForm(ActForm):
    """A move after the judgement; the number belongs to `accept`, `alone` to `report`."""

    move = forms.ChoiceField(choices=[(name, name) for name in ADVANCES], widget=forms.HiddenInput)
    acceptance_number = forms.CharField(required=False, max_length=80, label=_("Acceptance number"))
    alone = forms.BooleanField(
        required=False, label=_("I am alone on night duty: in effect at once, countersigned within 4 hours")
    )

    def details(self) -> dict[str, object]:
        """What a valid form says beside reason and text."""
        said = self.cleaned_data
        number = {"acceptance_number": said["acceptance_number"]} if said["acceptance_number"] else {}
        return number | ({"alone": True} if said["alone"] else {})


class Advance:
    """A move a person may make now, with the form to make it by."""

    def __init__(self, move: Move, form: AdvanceForm) -> None:
        self.move, self.form = move, form
        self.reasons = _reasons(move.name)

    @property
    def has_choice(self) -> bool:
        """Whether there is more than one reason to choose from."""
        return sum(len(codes) for _title, codes in self.reasons) > 1

    @property
    def is_plain(self) -> bool:
        """Whether a button alone does it."""
        return self.move.name == "take"


def advances(user: User, case: Case, sent: AdvanceForm | None = None) -> list[Advance]:
    """The moves `user` may make with `case` as it stands; `sent` is the form that did not succeed."""
    return [
        Advance(move, sent if sent and sent.chosen("move") == move.name else _empty(move.name, case))
        for move in _moves(user, case)
        if move.name in ADVANCES and not (move.name == "take" and case.owner_id == user.pk)
    ]


def may_judge(user: User, case: Case) -> bool:
    """Whether `user` may judge `case` as it stands, or judge it anew."""
    return any(move.name == "judge" for move in _moves(user, case))


def may_be_alone(user: User, now: datetime) -> bool:
    """Whether `user` may act at `now` without a second person: a duty officer outside office hours."""
    return user.role == Role.DUTY_OFFICER and not in_office_hours(now)


def _moves(user: User, case: Case) -> Iterable[Move]:
    return open_to(user.role, case.state, case.confirmed)


def _empty(name: str, case: Case) -> AdvanceForm:
    return AdvanceForm(initial={"version": case.version, "move": name})


def _reasons(name: str) -> list[tuple[str, tuple[Code, ...]]]:
    """The lists of reasons of a move, each with a title ("" where there is one list)."""
    if name == "severity":
        by_person = tuple(code for code in CODES["raise"] if code.key != REPEAT)
        return [(str(_("one level up")), by_person), (str(_("one level down")), CODES["lower"])]
    return [("", CODES[name])] if name in CODES else []
