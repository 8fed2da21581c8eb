"""The example province in the database: real divisions, invented accounts, handles and persons."""

from datetime import datetime
from typing import NamedTuple

from config import database
from config.demo import HENAN
from crawlers import specs
from observations import sources
from registry import actions
from registry.contact_importer import import_contacts
from registry.importers import import_register
from registry.models import Division, Unit, User
from registry.roles import UNIT_ROLES, Role
from review.models import Case

ACTOR = "system:demo"
INSTANCE = "example"
DAILY_BUDGET = 50_000
# Who signs in to the demo, in the order in which a case meets them.
CAST = {
    "reviewer": (Role.REVIEWER, "演示研判员甲"),
    "reviewer2": (Role.REVIEWER, "演示研判员乙"),
    "duty_officer": (Role.DUTY_OFFICER, "演示值守员"),
    "sponsor": (Role.SPONSOR, "演示主办人员"),
    "cac_officer": (Role.CAC_OFFICER, "演示网信人员"),
}


class Person(NamedTuple):
    """A demo user, the place they work for, and the password for this start."""

    name: str
    role: Role
    place: str
    password: str


def set_up(home: str, now: datetime) -> str:
    """Bring database, register, contacts and platform row up to date; returns a sentence. Safe to repeat."""
    database.prepare()
    register = import_register((HENAN / "registry.csv").read_bytes(), ACTOR, now)
    contacts = import_contacts((HENAN / "contacts.csv").read_bytes(), ACTOR, now)
    sources.enable(specs.load("mastodon"), INSTANCE, home, DAILY_BUDGET, None, now)
    total = register.added + register.changed + register.unchanged
    people = contacts.added + contacts.changed + contacts.unchanged
    return (
        f"台账：登记账号 {total} 个，新增 {register.added} 个。\n"
        f"Register: {total} official accounts, {register.added} new.\n"
        f"联系人 Contacts: {people}, {contacts.added} new."
    )


def people() -> list[Person]:
    """Everybody of the cast, each with a new random password for this start."""
    return [_with_new_password(_user(name, *row)) for name, row in CAST.items()]


def _user(name: str, role: Role, full_name: str) -> User:
    """The demo user `name`, made at the first start."""
    if not User.objects.filter(username=name).exists():
        unit = _unit() if role in UNIT_ROLES else None
        scope = None if unit else Division.objects.get(code="410000")
        actions.add_user(ACTOR, name, role, scope=scope, unit=unit, full_name=full_name)
    return User.objects.select_related("unit", "scope").get(username=name)


def _unit() -> Unit:
    """The unit whose account the first case of the work list is about, so that its sponsor has a case."""
    first = Case.objects.order_by("severity", "-suspect__score", "pk").first()
    return first.target.unit if first else Unit.objects.order_by("pk")[0]


def _with_new_password(user: User) -> Person:
    password = actions.one_time_password()
    actions.set_password(ACTOR, user, password)
    return Person(user.username, Role(user.role), str(user.scope or user.unit), password)
