"""Who ran a command is known by the system, not by what the environment says."""

import pwd

import pytest

from audit_logs.models import Event
from config import cli, shell


def test_it_is_the_account_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 0)
    monkeypatch.setenv("LOGNAME", "somebody")
    monkeypatch.setenv("USER", "somebody")
    assert shell.os_user() == pwd.getpwuid(0).pw_name


def test_an_account_without_a_name_has_its_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.getuid", lambda: 4_000_000)
    assert shell.os_user() == "4000000"


@pytest.mark.django_db
def test_what_is_done_at_the_shell_is_recorded_with_who_did_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shell, "os_user", lambda: "zhang")
    assert cli.main(["users", "add", "li.na", "--role", "auditor"]) == 0
    assert Event.objects.get(action="user.add").details["os_user"] == "zhang"
