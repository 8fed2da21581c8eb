"""Offices and people for routing, made by hand or at random; no database."""

from hypothesis import strategies as st

from alerting.routing import Directory, Facts, Office, Person, System
from registry.contacts import LINES

PLACES = ("410105", "410100", "410000")
UPWARDS = tuple(line for line in LINES if line != "sponsor")
UNIT = 7


def person(pk: int, *, rank: int = 1, always: bool = True, email: str = "", phone: str = "110") -> Person:
    """Contact `pk`, reachable by mail unless `email` is "-"."""
    address = "" if email == "-" else email or f"p{pk}@henan.example"
    return Person(pk, f"人{pk}", f"单位{pk}", address, phone, rank, always)


def office(line: str, place: str | int, *persons: Person, systems: tuple[System, ...] = ()) -> Office:
    """The office of a division (its code) or of a unit (its number) on `line`."""
    if isinstance(place, int):
        return Office(line, f"单位{place}", "", place, persons, systems)
    return Office(line, place, place, None, persons, systems)


def full() -> Directory:
    """A contact and a substitute everywhere; contact 100 × line + 10 × level, the substitute one more."""
    return Directory(
        office("sponsor", UNIT, person(1), person(2, rank=2)),
        {
            line: tuple(
                office(line, place, person(number + 10 * level), person(number + 10 * level + 1, rank=2))
                for level, place in enumerate(PLACES)
            )
            for number, line in zip(range(100, 600, 100), UPWARDS, strict=True)
        },
    )


def facts(kind: str = "confirmed", severity: str = "S2", **more: object) -> Facts:
    """A department of the district, in office hours."""
    given: dict[str, object] = {"unit_name": "金水区教育局", "unit_kind": "department", **more}
    return Facts(kind, severity, **given)  # type: ignore[arg-type]


@st.composite
def offices(draw: st.DrawFn, line: str, place: str | int) -> Office:
    """Anything from nobody to two ranks, by mail or phone only, by day or always, and a system or none."""
    numbers = st.integers(1, 10_000)
    rows = draw(st.lists(st.tuples(numbers, st.integers(1, 3), st.booleans(), st.booleans()), max_size=3))
    rows.sort(key=lambda row: row[1])
    persons = tuple(
        person(pk, rank=rank, always=always, email="" if mail else "-") for pk, rank, always, mail in rows
    )
    systems = tuple(System(pk, "系统") for pk in draw(st.lists(numbers, max_size=1)))
    return office(line, place, *persons, systems=systems)


@st.composite
def directories(draw: st.DrawFn) -> Directory:
    """What answers for one unit, with holes."""
    lines = {line: tuple(draw(offices(line, place)) for place in PLACES) for line in UPWARDS}
    own_body = draw(st.none() | offices("supervision", UNIT))
    return Directory(draw(offices("sponsor", UNIT)), lines, own_body)


def all_facts() -> st.SearchStrategy[Facts]:
    """Any case of any unit at any hour, but one that is taken back."""
    kinds = ["preliminary", "confirmed", "reported", "second_missing", "delivery_parked", "contact_missing"]
    return st.builds(
        Facts,
        st.sampled_from(kinds),
        st.sampled_from(["S1", "S2", "S3", "S4"]),
        st.sampled_from(["金水区教育局", "郑州市公安局"]),
        st.sampled_from(["department", "vertical", "government_office"]),
        crime_signs=st.booleans(),
        in_office_hours=st.booleans(),
    )
