"""What is done to the people who sign in: each act one transaction with its audit event.

A password is shown once to whoever asked for it and kept as an Argon2 hash; it reaches no log and no event.
Every new password ends the sessions of its owner, since a session carries a digest of the hash.
"""

import re
import secrets
from datetime import date

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from audit_logs.record import record
from common import clock
from common.faults import visible
from registry.errors import UNPRINTABLE, Refused
from registry.models import Division, Unit, User
from registry.roles import UNIT_ROLES, WATCHING_ROLES, Role

# Small ASCII only: no two names look alike, and none differs from another by case.
USERNAME = re.compile(r"[a-z][a-z0-9._-]{1,31}")
# No character that looks like another, for passwords are typed off a screen: 4.9 bits each.
ONE_TIME_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"
ONE_TIME_LENGTH = 20


def add_user(
    actor: str,
    username: str,
    role: Role,
    *,
    scope: Division | None = None,
    unit: Unit | None = None,
    full_name: str = "",
    until: date | None = None,
) -> tuple[User, str]:
    """A new person and their one-time password, which they must change when they first sign in.

    Watching roles need a `scope`, unit roles a `unit`, the others have neither. `until` is the last day of
    their rights, in Beijing; a contractor needs one. Raises Refused.
    """
    _check_person(username, full_name)
    _check_place(role, scope, unit)
    _check_end(role, until)
    if until is not None and until < clock.now().astimezone(clock.BEIJING).date():
        raise Refused(f"{until} lies in the past: these rights would never hold")
    with transaction.atomic():
        if User.objects.filter(username=username).exists():
            raise Refused(f"{username} exists already: “zhenwei users reset {username}” gives a new password")
        user = User(username=username, role=role, scope=scope, unit=unit, full_name=full_name, until=until)
        password = _give_one_time_password(user)
        user.save()
        place = {"scope": scope.code if scope else "", "unit": str(unit.pk) if unit else ""}
        known: dict[str, object] = {
            "username": username,
            "role": str(role),
            **place,
            "until": _written(until),
        }
        _record(actor, "user.add", user, known)
    return user, password


def set_password(actor: str, user: User, password: str) -> None:
    """The password `user` chose. Raises Refused, with every reason, for a weak one or the one in use."""
    if user.check_password(password):
        raise Refused("this is the password in use: choose another one")
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Refused(" ".join(error.messages)) from None
    with transaction.atomic():
        user.set_password(password)
        user.password_change_due = False
        user.save(update_fields=["password", "password_change_due"])
        _record(actor, "user.set_password", user, {})


def reset_password(actor: str, user: User) -> str:
    """A new one-time password; the person's sessions end. Raises Refused if they are disabled."""
    with transaction.atomic():
        user.refresh_from_db()
        if not user.is_active:
            raise Refused(f"{user} is disabled: “zhenwei users enable {user}” lets them in again")
        password = _give_one_time_password(user)
        user.save(update_fields=["password", "password_change_due"])
        _record(actor, "user.reset_password", user, {})
    return password


def disable_user(actor: str, user: User) -> bool:
    """Lock the person out and end their sessions; the row stays, others point to it. False if it was so."""
    with transaction.atomic():
        user.refresh_from_db()
        if not user.is_active:
            return False
        user.is_active = False
        user.set_unusable_password()
        user.save(update_fields=["is_active", "password"])
        _record(actor, "user.disable", user, {})
    return True


def enable_user(actor: str, user: User) -> str:
    """Let a disabled person in again, with a new one-time password. Raises Refused if they are active."""
    with transaction.atomic():
        user.refresh_from_db()
        if user.is_active:
            raise Refused(f"{user} is not disabled: “zhenwei users reset {user}” gives a new password")
        user.is_active = True
        password = _give_one_time_password(user)
        user.save(update_fields=["is_active", "password", "password_change_due"])
        _record(actor, "user.enable", user, {})
    return password


def set_until(actor: str, user: User, until: date | None) -> bool:
    """Let the rights of `user` end with the day `until`, in Beijing, or never; False if it was so.

    A day gone by ends them, and any open session, at once. Raises Refused for a contractor without an end.
    """
    with transaction.atomic():
        user.refresh_from_db()
        _check_end(user.role, until)
        if user.until == until:
            return False
        details: dict[str, object] = {"until": _written(until), "before": _written(user.until)}
        user.until = until
        user.save(update_fields=["until"])
        _record(actor, "user.set_until", user, details)
    return True


def _check_person(username: str, full_name: str) -> None:
    if not USERNAME.fullmatch(username):
        raise Refused(
            f"“{visible(username)}” cannot be a user name: 2 to 32 of a-z, 0-9, dot, - and _, first a letter"
        )
    if len(full_name) > 60 or UNPRINTABLE.search(full_name):
        raise Refused(f"the full name “{visible(full_name)}” is longer than 60 or has control characters")


def _check_place(role: Role, scope: Division | None, unit: Unit | None) -> None:
    """Raises Refused unless a person of this role gets exactly the place the role needs."""
    needs_unit = role in UNIT_ROLES
    needs_scope = role in WATCHING_ROLES
    if needs_unit and unit is None:
        raise Refused(f"{role} works for one unit: name it with --unit")
    if needs_scope and scope is None:
        raise Refused(f"{role} watches a division and what lies below: name it with --scope, as 410100")
    if unit is not None and not needs_unit:
        raise Refused(f"{role} does not belong to a unit: leave --unit out")
    if scope is not None and not needs_scope:
        raise Refused(f"{role} does not watch a division: leave --scope out")


def _check_end(role: str, until: date | None) -> None:
    if role == Role.CONTRACTOR and until is None:
        raise Refused("a contractor's rights end with the contract: give its last day, as 2027-12-31")


def _written(day: date | None) -> str:
    return day.isoformat() if day else ""


def one_time_password() -> str:
    """A new random password that a person can read off a screen: 99 bits."""
    return "".join(secrets.choice(ONE_TIME_ALPHABET) for _ in range(ONE_TIME_LENGTH))


def _give_one_time_password(user: User) -> str:
    password = one_time_password()
    user.set_password(password)
    user.password_change_due = True
    return password


def _record(actor: str, action: str, user: User, details: dict[str, object]) -> None:
    record(actor, action, ("user", str(user.pk)), details)
