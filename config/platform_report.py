"""What is known of each platform after a scan: who was seen there, and whether anybody looked."""

from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from django.db.models import QuerySet
from django.utils import translation

from common.table import render
from console import words
from detection.models import Suspect
from observations.models import Coverage, Observation, Source
from registry.models import Account

Place = tuple[str, str]
TITLES = ("平台 platform", "登记 registered", "看到 seen", "疑似 suspects", "查找仿冒 search for imitators")
NOT_LOOKED = "未启用、无导出文件，未核查 no export yet, nothing checked"


class Line(NamedTuple):
    """A platform: registered accounts in use, all accounts seen there, suspects, how far it was searched."""

    place: Place
    registered: int
    seen: int | None
    suspects: int | None
    searched: str


def text() -> str:
    """One line a platform on which anybody is registered, and every other that is looked at."""
    rows = [
        (_title(line.place), str(line.registered), _count(line.seen), _count(line.suspects), line.searched)
        for line in lines()
    ]
    return "各平台 Platform by platform:\n" + render(TITLES, rows)


def lines() -> Iterator[Line]:
    """Looked at first, then those that nobody has looked at."""
    registered = _by_place(Account.objects.exclude(state="deregistered"))
    sources = {(one.platform, one.instance): one for one in Source.objects.filter(enabled=True)}
    seen, suspects = _seen(), _by_place(Suspect.objects.all())
    for place, source in sources.items():
        yield Line(place, registered[place], seen[place], suspects[place], _searched(source))
    for place in sorted(registered.keys() - sources.keys()):
        yield Line(place, registered[place], None, None, NOT_LOOKED)


def _by_place(rows: "QuerySet[Account] | QuerySet[Suspect]") -> Counter[Place]:
    return Counter((platform, instance) for platform, instance in rows.values_list("platform", "instance"))


def _seen() -> Counter[Place]:
    """Accounts, not faces: who was renamed is one."""
    who = Observation.objects.values_list("platform", "instance", "uid").distinct()
    return Counter((platform, instance) for platform, instance, _ in who.iterator())


def _searched(source: Source) -> str:
    """How many registered names were searched for here, by how it went."""
    states = Counter(Coverage.objects.filter(source=source, purpose="search").values_list("state", flat=True))
    with translation.override("zh-hans"):
        said = [f"{words.COVERAGE_STATES.get(state, '')} {state} {n}" for state, n in sorted(states.items())]
    return "，".join(said)


def _title(place: Place) -> str:
    return "/".join(part for part in place if part)


def _count(number: int | None) -> str:
    return "－" if number is None else str(number)
