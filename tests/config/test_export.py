from pathlib import Path

import pytest

from audit_logs.models import Event
from config.cli import main
from config.shell import os_user
from tests.registry.reference import reference_rows, started  # noqa: F401  (fixtures)
from tests.registry.register import register, row

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("reference_rows", "started")]


@pytest.fixture(autouse=True)
def filled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A register of one account."""
    path = tmp_path / "register.csv"
    path.write_bytes(register(row()))
    assert main(["import", "registry", str(path)]) == 0
    capsys.readouterr()


@pytest.mark.parametrize(
    ("language", "said"), [("zh", "已导出 1 行到 {}\n"), ("en", "1 rows written to {}\n")]
)
@pytest.mark.parametrize("name", ["台账.csv", "台账.XLSX"])
def test_the_register_is_written(
    tmp_path: Path, name: str, language: str, said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / name
    assert main(["export", "registry", str(path), "--language", language]) == 0
    assert capsys.readouterr().out == said.format(path)
    assert main(["import", "registry", str(path), "--language", "en"]) == 0
    assert "nothing was changed" in capsys.readouterr().out


def test_who_exports_is_recorded(tmp_path: Path) -> None:
    assert main(["export", "registry", str(tmp_path / "a.csv"), "--scope", "410100"]) == 0
    event = Event.objects.get(action="registry.export")
    assert (event.actor, event.details["os_user"]) == ("system:export", os_user())
    assert event.details["scope"] == "/CN/410000/410100/"


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["registry", "a.txt"], ".csv or .xlsx"),
        (["registry", "a.csv", "--scope", "999999"], "unknown division"),
        (["contacts", "no/such/folder/a.csv"], "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_said(
    tmp_path: Path, words: list[str], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    what, name, *more = words
    assert main(["export", what, str(tmp_path / name), *more, "--language", "en"]) == 2
    assert said in capsys.readouterr().err
    assert not Event.objects.filter(action__endswith=".export").exists()
