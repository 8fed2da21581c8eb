import csv
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

import pytest
from django.db import transaction
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from audit_logs.models import Event
from common.faults import BadFile
from common.sheets.writing import write_csv
from registry import export, words
from registry.contact_import import ContactOptions, import_contacts
from registry.models import Account, AccountKind, Contact, ProtectedName, Unit
from registry.outcome import Outcome
from registry.register_import import RegisterOptions, import_register
from tests.registry.contacts import SPONSOR, contact, contacts
from tests.registry.reference import reference_rows  # noqa: F401  (a fixture)
from tests.registry.register import SOUND

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows")]
ACTOR = "system:test"
THEN = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LATER = datetime(2026, 11, 25, 6, 0, tzinfo=UTC)
HOSTILE = (
    '=HYPERLINK("https://example.invalid","郑州")',
    "+86郑州",
    "-郑州",
    "@郑州",
    "'郑州'",
    "''=1+1",
    '郑州,"发布"',
    "00123郑",
    "1E5",
    "2019-08-01",
    "TRUE",
    "＝1+1郑州",
    "|cmd' /C calc'!A0",
)
REST = {"parent_unit": "", "parent_division": "", "contact_person": "", "contact_phone": ""}


def rows() -> list[dict[str, str]]:
    """Accounts of several units and platforms, with hostile names, and a unit without any."""
    platforms = ["weibo", "douyin", "kuaishou"]
    accounts = [
        SOUND
        | REST
        | {
            "platform": platforms[number % 3],
            "platform_uid": str(1000000 + number),
            "handle": "",
            "name": name,
            "certified_subject": name,
            "unit": f"单位{name}",
            "parent_unit": "单位甲" if number % 2 else "",
            "parent_division": "410000" if number % 2 else "",
            "contact_person": "=周晓" if number % 3 else "",
            "contact_phone": "+86 371 60000001" if number % 3 else "",
        }
        for number, name in enumerate(HOSTILE)
    ]
    above = SOUND | REST | {"unit": "单位甲", "unit_division": "410000", "state": "", "opened_on": ""}
    blank = dict.fromkeys(("platform", "platform_uid", "handle", "name", "certified_subject", "home_url"), "")
    return [above | blank, *accounts]


def take(path: Path, at: datetime = THEN) -> Outcome:
    return import_register(path, path.name, ACTOR, at, RegisterOptions())


@pytest.fixture
def register(tmp_path: Path) -> None:
    """The register that `rows` make."""
    path = tmp_path / "first.csv"
    given = rows()
    write_csv(path, list(given[0]), [list(row.values()) for row in given])
    take(path)
    assert (Account.objects.count(), Unit.objects.count()) == (len(HOSTILE), len(HOSTILE) + 1)


def everything() -> list[object]:
    models = (Unit, Account, ProtectedName, Contact)
    return [list(model._default_manager.order_by("pk").values()) for model in models]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_brought_in_again_the_register_changes_nothing(tmp_path: Path, ending: str) -> None:
    before = everything()
    path = tmp_path / f"台账{ending}"
    done = export.export("registry", path, "", ACTOR, LATER)
    outcome = take(path, LATER)
    assert not outcome.anything
    assert outcome.counts["accounts_unchanged"] == len(HOSTILE)
    assert outcome.counts["units_unchanged"] == len(HOSTILE) + 1
    assert done.rows == len(HOSTILE) + 1
    assert everything() == before


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_brought_into_an_empty_register_it_is_the_same_register(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"台账{ending}"
    export.export("registry", path, "", ACTOR, LATER)
    fields = ("platform", "platform_uid", "name", "certified_subject", "opened_on", "state", "unit__name")
    links = ("name", "line_division_id", "kind", "parent_unit__name")
    before = sorted(Account.objects.values_list(*fields)), sorted(Unit.objects.values_list(*links), key=str)
    for model in (ProtectedName, Contact, Account):
        model._default_manager.all().delete()
    Unit.objects.update(parent_unit=None)
    Unit.objects.all().delete()
    take(path, LATER)
    after = sorted(Account.objects.values_list(*fields)), sorted(Unit.objects.values_list(*links), key=str)
    assert after == before


TEXTS = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=30)


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(TEXTS, TEXTS)
def test_whatever_a_name_holds_it_comes_back(tmp_path: Path, name: str, subject: str) -> None:
    row = SOUND | {"name": name, "certified_subject": subject, "unit": f"单位{name}"}
    first = tmp_path / "first.csv"
    write_csv(first, list(row), [list(row.values())])
    with transaction.atomic():
        try:
            take(first)
        except BadFile:  # a name nobody can see, and the like
            assume(False)
        for path in (tmp_path / "again.xlsx", tmp_path / "again.csv"):
            export.export("registry", path, "", ACTOR, THEN)
            assert not take(path).anything
        transaction.set_rollback(True)


@pytest.mark.usefixtures("register")
def test_nothing_in_a_csv_file_begins_like_a_formula(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    export.export("registry", path, "", ACTOR, LATER)
    assert not any(cell[:1] in {*"=+-@\t\r"} for row in read(path) for cell in row.values() if cell)


@pytest.mark.usefixtures("register")
def test_words_are_those_of_people(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    export.export("registry", path, "", ACTOR, LATER)
    first = next(row for row in read(path) if row["账号ID"] == "1000000")
    assert (first["平台"], first["运行状态"], first["单位类别"], first["开通时间"]) == (
        "微博",
        "在用",
        "政府办公厅（室）",
        "2019-08-01",
    )
    assert first["上级主管单位"] == ""


@pytest.mark.usefixtures("register")
def test_a_title_that_an_installation_gives_to_another_platform_is_not_used(tmp_path: Path) -> None:
    AccountKind.objects.create(platform="mine", title_zh="微博", title_en="Mine", is_core=False)
    path = tmp_path / "台账.csv"
    export.export("registry", path, "", ACTOR, LATER)
    assert {row["平台"] for row in read(path)} >= {"weibo", "抖音"}
    assert not take(path).anything


@pytest.mark.parametrize("of", ["state", "unit_kind", "line", "hours", "platform"])
def test_every_title_is_read_as_its_value(of: words.ListName) -> None:
    for value, title in words.titles(of).items():
        assert words.meant(title, of) == (value,)


@pytest.mark.usefixtures("register")
def test_a_scope_leaves_out_what_lies_elsewhere(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    assert export.export("registry", path, "/CN/410000/410200/", ACTOR, LATER).rows == 0
    assert export.export("registry", path, "/CN/410000/410100/", ACTOR, LATER).rows == len(HOSTILE)


@pytest.mark.usefixtures("register")
@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_contacts_brought_in_again_change_nothing(tmp_path: Path, ending: str) -> None:
    unit = {**SPONSOR, "unit": f"单位{HOSTILE[0]}"}
    path = tmp_path / "first.csv"
    path.write_bytes(
        contacts(
            contact(person="=1+1周", office="@办", valid_to="2026-12-31"),
            contact(line="police", person="吴涛", phone="", rank="2", hours="workdays"),
            contact(**unit, valid_from="2025-01-01", valid_to="2025-12-31", person="前任"),
        )
    )
    import_contacts(path, path.name, ACTOR, THEN, ContactOptions())
    before = everything()
    again = tmp_path / f"联系人{ending}"
    done = export.export("contacts", again, "", ACTOR, LATER)
    outcome = import_contacts(again, again.name, ACTOR, LATER, ContactOptions())
    assert not outcome.anything
    assert outcome.counts["contacts_unchanged"] == done.rows == Contact.objects.count()
    assert everything() == before


@pytest.mark.usefixtures("register")
def test_an_export_is_one_event_with_the_digest_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "台账.csv"
    export.export("registry", path, "/CN/410000/", ACTOR, LATER)
    event = Event.objects.get(action="registry.export")
    assert event.subject_id == sha256(path.read_bytes()).hexdigest()
    assert event.details == {"rows": len(HOSTILE) + 1, "scope": "/CN/410000/"}


@pytest.mark.usefixtures("register")
def test_without_its_event_there_is_no_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(export, "record", refuse)
    with pytest.raises(RuntimeError, match="no log"):
        export.export("registry", tmp_path / "台账.csv", "", ACTOR, LATER)
    assert [path.name for path in tmp_path.iterdir()] == ["first.csv"]
