"""Who sees what: reviewers, sponsors, auditors, and the outsider of another province who sees nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from registry.models import Account, Division, Unit, User
from registry.roles import BLIND_ROLES, UNIT_ROLES, WATCHING_ROLES, Role
from registry.scope import visible_accounts

pytestmark = pytest.mark.django_db
THEN = datetime(2026, 11, 24, tzinfo=UTC)


def division(code: str, above: Division | None = None) -> Division:
    path = f"{above.path if above else '/CN/'}{code}/"
    return Division.objects.create(code=code, name=code, level="county", parent=above, path=path)


def unit(place: Division, name: str = "单位") -> Unit:
    return Unit.objects.create(name=name, kind="department", line_division=place, created_at=THEN)


def account(owner: Unit) -> Account:
    return Account.objects.create(
        platform="weibo", platform_uid=str(owner.pk), name="发布", state="in_service", unit=owner,
        created_at=THEN, changed_at=THEN,
    )  # fmt: skip


def person(role: str, **place: Division | Unit | None) -> User:
    return User(username="x", role=role, **place)


@pytest.fixture
def province() -> dict[str, Account]:
    """One account in the province itself, one in its city, one in the city's district, one elsewhere."""
    henan = division("410000")
    city = division("410100", henan)
    places = {"henan": henan, "city": city, "district": division("410105", city), "hubei": division("420000")}
    return {name: account(unit(place)) for name, place in places.items()}


def seen(user: User | AnonymousUser) -> set[str]:
    """The divisions whose account (one each) is seen."""
    return {row.unit.line_division_id for row in visible_accounts(user)}


@pytest.mark.parametrize("role", sorted(WATCHING_ROLES))
def test_a_watching_role_sees_its_division_and_all_below(role: str, province: dict[str, Account]) -> None:
    assert seen(person(role, scope=province["henan"].unit.line_division)) == {"410000", "410100", "410105"}
    assert seen(person(role, scope=province["city"].unit.line_division)) == {"410100", "410105"}
    assert seen(person(role, scope=province["district"].unit.line_division)) == {"410105"}


@pytest.mark.parametrize("role", sorted(WATCHING_ROLES))
def test_an_outsider_sees_nothing_of_another_province(role: str, province: dict[str, Account]) -> None:
    outsider = person(role, scope=province["hubei"].unit.line_division)
    assert province["city"] not in visible_accounts(outsider)


@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
def test_a_unit_role_sees_its_own_unit_even_if_it_had_a_scope(
    role: str, province: dict[str, Account]
) -> None:
    own = province["city"].unit
    assert seen(person(role, unit=own)) == {"410100"}
    assert seen(person(role, unit=own, scope=province["henan"].unit.line_division)) == {"410100"}


def test_a_neighbour_unit_of_the_same_division_is_not_seen(province: dict[str, Account]) -> None:
    neighbour = account(unit(province["city"].unit.line_division, "邻居"))
    assert list(visible_accounts(person(Role.SPONSOR, unit=neighbour.unit))) == [neighbour]


@pytest.mark.parametrize("role", sorted(BLIND_ROLES))
def test_auditor_and_administrators_see_no_accounts(role: str, province: dict[str, Account]) -> None:
    place = province["henan"].unit
    assert seen(person(role, scope=place.line_division, unit=place)) == set()


@pytest.mark.parametrize("role", sorted(Role))
def test_without_a_place_nobody_sees_anything(role: str, province: dict[str, Account]) -> None:
    assert seen(person(role)) == set()


@pytest.mark.parametrize("role", ["", "superuser", "REVIEWER"])
def test_an_unknown_role_sees_nothing(role: str, province: dict[str, Account]) -> None:
    place = province["henan"].unit
    assert seen(person(role, scope=place.line_division, unit=place)) == set()


@pytest.mark.parametrize("role", sorted(Role))
def test_an_inactive_person_sees_nothing(role: str, province: dict[str, Account]) -> None:
    place = province["henan"].unit
    user = person(role, scope=place.line_division, unit=place)
    user.is_active = False
    assert seen(user) == set()


def test_a_superuser_flag_opens_nothing(province: dict[str, Account]) -> None:
    user = person(Role.AUDITOR)
    user.is_superuser = user.is_staff = True
    assert seen(user) == set()


def test_whoever_is_not_signed_in_sees_nothing(province: dict[str, Account]) -> None:
    assert seen(AnonymousUser()) == set()


def test_a_code_that_begins_like_another_is_not_below_it() -> None:
    account(unit(division("41010")))
    account(unit(division("4101")))
    assert seen(person(Role.REVIEWER, scope=Division.objects.get(code="4101"))) == {"4101"}


def test_every_role_is_of_exactly_one_kind() -> None:
    assert set(Role) == UNIT_ROLES | BLIND_ROLES | WATCHING_ROLES
    assert len(Role) == len(UNIT_ROLES) + len(BLIND_ROLES) + len(WATCHING_ROLES)


@contextmanager
def taken_back() -> Iterator[None]:
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


# Short codes of few letters, so that many begin like others; % and _ are wild in SQL.
CODES = st.lists(st.text("01_%", min_size=1, max_size=4), min_size=1, max_size=8, unique=True)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(CODES, st.randoms(use_true_random=False))
def test_in_any_tree_exactly_the_subtree_is_seen(codes: list[str], chance: object) -> None:
    with taken_back():
        above: dict[str, str | None] = {}
        rows: dict[str, Division] = {}
        for code in codes:
            above[code] = chance.choice([None, *rows])  # type: ignore[attr-defined]
            rows[code] = division(code, rows[above[code]] if above[code] is not None else None)  # type: ignore[index]
            account(unit(rows[code]))
        for code in codes:
            below = {other for other in codes if code in _upwards(other, above)}
            assert seen(person(Role.REVIEWER, scope=rows[code])) == below


def _upwards(code: str | None, above: dict[str, str | None]) -> Iterator[str]:
    while code is not None:
        yield code
        code = above[code]
