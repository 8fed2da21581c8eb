from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from common import clock
from names.divisions import all_divisions
from registry.missing import Gap, offices_without_contact, units_without_account, units_without_contact
from registry.models import Account, Contact, Unit
from tests.registry.reference import reference_rows  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows")]
TODAY = date(2026, 11, 24)


def unit(name: str, division: str, kind: str = "department", state: str | None = "in_service") -> Unit:
    """A unit, with one account in `state` if any."""
    made = Unit.objects.create(name=name, line_division_id=division, kind=kind, created_at=clock.now())
    if state:
        at = clock.now()
        Account.objects.create(
            platform="weibo",
            platform_uid=str(made.pk),
            name=name,
            state=state,
            unit=made,
            created_at=at,
            changed_at=at,
        )
    return made


def contact(line: str, division: str | None = None, unit: Unit | None = None, **changes: object) -> None:
    values: dict[str, object] = {
        "office": "办公室",
        "person": "周晓",
        "email": "a@henan.example",
        "hours": "always",
        "valid_from": date(2026, 1, 1),
        "changed_at": clock.now(),
    }
    Contact.objects.create(line=line, division_id=division, unit=unit, **{**values, **changes})


def told(gaps: list[Gap]) -> list[tuple[str, str, str, int]]:
    return [
        (gap.division.code if gap.division else str(gap.unit), gap.line, gap.lacks, gap.units) for gap in gaps
    ]


def offices(within: str = "/CN/") -> list[tuple[str, str, str, int]]:
    return told(offices_without_contact(Unit.objects.all(), TODAY, within))


def test_every_office_an_alert_may_climb_to_is_needed() -> None:
    unit("金水区教育局", "410105")
    unit("金水区卫健委", "410105")
    every = [
        (code, line) for code in ("410000", "410100", "410105") for line in ("supervision", "cac", "police")
    ]
    assert [(code, line) for code, line, *_ in offices()] == every
    assert {(lack, units) for *_, lack, units in offices()} == {("contact", 2)}


def test_an_office_with_somebody_who_answers_today_is_not_missing() -> None:
    unit("金水区教育局", "410105")
    contact("cac", "410105")
    contact("police", "410105", valid_to=date(2026, 11, 23))
    contact("supervision", "410105", valid_from=date(2026, 11, 25))
    assert [line for _, line, *_ in offices("/CN/410000/410100/410105/")] == ["supervision", "police"]


def test_an_office_that_can_only_be_phoned_is_told_apart() -> None:
    unit("金水区教育局", "410105")
    contact("cac", "410105", email="", phone="110")
    here = "/CN/410000/410100/410105/"
    assert offices(here)[1] == ("410105", "cac", "email", 1)
    contact("cac", "410105", person="吴涛")
    assert [line for _, line, *_ in offices(here)] == ["supervision", "police"]


def test_the_lines_follow_the_routing_rules() -> None:
    unit("金水区人民政府办公室", "410105", "government_office")  # supervised from above
    unit("巩义市人民政府办公室", "410181", "government_office")  # managed by the province
    unit("郑州经开区管委会", "410171", "institution")  # a zone has no offices
    supervising = [(code, units) for code, line, _, units in offices() if line == "supervision"]
    assert supervising == [("410000", 3), ("410100", 2)]
    assert {code for code, line, *_ in offices() if line == "cac"} == {"410000", "410100", "410105", "410181"}


@pytest.mark.parametrize("state", [None, "deregistered"])
def test_a_unit_without_an_account_needs_nobody_and_is_listed_itself(state: str | None) -> None:
    alone = unit("某局", "410105", state=state)
    assert offices() == []
    assert units_without_contact(Unit.objects.all(), TODAY) == []
    assert list(units_without_account(Unit.objects.all())) == [alone]


def test_a_unit_needs_its_sponsor_contact_and_a_vertical_one_its_upper_body() -> None:
    ordinary = unit("金水区教育局", "410105")
    vertical = unit("金水区税务局", "410105", "vertical")
    assert list(units_without_account(Unit.objects.all())) == []
    found = units_without_contact(Unit.objects.all(), TODAY)
    assert [(gap.unit, gap.line) for gap in found] == [
        (ordinary, "sponsor"),
        (vertical, "sponsor"),
        (vertical, "supervision"),
    ]
    contact("sponsor", unit=ordinary)
    contact("supervision", unit=vertical)
    contact("sponsor", unit=vertical, email="", phone="110")
    assert told(units_without_contact(Unit.objects.all(), TODAY)) == [("金水区税务局", "sponsor", "email", 1)]


def test_only_the_units_asked_about_count() -> None:
    unit("金水区教育局", "410105")
    other = Unit.objects.filter(line_division="410200")
    assert offices_without_contact(other, TODAY) == []
    assert units_without_contact(other, TODAY) == []


def test_queries_do_not_grow_with_the_divisions() -> None:
    def asked() -> int:
        with CaptureQueriesContext(
            connection,
        ) as queries:
            offices()
            units_without_contact(Unit.objects.all(), TODAY)
            list(units_without_account(Unit.objects.all()))
        return len(queries)

    unit("巩义市教育局", "410181")
    first = asked()
    for division in [row for row in all_divisions() if row.level == "county"][::30]:
        unit(f"{division.name}教育局", division.key)
    assert asked() == first <= 8
