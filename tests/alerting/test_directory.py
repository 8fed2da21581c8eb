"""Rows → who answers for a unit on a day: the routing table of the domain handbook (5.4), stored."""

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from alerting.directory import directory
from alerting.models import Webhook
from alerting.routing import Facts, route
from registry import divisions
from registry.models import Division, Unit
from tests import cast
from tests.alerting.world import NOON

pytestmark = pytest.mark.django_db
LINES = ("supervision", "cac", "police", "publicity", "duty")
WHERE = (
    "410105", "410100", "410000", "410181", "419001", "441900", "440000", "620200", "620000", "110105",
    "110000",
)  # fmt: skip


def stored(code: str) -> None:
    """The shipped rows of a division and everything above it."""
    rows = {row.code: row for row in divisions.shipped()}
    above: list[Division] = []
    row: Division | None = rows[code]
    while row is not None:
        above.insert(0, row)
        row = rows[row.parent_id] if row.parent_id else None
    Division.objects.bulk_create(above, ignore_conflicts=True)


def unit_in(code: str, kind: str, name: str = "某单位") -> Unit:
    stored(code)
    unit = Unit.objects.create(name=name, kind=kind, line_division_id=code, created_at=NOON)
    for division in Division.objects.filter(pk__in=WHERE):
        for line in LINES:
            cast.contact(line, division, f"{line} {division.code}")
    return unit


def told(unit: Unit, line: str) -> list[str]:
    """The places of `line` from the first told upwards."""
    facts = Facts("confirmed", "S1", unit.name, unit.kind)
    ladder = route(facts, directory(unit, NOON)).line(line)
    assert ladder is not None
    return [rung.addressees[0].name.removeprefix(f"{line} ") for rung in ladder.rungs]


# unit → its supervisor and what is above; its cyberspace office, police, publicity and duty desk and above.
@pytest.mark.parametrize(
    ("kind", "division", "supervision", "others"),
    [
        ("department", "410105", ["410105", "410100", "410000"], ["410105", "410100", "410000"]),
        ("government_office", "410105", ["410100", "410000"], ["410105", "410100", "410000"]),
        ("township_government", "410105", ["410105", "410100", "410000"], ["410105", "410100", "410000"]),
        ("government_office", "410181", ["410000"], ["410181", "410100", "410000"]),
        ("department", "410181", ["410181", "410000"], ["410181", "410100", "410000"]),
        ("department", "419001", ["419001", "410000"], ["419001", "410000"]),
        ("institution", "410171", ["410100", "410000"], ["410100", "410000"]),
        ("department", "410000", ["410000"], ["410000"]),
        ("township_government", "441900-county", ["441900", "440000"], ["441900", "440000"]),
        ("enterprise", "620201", ["620200", "620000"], ["620200", "620000"]),
        ("enterprise", "110105", ["110105", "110000"], ["110105", "110000"]),
    ],
)
def test_the_routing_table(kind: str, division: str, supervision: list[str], others: list[str]) -> None:
    unit = unit_in(division, kind)
    assert told(unit, "supervision") == supervision
    for line in LINES[1:]:
        assert told(unit, line) == others


def test_a_tax_bureau_answers_to_its_own_line_with_a_copy_to_the_district() -> None:
    unit = unit_in("410105", "vertical", "金水区税务局")
    cast.contact("supervision", unit, "郑州市税务局")
    ladder = route(Facts("confirmed", "S2", unit.name, unit.kind), directory(unit, NOON)).line("supervision")
    assert ladder is not None
    assert [[one.name for one in rung.addressees] for rung in ladder.rungs] == [
        ["郑州市税务局", "supervision 410105"]
    ]


def test_a_provincial_office_without_superior_on_record_is_a_task() -> None:
    unit = unit_in("410000", "government_office")
    way = route(Facts("confirmed", "S2", unit.name, unit.kind), directory(unit, NOON))
    assert [(gap.line, gap.unit) for gap in way.gaps] == [("sponsor", unit.pk), ("supervision", unit.pk)]


def test_a_provincial_body_seated_in_a_district_is_not_the_districts() -> None:
    unit = unit_in("410000", "department")
    stored("410105")
    cast.contact("cac", Division.objects.get(pk="410105"), "district")
    assert told(unit, "cac") == ["410000"]


def test_a_contact_counts_on_the_days_it_is_valid(place: cast.Province) -> None:
    unit, today = place.zhengzhou_account.unit, date(2026, 11, 24)
    cast.contact("cac", place.zhengzhou, "gone", valid_to=today - timedelta(days=1))
    cast.contact("cac", place.zhengzhou, "last day", valid_to=today)
    cast.contact("cac", place.zhengzhou, "first day", valid_from=today)
    cast.contact("cac", place.zhengzhou, "to come", valid_from=today + timedelta(days=1))
    names = {person.name for person in directory(unit, NOON).lines["cac"][0].persons}
    assert names == {"last day", "first day"}


def test_the_day_is_the_day_in_beijing(place: cast.Province) -> None:
    cast.contact("cac", place.zhengzhou, "tomorrow", valid_from=date(2026, 11, 25))
    unit = place.zhengzhou_account.unit
    assert not directory(unit, NOON).lines["cac"][0].persons
    assert directory(unit, NOON + timedelta(hours=13)).lines["cac"][0].persons


def test_a_webhook_counts_while_it_is_active(place: cast.Province) -> None:
    unit = place.zhengzhou_account.unit
    for state in ("active", "disabled"):
        Webhook.objects.create(
            line="cac", division=place.zhengzhou, label=state, url="https://x.example", sealed_secret=b"",
            state=state, created_at=NOON, changed_at=NOON,
        )  # fmt: skip
    assert [system.label for system in directory(unit, NOON).lines["cac"][0].systems] == ["active"]


def test_nobody_of_another_place_is_even_read(place: cast.Province) -> None:
    cast.contact("cac", place.kaifeng, "next city")
    cast.contact("cac", place.guangdong, "next province")
    cast.contact("sponsor", place.kaifeng_account.unit, "next unit")
    offices = directory(place.zhengzhou_account.unit, NOON).offices()
    assert [person for office in offices for person in office.persons] == []


def test_it_costs_three_queries(
    place: cast.Province, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    unit = Unit.objects.select_related("line_division").get(pk=place.zhengzhou_account.unit_id)
    directory(unit, NOON)
    with django_assert_num_queries(3):
        directory(unit, NOON)
