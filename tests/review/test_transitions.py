"""One move: a row, an event, a version; and compare-and-set."""

import json
from hashlib import sha256

import pytest
from django.db import transaction

from audit_logs.models import Event
from registry.roles import Role
from review.errors import Conflict, NotAllowed, WrongState
from review.models import Case, CaseChange
from review.transitions import apply, text_digest
from tests import cast
from tests.cast import Cast, Province
from tests.review.acts import NOON, logged, moves


@pytest.fixture
def opened(place: Province, everybody: Cast) -> Case:
    """A case nobody has taken."""
    return cast.case(place.zhengzhou_account, at=NOON)


def test_a_move_is_a_row_an_event_and_a_version(opened: Case, everybody: Cast) -> None:
    change = apply(
        opened,
        1,
        "take",
        everybody.reviewer,
        NOON,
        to="under_review",
        text="我来看。",
        details={"from_owner": 7},
        sets={"owner": everybody.reviewer},
    )
    stored = Case.objects.get(pk=opened.pk)
    for case in (opened, stored):
        assert (case.state, case.version, case.owner) == ("under_review", 2, everybody.reviewer)
    assert (change.version, change.from_state, change.to_state) == (2, "detected", "under_review")
    assert (change.by, change.actor, change.at) == (everybody.reviewer, f"user:{everybody.reviewer.pk}", NOON)
    assert logged(opened) == moves(opened) == ["opened", "take"]


def test_the_log_proves_a_text_without_holding_it(opened: Case, everybody: Cast) -> None:
    text = "张三，电话 000"
    apply(opened, 1, "take", everybody.reviewer, NOON, to="under_review", text=text)
    body = bytes(Event.objects.get(action="case.take").body).decode()
    assert "张三" not in body
    change = opened.changes.get(move="take")
    said = json.loads(body)["details"]
    assert said["text_sha256"] == text_digest(change) != sha256(text.encode()).hexdigest()
    # Without the row, the text cannot be guessed from its hash.
    assert len(change.details["salt"]) == 32
    assert change.details["salt"] not in body


def test_the_same_text_has_another_hash_each_time(opened: Case, everybody: Cast) -> None:
    for version in (1, 2):
        apply(opened, version, "take", everybody.reviewer, NOON, to="under_review", text="我来看。")
    first, second = opened.changes.filter(move="take")
    assert text_digest(first) != text_digest(second)


def test_whoever_is_second_is_told_who_was_first_and_changes_nothing(opened: Case, everybody: Cast) -> None:
    read_by_both = Case.objects.get(pk=opened.pk)
    apply(opened, 1, "take", everybody.reviewer, NOON, to="under_review")
    with pytest.raises(Conflict) as told:
        apply(read_by_both, 1, "take", everybody.duty_officer, NOON, to="under_review")
    assert (told.value.who, told.value.when) == ("李静", NOON)
    assert "李静 已于 2026-11-24 12:00:00 先作处理（领取研判）" in told.value.zh
    assert "李静 was first" in str(told.value)
    assert moves(opened) == logged(opened) == ["opened", "take"]


def test_a_version_that_was_read_before_is_a_conflict_too(opened: Case, everybody: Cast) -> None:
    apply(opened, 1, "take", everybody.reviewer, NOON, to="under_review")
    with pytest.raises(Conflict):
        apply(opened, 1, "take", everybody.reviewer, NOON, to="under_review")


def test_a_move_falls_with_the_transaction_around_it(opened: Case, everybody: Cast) -> None:
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        apply(opened, 1, "take", everybody.reviewer, NOON, to="under_review")
        1 / 0  # noqa: B018
    assert Case.objects.get(pk=opened.pk).version == 1
    assert CaseChange.objects.count() == 1
    assert logged(opened) == ["opened"]


@pytest.mark.parametrize("name", ["take", "judge", "accept"])
def test_a_role_the_table_does_not_name_is_refused(opened: Case, everybody: Cast, name: str) -> None:
    with pytest.raises(NotAllowed, match="your role may not do this"):
        apply(opened, 1, name, everybody.sponsor, NOON)
    assert Case.objects.get(pk=opened.pk).version == 1


def test_what_the_service_does_is_refused_to_everybody(opened: Case, everybody: Cast) -> None:
    for user in everybody:
        with pytest.raises(NotAllowed):
            apply(opened, 1, "registered", user, NOON, to="not_established")


@pytest.mark.parametrize(
    ("name", "to"), [("accept", "accepted"), ("take", "archived"), ("reopen", "under_review")]
)
def test_a_move_that_is_not_in_the_table_is_refused(opened: Case, name: str, to: str) -> None:
    with pytest.raises(WrongState) as refused:
        apply(opened, 1, name, "system:test", NOON, to=to)
    assert "「发现」阶段，未认定" in refused.value.zh


def test_an_unconfirmed_case_is_not_warned_about(place: Province, everybody: Cast) -> None:
    case = cast.case(place.zhengzhou_account, "under_review", at=NOON)
    with pytest.raises(WrongState, match="not confirmed"):
        apply(case, case.version, "warn", "system:test", NOON, to="warned")


def test_every_role_is_one_of_the_cast(everybody: Cast) -> None:
    administrators = {Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN}
    assert {user.role for user in everybody} == set(Role) - administrators
