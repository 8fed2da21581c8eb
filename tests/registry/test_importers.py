from datetime import UTC, datetime
from hashlib import sha256

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_logs.models import Event
from registry import importers
from registry.errors import BadRegister
from registry.importers import Outcome, import_register
from registry.kinds import STATES
from registry.models import Account, AccountKind, ProtectedName, Unit
from tests.registry.reference import reference_rows  # noqa: F401  (a fixture)
from tests.registry.register import register, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows")]
ACTOR = "system:test"
THEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def take(*rows: str, at: datetime = THEN, **options: bool) -> Outcome:
    return import_register(register(*rows), ACTOR, at, **options)


def names() -> set[tuple[str, str, str]]:
    """Text, reason and unit of every protected name."""
    return set(ProtectedName.objects.values_list("text", "reason", "unit__name"))


def everything() -> list[object]:
    """All rows an import may write, but for the audit events."""
    return [list(model.objects.order_by("pk").values()) for model in (Unit, Account, ProtectedName)]


def test_accounts_units_and_names_are_added() -> None:
    outcome = take(row(), row(platform_uid="2", name="郑州教育", unit="郑州市教育局", unit_kind="department"))
    assert (outcome.added, outcome.units_added, outcome.unchanged) == (2, 2, 0)
    account = Account.objects.get(platform_uid="2")
    assert (account.unit.name, account.unit.kind, account.unit.line_division_id) == (
        "郑州市教育局",
        "department",
        "410100",
    )
    assert account.created_at == account.changed_at == THEN
    assert names() == {
        ("郑州市人民政府办公厅", "unit", "郑州市人民政府办公厅"),
        ("郑州发布", "account", "郑州市人民政府办公厅"),
        ("郑州市教育局", "unit", "郑州市教育局"),
        ("郑州教育", "account", "郑州市教育局"),
    }


def test_the_same_file_again_changes_nothing() -> None:
    take(row(), row(platform_uid="2"))
    before = everything()
    outcome = take(row(), row(platform_uid="2"), at=LATER)
    assert (outcome.added, outcome.changed, outcome.unchanged, outcome.changes) == (0, 0, 2, ())
    assert everything() == before


def test_a_changed_row_shows_old_and_new() -> None:
    take(row(handle=""), row(platform_uid="2"))
    outcome = take(row(platform_uid="2"), row(handle="zz"), at=LATER)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 1, 1)
    assert [str(change) for change in outcome.changes] == ["line 3, 郑州发布 (weibo/1903424): handle – → zz"]
    account = Account.objects.get(platform_uid="1903424")
    assert (account.handle, account.created_at, account.changed_at) == ("zz", THEN, LATER)
    assert Account.objects.get(platform_uid="2").changed_at == THEN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", "x"),
        ("name", "郑州"),
        ("certified_subject", ""),
        ("home_url", ""),
        ("opened_on", ""),
        ("state", "paused"),
    ],
)
def test_every_value_of_an_account_can_change(field: str, value: str) -> None:
    take(row())
    assert take(row(**{field: value})).changed == 1
    stored = getattr(Account.objects.get(), field)
    assert ("" if stored is None else stored) == value
    assert take(row(**{field: value})).unchanged == 1


def test_a_unit_changes_its_kind() -> None:
    take(row())
    outcome = take(row(unit_kind="institution"))
    assert (outcome.units_changed, outcome.changed, outcome.unchanged) == (1, 0, 1)
    assert [str(change) for change in outcome.changes] == [
        "line 2, 郑州发布 (weibo/1903424): unit_kind government_office → institution"
    ]
    assert Unit.objects.get().kind == "institution"


def test_an_old_name_stays_protected_as_a_former_one() -> None:
    take(row())
    take(row(name="郑州发布厅"), at=LATER)
    unit = "郑州市人民政府办公厅"
    assert names() == {("郑州发布", "former", unit), ("郑州发布厅", "account", unit), (unit, "unit", unit)}
    assert ProtectedName.objects.get(text="郑州发布").since == THEN


def test_a_name_taken_up_again_is_no_longer_former() -> None:
    for name in ("郑州发布", "郑州发布厅", "郑州发布"):
        take(row(name=name))
    assert {(text, reason) for text, reason, _ in names()} >= {
        ("郑州发布", "account"),
        ("郑州发布厅", "former"),
    }
    assert ProtectedName.objects.count() == 3


def test_a_deregistered_account_closes_its_name_and_nothing_is_deleted() -> None:
    take(row())
    take(row(name="郑州发布厅"))
    take(row(name="郑州发布厅", state="deregistered"))
    assert {(text, reason) for text, reason, _ in names()} >= {
        ("郑州发布", "former"),
        ("郑州发布厅", "closed"),
    }
    assert Account.objects.get().state == "deregistered"


def test_an_account_that_arrives_deregistered_is_protected_as_closed() -> None:
    take(row(state="deregistered"))
    assert ProtectedName.objects.get(account__isnull=False).reason == "closed"


def test_two_accounts_may_bear_one_name() -> None:
    take(row(), row(platform="douyin"))
    assert ProtectedName.objects.filter(text="郑州发布", reason="account").count() == 2


def test_an_account_of_another_unit_is_refused_until_the_move_is_confirmed() -> None:
    take(row())
    moved = row(unit="郑州市大数据局", unit_kind="department")
    before = everything()
    with pytest.raises(BadRegister) as caught:
        take(moved)
    assert str(caught.value.faults[0]) == (
        "line 2, unit, “郑州市大数据局”: this account is registered under 郑州市人民政府办公厅 410100; "
        "correct the unit, or confirm with --moving"
    )
    assert everything() == before
    outcome = take(moved, moving=True)
    assert [(change.field, change.old, change.new) for change in outcome.changes] == [
        ("unit", "郑州市人民政府办公厅", "郑州市大数据局")
    ]
    assert Account.objects.get().unit.name == "郑州市大数据局"
    assert names() >= {
        ("郑州发布", "former", "郑州市人民政府办公厅"),
        ("郑州发布", "account", "郑州市大数据局"),
    }


def test_the_same_unit_name_in_another_division_is_another_unit() -> None:
    take(row())
    with pytest.raises(BadRegister, match="410100"):
        take(row(unit_division="410200"))
    assert take(row(platform_uid="2", unit_division="410200")).units_added == 1


def test_accounts_that_the_file_leaves_out_stay_as_they_are() -> None:
    take(row(), row(platform_uid="2"))
    outcome = take(row(platform_uid="3"))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (1, 0, 0)
    assert Account.objects.count() == 3


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    dry = take(row(), dry_run=True)
    assert not any(model.objects.exists() for model in (Unit, Account, ProtectedName, Event))
    wet = take(row())
    assert (dry.dry_run, wet.dry_run) == (True, False)
    assert (dry.added, dry.units_added, dry.file_sha256) == (wet.added, wet.units_added, wet.file_sha256)
    before = everything()
    assert take(row(name="新名"), dry_run=True).changed == 1
    assert everything() == before


def test_a_bad_file_writes_nothing() -> None:
    with pytest.raises(BadRegister):
        take(row(), row(platform_uid="2", state="gone"))
    assert not any(model.objects.exists() for model in (Unit, Account, ProtectedName, Event))


def test_each_import_is_one_event_with_file_digest_and_counts() -> None:
    take(row())
    take(row(), row(platform_uid="2"))
    event = Event.objects.filter(action="registry.import").latest("pk")
    assert Event.objects.filter(action="registry.import").count() == 2
    assert (event.actor, event.subject_kind) == (ACTOR, "file")
    assert event.subject_id == sha256(register(row(), row(platform_uid="2"))).hexdigest()
    assert event.details == {
        "added": 1,
        "changed": 0,
        "unchanged": 1,
        "units_added": 0,
        "units_changed": 0,
    }


def test_without_its_event_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(importers, "record", refuse)
    with pytest.raises(RuntimeError, match="no log"):
        take(row())
    assert not any(model.objects.exists() for model in (Unit, Account, ProtectedName, Event))


def test_a_kind_added_by_the_installation_is_a_known_platform() -> None:
    with pytest.raises(BadRegister):
        take(row(platform="weishi"))
    AccountKind.objects.create(platform="weishi", title_zh="微视", title_en="Weishi", is_core=False)
    assert take(row(platform="weishi")).added == 1


def test_the_day_of_the_import_is_the_day_in_beijing() -> None:
    late = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # the 25th in Beijing
    assert take(row(opened_on="2026-11-25"), at=late).added == 1
    with pytest.raises(BadRegister):
        take(row(platform_uid="2", opened_on="2026-11-26"), at=late)


def test_values_that_pass_a_terminal_are_made_visible() -> None:
    take(row(handle="a\u200bb"))
    (change,) = take(row()).changes
    assert change.old == "a<U+200B>b"


def test_a_file_larger_than_one_batch_is_taken_and_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importers, "BATCH", 7)
    uids = [str(number) for number in range(50)]
    take(*(row(platform_uid=uid, name=f"发布{uid}", unit=f"单位{uid}") for uid in uids))
    outcome = take(*(row(platform_uid=uid, name=f"发布{uid}厅", unit=f"单位{uid}") for uid in uids))
    assert (outcome.changed, outcome.added) == (50, 0)
    assert ProtectedName.objects.filter(reason="former").count() == 50
    assert ProtectedName.objects.filter(reason="account").count() == 50


STEP = st.lists(
    st.fixed_dictionaries(
        {
            "platform_uid": st.sampled_from("123"),
            "name": st.sampled_from(["甲", "乙", "丙"]),
            "state": st.sampled_from(STATES[1:]),
            "unit": st.sampled_from(["单位一", "单位二"]),
        }
    ),
    max_size=3,
    unique_by=lambda values: values["platform_uid"],
)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, min_size=1, max_size=4))
def test_whatever_the_history_every_name_ever_borne_stays_protected(
    files: list[list[dict[str, str]]],
) -> None:
    with transaction.atomic():
        borne: set[tuple[str, str, str]] = set()
        now: dict[str, dict[str, str]] = {}
        for rows in files:
            take(*(row(**values) for values in rows), moving=True)
            borne |= {(values["platform_uid"], values["unit"], values["name"]) for values in rows}
            now |= {values["platform_uid"]: values for values in rows}
        stored = {
            (name.account.platform_uid, name.unit.name, name.text): name.reason
            for name in ProtectedName.objects.filter(account__isnull=False).select_related("account", "unit")
            if name.account
        }
        assert set(stored) == borne
        current = {
            (uid, values["unit"], values["name"]): "closed"
            if values["state"] == "deregistered"
            else "account"
            for uid, values in now.items()
        }
        assert {key: reason for key, reason in stored.items() if reason != "former"} == current
        transaction.set_rollback(True)
