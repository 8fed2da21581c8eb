"""The only way to rows: every page and command of the packages above reads what `visible_accounts` allows.

A division is a path (`/CN/410000/410100/`); the prefix is matched with its closing slash, or 4101 would match
41010. Sponsors and contractors see their own unit, watching roles the subtree of their division, the auditor
and the administrators no accounts at all.
"""

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from registry.models import Account, Division, Unit, User
from registry.roles import BLIND_ROLES, UNIT_ROLES, Role


def visible_accounts(user: User | AnonymousUser) -> QuerySet[Account]:
    """The registered accounts `user` may see; none for anybody without a scope."""
    accounts = Account.objects.select_related("unit", "unit__line_division")
    if not isinstance(user, User) or not user.is_active or Role(user.role) in BLIND_ROLES:
        return accounts.none()
    if Role(user.role) in UNIT_ROLES:
        return accounts.filter(unit=user.unit) if user.unit_id else accounts.none()
    if user.scope is None:
        return accounts.none()
    return accounts.filter(unit__line_division__path__startswith=user.scope.path)


def visible_units(user: User | AnonymousUser) -> QuerySet[Unit]:
    """The units `user` may see, by the same rule."""
    units = Unit.objects.select_related("line_division")
    if not isinstance(user, User) or not user.is_active or Role(user.role) in BLIND_ROLES:
        return units.none()
    if Role(user.role) in UNIT_ROLES:
        return units.filter(pk=user.unit_id) if user.unit_id else units.none()
    return units.filter(line_division__path__startswith=user.scope.path) if user.scope else units.none()


def sees_division(user: User, division: Division) -> bool:
    """Whether `division` lies in the subtree of `user`."""
    return user.scope is not None and division.path.startswith(user.scope.path)
