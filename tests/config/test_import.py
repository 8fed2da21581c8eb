import csv
import json
import os
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from audit_logs.models import Event
from common.clock import BEIJING
from common.datafolder import CHECKOUT, folder
from config.cli import main
from registry import headers
from registry.headers import FileKind
from registry.models import Account, Contact, FileImport, MappingProfile
from tests.registry.contacts import SPONSOR, contact, contacts
from tests.registry.reference import reference_rows, started  # noqa: F401  (fixtures)
from tests.registry.register import register, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows", "started", "english")]


@pytest.fixture
def english(monkeypatch: pytest.MonkeyPatch) -> None:
    """A terminal that speaks English."""
    for name in ("LC_ALL", "LC_MESSAGES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("LANG", "en_GB.UTF-8")


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


def take(file: Path, *words: str, kind: str = "registry") -> int:
    return main(["import", kind, str(file), *words])


def test_a_file_is_taken_and_stands_in_the_list_of_imports(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(file) == 0
    assert capsys.readouterr().out == (
        "units added 1, accounts added 1\nnext: zhenwei import contacts FILE\n"
    )
    assert Account.objects.count() == 1
    assert Event.objects.get(action="registry.import").actor == "system:import"
    job = FileImport.objects.get()
    assert (job.state, job.file_name, job.actor) == ("taken", "register.csv", "system:import")
    assert list((folder() / "imports").glob("*/begun.json")) == []


def test_taken_again_it_says_that_nothing_was_changed(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take(file)
    assert take(file) == 0
    assert "nothing was changed" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "settings", "said"),
    [
        (["--language", "zh"], {}, "新增单位 1，新增账号 1"),
        ([], {"LANG": "zh_CN.UTF-8"}, "新增单位 1，新增账号 1"),
        ([], {"LANG": "en_US.UTF-8", "LC_ALL": "zh_CN.UTF-8"}, "新增单位 1，新增账号 1"),
        (["--language", "en"], {"LANG": "zh_CN.UTF-8"}, "units added 1, accounts added 1"),
        ([], {"LANG": "C"}, "units added 1, accounts added 1"),
    ],
)
def test_it_speaks_the_language_of_the_terminal(
    file: Path,
    words: list[str],
    settings: dict[str, str],
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    take(file, *words)
    assert capsys.readouterr().out.splitlines()[0] == said


def test_changes_are_shown(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take(file)
    file.write_bytes(register(row(name="郑州发布厅")))
    capsys.readouterr()
    assert take(file) == 0
    assert (
        capsys.readouterr().out.splitlines()[0]
        == "line 2, 郑州发布厅 (weibo/1903424): name 郑州发布 → 郑州发布厅"
    )


def test_many_changes_are_counted(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for handle in ("aaaaaa", "bbbbbb"):
        file.write_bytes(
            register(*(row(platform_uid=str(1000000 + number), handle=handle) for number in range(60)))
        )
        assert take(file) == 0
    lines = capsys.readouterr().out.splitlines()
    assert sum("handle aaaaaa → bbbbbb" in line for line in lines) == 50
    assert "  … and 10 more" in lines


def test_a_dry_run_writes_nothing(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert take(file, "--dry-run") == 0
    assert capsys.readouterr().out.endswith("dry run: nothing was written\n")
    assert not any(model.objects.exists() for model in (Account, Event, FileImport))


def test_a_bad_file_exits_with_2_names_every_fault_and_leaves_no_trace(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(register(row(state="x"), row(name="")))
    assert take(file) == 2
    out, err = capsys.readouterr()
    assert out == ""
    lines = err.splitlines()
    assert [line.split(",")[0].strip() for line in lines[:2]] == ["line 2", "line 3"]
    assert lines[2] == "zhenwei: register.csv was not taken, nothing was written, 2 faults"
    assert "--errors FILE" in lines[3]
    assert not any(model.objects.exists() for model in (Account, Event, FileImport))


def test_faults_beyond_the_shown_are_counted_by_kind(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    many = (row(platform_uid=str(1000000 + number), state="x") for number in range(250))
    file.write_bytes(register(*many, row(platform="y")))
    assert take(file) == 2
    lines = capsys.readouterr().err.splitlines()
    assert lines[50:52] == ["  … and 201 more", "by kind:"]
    assert [line.split()[0] for line in lines[52:54]] == ["250", "1"]
    assert lines[54].endswith("251 faults")


def test_rows_with_faults_are_left_out_on_request_and_told(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(register(row(state="x"), row(platform_uid="2000000")))
    assert take(file, "--skip-bad") == 0
    lines = capsys.readouterr().out.splitlines()
    assert "1 row with faults left out:" in lines
    assert Account.objects.get().platform_uid == "2000000"


def test_a_copy_with_reasons_is_written(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(register(row(state="x"), row(platform_uid="2000000")))
    copy = tmp_path / "错误.csv"
    assert take(file, "--errors", str(copy)) == 2
    with copy.open(encoding="utf-8-sig", newline="") as text:
        rows = list(csv.DictReader(text))
    assert [bool(one["错误原因"]) for one in rows] == [True, False]
    assert rows[0]["platform_uid"] == "1903424"
    copy.unlink()
    file.write_bytes(register(row()))
    assert take(file, "--errors", str(copy)) == 0
    assert not copy.exists()


def test_columns_are_mapped_and_kept_under_a_name(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = register(row()).decode().replace("unit,", "发文机关=甲,", 1)
    file.write_text(data, encoding="utf-8")
    assert take(file) == 2
    assert take(file, "--map", "发文机关=甲=unit", "--save-profile", "甲局") == 0
    assert MappingProfile.objects.get().columns == {"发文机关=甲": "unit"}
    assert take(file, "--profile", "甲局") == 0
    capsys.readouterr()
    assert take(file, "--profile", "甲") == 2
    assert "no profile is called “甲”" in capsys.readouterr().err


def test_nothing_is_kept_of_a_dry_run(file: Path) -> None:
    assert take(file, "--dry-run", "--map", "name=name", "--save-profile", "甲局") == 0
    assert not MappingProfile.objects.exists()


@pytest.mark.parametrize("word", ["unit", "=unit", "甲="])
def test_a_mapping_is_column_and_field(file: Path, word: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        take(file, "--map", word)
    assert caught.value.code == 2
    assert "列名=field" in capsys.readouterr().err


def test_json_holds_counts_and_changes(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert take(file, "--json") == 0
    result = json.loads(capsys.readouterr().out)
    assert (result["taken"], result["counts"]["accounts_added"], result["faults"]) == (True, 1, [])
    file.write_bytes(register(row(handle="xxxxxx")))
    take(file, "--json", "--dry-run")
    result = json.loads(capsys.readouterr().out)
    assert result["taken"] is False
    assert result["changes"] == [
        {
            "sheet": "",
            "line": 2,
            "subject": "郑州发布 (weibo/1903424)",
            "field": "handle",
            "old": "zhengzhou",
            "new": "xxxxxx",
        }
    ]


def test_json_holds_faults(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_bytes(register(row(state="x\x1b")))
    assert take(file, "--json") == 2
    result = json.loads(capsys.readouterr().out)
    assert (result["taken"], result["faults_total"]) == (False, 1)
    assert result["faults"][0]["place"]["value"] == "x<U+001B>"
    assert result["faults"][0]["mend"].keys() == {"zh", "en"}


def test_a_confirmed_move_is_taken(file: Path) -> None:
    take(file)
    file.write_bytes(register(row(unit="郑州市大数据局")))
    assert take(file) == 2
    assert take(file, "--moving") == 0
    assert Account.objects.get().unit.name == "郑州市大数据局"


def test_a_full_list_retires_what_it_leaves_out(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [row(platform_uid=str(1000000 + number), name=f"郑州{number}") for number in range(40)]
    file.write_bytes(register(*rows))
    take(file)
    file.write_bytes(register(*rows[:30]))
    assert take(file, "--retire-missing") == 2
    assert "--confirm-retired 10" in capsys.readouterr().err
    assert take(file, "--retire-missing", "--confirm-retired", "9") == 2
    assert take(file, "--retire-missing", "--confirm-retired", "10") == 0
    assert "accounts retired 10" in capsys.readouterr().out
    assert Account.objects.filter(state="deregistered").count() == 10


@pytest.mark.parametrize("name", ["missing.csv", ""])
def test_what_cannot_be_read_is_said_in_one_line(
    tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(tmp_path / name) == 2
    err = capsys.readouterr().err
    assert err.startswith(f"zhenwei: {tmp_path / name}")
    assert err.count("\n") == 1


def test_a_pipe_is_not_waited_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert take(tmp_path / "pipe.csv") == 2
    assert "not a file" in capsys.readouterr().err


@pytest.mark.parametrize("kind", ["registry", "contacts"])
def test_the_help_names_every_column_and_how_it_may_be_headed(
    kind: FileKind, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["import", kind, "--help"])
    assert caught.value.code == 0
    shown = capsys.readouterr().out
    for name, one in headers.fields(kind).items():
        assert f"\n  {name}" in shown
        assert one.chinese[0] in shown


def test_contacts_are_taken_once(file: Path, people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    take(file)
    capsys.readouterr()
    assert take(people, kind="contacts") == 0
    assert "contacts added 2" in capsys.readouterr().out
    assert Event.objects.get(action="contacts.import").actor == "system:import"
    assert take(people, kind="contacts") == 0
    assert "nothing was changed" in capsys.readouterr().out
    people.write_bytes(contacts(contact(), contact(**SPONSOR, phone="110")))
    assert take(people, "--dry-run", kind="contacts") == 0
    assert "phone 000-4101-0001 → 110" in capsys.readouterr().out
    assert not Contact.objects.filter(phone="110").exists()


def test_contacts_of_unknown_units_are_faults(people: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert take(people, kind="contacts") == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "line 3, column “unit”, “郑州市人民政府办公厅”" in err.splitlines()[0]
    assert take(people, "--json", kind="contacts") == 2
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
    assert take(people, kind="contacts") == 0
    assert capsys.readouterr().out.splitlines()[-1] == warning
    assert take(people, "--json", kind="contacts") == 0
    assert [text["en"] for text in json.loads(capsys.readouterr().out)["ending"]] == [warning]


def test_what_is_imported_must_be_named(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ["accounts", str(file)],
        ["contacts", str(file), "--moving"],
        ["observations", str(file)],
        [],
    ):
        with pytest.raises(SystemExit) as caught:
            main(["import", *words])
        assert caught.value.code == 2
    capsys.readouterr()


def test_observations_of_a_platform_that_is_not_enabled_are_refused(
    file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert take(file, "--platform", "weibo", kind="observations") == 2
    assert "platforms enable weibo" in capsys.readouterr().err


ANNOUNCE = """
import os, signal, sys
from pathlib import Path
from config import boot; boot.django()
from common import clock
from registry import imports
path = Path(sys.argv[1])
imports.begin("registry", path, path.name, "system:import", None, {}, clock.now())
os.kill(os.getpid(), signal.SIGKILL)
"""


def test_an_import_that_broke_off_is_told_by_the_next(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    ended = subprocess.run([sys.executable, "-c", ANNOUNCE, str(file)], cwd=CHECKOUT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert take(file) == 0
    err = capsys.readouterr().err
    assert err.startswith("zhenwei: the import of register.csv broke off at ")
    assert take(file) == 0
    assert capsys.readouterr().err == ""
    assert sorted(FileImport.objects.values_list("state", flat=True)) == ["broken_off", "taken", "taken"]
