"""The only way to rows: every page and command of the packages above reads what `visible_accounts` allows.

- watching roles see the division they are given and everything below it;
- sponsors and contractors see their own unit;
- the auditor and the administrators see no accounts at all;
- whoever is inactive, not signed in, of no known role or without a place sees nothing.

A division is a path (`/CN/410000/410100/`); the prefix is matched with its closing slash, or 4101 would match
41010.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from registry.models import Account, Unit, User
from registry.roles import UNIT_ROLES, WATCHING_ROLES


def visible_accounts(user: User | AnonymousUser) -> QuerySet[Account]:
    """The registered accounts `user` may see, with unit and division."""
    return Account.objects.filter(unit__in=_seen(user)).select_related("unit__line_division")


def _seen(user: User | AnonymousUser) -> QuerySet[Unit]:
    """The one rule; what it does not name is not seen."""
    if isinstance(user, User) and user.is_active:
        if user.role in UNIT_ROLES and user.unit_id is not None:
            return Unit.objects.filter(pk=user.unit_id)
        if user.role in WATCHING_ROLES and user.scope is not None:
            return Unit.objects.filter(line_division__path__startswith=user.scope.path)
    return Unit.objects.none()
