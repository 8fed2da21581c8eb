"""Three places with everything in them, for asking who sees what: Zhengzhou, Kaifeng beside it, Guangdong.

Every case has an imitator of its own name, and every line of every place a contact of its own name, so that
any of them in an answer tells where it came from.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from alerting.acknowledge import link_token
from alerting.fan_out import fan_out
from alerting.models import Alert, Recipient
from common import clock
from registry import uploads
from registry.contacts import LINES
from registry.models import Account, Division, User
from review.models import Case
from tests import cast as people
from tests.cast import Cast, Province
from tests.console import filed

# The alerts that are asked for: every line once, and beside it what tells places and cases apart.
ALERTS = {
    "zz_open": (),
    "zz": ("cac", "sponsor"),
    "zz_s1": tuple(LINES),
    "kf": ("sponsor", "cac", "police"),
    "gd": ("cac", "duty"),
}


@dataclass(frozen=True)
class Thing:
    """Something with an address: a case, an alert, a message … `case` is what it belongs to.

    What belongs to no case lies in a `place`: a unit, an account.
    """

    key: str
    case: str
    line: str = ""
    place: str = ""
    owner: str = ""
    """Who brought it in, where only they act on it: a field of `Cast`."""


@dataclass
class World:
    """The things of each kind, and what must not be read by whom it is not for."""

    things: dict[str, list[Thing]] = field(default_factory=dict)
    cases: dict[str, Case] = field(default_factory=dict)
    secrets: dict[str, set[str]] = field(default_factory=dict)
    """Case → what only its readers may read."""
    contacts: dict[tuple[str, str], str] = field(default_factory=dict)
    """(place, line) → the name of who answers there."""
    parts: dict[str, set[str]] = field(default_factory=dict)
    """What some readers of a case are shown and others are not → its words, of all cases."""

    def add(self, kind: str, key: object, case: str, line: str = "") -> None:
        """One thing more."""
        self.things.setdefault(kind, []).append(Thing(str(key), case, line))

    def withhold(self, part: str, *words: str) -> None:
        """Some more of a part."""
        self.parts.setdefault(part, set()).update(words)


def built(place: Province, everybody: Cast, *, henan: bool = True) -> World:
    """The world; its cases are `gd` and, of Henan, `zz_open` (not judged), `zz` (S2), `zz_s1`, `kf` (S1)."""
    world = World()
    homes = {"zz": place.zhengzhou_account, "kf": place.kaifeng_account, "gd": place.guangdong_account}
    for code, account in homes.items():
        _contacts(world, code, account)
        _registered(world, code, account)
        people.coverage(account, "failed")
        people.finding(account)
    if henan:
        _case(world, "zz_open", homes["zz"], "detected", "S2")
        _case(world, "zz", homes["zz"], "confirmed", "S2")
        _case(world, "zz_s1", homes["zz"], "confirmed", "S1")
        _case(world, "kf", homes["kf"], "confirmed", "S1")
        _brought(world, everybody, "register_zz", "supervisor", "registry")
        _brought(world, everybody, "export_zz", "duty_officer", "observations")
        _brought(world, everybody, "export_hn", "reviewer", "observations")
    with lent(everybody, place.guangdong):
        _case(world, "gd", homes["gd"], "confirmed", "S1")
        _brought(world, everybody, "gd", "reviewer", "observations")
    return world


@contextmanager
def lent(everybody: Cast, place: Division) -> Iterator[None]:
    """Those who judge in Henan judge in `place` for a while."""
    judges: list[User] = [everybody.reviewer, everybody.second_reviewer]
    homes = [judge.scope for judge in judges]
    for judge in judges:
        judge.scope = place
        judge.save()
    yield
    for judge, home in zip(judges, homes, strict=True):
        judge.scope = home
        judge.save()


def _contacts(world: World, code: str, account: Account) -> None:
    for line in LINES:
        holder = account.unit if line == "sponsor" else account.unit.line_division
        name = f"{code}_{line}_person"
        people.contact(line, holder, name, email=f"{code}.{line}@zhenwei.example")
        world.contacts[code, line] = name


def _brought(world: World, everybody: Cast, key: str, owner: str, kind: str) -> None:
    """A file that `owner` brought in, with faults and a copy that tells them."""
    job = filed.refused(getattr(everybody, owner), kind=kind, name=f"file_of_{key}.csv")
    (uploads.folder_of(job.key) / "reasons.csv").write_text(f"file_of_{key}", encoding="utf-8")
    world.things.setdefault("import", []).append(Thing(str(job.key), key, owner=owner))
    world.secrets.setdefault(key, set()).add(f"file_of_{key}")


def _registered(world: World, code: str, account: Account) -> None:
    for kind, key in (("unit", account.unit_id), ("account", account.pk)):
        world.things.setdefault(kind, []).append(Thing(str(key), "", place=code))


def _case(world: World, key: str, account: Account, state: str, severity: str) -> None:
    now = clock.now()
    name, uid = f"imitator_of_{key}__{account.name}", f"77_{key}_77"
    case = people.case(account, state, name=name, uid=uid, severity=severity, at=now)
    fan_out(now)
    world.cases[key] = case
    world.secrets.setdefault(key, set()).update({f"imitator_of_{key}__", uid, case.number})
    world.add("case", case.pk, key)
    world.add("suspect", case.suspect_id, key)
    for alert in Alert.objects.filter(case=case, line__in=ALERTS[key]).exclude(kind="contact_missing"):
        world.add("alert", alert.pk, key, alert.line)
    _withheld(world, key, case)
    _message(world, key, case)


def _withheld(world: World, key: str, case: Case) -> None:
    note, seen = f"note_on_{key}_case", case.suspect.observation
    case.decisions.update(text=note)
    case.changes.update(text=note)
    world.withhold("notes", note)
    world.withhold("originals", seen.uid, seen.profile_url, seen.response.capture_id)
    world.withhold("rules", case.suspect.rules_version)


def _message(world: World, key: str, case: Case) -> None:
    """The first message of the case and the link in it."""
    if first := Recipient.objects.filter(alert__case=case).order_by("pk").first():
        world.add("delivery", first.deliveries.get().pk, key, first.alert.line)
        world.add("token", link_token(first), key)
