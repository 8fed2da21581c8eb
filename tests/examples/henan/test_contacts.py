"""The contacts of the example: everybody invented, everything filled but for the gaps made on purpose."""

import csv
from collections import defaultdict

import pytest

from examples.henan import contacts, places

Rows = list[dict[str, str]]


def table(name: str) -> Rows:
    with (places.FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def people() -> Rows:
    return table("contacts.csv")


@pytest.fixture(scope="module")
def units() -> set[tuple[str, str]]:
    return {(row["unit"], row["unit_division"]) for row in table("registry.csv")}


def test_everybody_is_invented_and_can_be_seen_to_be(people: Rows) -> None:
    assert len({row["person"] for row in people}) == len(people)
    for row in people:
        assert row["person"][1] == "示"
        assert row["phone"].startswith("000-")
        assert row["email"].endswith("@henan.example")


def test_every_place_with_units_has_its_four_offices_but_for_the_gaps(
    people: Rows, units: set[tuple[str, str]]
) -> None:
    filled = {(row["line"], row["division"]) for row in people if row["division"]}
    offices = {(line, code) for _, code in units for line in ("supervision", "cac", "police", "publicity")}
    assert offices > contacts.EMPTY_POSTS
    assert filled == offices - contacts.EMPTY_POSTS | {("duty", "410000"), ("duty", "410100")}


def test_no_office_of_the_province_is_a_gap_and_each_has_a_substitute(people: Rows) -> None:
    ranks = defaultdict(set)
    for row in people:
        if row["division"] == "410000":
            ranks[row["line"]].add(row["rank"])
    assert len(ranks) == 5
    assert all(found == {"1", "2"} for found in ranks.values())


def test_every_unit_has_its_contact_but_for_the_gaps(people: Rows, units: set[tuple[str, str]]) -> None:
    filled = {(row["unit"], row["unit_division"]) for row in people if row["line"] == "sponsor"}
    assert {name for name, _ in units - filled} == contacts.SILENT_UNITS
    assert filled < units


def test_some_vertical_bodies_have_no_upper_body_on_record(people: Rows) -> None:
    vertical = {row["unit"] for row in table("registry.csv") if row["unit_kind"] == "vertical"}
    known = {row["unit"] for row in people if row["line"] == "supervision" and row["unit"]}
    assert known == set(contacts.UPPER_BODIES) < vertical


def test_a_post_that_changed_hands_has_both_persons_one_after_the_other(people: Rows) -> None:
    for line, code in contacts.SUCCESSIONS:
        first, second = [
            row for row in people if (row["line"], row["division"], row["rank"]) == (line, code, "1")
        ]
        assert (first["valid_to"], second["valid_from"]) == ("2026-06-30", "2026-07-01")
    assert sum(bool(row["valid_to"]) for row in people) == len(contacts.SUCCESSIONS)
