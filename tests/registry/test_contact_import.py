from collections.abc import Sequence
from datetime import UTC, date, datetime
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_logs.models import Event
from common import clock
from common.faults import BadFile
from registry import contact_import, imports
from registry.contact_import import ContactOptions, import_contacts
from registry.models import Contact, FileImport, Unit
from registry.outcome import Outcome
from tests.registry.contacts import SOUND, SPONSOR, Row, contact, contacts
from tests.registry.reference import reference_rows  # noqa: F401  (a fixture)

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows")]
ACTOR = "system:test"
THEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
ZHENGZHOU = "/CN/410000/410100/"


def take_bytes(
    data: bytes, at: datetime = THEN, options: ContactOptions | None = None, name: str = "联系人.csv"
) -> Outcome:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "file"
        path.write_bytes(data)
        return import_contacts(path, name, ACTOR, at, options or ContactOptions())


def take(*rows: Row, at: datetime = THEN, **options: Any) -> Outcome:
    return take_bytes(contacts(*rows), at, ContactOptions(**options))


def take_columns(columns: Sequence[str], *rows: Row, at: datetime = THEN) -> Outcome:
    return take_bytes(contacts(*rows, columns=columns), at)


def faults(*rows: Row, **options: Any) -> list[str]:
    with pytest.raises(BadFile) as caught:
        take(*rows, **options)
    return [fault.sentence("en") for fault in caught.value.faults]


def counted(outcome: Outcome) -> tuple[int, int, int]:
    """Added, changed, unchanged."""
    added, changed, unchanged = (
        outcome.counts[f"contacts_{what}"] for what in ("added", "changed", "unchanged")
    )
    return added, changed, unchanged


def held(day: date) -> list[str]:
    """Everybody valid on `day`, in the order they are told."""
    found = Contact.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    return list(found.order_by("rank", "pk").values_list("person", flat=True))


def everything() -> list[object]:
    return list(Contact.objects.order_by("pk").values())


@pytest.fixture
def unit(reference_rows: None) -> Unit:  # noqa: F811
    """The unit of SPONSOR is in the register, and one of the same name in two other cities."""
    at = clock.now()
    for code in ("410200", "410300"):
        Unit.objects.create(name="教育局", line_division_id=code, kind="department", created_at=at)
    name, code = SPONSOR["unit"], SPONSOR["unit_division"]
    return Unit.objects.create(name=name, line_division_id=code, kind="government_office", created_at=at)


def test_contacts_of_divisions_and_units_are_added(unit: Unit) -> None:
    outcome = take(contact(valid_to="2027-01-31"), contact(**SPONSOR, rank="2", hours="workdays"))
    assert counted(outcome) == (2, 0, 0)
    assert outcome.anything
    office, sponsor = Contact.objects.order_by("line")
    assert (office.line, office.division_id, office.unit, office.rank) == ("cac", "410100", None, 1)
    assert (office.phone, office.email) == ("000-4101-0001", "zhou.xiao@henan.example")
    assert (office.valid_from, office.valid_to) == (date(2026, 1, 1), date(2027, 1, 31))
    assert (sponsor.division, sponsor.unit, sponsor.rank, sponsor.hours) == (None, unit, 2, "workdays")
    assert office.changed_at == sponsor.changed_at == THEN


def test_a_workbook_with_chinese_headings_below_a_title_is_the_same(unit: Unit) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "联系人"
    sheet.append(["河南省政务新媒体联系人名册"])
    sheet.append(["条线", "行政区划", "单位", "处室", "姓名", "联系电话", "值班时间"])
    sheet.append(["公安", "郑州市", None, "网安支队", "吴涛", "110", "24小时"])
    sheet.append(["主办", None, SPONSOR["unit"], "办公室", "周晓", "0371-60000000", "工作日"])
    data = BytesIO()
    book.save(data)
    outcome = take_bytes(data.getvalue(), name="联系人.xlsx")
    assert (outcome.kind, counted(outcome)) == ("xlsx", (2, 0, 0))
    assert list(outcome.notice_kinds) == ["valid_from_assumed", "rank_assumed"]
    police, sponsor = Contact.objects.order_by("line")
    assert (police.line, police.division_id, police.hours, police.phone) == (
        "police",
        "410100",
        "always",
        "110",
    )
    assert (sponsor.unit, sponsor.hours, sponsor.rank) == (unit, "workdays", 1)
    assert police.valid_from == date(2026, 11, 24)


def test_the_same_file_again_changes_nothing(unit: Unit) -> None:
    rows = contact(), contact(**SPONSOR)
    take(*rows)
    before = everything()
    outcome = take(*rows, at=LATER)
    assert (counted(outcome), outcome.changes, outcome.anything) == ((0, 0, 2), (), False)
    assert everything() == before


def test_a_file_without_days_is_about_whoever_stands_there_and_changes_nothing_again() -> None:
    columns = ("line", "division", "office", "person", "phone")
    assert counted(take_columns(columns, contact())) == (1, 0, 0)
    assert Contact.objects.get().valid_from == THEN.date()
    before = everything()
    assert counted(take_columns(columns, contact(), at=LATER)) == (0, 0, 1)
    assert everything() == before
    assert counted(take_columns(columns, contact(phone="110"), at=LATER)) == (0, 1, 0)
    assert Contact.objects.get().phone == "110"


def test_a_file_without_days_begins_anew_where_somebody_has_ended() -> None:
    take(contact(valid_to="2026-06-30"))
    columns = ("line", "division", "office", "person", "phone")
    assert counted(take_columns(columns, contact())) == (1, 0, 0)
    assert held(THEN.date()) == ["周晓"]
    assert Contact.objects.count() == 2


def test_what_a_file_has_no_column_for_stays() -> None:
    take(contact(rank="3", valid_to="2026-12-31"))
    columns = ("line", "division", "office", "person", "phone", "valid_from")
    assert counted(take_columns(columns, contact(phone="110"), at=LATER)) == (0, 1, 0)
    stored = Contact.objects.get()
    assert (stored.phone, stored.email) == ("110", SOUND["email"])
    assert (stored.rank, stored.hours, stored.valid_to) == (3, "always", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("field", "value", "old", "new"),
    [
        ("office", "网信科", "郑州市委网信办", "网信科"),
        ("phone", "", "000-4101-0001", ""),
        ("email", "x@henan.example", "zhou.xiao@henan.example", "x@henan.example"),
        ("rank", "3", "1", "3"),
        ("hours", "workdays", "always", "workdays"),
        ("valid_to", "2026-12-31", "", "2026-12-31"),
    ],
)
def test_every_value_of_a_contact_can_change_and_shows_old_and_new(
    field: str, value: str, old: str, new: str
) -> None:
    take(contact(), contact(line="police"))
    outcome = take(contact(line="police"), contact(**{field: value}), at=LATER)
    assert counted(outcome) == (0, 1, 1)
    (change,) = outcome.changes
    assert (change.line, change.subject, change.field) == (3, "网信 410100 周晓", field)
    assert (change.old, change.new) == (old, new)
    changed, other = Contact.objects.order_by("line")
    assert str(getattr(changed, field) or "") == value
    assert (changed.changed_at, other.changed_at) == (LATER, THEN)


def test_an_empty_last_day_takes_the_end_away() -> None:
    take(contact(valid_to="2026-12-31"))
    assert counted(take(contact())) == (0, 1, 0)
    assert Contact.objects.get().valid_to is None


def test_whoever_the_file_leaves_out_stays() -> None:
    take(contact())
    take(contact(person="吴涛", rank="2"))
    assert held(THEN.date()) == ["周晓", "吴涛"]


def test_a_successor_is_a_second_row_and_the_end_a_changed_one() -> None:
    take(contact())
    outcome = take(contact(valid_to="2026-11-30"), contact(person="吴涛", valid_from="2026-12-01"))
    assert counted(outcome) == (1, 1, 0)
    for day, person in ((date(2026, 11, 30), "周晓"), (date(2026, 12, 1), "吴涛")):
        assert held(day) == [person]


def test_a_dry_run_says_the_same_and_writes_nothing(unit: Unit) -> None:
    before = Event.objects.count()
    outcome = take(contact(), contact(**SPONSOR), dry_run=True)
    assert (outcome.dry_run, counted(outcome)) == (True, (2, 0, 0))
    assert not Contact.objects.exists()
    assert Event.objects.count() == before


def test_an_import_is_one_event_that_counts_and_names_nobody() -> None:
    take(contact())
    rows = contact(rank="2"), contact(person="吴涛")
    take(*rows)
    event = Event.objects.latest("pk")
    assert (event.actor, event.action, event.subject_kind) == (ACTOR, "contacts.import", "file")
    assert event.subject_id == sha256(contacts(*rows)).hexdigest()
    assert event.details == {
        "contacts_added": 1, "contacts_changed": 1, "contacts_unchanged": 0, "skipped": 0,
    }  # fmt: skip


def test_without_its_event_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(contact_import, "record", refuse)
    with pytest.raises(RuntimeError, match="no log"):
        take(contact())
    assert not Contact.objects.exists()


def test_the_import_is_taken_with_its_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(imports, "folder", lambda: tmp_path)
    path = tmp_path / "file"
    path.write_bytes(contacts(contact()))
    read: list[int] = []
    with imports.announced("contacts", path, "联系人.csv", ACTOR, {}, THEN) as job:
        import_contacts(path, job.file_name, ACTOR, THEN, ContactOptions(), job=job, progress=read.append)
    stored = FileImport.objects.get()
    assert (stored.state, stored.outcome["counts"]["contacts_added"]) == ("taken", 1)
    assert read == [1]


def test_one_fault_refuses_the_whole_file(unit: Unit) -> None:
    assert len(faults(contact(), contact(**{**SPONSOR, "unit": "郑州市教育局"}))) == 1
    assert len(faults(contact(), contact(person="吴涛", rank="x"))) == 1
    assert not Contact.objects.exists()


def test_on_request_rows_with_faults_are_left_out_and_told(unit: Unit) -> None:
    outcome = take(
        contact(),
        contact(person="吴涛", rank="x"),
        contact(**{**SPONSOR, "unit": "郑州市教育局"}),
        contact(valid_from="2026-06-01"),
        skip_bad=True,
    )
    assert (counted(outcome), outcome.skipped) == ((1, 0, 0), 3)
    assert dict(outcome.fault_kinds) == {"rank_shape": 1, "unit_unknown": 1, "span_overlap": 1}
    assert Contact.objects.get().valid_from == date(2026, 1, 1)
    assert Event.objects.latest("pk").details["skipped"] == 3


def test_what_is_wrong_with_each_row_is_written_beside_it(tmp_path: Path, unit: Unit) -> None:
    path, reasons = tmp_path / "file", tmp_path / "reasons"
    path.write_bytes(contacts(contact(), contact(**{**SPONSOR, "unit": "某局"}), contact(rank="x")))
    with pytest.raises(BadFile):
        import_contacts(path, "a.csv", ACTOR, THEN, ContactOptions(), reasons_to=reasons)
    (copy,) = tmp_path.glob("reasons*")
    header, _sound, third, fourth = copy.read_text(encoding="utf-8-sig").splitlines()
    assert "错误原因" in header
    assert "不是通知顺序" in fourth
    assert "登记库中没有这个单位" in third


def test_a_file_of_which_nothing_is_left_is_refused_though(unit: Unit) -> None:
    assert len(faults(contact(rank="x"), skip_bad=True)) == 1
    assert len(faults(contact(**{**SPONSOR, "unit": "某局"}), skip_bad=True)) == 1


@pytest.mark.parametrize(
    ("name", "division", "mend"),
    [
        ("郑州市人民政府办公室", "410100", "did you mean “郑州市人民政府办公厅”?"),
        ("教育局", "410100", "a unit of this name is registered in 410200, 410300"),
        ("某局", "410100", "check the name, or import the register first"),
        ("教育局", "", "write the division of the unit, too: 410200, 410300"),
    ],
)
def test_a_unit_that_is_not_found_is_a_fault(name: str, division: str, mend: str, unit: Unit) -> None:
    (fault,) = faults(contact(**{**SPONSOR, "unit": name, "unit_division": division}))
    assert fault.startswith(f"line 2, column “unit”, “{name}”: ")
    assert fault.endswith(mend)


def test_a_unit_is_found_by_its_name_where_only_one_bears_it(unit: Unit) -> None:
    take(contact(**{**SPONSOR, "unit_division": ""}))
    assert Contact.objects.get().unit == unit


def test_rows_outside_ones_area_are_faults(unit: Unit) -> None:
    inside = contact(), contact(division="410105"), contact(**SPONSOR)
    outside = contact(division="410200"), contact(division="410000")
    other = contact(**{**SPONSOR, "unit": "教育局", "unit_division": "410200"})
    told = faults(*inside, *outside, other, scope_path=ZHENGZHOU)
    assert [line.split(",")[0] for line in told] == ["line 5", "line 6", "line 7"]
    assert all("this is outside your area" in line for line in told)
    assert counted(take(*inside, scope_path=ZHENGZHOU)) == (3, 0, 0)


def test_nobody_holds_one_post_twice_on_a_day() -> None:
    told = (
        "column “valid_from”, “2026-06-01”: stands here from 2026-01-01 already when 2026-06-01 begins; "
        "end the row from 2026-01-01 with a valid_to before 2026-06-01"
    )
    assert faults(contact(), contact(valid_from="2026-06-01")) == [f"line 3, {told}"]
    take(contact())
    assert faults(contact(valid_from="2026-06-01")) == [f"line 2, {told}"]
    assert faults(contact(valid_from="2026-06-01"), contact(valid_to="2026-06-01"))
    assert counted(take(contact(valid_from="2026-06-01"), contact(valid_to="2026-05-31")))[1] == 1
    assert faults(contact(valid_to="2026-07-01"))


def test_the_day_of_the_import_is_the_day_in_beijing() -> None:
    columns = ("line", "division", "office", "person", "phone")
    take_columns(columns, contact(), at=datetime(2026, 11, 24, 15, 59, tzinfo=UTC))
    take_columns(columns, contact(person="吴涛"), at=datetime(2026, 11, 24, 16, 0, tzinfo=UTC))
    days = dict(Contact.objects.values_list("person", "valid_from"))
    assert days == {"周晓": date(2026, 11, 24), "吴涛": date(2026, 11, 25)}


def test_a_file_larger_than_one_batch_is_taken_and_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_import, "BATCH", 7)
    people = [f"周{number}" for number in range(50)]
    assert counted(take(*(contact(person=person) for person in people))) == (50, 0, 0)
    assert counted(take(*(contact(person=person, phone="110") for person in people))) == (0, 50, 0)
    assert Contact.objects.filter(phone="110").count() == 50


FILES = st.lists(
    st.lists(
        st.fixed_dictionaries(
            {
                "person": st.sampled_from(["甲", "乙"]),
                "valid_from": st.sampled_from(["2026-01-01", "2026-01-03"]),
                "valid_to": st.sampled_from(["", "2026-01-03", "2026-01-02"]),
                "rank": st.sampled_from("12"),
            }
        ),
        min_size=1,
        max_size=3,
    ),
    max_size=4,
)


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """The reference rows are there already: comparing them anew for each of many files takes long."""
    monkeypatch.setattr(contact_import, "load_divisions", lambda *_: 0)


@pytest.mark.usefixtures("loaded")
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES, st.booleans())
def test_whatever_the_history_nobody_stands_in_a_post_twice_and_a_refused_file_leaves_no_trace(
    files: list[list[dict[str, str]]], skip_bad: bool
) -> None:
    with transaction.atomic():
        for rows in files:
            before = everything()
            try:
                take(*(contact(**values) for values in rows), skip_bad=skip_bad)
            except BadFile:
                assert everything() == before
            for day in (1, 2, 3, 4):
                told = held(date(2026, 1, day))
                assert len(told) == len(set(told))
        transaction.set_rollback(True)
