import tempfile
from datetime import UTC, date, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_logs.models import Event
from common.faults import BadFile
from common.sheets.writing import write_xlsx
from registry import register_import, stage, uscc
from registry.kinds import STATES
from registry.models import Account, AccountKind, Contact, ProtectedName, Unit
from registry.outcome import Outcome
from registry.register_import import RegisterOptions, import_register
from registry.searching import forms
from registry.tally import SHOWN_CHANGES
from tests.registry.reference import reference_rows  # noqa: F401  (a fixture)
from tests.registry.register import SOUND, register, row, table

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows")]
ACTOR = "system:test"
THEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
OFFICE = "郑州市人民政府办公厅"
EDUCATION = {"unit": "郑州市教育局", "unit_kind": "department", "name": "郑州教育"}


def other(number: int = 2, /, **changes: str) -> str:
    """Another account than the sound one."""
    return row(platform_uid=str(2000000 + number), **changes)


def take(*rows: str, at: datetime = THEN, **options: Any) -> Outcome:
    return take_data(register(*rows), at, **options)


def take_data(data: bytes, at: datetime = THEN, name: str = "register.csv", **options: Any) -> Outcome:
    with tempfile.NamedTemporaryFile() as file:
        file.write(data)
        file.flush()
        return import_register(Path(file.name), name, ACTOR, at, RegisterOptions(**options))


def refused(*rows: str, **options: Any) -> list[tuple[int, str]]:
    """Line and kind of each fault of a file that is refused and changes nothing."""
    before = everything()
    with pytest.raises(BadFile) as caught:
        take(*rows, **options)
    assert everything() == before
    return [(fault.place.line, fault.kind) for fault in caught.value.faults]


def accounts(outcome: Outcome) -> tuple[int, ...]:
    """Accounts added, changed, unchanged."""
    return tuple(outcome.counts[f"accounts_{what}"] for what in ("added", "changed", "unchanged"))


def units(outcome: Outcome) -> tuple[int, ...]:
    """Units added, changed, unchanged."""
    return tuple(outcome.counts[f"units_{what}"] for what in ("added", "changed", "unchanged"))


def changes(outcome: Outcome) -> list[tuple[int, str, str, str]]:
    """Line, field, old and new value of each change."""
    return [(change.line, change.field, change.old, change.new) for change in outcome.changes]


def names() -> set[tuple[str, str, str]]:
    """Text, reason and unit of every protected name."""
    return set(ProtectedName.objects.values_list("text", "reason", "unit__name"))


def everything() -> list[object]:
    """All rows an import may write."""
    models = (Unit, Account, ProtectedName, Contact, Event)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def test_accounts_units_and_names_are_added() -> None:
    outcome = take(row(), other(**EDUCATION))
    assert (accounts(outcome), units(outcome)) == ((2, 0, 0), (2, 0, 0))
    account = Account.objects.get(platform_uid="2000002")
    unit = account.unit
    assert (unit.name, unit.kind, unit.line_division_id) == ("郑州市教育局", "department", "410100")
    assert account.created_at == account.changed_at == unit.created_at == THEN
    assert account.opened_on == date(2019, 8, 1)
    assert account.search == forms("郑州教育", "zhengzhou", "2000002")
    assert unit.search == forms("郑州市教育局")
    assert names() == {
        (OFFICE, "unit", OFFICE),
        ("郑州发布", "account", OFFICE),
        ("郑州市教育局", "unit", "郑州市教育局"),
        ("郑州教育", "account", "郑州市教育局"),
    }


def test_the_same_file_again_changes_nothing() -> None:
    take(row(), other())
    before = everything()[:-1]
    outcome = take(row(), other(), at=LATER)
    assert (accounts(outcome), units(outcome), outcome.anything) == ((0, 0, 2), (0, 0, 1), False)
    assert everything()[:-1] == before


def test_a_changed_row_shows_old_and_new() -> None:
    take(row(handle=""), other())
    outcome = take(other(), row(handle="zzfabu"), at=LATER)
    assert accounts(outcome) == (0, 1, 1)
    assert changes(outcome) == [(3, "handle", "", "zzfabu")]
    assert outcome.changes[0].subject == "郑州发布 (weibo/1903424)"
    account = Account.objects.get(platform_uid="1903424")
    assert (account.handle, account.created_at, account.changed_at) == ("zzfabu", THEN, LATER)
    assert account.search == forms("郑州发布", "zzfabu", "1903424")
    assert Account.objects.get(platform_uid="2000002").changed_at == THEN


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("handle", "xxxxxx"),
        ("name", "郑州"),
        ("certified_subject", ""),
        ("home_url", ""),
        ("opened_on", ""),
        ("state", "paused"),
    ],
)
def test_every_value_of_an_account_can_change(field: str, value: str) -> None:
    take(row())
    assert accounts(take(row(**{field: value}))) == (0, 1, 0)
    stored = getattr(Account.objects.get(), field)
    assert ("" if stored is None else stored) == value
    assert accounts(take(row(**{field: value}))) == (0, 0, 1)


def test_what_a_file_has_no_column_for_stays() -> None:
    take(row())
    short = {name: SOUND[name] for name in ("platform", "platform_uid", "name", "unit", "unit_division")}
    assert accounts(take_data(table(short | {"name": "郑州发布厅"}))) == (0, 1, 0)
    account = Account.objects.get()
    kept = [name for name in SOUND if name not in short and not name.startswith("unit")]
    assert [str(getattr(account, name)) for name in kept] == [SOUND[name] for name in kept]
    assert account.unit.kind == "government_office"


def test_a_unit_changes_its_kind() -> None:
    take(row())
    outcome = take(row(unit_kind="institution"))
    assert (units(outcome), accounts(outcome)) == ((0, 1, 0), (0, 0, 1))
    assert changes(outcome) == [(2, "unit_kind", "government_office", "institution")]
    assert Unit.objects.get().kind == "institution"


def unit_row(name: str, **changes: str) -> dict[str, str]:
    return {
        "unit": name,
        "unit_division": "410100",
        "unit_kind": "department",
        "parent_unit": "",
        "uscc": "",
        **changes,
    }


def test_a_unit_gets_a_parent_and_loses_it() -> None:
    below, above = unit_row("郑州市少年宫", parent_unit="郑州市教育局"), unit_row("郑州市教育局")
    outcome = take_data(table(below, above))
    assert units(outcome) == (2, 0, 0)
    parent = Unit.objects.get(name="郑州市少年宫").parent_unit
    assert parent and parent.name == "郑州市教育局"
    assert units(take_data(table(below))) == (0, 0, 1)
    outcome = take_data(table(below | {"parent_unit": ""}))
    assert changes(outcome) == [(2, "parent_unit", "郑州市教育局", "")]
    assert Unit.objects.get(name="郑州市少年宫").parent_unit is None


def test_a_circle_closed_by_what_is_stored_is_refused() -> None:
    take_data(
        table(unit_row("甲局", parent_unit="乙局"), unit_row("乙局", parent_unit="丙局"), unit_row("丙局"))
    )
    with pytest.raises(BadFile) as caught:
        take_data(table(unit_row("丙局", parent_unit="甲局")))
    assert [fault.kind for fault in caught.value.faults] == ["parent_circle"]
    assert Unit.objects.get(name="丙局").parent_unit is None


def codes() -> tuple[str, str]:
    """Two sound unified social credit codes."""
    found = []
    for number in range(10_000):
        for check in "0123456789ABCDEFGHJKLMNPQRTUWXY":
            code = f"1141010000525{number:04d}{check}"
            if isinstance(uscc.read(code), str):
                found.append(code)
        if len(found) > 1:
            break
    return found[0], found[1]


def test_two_units_cannot_share_a_code_but_may_exchange_theirs() -> None:
    first, second = codes()
    take_data(table(unit_row("甲局", uscc=first), unit_row("乙局", uscc=second)))
    with pytest.raises(BadFile) as caught:
        take_data(table(unit_row("丙局", uscc=first)))
    (fault,) = caught.value.faults
    assert (fault.kind, "甲局" in fault.problem.zh) == ("uscc_taken", True)
    assert units(take_data(table(unit_row("甲局", uscc=second), unit_row("乙局", uscc=first)))) == (0, 2, 0)
    assert dict(Unit.objects.values_list("name", "uscc")) == {"甲局": second, "乙局": first}


CONTACT = {"contact_person": "周晓", "contact_phone": "0371-60000001", "contact_email": ""}


def test_a_sponsor_contact_answers_from_the_day_of_the_import() -> None:
    outcome = take_data(table(SOUND | CONTACT))
    assert outcome.counts["contacts_added"] == 1
    contact = Contact.objects.get()
    assert (contact.line, contact.unit, contact.division, contact.person) == (
        "sponsor",
        Unit.objects.get(),
        None,
        "周晓",
    )
    assert (contact.valid_from, contact.valid_to, contact.rank) == (date(2026, 11, 24), None, 1)
    assert take_data(table(SOUND | CONTACT), LATER).anything is False


def test_a_contact_is_brought_in_line_and_another_comes_behind() -> None:
    take_data(table(SOUND | CONTACT))
    outcome = take_data(table(SOUND | CONTACT | {"contact_phone": "0371-60000002"}))
    assert changes(outcome) == [(2, "contact_phone", "0371-60000001", "0371-60000002")]
    outcome = take_data(table(SOUND | CONTACT | {"contact_person": "吴涛"}))
    assert outcome.notice_kinds == {"contact_comes_after": 1}
    assert list(Contact.objects.order_by("rank").values_list("person", "phone", "rank")) == [
        ("周晓", "0371-60000002", 1),
        ("吴涛", "0371-60000001", 2),
    ]


def test_an_old_name_stays_protected_as_a_former_one() -> None:
    take(row())
    take(row(name="郑州发布厅"), at=LATER)
    assert names() == {
        ("郑州发布", "former", OFFICE),
        ("郑州发布厅", "account", OFFICE),
        (OFFICE, "unit", OFFICE),
    }
    assert ProtectedName.objects.get(text="郑州发布").since == THEN


def test_a_name_taken_up_again_is_no_longer_former() -> None:
    for name in ("郑州发布", "郑州发布厅", "郑州发布"):
        take(row(name=name))
    assert names() >= {("郑州发布", "account", OFFICE), ("郑州发布厅", "former", OFFICE)}
    assert ProtectedName.objects.count() == 3


def test_a_deregistered_account_closes_its_name_and_nothing_is_deleted() -> None:
    take(row())
    take(row(name="郑州发布厅"))
    take(row(name="郑州发布厅", state="deregistered"))
    assert names() >= {("郑州发布", "former", OFFICE), ("郑州发布厅", "closed", OFFICE)}
    assert Account.objects.get().state == "deregistered"


def test_an_account_that_arrives_deregistered_is_protected_as_closed() -> None:
    take(row(state="deregistered"))
    assert ProtectedName.objects.get(account__isnull=False).reason == "closed"


def test_two_accounts_may_bear_one_name() -> None:
    take(row(), other(1))
    assert ProtectedName.objects.filter(text="郑州发布", reason="account").count() == 2


def test_an_account_of_another_unit_is_refused_until_the_move_is_confirmed() -> None:
    take(row())
    moved = row(unit="郑州市大数据局", unit_kind="department")
    assert refused(moved) == [(2, "account_elsewhere")]
    outcome = take(moved, moving=True)
    assert changes(outcome) == [(2, "unit", OFFICE, "郑州市大数据局")]
    assert Account.objects.get().unit.name == "郑州市大数据局"
    assert names() >= {("郑州发布", "former", OFFICE), ("郑州发布", "account", "郑州市大数据局")}


def test_the_same_unit_name_in_another_division_is_another_unit() -> None:
    take(row())
    assert refused(row(unit_division="410200")) == [(2, "account_elsewhere")]
    assert units(take(other(unit_division="410200"))) == (1, 0, 0)


def test_nothing_outside_the_area_can_be_touched() -> None:
    kaifeng = {"unit": "开封市教育局", "unit_division": "410200"}
    take(other(**kaifeng))
    area = "/CN/410000/410100/"
    assert refused(row(), other(3, **kaifeng), scope_path=area) == [(3, "outside_area")]
    stolen = other(unit=OFFICE)
    assert refused(stolen, scope_path=area) == [(2, "account_elsewhere")]
    assert refused(stolen, scope_path=area, moving=True) == [(2, "account_beyond_area")]
    outcome = take(row(), other(3, **kaifeng), other(4, **kaifeng), scope_path=area, skip_bad=True)
    assert (accounts(outcome), outcome.skipped) == ((1, 0, 0), 2)


def test_accounts_that_the_file_leaves_out_stay_as_they_are() -> None:
    take(row(), other())
    assert accounts(take(other(3))) == (1, 0, 0)
    assert Account.objects.count() == 3


def many(count: int, platform: str = "weibo", **changes: str) -> list[str]:
    """Accounts of one unit."""
    first = 1000000 if platform == "weibo" else 2000000
    return [
        row(platform=platform, platform_uid=str(first + number), name=f"郑州{number}", **changes)
        for number in range(count)
    ]


def test_a_full_list_ends_what_it_leaves_out_and_closes_its_name() -> None:
    take(*many(40))
    outcome = take(*many(36), retire_missing=True, at=LATER)
    assert (outcome.counts["accounts_retired"], accounts(outcome)) == (4, (0, 0, 36))
    assert (0, "state", "in_service", "deregistered") in changes(outcome)
    ended = Account.objects.filter(state="deregistered")
    assert {account.changed_at for account in ended} == {LATER}
    assert ProtectedName.objects.filter(reason="closed").count() == 4
    assert take(*many(36), retire_missing=True).anything is False


def test_a_list_that_would_end_many_must_be_confirmed_by_their_number() -> None:
    take(*many(40))
    assert refused(*many(34), retire_missing=True) == [(0, "retire_too_many")]
    assert refused(*many(34), retire_missing=True, retire_confirmed=5) == [(0, "retire_too_many")]
    shown = take(*many(34), retire_missing=True, dry_run=True)
    assert (shown.counts["accounts_retired"], shown.notice_kinds["retire_too_many"]) == (6, 1)
    outcome = take(*many(34), retire_missing=True, retire_confirmed=6)
    assert outcome.counts["accounts_retired"] == 6


def test_a_number_confirmed_must_be_right_even_where_none_was_needed() -> None:
    take(*many(3))
    assert refused(*many(2), retire_missing=True, retire_confirmed=2) == [(0, "retire_too_many")]


def test_a_platform_that_would_lose_all_it_has_must_be_confirmed() -> None:
    take(*many(100), *many(6, "douyin", unit_kind="government_office"))
    new = row(platform="douyin", platform_uid="7777777")
    assert refused(*many(100), new, retire_missing=True) == [(0, "retire_too_many")]


def test_a_full_list_is_full_for_its_places_and_platforms_alone() -> None:
    kaifeng = {"unit": "开封市教育局", "unit_division": "410200"}
    county = {"unit": "中牟县教育局", "unit_division": "410122"}
    rest = [row(platform="douyin", platform_uid="3000000"), other(1, **kaifeng), other(2, **county)]
    take(row(), *rest)
    outcome = take(row(), retire_missing=True)
    assert outcome.counts["accounts_retired"] == 1
    assert Account.objects.get(state="deregistered").unit.name == "中牟县教育局"


def test_the_area_of_a_full_list_is_that_of_who_brings_it_in() -> None:
    county = {"unit": "中牟县教育局", "unit_division": "410122"}
    take(row(), other(1, **county), other(2, **county))
    outcome = take(other(1, **county), retire_missing=True, scope_path="/CN/410000/410100/410122/")
    assert outcome.counts["accounts_retired"] == 1
    assert Account.objects.get(state="deregistered").platform_uid == "2000002"


def test_a_list_with_rows_left_out_is_no_full_list() -> None:
    take(row(), other())
    bad = other(3, state="x")
    assert (0, "retire_with_faults") in refused(row(), bad, retire_missing=True, skip_bad=True)


def test_a_dry_run_says_the_same_and_writes_nothing() -> None:
    data = table(SOUND | CONTACT | {"parent_unit": "河南省人民政府办公厅", "parent_division": "410000"})
    with pytest.raises(BadFile):
        take_data(data)
    data = table(SOUND | CONTACT)
    dry = take_data(data, dry_run=True)
    assert not any(
        model._default_manager.exists() for model in (Unit, Account, ProtectedName, Event, Contact)
    )
    wet = take_data(data)
    assert (dry.dry_run, wet.dry_run) == (True, False)
    assert (dry.counts, dry.file_sha256, dry.notices) == (wet.counts, wet.file_sha256, wet.notices)
    before = everything()
    assert accounts(take(row(name="郑州新名"), dry_run=True)) == (0, 1, 0)
    assert everything() == before


def test_a_bad_file_writes_nothing() -> None:
    assert refused(row(), other(state="gone"))[0][0] == 3


def test_bad_rows_are_left_out_and_counted_on_request() -> None:
    outcome = take(row(), other(state="gone", home_url="x"), other(3), skip_bad=True)
    assert (accounts(outcome), outcome.skipped, sum(outcome.fault_kinds.values())) == ((2, 0, 0), 1, 2)
    with pytest.raises(BadFile):
        take(other(state="gone"), skip_bad=True)


def test_a_unit_left_out_takes_its_accounts_and_new_units_below_along() -> None:
    first, _ = codes()
    take_data(table(unit_row("甲局", uscc=first)))
    account = {"platform": "weibo", "name": "", "state": "in_service"}
    rows = [
        unit_row("乙局", uscc=first) | account | {"platform_uid": "1000001", "name": "郑州乙"},
        unit_row("乙局", uscc=first) | account | {"platform_uid": "1000002", "name": "郑州乙二"},
        unit_row("丙局", parent_unit="乙局") | account | {"platform_uid": "1000003", "name": "郑州丙"},
        unit_row("丁局") | account | {"platform_uid": "1000004", "name": "郑州丁"},
    ]
    outcome = take_data(table(*rows), skip_bad=True)
    assert (accounts(outcome), units(outcome), outcome.skipped) == ((1, 0, 0), (1, 0, 0), 3)
    assert set(Unit.objects.values_list("name", flat=True)) == {"甲局", "丁局"}


def test_each_import_is_one_event_with_file_digest_and_counts() -> None:
    take(row())
    take(row(), other())
    event = Event.objects.filter(action="registry.import").latest("pk")
    assert Event.objects.filter(action="registry.import").count() == 2
    assert (event.actor, event.subject_kind) == (ACTOR, "file")
    assert event.subject_id == sha256(register(row(), other())).hexdigest()
    counts = {name: value for name, value in event.details.items() if value}
    assert counts.pop("notices")
    assert counts == {"accounts_added": 1, "accounts_unchanged": 1, "units_unchanged": 1}


def test_without_its_event_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(register_import, "record", refuse)
    with pytest.raises(RuntimeError, match="no log"):
        take(row())
    assert not any(model._default_manager.exists() for model in (Unit, Account, ProtectedName, Event))


def test_a_kind_added_by_the_installation_is_a_known_platform() -> None:
    assert refused(row(platform="weishi"))[0][0] == 2
    AccountKind.objects.create(platform="weishi", title_zh="微视", title_en="Weishi", is_core=False)
    assert accounts(take(row(platform="微视"))) == (1, 0, 0)
    assert Account.objects.get().platform == "weishi"


def test_the_day_of_the_import_is_the_day_in_beijing() -> None:
    late = datetime(2026, 11, 24, 17, 0, tzinfo=UTC)  # the 25th in Beijing
    assert accounts(take(row(opened_on="2026-11-25"), at=late)) == (1, 0, 0)
    with pytest.raises(BadFile):
        take(other(opened_on="2026-11-26"), at=late)


def test_values_that_pass_a_terminal_are_made_visible() -> None:
    take(row(certified_subject="a\u200bb"))
    (change,) = take(row()).changes
    assert change.old == "a<U+200B>b"


def test_a_file_changed_while_it_is_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "register.csv"
    path.write_bytes(register(row()))

    def meanwhile(_: int) -> None:
        path.write_bytes(register(row(), other()))

    with pytest.raises(BadFile) as caught:
        import_register(path, path.name, ACTOR, THEN, RegisterOptions(), progress=meanwhile)
    assert [fault.kind for fault in caught.value.faults] == ["file_changed"]
    assert not Account.objects.exists()


def test_a_workbook_with_a_sheet_of_units_and_one_of_accounts_is_taken(tmp_path: Path) -> None:
    path = tmp_path / "台账.xlsx"
    accounts_sheet = (
        ["平台", "账号ID", "账号名称", "主办单位"],
        [["微博", "1903424", "郑州发布", OFFICE], ["抖音", "1903425", "郑州发布", OFFICE]],
    )
    units_sheet = (["单位名称", "行政区划代码", "单位类别"], [[OFFICE, "410100", "政府办公厅"]])
    write_xlsx(path, {"账号": accounts_sheet, "单位": units_sheet})
    outcome = import_register(path, path.name, ACTOR, THEN, RegisterOptions())
    assert (accounts(outcome), units(outcome), outcome.kind) == ((2, 0, 0), (1, 0, 0), "xlsx")


def test_progress_ends_with_what_was_read() -> None:
    told: list[int] = []
    with tempfile.NamedTemporaryFile() as file:
        file.write(register(*many(30)))
        file.flush()
        import_register(Path(file.name), "register.csv", ACTOR, THEN, RegisterOptions(), progress=told.append)
    assert told[-1] == 31


def test_a_file_larger_than_one_batch_is_taken_and_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stage, "BATCH", 7)
    uids = [str(1000000 + number) for number in range(50)]
    take(*(row(platform_uid=uid, name=f"郑州{uid}", unit=f"单位{uid}") for uid in uids))
    outcome = take(*(row(platform_uid=uid, name=f"郑州{uid}厅", unit=f"单位{uid}") for uid in uids))
    assert accounts(outcome) == (0, 50, 0)
    assert ProtectedName.objects.filter(reason="former").count() == 50
    assert ProtectedName.objects.filter(reason="account").count() == 50


def test_changes_beyond_the_shown_are_counted() -> None:
    take(*many(SHOWN_CHANGES + 1))
    outcome = take(*many(SHOWN_CHANGES + 1, state="paused"))
    assert (len(outcome.changes), outcome.changes_total) == (SHOWN_CHANGES, SHOWN_CHANGES + 1)


STEP = st.lists(
    st.fixed_dictionaries(
        {
            "platform_uid": st.sampled_from(["1000001", "1000002", "1000003"]),
            "name": st.sampled_from(["郑州甲", "郑州乙", "郑州丙"]),
            "state": st.sampled_from(STATES[1:]),
            "unit": st.sampled_from(["单位一", "单位二"]),
        }
    ),
    min_size=1,
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
