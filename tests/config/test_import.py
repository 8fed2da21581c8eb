import json
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from audit_logs.models import Event
from common.clock import BEIJING
from config.cli import main
from registry import contact_entries
from registry.columns import Column
from registry.entries import COLUMNS
from registry.models import Account, Contact
from tests.registry.contacts import SPONSOR, contact, contacts
from tests.registry.reference import reference_rows, started  # noqa: F401  (fixtures)
from tests.registry.register import register, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows", "started")]


HENAN = Path(__file__).resolve().parents[2] / "examples" / "henan"


@pytest.fixture
def people(tmp_path: Path) -> Path:
    """A contact of a division and one of the unit in `file`."""
    path = tmp_path / "contacts.csv"
    path.write_bytes(contacts(contact(), contact(**SPONSOR)))
    return path


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_bytes(register(row()))
    return path


def test_a_file_is_taken(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "registry", str(file)]) == 0
    assert capsys.readouterr().out == (
        "accounts: 1 added, 0 changed, 0 unchanged; units: 1 added, 0 changed\n"
    )
    assert Account.objects.count() == 1
    assert Event.objects.get(action="registry.import").actor == "system:import"


def test_taken_again_it_says_that_nothing_was_changed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "registry", str(file)])
    assert main(["import", "registry", str(file)]) == 0
    assert "nothing was changed" in capsys.readouterr().out


def test_changes_are_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "registry", str(file)])
    file.write_bytes(register(row(name="郑州发布厅")))
    assert main(["import", "registry", str(file)]) == 0
    assert "name 郑州发布 → 郑州发布厅" in capsys.readouterr().out


def test_many_changes_are_counted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for handle in ("a", "b"):
        file.write_bytes(register(*(row(platform_uid=str(number), handle=handle) for number in range(60))))
        assert main(["import", "registry", str(file)]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("handle a → b" in line for line in lines) == 50
    assert "… and 10 more" in lines


def test_a_dry_run_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "registry", str(file), "--dry-run"]) == 0
    assert capsys.readouterr().out.endswith("dry run: nothing was written\n")
    assert not any(model.objects.exists() for model in (Account, Event))


def test_a_bad_file_exits_with_2_and_names_every_fault(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(register(row(state="x"), row(name="")))
    assert main(["import", "registry", str(file)]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert [line.split(",")[0] for line in lines[:2]] == ["line 2", "line 3"]
    assert lines[-1] == f"zhenwei: {file} was not taken, 2 faults"


def test_faults_beyond_the_shown_are_counted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(register(*(row(platform_uid=str(number), state="x") for number in range(250))))
    assert main(["import", "registry", str(file)]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 202
    assert lines[200:] == ["… and 50 more", f"zhenwei: {file} was not taken, 250 faults"]


def test_json_holds_counts_and_changes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "registry", str(file), "--json"]) == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["added"], result["units_added"], result["faults_total"]) == (1, 1, 0)
    file.write_bytes(register(row(handle="x")))
    main(["import", "registry", str(file), "--json", "--dry-run"])
    (change,) = json.loads(capsys.readouterr().out)["changes"]
    assert change == {
        "line": 2,
        "subject": "郑州发布 (weibo/1903424)",
        "field": "handle",
        "old": "zhengzhou",
        "new": "x",
    }


def test_json_holds_faults(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(register(row(state="x\x1b")))
    assert main(["import", "registry", str(file), "--json"]) == 2
    result = json.loads(capsys.readouterr().out)
    assert result["faults_total"] == 1
    assert (result["faults"][0]["column"], result["faults"][0]["value"]) == ("state", "x<U+001B>")


def test_a_confirmed_move_is_taken(file: Path) -> None:
    main(["import", "registry", str(file)])
    file.write_bytes(register(row(unit="郑州市大数据局")))
    assert main(["import", "registry", str(file)]) == 2
    assert main(["import", "registry", str(file), "--moving"]) == 0
    assert Account.objects.get().unit.name == "郑州市大数据局"


@pytest.mark.parametrize("name", ["missing.csv", ""])
def test_what_cannot_be_read_is_said_in_one_line(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", "registry", str(tmp_path / name)]) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"zhenwei: {tmp_path / name}")
    assert err.count("\n") == 1


@pytest.mark.parametrize(("kind", "columns"), [("registry", COLUMNS), ("contacts", contact_entries.COLUMNS)])
def test_the_help_names_every_column(
    kind: str, columns: dict[str, Column], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["import", kind, "--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    for name, column in columns.items():
        assert f"\n  {name}{'*' if column.required else ' '} " in shown


def test_the_shipped_examples_are_good_files(capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("registry", "contacts"):
        assert main(["import", kind, str(HENAN / f"{kind}.csv"), "--json"]) == 0
        assert json.loads(capsys.readouterr().out)["added"] >= 100


def test_contacts_are_taken_once(file: Path, people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["import", "registry", str(file)])
    capsys.readouterr()
    assert main(["import", "contacts", str(people)]) == 0
    assert capsys.readouterr().out == "contacts: 2 added, 0 changed, 0 unchanged\n"
    assert Event.objects.get(action="contacts.import").actor == "system:import"
    assert main(["import", "contacts", str(people)]) == 0
    assert "nothing was changed" in capsys.readouterr().out
    people.write_bytes(contacts(contact(), contact(**SPONSOR, phone="110")))
    assert main(["import", "contacts", str(people), "--dry-run"]) == 0
    assert capsys.readouterr().out.splitlines() == [
        "line 3, 主办单位 郑州市人民政府办公厅 周晓: phone 000-4101-0001 → 110",
        "contacts: 0 added, 1 changed, 1 unchanged",
        "dry run: nothing was written",
    ]
    assert not Contact.objects.filter(phone="110").exists()


def test_contacts_of_unknown_units_are_faults(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["import", "contacts", str(people)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.splitlines()[0]) == (
        "",
        "line 3, unit, “郑州市人民政府办公厅”: this unit is not in the register; "
        "import the register first, or check the name",
    )
    assert main(["import", "contacts", str(people), "--json"]) == 2
    assert json.loads(capsys.readouterr().out)["faults_total"] == 1
    assert not Contact.objects.exists()


def test_whoever_leaves_an_office_to_nobody_is_named(
    people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    last = (datetime.now(BEIJING) + timedelta(days=20)).date()
    rows = [
        contact(valid_to=f"{last}"),
        contact(line="police", valid_to=f"{last}"),
        contact(line="police", person="吴涛"),
    ]
    people.write_bytes(contacts(*rows))
    warning = f"网信 郑州市 410100 周晓 ends on {last}, and nobody follows"
    assert main(["import", "contacts", str(people)]) == 0
    assert capsys.readouterr().out.splitlines()[1:] == [warning]
    assert main(["import", "contacts", str(people), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["warnings"] == [warning]


def test_what_is_imported_must_be_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (["accounts", str(file)], ["contacts", str(file), "--moving"], []):
        with pytest.raises(SystemExit) as caught:
            main(["import", *words])
        assert caught.value.code == 2
    capsys.readouterr()
