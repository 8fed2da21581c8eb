"""Who sees what: reviewers, sponsors, auditors, and the outsider of another province who sees nothing."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common import clock
from registry.models import Account, Contact, Division, Unit, User
from registry.roles import BLIND_ROLES, UNIT_ROLES, WATCHING_ROLES, Role
from registry.scope import has_rights, visible_accounts, visible_contacts, visible_units

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
    return User(username="x", role=role, until=date(9999, 12, 31), **place)


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


@pytest.mark.parametrize("role", sorted(Role))
def test_after_the_last_day_of_their_rights_nobody_sees_anything(
    role: str, province: dict[str, Account], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = province["city"].unit
    user = person(role, scope=place.line_division, unit=place)
    user.until = date(2026, 11, 24)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 15, 59, 59, tzinfo=UTC))
    before = set() if role in BLIND_ROLES else {"410100"} if role in UNIT_ROLES else {"410100", "410105"}
    assert (seen(user), has_rights(user, clock.now())) == (before, True)
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 24, 16, tzinfo=UTC))  # midnight in Beijing
    assert (seen(user), has_rights(user, clock.now())) == (set(), False)
    assert not visible_contacts(user).exists()


def test_a_contract_without_an_end_gives_no_rights_at_all(province: dict[str, Account]) -> None:
    contractor, sponsor = (person(role, unit=province["city"].unit) for role in ("contractor", "sponsor"))
    contractor.until = sponsor.until = None
    assert (seen(contractor), has_rights(contractor, clock.now())) == (set(), False)
    assert (seen(sponsor), has_rights(sponsor, clock.now())) == ({"410100"}, True)


def contact(line: str, name: str, **place: Division | Unit) -> Contact:
    return Contact.objects.create(
        line=line, office="办公室", person=name, hours="always", valid_from=date(2026, 1, 1),
        changed_at=THEN, **place,
    )  # fmt: skip


def test_contacts_are_seen_with_their_place(province: dict[str, Account]) -> None:
    city, hubei = province["city"].unit, province["hubei"].unit
    contact("cac", "市", division=city.line_division)
    contact("cac", "省", division=province["henan"].unit.line_division)
    contact("sponsor", "单位", unit=city)
    contact("sponsor", "外省", unit=hubei)

    def told(role: str, **place: Division | Unit) -> set[str]:
        return {row.person for row in visible_contacts(person(role, **place))}

    assert told("reviewer", scope=city.line_division) == {"市", "单位"}
    assert told("supervisor", scope=province["henan"].unit.line_division) == {"市", "省", "单位"}
    assert told("sponsor", unit=city) == {"单位"}
    assert told("contractor", unit=city) == set()
    assert told("auditor", unit=city, scope=city.line_division) == set()
    assert not visible_contacts(AnonymousUser()).exists()


def test_units_are_seen_as_their_accounts_are(province: dict[str, Account]) -> None:
    user = person(Role.REVIEWER, scope=province["city"].unit.line_division)
    assert set(visible_units(user)) == {row.unit for row in visible_accounts(user)}


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
