"""What `zhenwei users` does. Each act returns what to print, or raises Refused."""

import argparse
import json
from collections.abc import Callable

from common import clock
from common.table import render
from registry import actions, lookups
from registry.divisions import load_divisions
from registry.models import User
from registry.roles import CHINESE, Role
from registry.scope import has_rights

ACTOR = "system:users"
TITLES = ("name", "full name", "role", "place", "state", "until", "last sign-in")
WITHIN = 110  # columns


def _add(args: argparse.Namespace) -> str:
    role = lookups.role(args.role)
    load_divisions(ACTOR, clock.now())
    user, password = actions.add_user(
        ACTOR,
        args.name,
        role,
        scope=lookups.division(args.scope) if args.scope else None,
        unit=lookups.unit(args.unit, args.unit_division) if args.unit else None,
        full_name=args.full_name,
        until=lookups.day(args.until) if args.until else None,
    )
    return f"{user} {CHINESE[role]}: {_place(user) or '看不到账号 sees no accounts'}\n{_shown_once(password)}"


def _reset(args: argparse.Namespace) -> str:
    return _shown_once(actions.reset_password(ACTOR, lookups.user(args.name)))


def _enable(args: argparse.Namespace) -> str:
    return _shown_once(actions.enable_user(ACTOR, lookups.user(args.name)))


def _disable(args: argparse.Namespace) -> str:
    user = lookups.user(args.name)
    done = actions.disable_user(ACTOR, user)
    return f"{user} is disabled" if done else f"{user} was disabled already"


def _until(args: argparse.Namespace) -> str:
    user = lookups.user(args.name)
    day = None if args.day == "none" else lookups.day(args.day)
    done = actions.set_until(ACTOR, user, day)
    rights = f"rights until {day}" if day else "rights without end"
    return f"{user}: {rights}" if done else f"{user} had {rights} already"


def _list(args: argparse.Namespace) -> str:
    people = User.objects.select_related("scope", "unit").order_by("username")
    if args.json:
        return json.dumps([_as_json(user) for user in people], ensure_ascii=False, indent=2)
    if not people:
        return "nobody yet: zhenwei users add NAME --role ROLE"
    return render(TITLES, [_row(user) for user in people], WITHIN)


def _row(user: User) -> list[str]:
    """A line for a person to read: the role in both languages, Beijing time."""
    fields = _as_json(user)
    seen = f"{user.last_login.astimezone(clock.BEIJING):%Y-%m-%d %H:%M}" if user.last_login else ""
    return [
        fields["name"],
        fields["full_name"],
        f"{CHINESE[Role(user.role)]} {user.role}",
        fields["place"],
        fields["state"],
        fields["until"],
        seen,
    ]


def _as_json(user: User) -> dict[str, str]:
    seen = clock.isoformat(user.last_login) if user.last_login else ""
    return {
        "name": user.username,
        "full_name": user.full_name,
        "role": user.role,
        "place": _place(user),
        "state": _state(user),
        "until": user.until.isoformat() if user.until else "",
        "last_sign_in": seen,
    }


def _state(user: User) -> str:
    if not user.is_active:
        return "disabled"
    if not has_rights(user, clock.now()):
        return "rights ended"
    return "password due" if user.password_change_due else "active"


def _place(user: User) -> str:
    return str(user.scope or user.unit or "")


def _shown_once(password: str) -> str:
    return (
        f"one-time password: {password}\n"
        "一次性密码只显示这一次，首次登录须修改。\n"
        "It is shown this once and must be changed at the first sign-in."
    )


ACTS: dict[str, Callable[[argparse.Namespace], str]] = {
    "add": _add,
    "until": _until,
    "list": _list,
    "reset": _reset,
    "disable": _disable,
    "enable": _enable,
}
