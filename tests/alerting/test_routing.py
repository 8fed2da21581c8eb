"""Who must know, on which line, in what order, and why."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from alerting.routing import Addressee, Directory, Facts, Ladder, Route, System, Told, route
from registry.contacts import LINES
from tests.alerting.offices import PLACES, UNIT, all_facts, directories, facts, full, office, person

# Random directories are slow to draw where others work on the same machine.
tried = settings(max_examples=60, deadline=None)
AUTHORITIES = {"supervision", "cac", "police", "publicity"}


def lines(way: Route) -> list[str]:
    return [ladder.line for ladder in way.ladders]


def ladder(way: Route, line: str) -> Ladder:
    found = way.line(line)
    assert found is not None
    return found


def contacts(way: Route, line: str) -> list[list[int | None]]:
    """Per rung the contacts told."""
    return [[one.contact for one in rung.addressees] for rung in ladder(way, line).rungs]


def codes(addressee: Addressee) -> list[str]:
    return [reason.code for reason in addressee.reasons]


def everybody(way: Route) -> list[Addressee]:
    return [one for each in way.ladders for rung in each.rungs for one in rung.addressees]


def without(directory: Directory, line: str, *levels: int) -> Directory:
    """`directory` with nobody at these levels of a line."""
    offices = tuple(
        replace(each, persons=() if level in levels else each.persons)
        for level, each in enumerate(directory.lines[line])
    )
    return replace(directory, lines={**directory.lines, line: offices})


# Which lines a kind of case is told on (domain handbook 5.2, 5.4).
@pytest.mark.parametrize(
    ("about", "told"),
    [
        (facts("preliminary", "S1"), ["sponsor", "duty"]),
        (facts("confirmed", "S2"), ["sponsor", "supervision", "cac", "duty"]),
        (facts("confirmed", "S4"), ["sponsor", "supervision", "cac", "duty"]),
        (facts("confirmed", "S1"), ["sponsor", "supervision", "cac", "police", "publicity", "duty"]),
        (facts("confirmed", "S3", crime_signs=True), ["sponsor", "supervision", "cac", "police", "duty"]),
        (
            facts("confirmed", "S3", unit_name="郑州市公安局"),
            ["sponsor", "supervision", "cac", "police", "duty"],
        ),
        (facts("preliminary", "S1", unit_name="郑州市公安局"), ["sponsor", "duty"]),
        (facts("reported", "S1"), ["sponsor", "cac"]),
        (facts("second_missing"), ["duty"]),
        (facts("delivery_parked", "S1"), ["duty"]),
        (facts("contact_missing"), ["duty"]),
    ],
)
def test_each_kind_of_case_has_its_lines(about: Facts, told: list[str]) -> None:
    assert lines(route(about, full())) == told


def test_the_sponsor_comes_first_then_its_substitutes_then_those_above_it() -> None:
    assert contacts(route(facts(), full()), "sponsor") == [[1], [2], [100], [110], [120]]


def test_whoever_steps_in_above_the_sponsor_is_not_called_the_sponsor() -> None:
    above = ladder(route(facts(), full()), "sponsor").rungs[2].addressees[0]
    assert codes(above) == ["supervision", "above", "first"]


def test_before_a_judgement_the_sponsors_line_ends_with_the_sponsor() -> None:
    assert contacts(route(facts("preliminary", "S1"), full()), "sponsor") == [[1], [2]]


def test_an_authority_is_told_at_its_place_then_its_substitute_then_place_by_place() -> None:
    assert contacts(route(facts(), full()), "cac") == [[200], [201], [210], [220]]
    assert [rung.step for rung in ladder(route(facts(), full()), "cac").rungs] == [
        "first",
        "substitute",
        "above",
        "above",
    ]


def test_an_office_without_contact_is_passed_over_and_named() -> None:
    way = route(facts(), without(full(), "cac", 0))
    assert contacts(way, "cac") == [[210], [211], [220]]
    assert [(gap.line, gap.division) for gap in way.gaps] == [("cac", PLACES[0])]
    assert codes(ladder(way, "cac").rungs[0].addressees[0]) == ["cac", "gap_below", "first"]


def test_a_gap_further_up_is_missed_only_by_the_step_that_gets_there() -> None:
    way = route(facts(), without(full(), "cac", 1))
    assert way.gaps == ()
    assert [gap.division for rung in ladder(way, "cac").rungs for gap in rung.missing] == [PLACES[1]]


def test_where_nobody_is_left_the_line_says_so() -> None:
    way = route(facts(), without(full(), "police", 0, 1, 2))
    assert ladder(route(facts(severity="S1"), without(full(), "police", 0, 1, 2)), "police").rungs == ()
    missed = route(facts(severity="S1"), without(full(), "police", 0, 1, 2)).gaps
    assert [(gap.line, gap.division) for gap in missed] == [("police", place) for place in PLACES]
    assert way.gaps == ()


def test_a_sponsor_without_contact_is_a_gap_of_the_unit() -> None:
    nobody = replace(full(), sponsor=office("sponsor", UNIT))
    way = route(facts(), nobody)
    assert contacts(way, "sponsor")[0] == [100]
    assert [(gap.line, gap.unit) for gap in way.gaps] == [("sponsor", UNIT)]
    assert ladder(route(facts("preliminary", "S1"), nobody), "sponsor").rungs == ()


def test_who_can_only_be_phoned_is_named_beside_the_next_office() -> None:
    caller = person(9, email="-")
    way = route(facts(), replace(full(), sponsor=office("sponsor", UNIT, caller)))
    first = ladder(way, "sponsor").rungs[0].addressees
    assert [(one.contact, codes(one)[-1]) for one in first] == [(9, "phone_only"), (100, "first")]
    assert [gap.unit for gap in way.gaps] == [UNIT]


def test_whoever_can_only_be_phoned_does_not_hold_the_message_up() -> None:
    both = office("sponsor", UNIT, person(1, email="-"), person(2, rank=2), person(3, rank=3))
    first, second, *_ = ladder(route(facts(), replace(full(), sponsor=both)), "sponsor").rungs
    assert [(one.contact, codes(one)[-1]) for one in first.addressees] == [(2, "first"), (1, "phone_only")]
    assert [one.contact for one in second.addressees] == [3]


def test_a_system_of_an_office_is_told_with_its_first_contact() -> None:
    told = replace(full(), sponsor=office("sponsor", UNIT, person(1), systems=(System(5, "值班系统"),)))
    first = ladder(route(facts(), told), "sponsor").rungs[0].addressees
    assert [(one.contact, one.webhook) for one in first] == [(1, None), (None, 5)]


def test_a_system_alone_is_no_gap() -> None:
    told = replace(full(), sponsor=office("sponsor", UNIT, systems=(System(5, "值班系统"),)))
    way = route(facts(), told)
    assert way.gaps == ()
    assert ladder(way, "sponsor").rungs[1].step == "above"


def test_police_as_victim_are_told_of_by_their_own_upper_bureau() -> None:
    way = route(facts(unit_name="金水区公安分局"), full())
    assert contacts(way, "police")[0] == [310]
    assert codes(ladder(way, "police").rungs[0].addressees[0]) == ["upper_bureau", "first"]


def test_provincial_police_have_no_upper_bureau_here_and_are_not_told_of_themselves() -> None:
    top = replace(full(), lines={line: offices[2:] for line, offices in full().lines.items()})
    assert "police" not in lines(route(facts(unit_name="河南省公安厅"), top))
    assert contacts(route(facts(unit_name="河南省公安厅", severity="S1"), top), "police") == [[320], [321]]


def test_of_a_crime_against_police_both_their_place_and_their_upper_bureau_are_told() -> None:
    way = route(facts(unit_name="金水区公安分局", crime_signs=True), full())
    assert contacts(way, "police") == [[300, 310], [301], [310], [320]]


def test_a_vertical_body_answers_to_its_own_line_with_a_copy_to_the_place() -> None:
    tax = replace(full(), own_body=office("supervision", UNIT, person(8), person(9, rank=2)))
    way = route(facts(unit_kind="vertical"), tax)
    assert contacts(way, "supervision") == [[8, 100], [9]]
    assert codes(ladder(way, "supervision").rungs[0].addressees[1])[0] == "copy"


def test_a_vertical_body_whose_own_line_is_unknown_falls_back_on_the_place() -> None:
    way = route(facts(unit_kind="vertical"), replace(full(), own_body=office("supervision", UNIT)))
    assert contacts(way, "supervision") == [[100], [101], [110], [120]]
    assert [(gap.line, gap.unit) for gap in way.gaps] == [("supervision", UNIT)]


def test_a_department_that_supervises_its_own_comes_before_the_government() -> None:
    own = replace(full(), own_body=office("supervision", UNIT, person(8)))
    assert contacts(route(facts(), own), "supervision") == [[8], [100], [110], [120]]


def by_night(*people: object, severity: str = "S1") -> list[list[int | None]]:
    directory = replace(full(), sponsor=office("sponsor", UNIT, *people))  # type: ignore[arg-type]
    return contacts(route(facts("preliminary", severity, in_office_hours=False), directory), "sponsor")


def test_at_night_the_substitute_on_duty_is_told_and_the_first_contact_after_it() -> None:
    assert by_night(person(1, always=False), person(2, rank=2), person(3, rank=3, always=False)) == [
        [2],
        [1, 3],
    ]


def test_at_night_a_first_contact_on_duty_is_told_as_by_day() -> None:
    assert by_night(person(1), person(2, rank=2)) == [[1], [2]]


def test_where_nobody_is_on_duty_the_first_contact_is_told_all_the_same() -> None:
    assert by_night(person(1, always=False), person(2, rank=2, always=False)) == [[1], [2]]


def test_what_can_wait_goes_to_the_first_contact_whoever_is_on_duty() -> None:
    assert by_night(person(1, always=False), person(2, rank=2), severity="S3") == [[1], [2]]


def test_a_decision_taken_back_goes_to_exactly_those_who_were_told() -> None:
    told = frozenset({Told("sponsor", 1, None), Told("sponsor", 100, None), Told("cac", 200, None)})
    way = route(facts("reversed", told=told), full())
    assert {each.line: contacts(way, each.line) for each in way.ladders} == {
        "sponsor": [[1, 100]],
        "cac": [[200]],
    }


def test_whoever_left_since_is_not_written_to_their_office_is() -> None:
    way = route(facts("reversed", told=frozenset({Told("cac", 999, None)})), full())
    assert contacts(way, "cac") == [[200]]


@tried
@given(all_facts(), directories())
def test_nobody_outside_the_victims_own_offices_is_ever_told(about: Facts, directory: Directory) -> None:
    known = {person.pk for office in directory.offices() for person in office.persons}
    systems = {system.pk for office in directory.offices() for system in office.systems}
    for one in everybody(route(about, directory)):
        assert one.contact in known if one.webhook is None else one.webhook in systems


@tried
@given(all_facts(), directories())
def test_before_a_judgement_no_authority_hears_of_it(about: Facts, directory: Directory) -> None:
    way = route(replace(about, kind="preliminary"), directory)
    assert set(lines(way)) == {"sponsor", "duty"}
    assert {rung.line for each in way.ladders for rung in each.rungs}.isdisjoint(AUTHORITIES)


@tried
@given(all_facts(), directories())
def test_police_hear_of_s1_crimes_and_their_own_only(about: Facts, directory: Directory) -> None:
    heard = route(about, directory).line("police") is not None
    concerned = about.severity == "S1" or about.crime_signs or "公安" in about.unit_name
    assert heard == (about.kind == "confirmed" and concerned)


@tried
@given(all_facts(), directories())
def test_every_office_is_told_or_missed_and_none_is_dropped(about: Facts, directory: Directory) -> None:
    """From the first place up to where somebody is reached, each that is not is a gap."""
    for line in ("cac", "duty"):
        found = route(about, directory).line(line)
        if found is None:
            continue
        missed = [office.division for office in directory.lines[line] if not office.is_reachable]
        assert [gap.division for rung in found.rungs for gap in rung.missing] + [
            gap.division for gap in found.missing
        ] == missed
        assert bool(found.rungs) == any(office.is_reachable for office in directory.lines[line])


@tried
@given(all_facts(), directories())
def test_everybody_has_reasons_in_both_languages_and_is_on_a_rung_once(
    about: Facts, directory: Directory
) -> None:
    for each in route(about, directory).ladders:
        assert each.line in LINES
        for rung in each.rungs:
            keys = [(one.contact, one.webhook) for one in rung.addressees]
            assert keys
            assert len(keys) == len(set(keys))
            assert all(one.reasons and all(r.zh and r.en for r in one.reasons) for one in rung.addressees)
