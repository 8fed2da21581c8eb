"""The example province in the database: real divisions, invented accounts, handles and persons."""

from datetime import datetime
from typing import NamedTuple

from config import database, demo_files
from config.demo_files import ACTOR, Brought
from crawlers import specs
from observations import sources
from observations.models import Source
from registry import actions
from registry.models import Account, Contact, Division, Unit, User
from registry.roles import UNIT_ROLES, Role
from review.models import Case

INSTANCE = "example"
DAILY_BUDGET = 50_000
# Who signs in to the demo, in the order in which a case meets them.
CAST = {
    "reviewer": (Role.REVIEWER, "演示研判员甲"),
    "reviewer2": (Role.REVIEWER, "演示研判员乙"),
    "duty_officer": (Role.DUTY_OFFICER, "演示值守员"),
    "sponsor": (Role.SPONSOR, "演示主办人员"),
    "cac_officer": (Role.CAC_OFFICER, "演示网信人员"),
    "supervisor": (Role.SUPERVISOR, "演示主管人员"),
}


class Person(NamedTuple):
    """A demo user, the place they work for, and the password for this start."""

    name: str
    role: Role
    place: str
    password: str


def set_up(home: str, now: datetime) -> str:
    """Bring database, register, contacts, platforms and exports up to date; returns what came in.

    Safe to repeat. Raises BadFile if a file of the example was spoilt.
    """
    database.prepare()
    register, contacts = demo_files.register(now), demo_files.contacts(now)
    _enable("mastodon", INSTANCE, home, DAILY_BUDGET, now)
    for platform in demo_files.EXPORTS:
        _enable(platform, "", "", 0, now)
    exports = demo_files.exports(now)
    total, units = Account.objects.count(), Unit.objects.count()
    return "\n".join(
        (
            f"台账 {register.path.name}：登记账号 {total} 个，主办单位 {units} 个，"
            f"新增账号 {register.counts.get('accounts_added', 0)} 个。",
            f"Register: {total} official accounts of {units} units, "
            f"{register.counts.get('accounts_added', 0)} new.",
            f"联系人 Contacts {contacts.path.name}: {Contact.objects.count()}, "
            f"{contacts.counts.get('contacts_added', 0)} new.",
            *map(_export, exports),
        )
    )


def _enable(platform: str, instance: str, base_url: str, budget: int, now: datetime) -> None:
    """Switch a source on unless it is: each time the whole ledger of coverage is drawn up anew."""
    here = {"platform": platform, "instance": instance, "base_url": base_url, "enabled": True}
    if not Source.objects.filter(**here).exists():
        sources.enable(specs.load(platform), instance, base_url, budget, None, now)


def _export(brought: Brought) -> str:
    if not brought.counts:
        return f"导出文件 Export {brought.path.name}: 此前已导入 brought in before."
    rows, seen = brought.counts["rows"], brought.counts["registered_seen"]
    return (
        f"导出文件 Export {brought.path.name}: {rows} 个账号，其中登记账号 {seen} 个 "
        f"accounts, {seen} of them registered."
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
