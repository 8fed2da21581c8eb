"""The only way to rows: every page and command of the packages above reads what `visible_…` allows.

- watching roles see the division they are given and everything below it;
- sponsors and contractors see their own unit;
- the auditor and the administrators see no accounts at all;
- whoever is inactive, not signed in, of no known role or without a place sees nothing;
- nor does anybody after the last day of their rights, or a contractor whose contract has no end on record.

A division is a path (`/CN/410000/410100/`); the prefix is matched with its closing slash, or 4101 would match
41010.
"""

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from common import clock
from registry.models import Account, Contact, FileImport, Unit, User
from registry.roles import UNIT_ROLES, WATCHING_ROLES, Role, in_force


def has_rights(user: User, now: datetime) -> bool:
    """Whether `user` may sign in and see anything at `now`; days are days in Beijing."""
    return user.is_active and in_force(user.role, user.until, now.astimezone(clock.BEIJING).date())


def visible_units(user: User | AnonymousUser) -> QuerySet[Unit]:
    """The units whose accounts `user` may see: the one rule; what it does not name is not seen."""
    if isinstance(user, User) and has_rights(user, clock.now()):
        if user.role in UNIT_ROLES and user.unit_id is not None:
            return Unit.objects.filter(pk=user.unit_id)
        if user.role in WATCHING_ROLES and user.scope is not None:
            return Unit.objects.filter(line_division__path__startswith=user.scope.path)
    return Unit.objects.none()


def visible_accounts(user: User | AnonymousUser) -> QuerySet[Account]:
    """The registered accounts `user` may see, with unit and division."""
    return Account.objects.filter(unit__in=visible_units(user)).select_related("unit__line_division")


def visible_contacts(user: User | AnonymousUser) -> QuerySet[Contact]:
    """The contacts `user` may see: of their subtree, or of their own unit; a contractor sees nobody's."""
    if not isinstance(user, User) or user.role == Role.CONTRACTOR:
        return Contact.objects.none()
    places = Q(unit__in=visible_units(user))
    if user.role in WATCHING_ROLES and user.scope is not None and has_rights(user, clock.now()):
        places |= Q(division__path__startswith=user.scope.path)
    return Contact.objects.filter(places).select_related("division", "unit__line_division")


def visible_imports(user: User | AnonymousUser) -> QuerySet[FileImport]:
    """The files that were brought in for the subtree `user` watches, or for a part of it.

    An import holds for the place its bringer watched at that time. What came in at the command line is told
    there and belongs to no place.
    """
    if not isinstance(user, User) or user.role not in WATCHING_ROLES or user.scope is None:
        return FileImport.objects.none()
    if not has_rights(user, clock.now()):
        return FileImport.objects.none()
    return FileImport.objects.filter(by__isnull=False, options__scope_path__startswith=user.scope.path)
