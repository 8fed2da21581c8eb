"""What the signals are told of strangers and of the accounts they are like: rows in, facts out.

An empty text of an observation means that the platform did not give it: not known, and never known to be
empty. So is a former name of which nobody saw anything. Read by a constant number of questions to the
database, however many strangers there are.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from urllib.parse import urlsplit

from common.clock import BEIJING
from detection.signals.facts import Candidate, FormerName, Official
from observations.models import Observation, Sighting
from registry.models import Account, ProtectedName, Unit

Key = tuple[str, str, str]
"""(platform, instance, uid)."""


GIVEN_UP = frozenset({"former", "closed"})


class Name(NamedTuple):
    """A protected name: of an account, or (None) of its unit."""

    account: int | None
    text: str
    reason: str


class Look(NamedTuple):
    """An account as it was seen once."""

    name: str
    handle: str
    followers: int | None
    seen_at: datetime


@dataclass(frozen=True)
class Facts:
    """Of a batch of strangers, and of the accounts that they are like.

    looks: oldest first. names: of a unit and its accounts. places: where units have accounts (unit, platform,
    instance). bodies: certified subjects that the register knows. ranks: rank and question, see `_ranks`.
    """

    looks: dict[Key, list[Look]]
    names: dict[int, list[Name]]
    places: Collection[tuple[int, str, str]]
    bodies: Collection[str]
    ranks: dict[tuple[int, Key], tuple[int, str]]

    def candidate(self, stranger: Observation, account: Account) -> Candidate:
        """The stranger as last seen; its former names are not compared yet."""
        looks = self.looks.get(_key(stranger), [])
        subject = stranger.certified_subject or None
        return Candidate(
            name=stranger.name,
            handle=stranger.handle or None,
            bio=stranger.bio or None,
            certified_subject=subject,
            subject_is_lawful_body=None if subject is None else subject in self.bodies,
            opened_on=_day(stranger.opened_at),
            seen_on=_day(stranger.seen_at),
            followers=stranger.followers,
            follower_counts=tuple(_counts(looks)),
            former_names=_former(stranger, looks),
            rank=self._rank(stranger, _key(stranger), account),
            is_registered=False,
        )

    def official(self, account: Account, stranger: Observation) -> Official:
        """`account` with what its unit is and was called, as seen from where `stranger` is."""
        names = self.names.get(account.unit_id, [])
        own = [name for name in names if name.account in (account.pk, None)]
        where = (account.unit_id, stranger.platform, stranger.instance)
        return Official(
            name=account.name,
            handle=account.handle or None,
            subjects=tuple(_each(account.unit.name, account.certified_subject)),
            names=tuple(name.text for name in names),
            home_hosts=tuple(_each(urlsplit(account.home_url).hostname or "")),
            opened_on=account.opened_on,
            rank=self._rank(stranger, _key_of(account), account),
            is_on_platform=where in self.places,
            is_closed=account.state == "deregistered",
            released_handles=self._released_handles(account),
            released_names=tuple(name.text for name in own if name.reason in GIVEN_UP),
        )

    def _rank(self, stranger: Observation, who: Key, account: Account) -> int | None:
        """The place of `who` in the search for an official name in which the stranger was seen first."""
        rank, question = self.ranks.get((stranger.response_id, who), (None, ""))
        names = self.names.get(account.unit_id, [])
        return rank if any(name.text == question for name in names) else None

    def _released_handles(self, account: Account) -> tuple[str, ...] | None:
        """Handles it was seen with and bears no more. None where none was: the register keeps no old ones."""
        borne = _each(*(look.handle for look in self.looks.get(_key_of(account), [])), account.handle)
        is_closed = account.state == "deregistered"
        return tuple(handle for handle in borne if is_closed or handle != account.handle) or None


def gather(strangers: Sequence[Observation], accounts: Collection[Account]) -> Facts:
    """Everything that is known of `strangers` and of the `accounts` (read with their units)."""
    units = {account.unit_id for account in accounts}
    who = {_key(one) for one in strangers} | {_key_of(account) for account in accounts}
    names: defaultdict[int, list[Name]] = defaultdict(list)
    protected = ProtectedName.objects.filter(unit__in=units).order_by("pk")
    for unit, account, text, reason in protected.values_list("unit_id", "account_id", "text", "reason"):
        names[unit].append(Name(account, text, reason))
    open_ones = Account.objects.filter(unit__in=units).exclude(state="deregistered")
    places = set(open_ones.values_list("unit_id", "platform", "instance"))
    return Facts(_looks(who), names, places, _bodies(strangers), _ranks(strangers, who))


def _looks(who: Collection[Key]) -> dict[Key, list[Look]]:
    looks: defaultdict[Key, list[Look]] = defaultdict(list)
    faces = Observation.objects.filter(uid__in={uid for _, _, uid in who}).order_by("seen_at", "pk")
    rows = faces.values_list("platform", "instance", "uid", "name", "handle", "followers", "seen_at")
    for platform, instance, uid, name, handle, followers, seen_at in rows.iterator():
        if (platform, instance, uid) in who:
            looks[platform, instance, uid].append(Look(name, handle, followers, seen_at))
    return looks


def _bodies(strangers: Iterable[Observation]) -> set[str]:
    """Those certified subjects that the register knows as a unit, or as the subject of an account."""
    subjects = {one.certified_subject for one in strangers if one.certified_subject}
    units = Unit.objects.filter(name__in=subjects).values_list("name", flat=True)
    filed = Account.objects.filter(certified_subject__in=subjects).values_list("certified_subject", flat=True)
    return {*units, *filed}


def _ranks(strangers: Iterable[Observation], who: Collection[Key]) -> dict[tuple[int, Key], tuple[int, str]]:
    """By answer and account the rank and the question, in the answers in which the strangers appeared first.

    Later answers are not asked: with every crawl a rank is another, and would be another fact.
    """
    answers = {one.response_id for one in strangers}
    rows = Sighting.objects.filter(response__in=answers, response__task__stage="search").values_list(
        "response_id",
        "observation__platform",
        "observation__instance",
        "observation__uid",
        "rank",
        "response__task__value",
    )
    return {
        (answer, (platform, instance, uid)): (rank, question)
        for answer, platform, instance, uid, rank, question in rows
        if (platform, instance, uid) in who
    }


def _key(observation: Observation) -> Key:
    return observation.platform, observation.instance, observation.uid


def _key_of(account: Account) -> Key:
    return account.platform, account.instance, account.platform_uid


def _former(stranger: Observation, looks: Iterable[Look]) -> tuple[FormerName, ...] | None:
    """Names it was seen with before; that none was seen does not mean that it had none."""
    names = _each(*(look.name for look in looks if look.name != stranger.name))
    return tuple(FormerName(name) for name in names) or None


def _counts(looks: Iterable[Look]) -> Iterator[tuple[date, int]]:
    for look in looks:
        day = _day(look.seen_at)
        if look.followers is not None and day is not None:
            yield day, look.followers


def _day(moment: datetime | None) -> date | None:
    return None if moment is None else moment.astimezone(BEIJING).date()


def _each(*texts: str) -> list[str]:
    """Those of `texts` that are not empty, each once."""
    return list(dict.fromkeys(text for text in texts if text))
