"""The example province in the database: real divisions, invented accounts, handles and persons."""

from datetime import datetime
from typing import NamedTuple

from config import database
from config.demo import HENAN
from crawlers import specs
from observations import sources
from registry import actions
from registry.importers import import_register
from registry.models import Division, User
from registry.roles import Role

INSTANCE = "example"
DAILY_BUDGET = 50_000


class Person(NamedTuple):
    """A demo user with the password for this start."""

    name: str
    role: str
    password: str


def set_up(home: str, now: datetime) -> str:
    """Bring database, register and platform row up to date; returns a sentence. Safe to repeat."""

    database.prepare()
    outcome = import_register((HENAN / "registry.csv").read_bytes(), "system:demo", now)
    sources.enable(specs.load("mastodon"), INSTANCE, home, DAILY_BUDGET, None, now)
    total = outcome.added + outcome.changed + outcome.unchanged
    return (
        f"台账：登记账号 {total} 个，新增 {outcome.added} 个。\n"
        f"Register: {total} official accounts, {outcome.added} new."
    )


def people() -> list[Person]:
    """A reviewer and a duty officer of the province, each with a new random password for this start."""

    province = Division.objects.get(code="410000")
    for name in (Role.REVIEWER, Role.DUTY_OFFICER):
        if not User.objects.filter(username=name).exists():
            actions.add_user("system:demo", name, name, scope=province, full_name="演示用户")
    return [
        _with_new_password(User.objects.get(username=name)) for name in (Role.REVIEWER, Role.DUTY_OFFICER)
    ]


def _with_new_password(user: User) -> Person:
    password = actions.one_time_password()
    actions.set_password("system:demo", user, password)
    return Person(user.username, user.role, password)
