import json
from pathlib import Path

import pytest

from audit_logs.models import Event
from config.cli import main
from registry.models import User
from tests.registry.reference import quick_hashes, reference_rows, started  # noqa: F401  (fixtures)
from tests.registry.register import register, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes", "reference_rows", "started")]


class Terminal:
    """Runs `zhenwei users` and keeps what it printed."""

    def __init__(self, capture: pytest.CaptureFixture[str]) -> None:
        self._capture = capture

    def done(self, *words: str) -> str:
        """What it printed; it must have succeeded."""
        assert main(["users", *words]) == 0
        out, err = self._capture.readouterr()
        assert err == ""
        return out

    def refused(self, *words: str) -> str:
        """Why it was refused; nothing else may be printed."""
        assert main(["users", *words]) == 2
        out, err = self._capture.readouterr()
        assert (out, err.count("\n")) == ("", 1)
        return err


@pytest.fixture
def terminal(capsys: pytest.CaptureFixture[str]) -> Terminal:
    return Terminal(capsys)


def password_in(text: str) -> str:
    (line,) = [line for line in text.splitlines() if line.startswith("one-time password: ")]
    return line.removeprefix("one-time password: ")


def lets_in(username: str, password: str) -> bool:
    return User.objects.get(username=username).check_password(password)


def test_a_reviewer_is_added_to_an_empty_database(terminal: Terminal) -> None:
    out = terminal.done("add", "wang.wei", "--role", "reviewer", "--scope", "410000", "--full-name", "王伟")
    user = User.objects.get()
    assert out.splitlines()[0] == "wang.wei 研判员: 河南省 410000"
    assert (user.role, user.scope_id, user.full_name, user.password_change_due) == (
        "reviewer",
        "410000",
        "王伟",
        True,
    )
    assert lets_in("wang.wei", password_in(out))


def test_the_password_is_printed_once_and_kept_nowhere(
    terminal: Terminal, caplog: pytest.LogCaptureFixture
) -> None:
    password = password_in(terminal.done("add", "li.na", "--role", "auditor"))
    assert password not in terminal.done("list") + terminal.done("list", "--json") + caplog.text
    assert not any(password.encode() in bytes(event.body) for event in Event.objects.all())
    assert password not in User.objects.get().password


def test_a_sponsor_is_added_to_a_unit(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(
        register(row(unit="教育局"), row(platform_uid="2000002", unit="教育局", unit_division="410200"))
    )
    assert main(["import", "registry", str(file)]) == 0
    terminal._capture.readouterr()
    assert "410100, 410200" in terminal.refused("add", "zhao", "--role", "sponsor", "--unit", "教育局")
    terminal.done("add", "zhao", "--role", "sponsor", "--unit", "教育局", "--unit-division", "410200")
    unit = User.objects.get().unit
    assert unit is not None
    assert unit.line_division_id == "410200"


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (["add", "wang", "--role", "revewer"], "did you mean reviewer?"),
        (["add", "wang", "--role", "reviewer"], "--scope"),
        (["add", "wang", "--role", "reviewer", "--scope", "41"], "unknown division"),
        (["add", "wang", "--role", "reviewer", "--scope", "110100"], "use 110000"),
        (["add", "wang", "--role", "sponsor", "--unit", "x"], "no unit is called"),
        (["add", "Wang", "--role", "auditor"], "cannot be a user name"),
        (["reset", "nobody"], "nobody signs in"),
        (["disable", "nobody"], "nobody signs in"),
        (["enable", "nobody"], "nobody signs in"),
        (["until", "nobody", "none"], "nobody signs in"),
        (["add", "wang", "--role", "auditor", "--until", "31.12.2027"], "write it as 2027-12-31"),
        (["add", "wang", "--role", "auditor", "--until", "2020-12-31"], "in the past"),
    ],
)
def test_bad_input_is_refused_with_its_mend(terminal: Terminal, words: list[str], reason: str) -> None:
    assert reason in terminal.refused(*words)
    assert not User.objects.exists()
    assert not Event.objects.filter(action__startswith="user.").exists()


def test_reset_disable_and_enable(terminal: Terminal) -> None:
    first = password_in(terminal.done("add", "li.na", "--role", "auditor"))
    second = password_in(terminal.done("reset", "li.na"))
    assert (lets_in("li.na", first), lets_in("li.na", second)) == (False, True)
    assert terminal.done("disable", "li.na") == "li.na is disabled\n"
    assert terminal.done("disable", "li.na") == "li.na was disabled already\n"
    assert not lets_in("li.na", second)
    assert "users enable li.na" in terminal.refused("reset", "li.na")
    assert lets_in("li.na", password_in(terminal.done("enable", "li.na")))


def test_rights_end_on_the_day_given(terminal: Terminal) -> None:
    terminal.done("add", "li.na", "--role", "auditor", "--until", "9999-12-31")
    assert "9999-12-31" in terminal.done("list")
    assert terminal.done("until", "li.na", "2026-01-31") == "li.na: rights until 2026-01-31\n"
    assert terminal.done("until", "li.na", "2026-01-31") == "li.na had rights until 2026-01-31 already\n"
    (row,) = json.loads(terminal.done("list", "--json"))
    assert (row["until"], row["state"]) == ("2026-01-31", "rights ended")
    assert terminal.done("until", "li.na", "none") == "li.na: rights without end\n"
    (row,) = json.loads(terminal.done("list", "--json"))
    assert (row["until"], row["state"]) == ("", "password due")


def test_a_contractor_is_added_with_the_end_of_the_contract(terminal: Terminal, tmp_path: Path) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(register(row()))
    assert main(["import", "registry", str(file)]) == 0
    terminal._capture.readouterr()
    words = ["add", "wu", "--role", "contractor", "--unit", "郑州市人民政府办公厅"]
    assert "last day" in terminal.refused(*words)
    terminal.done(*words, "--until", "9999-12-31")
    assert "last day" in terminal.refused("until", "wu", "none")


def test_the_list_shows_everybody_and_their_state(terminal: Terminal) -> None:
    assert "nobody yet" in terminal.done("list")
    terminal.done("add", "li.na", "--role", "auditor")
    terminal.done("add", "wang", "--role", "reviewer", "--scope", "410000")
    terminal.done("disable", "li.na")
    text = terminal.done("list")
    assert "河南省" in text
    rows = json.loads(terminal.done("list", "--json"))
    assert [(row["name"], row["role"], row["place"], row["state"]) for row in rows] == [
        ("li.na", "auditor", "", "disabled"),
        ("wang", "reviewer", "河南省 410000", "password due"),
    ]


def test_the_empty_list_is_json_too(terminal: Terminal) -> None:
    assert json.loads(terminal.done("list", "--json")) == []
