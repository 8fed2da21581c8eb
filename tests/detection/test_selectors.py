"""Reading suspects."""

from django.contrib.auth.models import AnonymousUser
from hypothesis import given
from hypothesis import strategies as st

from detection import selectors
from detection.selectors import Narrowing
from tests import cast as people
from tests.cast import Cast, Province


def test_each_sees_the_suspects_of_its_own_accounts(place: Province, everybody: Cast) -> None:
    zhengzhou = people.suspect(place.zhengzhou_account, "甲", "1")
    kaifeng = people.suspect(place.kaifeng_account, "乙", "2")
    guangdong = people.suspect(place.guangdong_account, "丙", "3")
    seen = {user.username: set(selectors.visible_suspects(user)) for user in everybody}
    assert seen == {
        "li": {zhengzhou, kaifeng},
        "wang": {zhengzhou},
        "zhao": {zhengzhou},
        "chen": {zhengzhou, kaifeng},
        "sun": set(),
        "zhou": {guangdong},
        "gao": {zhengzhou},
        "wu": {zhengzhou},
        "he": {zhengzhou, kaifeng},
        "feng": {zhengzhou, kaifeng},
        "qian": {zhengzhou, kaifeng},
    }
    assert not selectors.visible_suspects(AnonymousUser()).exists()


def test_whether_a_row_is_the_newest_is_found_without_reading_the_others(everybody: Cast) -> None:
    plan = selectors.current_suspects(everybody.reviewer).explain()
    assert "INDEX suspect_newest (platform=? AND instance=? AND uid=? AND target_id=? AND id>?)" in plan


def test_the_newest_row_stands_for_a_stranger_and_a_target(place: Province, everybody: Cast) -> None:
    people.suspect(place.zhengzhou_account, rules="1")
    newest = people.suspect(place.zhengzhou_account, rules="2")
    other_target = people.suspect(place.kaifeng_account, rules="1")
    assert set(selectors.current_suspects(everybody.reviewer)) == {newest, other_target}


def test_a_newer_row_out_of_sight_hides_nothing(place: Province, everybody: Cast) -> None:
    mine = people.suspect(place.zhengzhou_account, rules="1")
    people.suspect(place.kaifeng_account, rules="2")
    assert list(selectors.current_suspects(everybody.duty_officer)) == [mine]


def test_the_order_is_total(place: Province, everybody: Cast) -> None:
    at = people.MORNING
    rows = [people.suspect(place.zhengzhou_account, f"假{n}", str(n), at=at) for n in range(5)]
    for order in selectors.ORDERS:
        found = selectors.narrowed(selectors.current_suspects(everybody.reviewer), Narrowing(order=order))
        assert list(found) == rows[::-1]


def test_all_severities_are_counted_also_those_without_a_row(place: Province, everybody: Cast) -> None:
    people.suspect(place.zhengzhou_account, severity="S2")
    counts = selectors.by_severity(selectors.current_suspects(everybody.reviewer))
    assert counts == {"S1": 0, "S2": 1, "S3": 0, "S4": 0}


@given(st.lists(st.integers(), unique=True), st.integers())
def test_neighbours_stand_beside_each_other(keys: list[int], wanted: int) -> None:
    before, after = selectors.neighbours(wanted, keys)
    if wanted not in keys:
        assert (before, after) == (None, None)
    else:
        joined = [key for key in (before, wanted, after) if key is not None]
        place = keys.index(joined[0])
        assert keys[place : place + len(joined)] == joined
        assert (before is None) == (keys[0] == wanted)
        assert (after is None) == (keys[-1] == wanted)
