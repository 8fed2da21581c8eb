"""Age, former names, followers, released handles and names, rank: its history and where it stands."""

from datetime import date, timedelta

import pytest

from detection.signals.age import age
from detection.signals.facts import FormerName
from detection.signals.followers import followers
from detection.signals.handle import handle
from detection.signals.rank import rank, vacant_slot
from detection.signals.released import closed, released_handle, released_name
from detection.signals.rename import rename
from tests.detection.signals.cast import ALIKE, LOOKED, OFFICE, UNLIKE, office, stranger

HOBBY = FormerName("钓鱼日记", alike=False)


@pytest.mark.parametrize(
    ("opened", "code"),
    [
        (date(2019, 1, 1), "age_older"),
        (date(2020, 5, 1), "age_ordinary"),
        (LOOKED - timedelta(31), "age_ordinary"),
        (LOOKED - timedelta(30), "age_new"),
        (LOOKED, "age_new"),
        (LOOKED + timedelta(1), "age_unknown"),
        (None, "age_unknown"),
    ],
)
def test_age_is_told_beside_the_official_account(opened: date | None, code: str) -> None:
    assert age(stranger(opened_on=opened), OFFICE).code == code


def test_a_renamed_account_gains_nothing_from_its_age() -> None:
    old = stranger(opened_on=date(2010, 1, 1), former_names=(HOBBY,))
    assert age(old, OFFICE).value == "neutral"


def test_age_without_the_official_date_is_not_compared() -> None:
    assert age(stranger(opened_on=date(2024, 1, 1)), office(opened_on=None)).code == "age_not_compared"
    assert age(stranger(opened_on=LOOKED), office(opened_on=None)).code == "age_new"
    assert age(stranger(opened_on=LOOKED, seen_on=None), OFFICE).value == "unknown"


def test_a_name_taken_later_is_suspicious() -> None:
    signal = rename(stranger(former_names=(HOBBY,)), True)
    assert (signal.code, signal.detail["former"]) == ("rename_towards", "钓鱼日记")


@pytest.mark.parametrize(
    ("former", "is_alike", "code"),
    [
        (None, True, "rename_unknown"),
        ((), True, "rename_none"),
        ((), None, "rename_none"),
        ((HOBBY,), None, "rename_unknown"),
        ((HOBBY,), False, "rename_elsewhere"),
        ((FormerName("平安鄭州", alike=True), HOBBY), True, "rename_elsewhere"),
        ((FormerName("某名"),), True, "rename_unknown"),
    ],
)
def test_other_renames_are_not(
    former: tuple[FormerName, ...] | None, is_alike: bool | None, code: str
) -> None:
    assert rename(stranger(former_names=former), is_alike).code == code


def test_followers_that_come_at_once_are_suspicious() -> None:
    counts = ((date(2026, 11, 3), 2300), (date(2026, 11, 1), 300), (date(2026, 10, 1), 290))
    signal = followers(stranger(followers=2300, follower_counts=counts))
    assert (signal.code, dict(signal.detail)) == ("followers_jump", {"gained": "2000", "days": "2"})


@pytest.mark.parametrize(
    "counts",
    [
        ((date(2026, 11, 1), 300), (date(2026, 11, 4), 2300)),
        ((date(2026, 11, 1), 300), (date(2026, 11, 2), 1200)),
        ((date(2026, 11, 1), 90_000), (date(2026, 11, 2), 95_000)),
        ((date(2026, 11, 1), 2300), (date(2026, 11, 2), 300)),
        ((date(2026, 11, 1), -5), (date(2026, 11, 2), 3000)),
    ],
)
def test_a_slow_or_a_small_growth_is_not(counts: tuple[tuple[date, int], ...]) -> None:
    assert followers(stranger(followers=1, follower_counts=counts)).value == "neutral"


def test_many_followers_are_no_defence() -> None:
    assert followers(stranger(followers=5_000_000)).points == 0
    assert followers(stranger(followers=5_000_000)).code == "followers_many"


@pytest.mark.parametrize("count", [None, -1])
def test_a_count_not_given_is_unknown(count: int | None) -> None:
    assert followers(stranger(followers=count)).value == "unknown"


def test_a_released_handle_taken_up_weighs_most() -> None:
    against = office(released_handles=("old", "ZZ_Police"))
    assert released_handle(stranger(handle="zzpolice"), against).points == 0.9
    assert released_handle(stranger(handle="other"), against).value == "neutral"
    assert released_handle(stranger(handle=None), against).value == "unknown"
    assert released_handle(stranger(handle="zzpolice"), OFFICE).value == "unknown"


def test_a_former_name_stays_the_offices_own() -> None:
    against = office(released_names=("郑州警方",))
    assert released_name(stranger(name="鄭州警方"), against).value == "for"
    assert released_name(stranger(name="西安警方"), against).value == "neutral"
    assert released_name(stranger(name="郑州警方"), OFFICE).value == "unknown"


def test_nobody_bears_the_name_of_a_closed_account() -> None:
    assert closed(office(is_closed=True)).value == "for"
    assert closed(office(is_closed=False)).value == "neutral"
    assert closed(OFFICE).value == "unknown"


def test_a_handle_weighs_as_much_as_it_is_alike() -> None:
    assert handle(stranger(), OFFICE, ALIKE).points == 0.2375
    assert handle(stranger(), OFFICE, UNLIKE).value == "neutral"
    assert handle(stranger(), OFFICE, None).value == "unknown"
    assert handle(stranger(handle=""), OFFICE, ALIKE).value == "unknown"


@pytest.mark.parametrize(
    ("mine", "theirs", "value"),
    [(1, 2, "for"), (2, 1, "neutral"), (None, 1, "unknown"), (1, None, "unknown"), (0, 1, "unknown")],
)
def test_who_stands_above_the_genuine_account(mine: int | None, theirs: int | None, value: str) -> None:
    assert rank(stranger(rank=mine), office(rank=theirs)).value == value


def test_where_the_office_is_absent_the_citizen_finds_nobody_else() -> None:
    assert vacant_slot(office(is_on_platform=False)).value == "for"
    assert vacant_slot(office(is_on_platform=True)).value == "neutral"
    assert vacant_slot(OFFICE).value == "unknown"
