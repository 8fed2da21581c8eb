from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from names import tablefiles
from names.divisions import Division, all_divisions, by_key
from names.history import TODAYS_LIST, Ended, all_former, began, division_on, former, successors

TODAY = date(2026, 11, 24)


def told(code: str, day: date = TODAY) -> list[tuple[str, str, tuple[str, ...]]]:
    return [(one.code, one.name, one.how) for one in successors(code, day)]


@pytest.mark.parametrize(
    ("code", "followed"),
    [
        ("410728", [("410783", "长垣市", ("upgraded",))]),
        ("412126", [("410181", "巩义市", ("recoded", "upgraded", "recoded"))]),
        ("110223", [("110112", "通州区", ("upgraded",))]),
        ("412700", [("411600", "周口市", ("upgraded",))]),
        ("110103", []),  # 崇文区 went into 东城区, which the lists do not say
        ("410105", []),  # in force
        ("999999", []),
    ],
)
def test_a_code_out_of_use_is_followed_through_all_its_changes(
    code: str, followed: list[tuple[str, str, tuple[str, ...]]]
) -> None:
    assert told(code) == followed


def test_the_day_decides_how_far_the_way_leads() -> None:
    assert told("412126", date(1983, 11, 30)) == []
    assert told("412126", date(1983, 12, 1)) == [("410124", "巩县", ("recoded",))]
    assert [one.code for one in successors("412126", date(1992, 1, 1))] == ["419009"]
    assert [one.code for one in successors("412126", date(1996, 1, 1))] == ["410181"]


def test_a_successor_knows_since_when() -> None:
    (one,) = successors("410728", TODAY)
    assert (one.level, one.since) == ("county", TODAYS_LIST)


def test_a_prefecture_shared_out_has_several() -> None:
    assert [name for _, name, _ in told("142500")] == ["长治市", "晋城市"]


def test_the_bearer_of_a_code_is_that_of_the_day() -> None:
    names = {
        year: found.name if (found := division_on("410108", date(year, 1, 1))) else ""
        for year in (1980, 1990, 2006)
    }
    assert names == {1980: "", 1990: "邙山区", 2006: "惠济区"}
    assert division_on("410783", date(2020, 1, 1)) is None
    assert division_on("410728", date(2020, 1, 1)) == former("410728")
    assert division_on("410728", TODAY) is None


def test_a_former_code_is_one_that_nobody_bears_today() -> None:
    assert former("410728") == Ended(
        "410728", "长垣县", "county", "410700", date(1986, 12, 1), TODAYS_LIST - timedelta(days=1)
    )
    assert former("410108") is None
    assert former("999999") is None
    codes = [one.code for one in all_former()]
    assert codes == sorted(set(codes))
    assert not [code for code in codes if by_key(code)]


def test_most_codes_out_of_use_have_a_successor_and_every_successor_is_in_force() -> None:
    followed = {one.code: successors(one.code, TODAY) for one in all_former()}
    assert sum(map(bool, followed.values())) > 2800
    for successors_ in followed.values():
        for one in successors_:
            assert isinstance(division_on(one.code, TODAY), Division)
            assert one.since <= TODAYS_LIST


def test_every_step_is_by_a_known_rule_to_a_division_of_that_list() -> None:
    rules = {"renamed", "recoded", "upgraded", "merged", "replaced", "divided"}
    for code, name, until, codes, how in tablefiles.rows("successions"):
        assert how in rules
        day = date.fromisoformat(f"{until}-01")
        assert all(division_on(one, day) or by_key(one) for one in codes.split(" ")), (code, name)


CODES = st.sampled_from([*(one.code for one in all_former()), *(one.code for one in all_divisions())])


@given(CODES, st.dates(date(1980, 1, 1), date(2030, 1, 1)))
def test_on_no_day_is_a_code_in_force_and_followed_at_once(code: str, day: date) -> None:
    following = successors(code, day)
    assert not (following and division_on(code, day))
    assert all(division_on(one.code, day) for one in following)


def test_a_division_of_today_begins_when_its_forerunner_has_ended() -> None:
    assert began("410783") == TODAYS_LIST
    assert began("410104") == date(1983, 12, 1)
    assert began("410105") is None
