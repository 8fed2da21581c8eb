"""Contacts: who answers for which office and unit, what is missing, and who would be told of an account."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from alerting import selectors
from common import clock
from common.clock import BEIJING
from console import filters, imagined
from console.permissions import may_open, signed_in
from registry.models import Account, Contact, Unit, User
from registry.offices import valid_on
from registry.scope import visible_contacts, visible_units

SOON = timedelta(days=30)
NAMED = 40


@dataclass(frozen=True, slots=True)
class Row:
    """A contact and the key of words.CONTACT_STATES it is in."""

    contact: Contact
    state: str


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """The contacts in reach, the offices without one, and the ladders of a chosen account."""
    user, now = signed_in(request), clock.now()
    today = now.astimezone(BEIJING).date()
    own_lines = selectors.LINES_OF.get(user.role, frozenset())
    contacts = visible_contacts(user).filter(line__in=own_lines)
    choice = filters.chosen(form := filters.ContactFilter(request.GET))
    page = filters.page_of(request, _kept(contacts, choice, today))
    silent = _without_contact(user, today)
    context = {
        "form": form,
        "choice": choice,
        "page": page,
        "rows": [Row(contact, _state(contact, today)) for contact in page.object_list],
        "ending": contacts.filter(_states(today)["ending"]).order_by("valid_to", "pk")[:NAMED],
        "gaps": selectors.open_gaps(user)[:NAMED],
        "silent": silent[:NAMED],
        "silent_count": silent.count(),
        "own_lines": own_lines,
        "imagined": imagined.asked(request.GET, user, now),
        "address": filters.address(request.GET),
        "may_bring": may_open(user, "bring_contacts"),
        "now": now,
    }
    return render(request, "console/contacts.html", context)


def _states(today: date) -> dict[str, Q]:
    valid = valid_on(today)
    return {
        "valid": valid,
        "ending": valid & Q(valid_to__lte=today + SOON),
        "ended": Q(valid_to__lt=today),
        "coming": Q(valid_from__gt=today),
    }


def _state(contact: Contact, today: date) -> str:
    if contact.valid_from > today:
        return "coming"
    if contact.valid_to is None or contact.valid_to > today + SOON:
        return "valid"
    return "ended" if contact.valid_to < today else "ending"


def _kept(contacts: QuerySet[Contact], choice: filters.Chosen, today: date) -> QuerySet[Contact]:
    if line := choice.values["line"]:
        contacts = contacts.filter(line=line)
    if state := choice.values["state"]:
        contacts = contacts.filter(_states(today)[state])
    if text := choice.values["q"]:
        contacts = contacts.filter(_mentions(text))
    place = Coalesce("division__code", "unit__line_division__code")
    return contacts.order_by(place, "unit__name", "line", "rank", "pk")


def _mentions(text: str) -> Q:
    found = Q()
    for field in ("office", "person", "division__name", "division__code", "unit__name"):
        found |= Q(**{f"{field}__icontains": text})
    return found


def _without_contact(user: User, today: date) -> QuerySet[Unit]:
    """Units that run accounts in service and have nobody who answers."""
    running = Account.objects.filter(unit=OuterRef("pk"), state="in_service")
    answering = Contact.objects.filter(valid_on(today), unit=OuterRef("pk"), line="sponsor")
    return (
        visible_units(user)
        .filter(Exists(running), ~Exists(answering))
        .select_related("line_division")
        .order_by("line_division__code", "name")
    )
