from dataclasses import replace
from datetime import UTC, date, datetime
from hashlib import sha256

import pytest
from django.db import transaction
from django.db.models import Q
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_logs.models import Event
from names.divisions import all_divisions
from registry import columns, contact_importer
from registry.contact_importer import ContactOutcome, import_contacts
from registry.errors import BadRegister
from registry.importers import import_register
from registry.models import Contact
from tests.registry.contacts import SPONSOR, contact, contacts
from tests.registry.reference import reference_rows  # noqa: F401  (a fixture)
from tests.registry.register import register, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows")]
ACTOR = "system:test"
THEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)


def take(*rows: str, at: datetime = THEN, dry_run: bool = False) -> ContactOutcome:
    return import_contacts(contacts(*rows), ACTOR, at, dry_run=dry_run)


def faults(*rows: str) -> list[str]:
    with pytest.raises(BadRegister) as caught:
        take(*rows)
    return [str(fault) for fault in caught.value.faults]


def held(day: date) -> list[str]:
    """Everybody valid on `day`, in the order they are told."""
    found = Contact.objects.filter(Q(valid_to=None) | Q(valid_to__gte=day), valid_from__lte=day)
    return list(found.order_by("rank", "pk").values_list("person", flat=True))


def everything() -> list[object]:
    return list(Contact.objects.order_by("pk").values())


@pytest.fixture
def unit(reference_rows: None) -> None:  # noqa: F811
    """The unit of SPONSOR is in the register, and one of the same name in another city is too."""
    other = row(platform_uid="2", unit="开封市教育局", unit_division="410200", unit_kind="department")
    import_register(register(row(), other), ACTOR, THEN)


def test_contacts_of_divisions_and_units_are_added(unit: None) -> None:
    outcome = take(contact(valid_to="2027-01-31"), contact(**SPONSOR, rank="2", hours="workdays"))
    assert (outcome.added, outcome.changed, outcome.unchanged) == (2, 0, 0)
    office, sponsor = Contact.objects.order_by("line")
    assert (office.line, office.division_id, office.unit, office.rank) == ("cac", "410100", None, 1)
    assert (office.phone, office.email) == ("000-4101-0001", "zhou.xiao@henan.example")
    assert (office.valid_from, office.valid_to) == (date(2026, 1, 1), date(2027, 1, 31))
    assert (sponsor.division, sponsor.rank, sponsor.hours) == (None, 2, "workdays")
    assert sponsor.unit is not None
    assert sponsor.unit.name == "郑州市人民政府办公厅"
    assert office.changed_at == sponsor.changed_at == THEN


def test_the_same_file_again_changes_nothing(unit: None) -> None:
    rows = contact(), contact(**SPONSOR)
    take(*rows)
    before = everything()
    outcome = take(*rows, at=LATER)
    assert (outcome.added, outcome.changed, outcome.unchanged, outcome.changes) == (0, 0, 2, ())
    assert everything() == before


@pytest.mark.parametrize(
    ("field", "value", "shown"),
    [
        ("office", "网信科", "office 郑州市委网信办 → 网信科"),
        ("phone", "", "phone 000-4101-0001 → –"),
        ("email", "x@henan.example", "email zhou.xiao@henan.example → x@henan.example"),
        ("rank", "3", "rank 1 → 3"),
        ("hours", "workdays", "hours always → workdays"),
        ("valid_to", "2026-12-31", "valid_to – → 2026-12-31"),
    ],
)
def test_every_value_of_a_contact_can_change_and_shows_old_and_new(
    field: str, value: str, shown: str
) -> None:
    take(contact(), contact(line="police"))
    outcome = take(contact(line="police"), contact(**{field: value}), at=LATER)
    assert (outcome.added, outcome.changed, outcome.unchanged) == (0, 1, 1)
    assert [str(change) for change in outcome.changes] == [f"line 3, 网信 410100 周晓: {shown}"]
    changed, other = Contact.objects.order_by("line")
    assert str(getattr(changed, field) or "") == value
    assert (changed.changed_at, other.changed_at) == (LATER, THEN)


def test_whoever_the_file_leaves_out_stays() -> None:
    take(contact())
    take(contact(person="吴涛", rank="2"))
    assert held(THEN.date()) == ["周晓", "吴涛"]


def test_a_successor_is_a_second_row_and_the_end_a_changed_one() -> None:
    take(contact())
    outcome = take(contact(valid_to="2026-11-30"), contact(person="吴涛", valid_from="2026-12-01"))
    assert (outcome.added, outcome.changed) == (1, 1)
    for day, person in ((date(2026, 11, 30), "周晓"), (date(2026, 12, 1), "吴涛")):
        assert held(day) == [person]


def test_a_dry_run_says_the_same_and_writes_nothing(unit: None) -> None:
    before = Event.objects.count()
    outcome = take(contact(), contact(**SPONSOR), dry_run=True)
    assert (outcome.dry_run, outcome.added) == (True, 2)
    assert not Contact.objects.exists()
    assert Event.objects.count() == before


def test_an_import_is_one_event_that_counts_and_names_nobody() -> None:
    take(contact())
    rows = contact(rank="2"), contact(person="吴涛")
    take(*rows)
    first, event = Event.objects.order_by("pk")
    assert first.action == event.action
    assert (event.actor, event.action, event.subject_kind) == (ACTOR, "contacts.import", "file")
    assert event.subject_id == sha256(contacts(*rows)).hexdigest()
    assert event.details == {"added": 1, "changed": 1, "unchanged": 0}


def test_without_its_event_nothing_is_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(contact_importer, "record", refuse)
    with pytest.raises(RuntimeError, match="no log"):
        take(contact())
    assert not Contact.objects.exists()


def test_one_fault_refuses_the_whole_file(unit: None) -> None:
    assert len(faults(contact(), contact(**{**SPONSOR, "unit": "郑州市教育局"}))) == 1
    assert not Contact.objects.exists()


@pytest.mark.parametrize(
    ("name", "division", "mend"),
    [
        ("郑州市人民政府办公室", "410100", "did you mean 郑州市人民政府办公厅?"),
        ("开封市教育局", "410100", "a unit of this name is registered in 410200"),
        ("某局", "410100", "import the register first, or check the name"),
    ],
)
def test_a_unit_that_is_not_registered_is_a_fault(name: str, division: str, mend: str, unit: None) -> None:
    (fault,) = faults(contact(**{**SPONSOR, "unit": name, "unit_division": division}))
    assert fault == f"line 2, unit, “{name}”: this unit is not in the register; {mend}"


def test_nobody_holds_one_post_twice_on_a_day() -> None:
    told = (
        "valid_from, “2026-06-01”: stands here from 2026-01-01 already when 2026-06-01 begins; "
        "end the row from 2026-01-01 with a valid_to before 2026-06-01"
    )
    assert faults(contact(), contact(valid_from="2026-06-01")) == [f"line 3, {told}"]
    take(contact())
    assert faults(contact(valid_from="2026-06-01")) == [f"line 2, {told}"]
    assert faults(contact(valid_from="2026-06-01"), contact(valid_to="2026-06-01")) == [f"line 3, {told}"]
    assert take(contact(valid_from="2026-06-01"), contact(valid_to="2026-05-31")).changed == 1
    assert faults(contact(valid_to="2026-07-01"))


def test_the_day_of_the_import_is_the_day_in_beijing(monkeypatch: pytest.MonkeyPatch) -> None:
    ending = replace(all_divisions()[0], key="410100", valid_to="2026-11-24")
    monkeypatch.setattr(columns, "by_key", lambda _: ending)
    take(contact(), at=datetime(2026, 11, 24, 15, 59, tzinfo=UTC))
    with pytest.raises(BadRegister, match="ended on 2026-11-24"):
        take(contact(), at=datetime(2026, 11, 24, 16, 0, tzinfo=UTC))


def test_a_file_larger_than_one_batch_is_taken_and_changed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(contact_importer, "BATCH", 7)
    people = [f"周{number}" for number in range(50)]
    assert take(*(contact(person=person) for person in people)).added == 50
    assert take(*(contact(person=person, phone="110") for person in people)).changed == 50
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
        max_size=3,
    ),
    max_size=4,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(FILES)
def test_whatever_the_history_nobody_stands_in_a_post_twice_and_a_refused_file_leaves_no_trace(
    files: list[list[dict[str, str]]],
) -> None:
    with transaction.atomic():
        for rows in files:
            before = everything()
            try:
                take(*(contact(**values) for values in rows))
            except BadRegister:
                assert everything() == before
            for day in (1, 2, 3, 4):
                told = held(date(2026, 1, day))
                assert len(told) == len(set(told))
        transaction.set_rollback(True)
