"""The contacts of the example: everybody invented, everything filled but for the gaps made on purpose."""

import csv
from collections import defaultdict

import pytest

from examples.henan import contacts, generate, places
from examples.henan.contacts import COLUMNS, LINES, Keeper
from examples.henan.registered import Unit

Rows = list[dict[str, str]]
LINE, DIVISION, UNIT, UNIT_DIVISION, _, PERSON, PHONE, EMAIL, RANK, _, BEGINS, ENDS = COLUMNS


@pytest.fixture(scope="module")
def people() -> Rows:
    with (places.FOLDER / "联系人.csv").open(encoding="gb18030", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def units(province: generate.Province) -> list[Unit]:
    return province.units


@pytest.fixture(scope="module")
def keepers(units: list[Unit]) -> dict[Unit, Keeper]:
    return contacts.contacts(places.read(), units)[1]


def test_everybody_is_invented_and_can_be_seen_to_be(people: Rows, keepers: dict[Unit, Keeper]) -> None:
    everybody = [(row[PERSON], row[PHONE], row[EMAIL]) for row in people] + [*keepers.values()]
    assert len({person for person, _, _ in everybody}) == len(everybody)
    for person, phone, email in everybody:
        assert person[1] == "示"
        assert phone.startswith("000-")
        assert email.endswith("@henan.example")


def test_every_place_with_units_has_its_four_offices_but_for_the_gaps(
    people: Rows, units: list[Unit]
) -> None:
    filled = {(row[LINE], row[DIVISION]) for row in people if row[DIVISION]}
    four = ("supervision", "cac", "police", "publicity")
    divisions = {unit.division for unit in units}
    offices = {(LINES[line], code) for code in divisions for line in four}
    gaps = {(LINES[line], code) for line, code in contacts.EMPTY_POSTS}
    gaps |= {(LINES[line], code) for code in contacts.SILENT_DIVISIONS for line in four}
    assert offices > gaps
    assert filled == offices - gaps | {(LINES["duty"], "410000"), (LINES["duty"], "410100")}


def test_no_office_of_the_province_is_a_gap_and_each_has_a_substitute(people: Rows) -> None:
    ranks = defaultdict(set)
    for row in people:
        if row[DIVISION] == "410000":
            ranks[row[LINE]].add(row[RANK])
    assert len(ranks) == 5
    assert all(found == {"1", "2"} for found in ranks.values())


def test_every_unit_has_its_keeper_but_for_the_gaps(units: list[Unit], keepers: dict[Unit, Keeper]) -> None:
    assert {unit.name for unit in units if unit not in keepers} == contacts.SILENT_UNITS


def test_who_keeps_the_accounts_stands_in_the_register_and_only_substitutes_here(people: Rows) -> None:
    substitutes = [row for row in people if row[LINE] == LINES["sponsor"]]
    assert substitutes
    assert {row[RANK] for row in substitutes} == {"2"}


def test_some_vertical_bodies_have_no_upper_body_on_record(people: Rows, units: list[Unit]) -> None:
    vertical = {unit.name for unit in units if unit.kind == "vertical"}
    known = {row[UNIT] for row in people if row[LINE] == LINES["supervision"] and row[UNIT]}
    assert known == set(contacts.UPPER_BODIES) < vertical


def test_a_post_that_changed_hands_has_both_persons_one_after_the_other(people: Rows) -> None:
    for line, code in contacts.SUCCESSIONS:
        first, second = [
            row for row in people if (row[LINE], row[DIVISION], row[RANK]) == (LINES[line], code, "1")
        ]
        assert (first[ENDS], second[BEGINS]) == ("2026-06-30", "2026-07-01")
    assert sum(bool(row[ENDS]) for row in people) == len(contacts.SUCCESSIONS)
