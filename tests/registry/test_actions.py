from datetime import UTC, date, datetime, timedelta

import pytest
from django.contrib.auth import authenticate, get_user
from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest
from django.test import Client

from audit_logs.models import Event
from common import clock
from registry import actions
from registry.errors import Refused
from registry.models import Division, Unit, User
from registry.roles import BLIND_ROLES, UNIT_ROLES, WATCHING_ROLES, Role
from tests.registry.reference import quick_hashes  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]
ACTOR = "system:test"
CHOSEN = "a long and quiet river"
CONTRACT_END = date(9999, 12, 31)


@pytest.fixture
def henan() -> Division:
    return Division.objects.create(code="410000", name="河南省", level="province", path="/CN/410000/")


@pytest.fixture
def office(henan: Division) -> Unit:
    then = datetime(2026, 11, 24, tzinfo=UTC)
    return Unit.objects.create(
        name="省政府办公厅", kind="government_office", line_division=henan, created_at=then
    )


@pytest.fixture
def auditor() -> tuple[User, str]:
    return actions.add_user(ACTOR, "li.na", Role.AUDITOR, full_name="李娜")


def lets_in(username: str, password: str) -> bool:
    return authenticate(HttpRequest(), username=username, password=password) is not None


def session_of(user: User) -> Client:
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return client


def is_signed_in(client: Client) -> bool:
    """Whether the session still stands, asked as the middleware asks."""
    request = HttpRequest()
    request.session = client.session
    return not isinstance(get_user(request), AnonymousUser)


def test_a_new_person_signs_in_with_the_one_time_password_and_must_change_it(
    auditor: tuple[User, str],
) -> None:
    user, password = auditor
    stored = User.objects.get(username="li.na")
    assert lets_in("li.na", password)
    assert stored.password_change_due
    assert stored.password.startswith("argon2")
    assert (stored.full_name, stored.is_staff, stored.is_superuser) == ("李娜", False, False)
    assert user == stored


def test_no_two_one_time_passwords_are_alike() -> None:
    given = {actions.add_user(ACTOR, f"user{number}", Role.AUDITOR)[1] for number in range(3)}
    assert len(given) == 3
    assert all(len(password) >= 20 for password in given)


def test_every_act_is_one_event_and_none_holds_a_password(auditor: tuple[User, str]) -> None:
    user, first = auditor
    second = actions.reset_password(ACTOR, user)
    actions.set_password(f"user:{user.pk}", user, CHOSEN)
    actions.disable_user(ACTOR, user)
    third = actions.enable_user(ACTOR, user)
    events = list(Event.objects.order_by("pk"))
    assert [event.action for event in events] == [
        "user.add",
        "user.reset_password",
        "user.set_password",
        "user.disable",
        "user.enable",
    ]
    assert {(event.subject_kind, event.subject_id) for event in events} == {("user", str(user.pk))}
    assert [event.actor for event in events] == [ACTOR, ACTOR, f"user:{user.pk}", ACTOR, ACTOR]
    assert events[0].details == {"username": "li.na", "role": "auditor", "scope": "", "unit": "", "until": ""}
    for secret in (first, second, CHOSEN, third, "argon2"):
        assert not any(secret.encode() in bytes(event.body) for event in events)


def test_without_its_event_nothing_is_done(
    auditor: tuple[User, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(actions, "record", refuse)
    user, password = auditor
    for act in (actions.reset_password, actions.disable_user):
        with pytest.raises(RuntimeError, match="no log"):
            act(ACTOR, user)
    with pytest.raises(RuntimeError, match="no log"):
        actions.set_password(ACTOR, user, CHOSEN)
    with pytest.raises(RuntimeError, match="no log"):
        actions.add_user(ACTOR, "wang", Role.AUDITOR)
    assert lets_in("li.na", password)
    assert not User.objects.filter(username="wang").exists()


def test_the_old_password_and_the_sessions_end_with_a_reset(auditor: tuple[User, str]) -> None:
    user, old = auditor
    client = session_of(user)
    assert is_signed_in(client)
    new = actions.reset_password(ACTOR, user)
    assert lets_in("li.na", new)
    assert not lets_in("li.na", old)
    assert not is_signed_in(client)


def test_a_chosen_password_is_no_longer_due(auditor: tuple[User, str]) -> None:
    user, _ = auditor
    actions.set_password(ACTOR, user, CHOSEN)
    assert lets_in("li.na", CHOSEN)
    assert not User.objects.get().password_change_due


@pytest.mark.parametrize("weak", ["short", "12345678901234", "password1234"])
def test_a_weak_password_is_refused(auditor: tuple[User, str], weak: str) -> None:
    user, password = auditor
    with pytest.raises(Refused):
        actions.set_password(ACTOR, user, weak)
    assert lets_in("li.na", password)
    assert User.objects.get().password_change_due


def test_the_one_time_password_cannot_be_chosen_again(auditor: tuple[User, str]) -> None:
    with pytest.raises(Refused, match="in use"):
        actions.set_password(ACTOR, *auditor)


def test_a_disabled_person_is_out_at_once_and_stays_in_the_list(auditor: tuple[User, str]) -> None:
    user, password = auditor
    client = session_of(user)
    assert actions.disable_user(ACTOR, user)
    assert not lets_in("li.na", password)
    assert not is_signed_in(client)
    stored = User.objects.get(username="li.na")
    assert not stored.is_active
    assert not stored.has_usable_password()


def test_disabling_twice_is_no_second_act(auditor: tuple[User, str]) -> None:
    assert actions.disable_user(ACTOR, auditor[0])
    assert not actions.disable_user(ACTOR, auditor[0])
    assert Event.objects.filter(action="user.disable").count() == 1


def test_enabling_gives_a_new_password_and_revives_no_session(auditor: tuple[User, str]) -> None:
    user, old = auditor
    client = session_of(user)
    actions.disable_user(ACTOR, user)
    new = actions.enable_user(ACTOR, user)
    assert lets_in("li.na", new)
    assert not lets_in("li.na", old)
    assert not is_signed_in(client)
    assert User.objects.get().password_change_due


def test_a_disabled_person_gets_no_new_password_and_an_active_one_is_not_enabled(
    auditor: tuple[User, str],
) -> None:
    user, _ = auditor
    with pytest.raises(Refused, match="users reset"):
        actions.enable_user(ACTOR, user)
    actions.disable_user(ACTOR, user)
    with pytest.raises(Refused, match="users enable"):
        actions.reset_password(ACTOR, user)


@pytest.mark.parametrize("role", sorted(WATCHING_ROLES))
def test_a_watching_role_needs_a_scope_and_no_unit(role: Role, henan: Division, office: Unit) -> None:
    assert actions.add_user(ACTOR, "wang", role, scope=henan)[0].scope == henan
    with pytest.raises(Refused, match="--scope"):
        actions.add_user(ACTOR, "zhao", role)
    with pytest.raises(Refused, match="leave --unit out"):
        actions.add_user(ACTOR, "zhao", role, scope=henan, unit=office)


@pytest.mark.parametrize("role", sorted(UNIT_ROLES))
def test_a_unit_role_needs_a_unit_and_no_scope(role: Role, henan: Division, office: Unit) -> None:
    assert actions.add_user(ACTOR, "wang", role, unit=office, until=CONTRACT_END)[0].unit == office
    with pytest.raises(Refused, match="--unit"):
        actions.add_user(ACTOR, "zhao", role)
    with pytest.raises(Refused, match="leave --scope out"):
        actions.add_user(ACTOR, "zhao", role, scope=henan, unit=office)


@pytest.mark.parametrize("role", sorted(BLIND_ROLES))
def test_a_blind_role_has_neither(role: Role, henan: Division, office: Unit) -> None:
    assert actions.add_user(ACTOR, "wang", role)
    with pytest.raises(Refused, match="leave --scope out"):
        actions.add_user(ACTOR, "zhao", role, scope=henan)
    with pytest.raises(Refused, match="leave --unit out"):
        actions.add_user(ACTOR, "zhao", role, unit=office)


@pytest.mark.parametrize(
    "name", ["", "a", "Wang", "王伟", "аdmin", "1wang", "wang wei", "wang\n", "w" * 33, "../x"]
)
def test_a_user_name_is_small_ascii(name: str) -> None:
    with pytest.raises(Refused, match="cannot be a user name"):
        actions.add_user(ACTOR, name, Role.AUDITOR)


@pytest.mark.parametrize("full_name", ["李" * 61, "李\x1b[31m", "李\u202e"])
def test_a_full_name_is_short_and_printable(full_name: str) -> None:
    with pytest.raises(Refused, match="full name"):
        actions.add_user(ACTOR, "wang", Role.AUDITOR, full_name=full_name)


def test_a_name_is_given_once(auditor: tuple[User, str]) -> None:
    with pytest.raises(Refused, match="exists already"):
        actions.add_user(ACTOR, "li.na", Role.SYSTEM_ADMIN)
    assert User.objects.get().role == Role.AUDITOR


def test_a_one_time_password_can_be_read_off_a_screen() -> None:
    passwords = {actions.one_time_password() for _ in range(50)}
    assert len(passwords) == 50
    assert not set("".join(passwords)) & set("0O1lI-_")
    assert {len(password) for password in passwords} == {20}


def test_a_contractor_needs_an_end_and_others_may_have_one(office: Unit) -> None:
    with pytest.raises(Refused, match="last day"):
        actions.add_user(ACTOR, "wang", Role.CONTRACTOR, unit=office)
    assert not User.objects.exists()
    actions.add_user(ACTOR, "wang", Role.CONTRACTOR, unit=office, until=CONTRACT_END)
    actions.add_user(ACTOR, "sun", Role.AUDITOR, until=CONTRACT_END)
    assert set(User.objects.values_list("until", flat=True)) == {CONTRACT_END}
    assert {event.details["until"] for event in Event.objects.all()} == {"9999-12-31"}


def test_rights_that_would_never_hold_are_refused() -> None:
    today = clock.now().astimezone(clock.BEIJING).date()
    with pytest.raises(Refused, match="in the past"):
        actions.add_user(ACTOR, "wang", Role.AUDITOR, until=today - timedelta(days=1))
    actions.add_user(ACTOR, "wang", Role.AUDITOR, until=today)


def test_a_new_end_is_one_event_with_both_days_and_the_same_again_is_none(auditor: tuple[User, str]) -> None:
    user, _ = auditor
    assert actions.set_until(ACTOR, user, date(2026, 1, 1))
    assert actions.set_until(ACTOR, user, None)
    assert not actions.set_until(ACTOR, user, None)
    events = Event.objects.filter(action="user.set_until").order_by("pk")
    assert [event.details for event in events] == [
        {"until": "2026-01-01", "before": ""},
        {"until": "", "before": "2026-01-01"},
    ]


def test_the_end_of_a_contract_can_be_moved_but_not_taken_away(office: Unit) -> None:
    user, _ = actions.add_user(ACTOR, "wang", Role.CONTRACTOR, unit=office, until=CONTRACT_END)
    with pytest.raises(Refused, match="last day"):
        actions.set_until(ACTOR, user, None)
    assert actions.set_until(ACTOR, user, date(2026, 1, 1))
    user.refresh_from_db()
    assert user.until == date(2026, 1, 1)
