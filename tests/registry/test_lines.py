from collections.abc import Iterable
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from names.divisions import all_divisions, by_key
from registry.contacts import LINES
from registry.kinds import UNIT_KINDS
from registry.lines import Override, Place, Supervisor, Tree, shipped_overrides

DAY = date(2026, 11, 24)
PLACES = tuple(
    Place(row.key, row.name, row.level, row.parent, row.is_placeholder, row.is_statistical_zone)
    for row in all_divisions()
)
TREE = Tree(PLACES, shipped_overrides())
PROVINCE_MANAGED = {
    "410181", "410225", "410482", "410526", "410783", "411381", "411481", "411525", "411628", "411729",
}  # fmt: skip


def codes(places: Iterable[Place]) -> list[str]:
    return [place.code for place in places]


def supervisor(kind: str, code: str) -> str:
    found = TREE.supervisor(kind, code, DAY)
    return found.place.code if found.place else "above"


# The routing table of the domain handbook, 5.4: unit → its supervisor, the place of its cyberspace office and
# police, what lies above on that line.
@pytest.mark.parametrize(
    ("kind", "division", "supervised_by", "place", "up"),
    [
        ("department", "410105", "410105", "410105", ["410100", "410000"]),
        ("government_office", "410105", "410100", "410105", ["410100", "410000"]),
        ("township_government", "410105001", "410105", "410105", ["410100", "410000"]),
        ("government_office", "410181", "410000", "410181", ["410100", "410000"]),
        ("department", "419001", "419001", "419001", ["410000"]),
        ("government_office", "419001", "410000", "419001", ["410000"]),
        ("institution", "410171", "410100", "410100", ["410000"]),
        ("government_office", "410171", "410100", "410100", ["410000"]),
        ("department", "410000", "410000", "410000", []),
        ("government_office", "410000", "above", "410000", []),
        ("township_government", "441900101", "441900", "441900", ["440000"]),
        ("department", "441900-county", "441900", "441900", ["440000"]),
        ("government_office", "441900-county", "440000", "441900", ["440000"]),
        ("enterprise", "110105", "110105", "110105", ["110000"]),
        ("government_office", "620201", "620000", "620200", ["620000"]),
    ],
)
def test_the_routing_table(kind: str, division: str, supervised_by: str, place: str, up: list[str]) -> None:
    assert supervisor(kind, division) == supervised_by
    assert not TREE.supervisor(kind, division, DAY).own_body
    assert TREE.home(division, DAY).code == place
    for line in ("cac", "police", "publicity", "duty"):
        assert codes(TREE.parents(division, line, DAY)) == up


def test_a_vertical_body_answers_to_its_own_line_and_the_local_office_gets_a_copy() -> None:
    found = TREE.supervisor("vertical", "410105", DAY)
    assert found.own_body
    assert found.place is not None
    assert found.place.name == "金水区"


def test_a_county_managed_by_its_province_reports_past_its_prefecture_on_supervision_alone() -> None:
    for code in PROVINCE_MANAGED:
        county = by_key(code)
        assert county is not None
        assert codes(TREE.parents(code, "supervision", DAY)) == ["410000"]
        for line in ("cac", "police", "publicity"):
            assert codes(TREE.parents(code, line, DAY)) == [county.parent, "410000"]


def test_the_shipped_overrides_are_the_ten_counties_and_stand_on_real_places() -> None:
    known = {place.code for place in PLACES}
    assert {row.code for row in shipped_overrides()} == PROVINCE_MANAGED
    for row in shipped_overrides():
        assert {row.code, row.target} <= known
        assert row.line in LINES
        assert row.valid_to is None or row.valid_from <= row.valid_to


def test_the_day_decides_whether_an_override_holds() -> None:
    tree = Tree(
        PLACES,
        [Override("410105", "cac", "410000", date(2026, 1, 1), date(2026, 6, 30))],
    )
    for day, up in [
        ("2025-12-31", ["410100", "410000"]),
        ("2026-01-01", ["410000"]),
        ("2026-06-30", ["410000"]),
        ("2026-07-01", ["410100", "410000"]),
    ]:
        assert codes(tree.parents("410105", "cac", date.fromisoformat(day))) == up


def test_a_place_that_has_ended_or_not_begun_has_no_offices_that_day() -> None:
    city = Place("1", "市", "prefecture", "")
    old = Place("2", "旧县", "county", "1", valid_to=date(2026, 6, 30))
    new = Place("3", "新区", "county", "1", valid_from=date(2026, 7, 1))
    tree = Tree([city, old, new], [])
    assert [tree.home(code, date(2026, 6, 30)).code for code in "23"] == ["2", "1"]
    assert [tree.home(code, date(2026, 7, 1)).code for code in "23"] == ["1", "3"]
    assert tree.supervisor("government_office", "2", date(2026, 7, 1)) == Supervisor(city)


def test_a_unit_on_an_ended_place_is_answered_for_by_what_followed() -> None:
    city = Place("410700", "新乡市", "prefecture", "410000")
    province = Place("410000", "河南省", "province", "")
    followed = Place("410783", "长垣市", "county", "410700", valid_from=date(2023, 6, 1))
    ended = Place("410728", "长垣县", "county", "410783", valid_to=date(2023, 5, 31))
    tree = Tree([province, city, followed, ended], shipped_overrides())
    assert tree.home("410728", DAY) == followed
    assert codes(tree.parents("410728", "cac", DAY)) == ["410700", "410000"]
    assert tree.supervisor("department", "410728", DAY) == Supervisor(followed)
    # Its government office is that of the follower: supervised by the province, as that one is.
    assert tree.supervisor("government_office", "410728", DAY) == Supervisor(province)
    assert tree.supervisor("government_office", "410783", DAY) == Supervisor(province)


def test_before_it_ended_a_place_answered_for_itself() -> None:
    city = Place("1", "市", "prefecture", "")
    followed = Place("2", "某县", "county", "1", valid_from=date(2026, 7, 1))
    ended = Place("3", "某县", "county", "2", valid_to=date(2026, 6, 30))  # recoded: the name is the same
    rows = [Override("2", "cac", "1", date(2026, 1, 1))]
    tree = Tree([city, followed, ended], rows)
    for code, before, after in (("3", ended, followed), ("2", city, followed)):
        assert tree.home(code, date(2026, 6, 30)) == before
        assert tree.home(code, date(2026, 7, 1)) == after
    assert codes(tree.parents("3", "cac", date(2026, 6, 30))) == ["1"]
    assert tree.supervisor("government_office", "3", date(2026, 6, 30)) == Supervisor(city)


def test_an_override_of_the_follower_holds_for_the_place_before() -> None:
    province = Place("0", "省", "province", "")
    city = Place("1", "市", "prefecture", "0")
    followed = Place("2", "新市", "county", "1", valid_from=date(2026, 7, 1))
    ended = Place("3", "旧县", "county", "2", valid_to=date(2026, 6, 30))
    tree = Tree([province, city, followed, ended], [Override("2", "cac", "0", date(2020, 1, 1))])
    assert codes(tree.parents("3", "cac", date(2026, 1, 1))) == ["0"]
    assert codes(tree.parents("3", "police", date(2026, 1, 1))) == ["1", "0"]


def test_a_place_with_nothing_above_that_has_offices_is_its_own_home() -> None:
    group = Place("1", "市辖区", "prefecture", "", is_placeholder=True)
    tree = Tree([group], [])
    assert tree.home("1", DAY) == group
    assert tree.parents("1", "cac", DAY) == ()


@pytest.mark.parametrize("code", ["", "999999", "410105999999", "市辖区", "４１０１０５００１"])
def test_an_unknown_code_is_said_not_guessed(code: str) -> None:
    for ask in (
        lambda: TREE.home(code, DAY),
        lambda: TREE.parents(code, "cac", DAY),
        lambda: TREE.supervisor("department", code, DAY),
    ):
        with pytest.raises(KeyError):
            ask()


def test_every_division_leads_to_a_province_by_places_that_have_offices() -> None:
    for place in PLACES:
        for line in ("supervision", "police"):
            up = (TREE.home(place.code, DAY), *TREE.parents(place.code, line, DAY))
            assert up[-1].level == "province"
            assert len(set(up)) == len(up) <= 3
            assert not any(above.is_placeholder or above.is_statistical_zone for above in up)


@given(st.sampled_from(PLACES), st.sampled_from(UNIT_KINDS))
def test_the_supervisor_is_the_home_or_lies_above_it(place: Place, kind: str) -> None:
    home = TREE.home(place.code, DAY)
    found = TREE.supervisor(kind, place.code, DAY)
    assert found.place in (home, *TREE.parents(place.code, "supervision", DAY), None)
    assert found.own_body is (kind == "vertical")
    if found.place is None:
        assert (kind, home.level) == ("government_office", "province")


CODES = st.sampled_from([place.code for place in PLACES if place.code.startswith("4101")])
OVERRIDES = st.lists(st.tuples(CODES, st.sampled_from(["cac", "supervision"]), CODES), max_size=12)


@given(OVERRIDES, CODES)
def test_overrides_never_lead_in_a_circle(rows: list[tuple[str, str, str]], code: str) -> None:
    tree = Tree(PLACES, [Override(*row, valid_from=date(2026, 1, 1)) for row in rows])
    up = (tree.home(code, DAY), *tree.parents(code, "cac", DAY))
    assert len(set(up)) == len(up)
