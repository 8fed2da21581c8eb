"""Who must know about a case, on which line, in what order, and why. Pure.

- The way is that of the VICTIM: the unit whose account is imitated and the division it belongs to; never the
  place of the counterfeiter, never the place a unit happens to sit in (domain handbook 5.4).
- A line is a ladder of rungs: the first contact of the nearest office, its substitutes, then office by office
  upwards. Somebody on rung 0 is told at once, the next rung when nobody answers in time.
- An office nobody can be reached at is a gap: the next one up is told in its place, and the gap is reported.
- Before a person has judged only the sponsor and the duty desk are told; their ladders lead nowhere else.
- Police are told of S1 or where a person confirmed signs of crime; a police body's own upper bureau always.
- A decision taken back goes to exactly those who were told.
- At night and on rest days S1 and S2 go to whoever of the office is on duty; S3 and S4 wait for the morning
  (`alerting.escalation`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from alerting import grounds
from alerting.grounds import Reason
from registry.contacts import LINES
from review.clocks import URGENT

Kind = Literal[
    "preliminary",
    "confirmed",
    "reported",
    "reversed",
    "withdrawn",
    "second_missing",
    "delivery_parked",
    "contact_missing",
]
Step = Literal["first", "substitute", "above"]

INTERNAL = frozenset({"second_missing", "delivery_parked", "contact_missing"})
# 公安局, 公安厅, 公安分局 and their divisions: a body of the police by its own name.
POLICE_WORD = "公安"


@dataclass(frozen=True, slots=True)
class Person:
    """A contact of an office. `always`: answers day and night, not only in office hours."""

    pk: int
    name: str
    office: str
    email: str = ""
    phone: str = ""
    rank: int = 1
    always: bool = True


@dataclass(frozen=True, slots=True)
class System:
    """A webhook of an office."""

    pk: int
    label: str


@dataclass(frozen=True, slots=True)
class Office:
    """Who answers for one place (a division's code, or a unit) on one line; `title` is how people call it."""

    line: str
    title: str
    division: str = ""
    unit: int | None = None
    persons: tuple[Person, ...] = ()
    systems: tuple[System, ...] = ()

    @property
    def is_reachable(self) -> bool:
        """Whether a message can get there: a phone alone cannot be sent one."""
        return bool(self.systems) or any(person.email for person in self.persons)


@dataclass(frozen=True, slots=True)
class Directory:
    """The offices that answer for one unit on one day.

    `lines`: for supervision, cac, police, publicity and duty the offices from the unit's own place upwards.
    `own_body`: the upper body of the unit itself, which supervises it in place of (vertical management) or
    before the government office; None where the unit has none of its own.
    """

    sponsor: Office
    lines: Mapping[str, tuple[Office, ...]]
    own_body: Office | None = None

    def offices(self) -> Iterator[Office]:
        """All of them."""
        yield self.sponsor
        if self.own_body:
            yield self.own_body
        for offices in self.lines.values():
            yield from offices


class Told(NamedTuple):
    """Somebody a line has told before: a contact or a webhook."""

    line: str
    contact: int | None
    webhook: int | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What routing asks of a case, at a moment."""

    kind: Kind
    severity: str
    unit_name: str
    unit_kind: str
    crime_signs: bool = False
    in_office_hours: bool = True
    told: frozenset[Told] = frozenset()


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody on a rung, and why. Without an address (`email`, `webhook`) they can only be phoned."""

    name: str
    office: str
    reasons: tuple[Reason, ...]
    contact: int | None = None
    webhook: int | None = None
    email: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Gap:
    """An office nobody can be reached at."""

    line: str
    title: str
    division: str = ""
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Rung:
    """Those told together, of one office of `line`; `missing` are the offices passed over on the way."""

    step: Step
    line: str
    title: str
    addressees: tuple[Addressee, ...]
    missing: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class Ladder:
    """One line from its first rung upwards; without rungs nobody can be told. `missing`: at its upper end."""

    line: str
    reason: Reason
    rungs: tuple[Rung, ...] = ()
    missing: tuple[Gap, ...] = ()

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """The offices that are missed now: those below the first rung, or all of them."""
        return self.rungs[0].missing if self.rungs else self.missing


@dataclass(frozen=True, slots=True)
class Route:
    """The ladders of a case, one a line."""

    ladders: tuple[Ladder, ...] = field(default_factory=tuple)

    def line(self, key: str) -> Ladder | None:
        """The ladder of that line, None where it is not told."""
        return next((ladder for ladder in self.ladders if ladder.line == key), None)

    @property
    def gaps(self) -> tuple[Gap, ...]:
        """Every office that is missed now, once."""
        return tuple(dict.fromkeys(gap for ladder in self.ladders for gap in ladder.gaps))


def route(facts: Facts, directory: Directory) -> Route:
    """The ladders of everybody who must know; a line on which there is no office at all has none."""
    if facts.kind in ("reversed", "withdrawn"):
        return Route(tuple(_taken_back(line, facts, directory) for line in LINES if _was_told(line, facts)))
    ladders = (_ladder(why, facts, directory) for why in lines_told(facts))
    return Route(tuple(ladder for ladder in ladders if ladder.rungs or ladder.missing))


class Why(NamedTuple):
    """A line that is told, with the ground."""

    line: str
    reason: Reason


def lines_told(facts: Facts) -> tuple[Why, ...]:
    """Which lines are told of a case of this kind, and on what ground; not for what takes back."""
    return tuple(Why(line, _ground(line, facts)) for line in _lines(facts))


def is_police_body(unit_name: str) -> bool:
    """Whether the unit is a body of the police, told by its name."""
    return POLICE_WORD in unit_name


def _lines(facts: Facts) -> tuple[str, ...]:
    match facts.kind:
        case "preliminary":
            return ("sponsor", "duty")
        case "confirmed":
            return ("sponsor", "supervision", "cac", *_police_and_publicity(facts), "duty")
        case "reported":
            return ("sponsor", "cac")
        case _:
            return ("duty",)


def _police_and_publicity(facts: Facts) -> Iterator[str]:
    if _concerns_police(facts) or is_police_body(facts.unit_name):
        yield "police"
    if facts.severity == "S1":
        yield "publicity"


def _concerns_police(facts: Facts) -> bool:
    return facts.severity == "S1" or facts.crime_signs


def _ground(line: str, facts: Facts) -> Reason:
    if line == "police" and not _concerns_police(facts):
        return grounds.UPPER_BUREAU
    if line == "police":
        return grounds.CRIME if facts.crime_signs else grounds.POLICE_S1
    if line == "duty" and facts.kind in INTERNAL:
        return grounds.INTERNAL[facts.kind]
    return grounds.OF_LINE[line]


def _ladder(why: Why, facts: Facts, directory: Directory) -> Ladder:
    line, reason = why
    if line == "sponsor":
        above = () if facts.kind == "preliminary" else _supervising(directory)
        return _climb(line, reason, (directory.sponsor, *above), facts)
    if line == "supervision":
        return _with_copy(_climb(line, reason, _supervising(directory), facts), facts, directory)
    if line == "police" and is_police_body(facts.unit_name):
        return _police_of_police(reason, facts, directory)
    return _climb(line, reason, directory.lines.get(line, ()), facts)


def _supervising(directory: Directory) -> tuple[Office, ...]:
    """The supervising offices, nearest first; a body of the unit's own before the government's."""
    offices = directory.lines.get("supervision", ())
    return (directory.own_body, *offices) if directory.own_body else offices


def _with_copy(ladder: Ladder, facts: Facts, directory: Directory) -> Ladder:
    """A vertical body answers to its own line; the office of the local government gets a copy at once."""
    own = directory.own_body
    if facts.unit_kind != "vertical" or own is None or not own.is_reachable or not ladder.rungs:
        return ladder
    local = _climb("supervision", grounds.COPY, directory.lines.get("supervision", ())[:1], facts)
    rungs = tuple(rung for rung in ladder.rungs if rung.step != "above")
    copies = local.rungs[0].addressees if local.rungs else ()
    first = replace(rungs[0], addressees=_once((*rungs[0].addressees, *copies)))
    return replace(ladder, rungs=(first, *rungs[1:]), missing=())


def _police_of_police(reason: Reason, facts: Facts, directory: Directory) -> Ladder:
    """Its own upper bureau is told; the police of its own place, which it may be itself, only of crimes."""
    offices = directory.lines.get("police", ())
    upper = _climb("police", grounds.UPPER_BUREAU, offices[1:], facts)
    if not _concerns_police(facts):
        return upper
    own = _climb("police", reason, offices, facts)
    if not (own.rungs and upper.rungs):
        return own
    first = own.rungs[0]
    both = _once((*first.addressees, *upper.rungs[0].addressees))
    return replace(own, rungs=(replace(first, addressees=both), *own.rungs[1:]))


def _climb(line: str, reason: Reason, offices: Sequence[Office], facts: Facts) -> Ladder:
    """The rungs of `offices`, nearest first: two for the nearest that can be reached, one for each above."""
    rungs: list[Rung] = []
    missing: list[Gap] = []
    by_phone: list[Addressee] = []
    for office in offices:
        own = reason if office.line == line else grounds.OF_LINE[office.line]
        if not office.is_reachable:
            missing.append(Gap(office.line, office.title, office.division, office.unit))
            by_phone += [_person(person, own, grounds.PHONE_ONLY) for person in office.persons]
            continue
        skipped = tuple(grounds.passed_over(gap.title, gap.line) for gap in missing)
        ground = (own, *skipped, grounds.ABOVE) if rungs else (own, *skipped)
        first, rest = _shifts(office, facts, ground)
        step: Step = "above" if rungs else "first"
        rungs.append(Rung(step, office.line, office.title, _once((*by_phone, *first)), tuple(missing)))
        if step == "first" and rest:
            rungs.append(Rung("substitute", office.line, office.title, rest))
        missing, by_phone = [], []
    return Ladder(line, reason, tuple(rungs), tuple(missing))


def _shifts(
    office: Office, facts: Facts, ground: tuple[Reason, ...]
) -> tuple[tuple[Addressee, ...], tuple[Addressee, ...]]:
    """Those of `office` told first, with its systems and whoever must be phoned, and the others."""
    written_to = [person for person in office.persons if person.email]
    top = min((person.rank for person in written_to), default=1)
    chosen, why = _on_duty(written_to, top, facts)
    first = [_person(person, *ground, why) for person in chosen]
    first += [_system(system, office, *ground) for system in office.systems]
    first += [_person(one, *ground, grounds.PHONE_ONLY) for one in office.persons if not one.email]
    rest = [
        _person(one, *ground, grounds.SUBSTITUTE if one.rank > top else grounds.RETURNS)
        for one in written_to
        if one not in chosen
    ]
    return tuple(first), tuple(rest)


def _on_duty(persons: Sequence[Person], top: int, facts: Facts) -> tuple[list[Person], Reason]:
    """Who of `persons` is told first: those of rank `top`, by night and urgent those of all on duty."""
    first = [person for person in persons if person.rank == top]
    if facts.in_office_hours or facts.severity not in URGENT:
        return first, grounds.FIRST
    if awake := [person for person in first if person.always]:
        return awake, grounds.FIRST
    if standing_in := [person for person in persons if person.always]:
        return standing_in, grounds.STANDS_IN
    return first, grounds.NOBODY_ON_DUTY


def _taken_back(line: str, facts: Facts, directory: Directory) -> Ladder:
    """One rung with everybody the line told who still answers; whoever left is replaced by the office."""
    told = {(one.contact, one.webhook) for one in facts.told if one.line == line}
    found = [
        addressee
        for office in directory.offices()
        for addressee in _everybody(office, grounds.TAKEN_BACK)
        if (addressee.contact, addressee.webhook) in told
    ]
    if found:
        return Ladder(line, grounds.TAKEN_BACK, (Rung("first", line, LINES[line].zh, _once(found)),))
    usual = _ladder(Why(line, grounds.TAKEN_BACK), replace(facts, kind="preliminary"), directory)
    return replace(usual, rungs=usual.rungs[:1])


def _was_told(line: str, facts: Facts) -> bool:
    return any(one.line == line for one in facts.told)


def _everybody(office: Office, reason: Reason) -> Iterator[Addressee]:
    for person in office.persons:
        yield _person(person, reason)
    for system in office.systems:
        yield _system(system, office, reason)


def _person(person: Person, *reasons: Reason) -> Addressee:
    return Addressee(
        person.name, person.office, reasons, contact=person.pk, email=person.email, phone=person.phone
    )


def _system(system: System, office: Office, *reasons: Reason) -> Addressee:
    return Addressee(system.label, office.title, (*reasons, grounds.SYSTEM), webhook=system.pk)


def _once(addressees: Iterable[Addressee]) -> tuple[Addressee, ...]:
    """Everybody once, with the reasons they were first named for."""
    seen: dict[tuple[int | None, int | None], Addressee] = {}
    for addressee in addressees:
        seen.setdefault((addressee.contact, addressee.webhook), addressee)
    return tuple(seen.values())
