"""An exported register as LibreOffice opens it: no cell is a formula, a workbook shows the same texts."""

import csv
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from common.sheets.writing import write_csv, xlsx_cell
from tests.installation import Installation, empty
from tests.registry.test_export import rows

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice (soffice) is not installed"),
]
# Commas, quotes, UTF-8, from the first line, cells as shown; see LibreOffice on options of the CSV filter.
AS_SHOWN = "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false,false,false,-1"
FORMULA = re.compile(r"table:formula=")


@pytest.fixture(scope="module")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Installation:
    """An installation whose register has names that a spreadsheet would run."""
    base = tmp_path_factory.mktemp("exports")
    var = empty(base / "var", {})
    given = rows()
    write_csv(base / "register.csv", list(given[0]), [list(row.values()) for row in given])
    var.run("import", "registry", str(base / "register.csv"))
    return var


def exported(var: Installation, ending: str) -> Path:
    path = var.folder.parent / f"register-out{ending}"
    var.run("export", "registry", str(path))
    return path


def converted(path: Path, into: str) -> list[Path]:
    """What LibreOffice makes of a file, sheet by sheet."""
    folder = path.parent / f"{path.suffix[1:]}-as-{into.partition(':')[0]}"
    profile = f"-env:UserInstallation={(path.parent / 'profile').as_uri()}"
    command = ["soffice", profile, "--headless", "--convert-to", into, "--outdir", str(folder), str(path)]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return sorted(folder.iterdir())


@pytest.mark.parametrize("ending", [".xlsx", ".csv"])
def test_no_cell_is_a_formula(installation: Installation, ending: str) -> None:
    (opened,) = converted(exported(installation, ending), "fods")
    text = opened.read_text(encoding="utf-8")
    assert "HYPERLINK" in text
    assert not FORMULA.search(text)


def test_a_workbook_shows_the_texts_of_the_register(installation: Installation) -> None:
    path = exported(installation, ".xlsx")
    (sheet,) = converted(path, AS_SHOWN)
    with sheet.open(encoding="utf-8", newline="") as file:
        shown = list(csv.DictReader(file))
    names = {row["账号ID"]: row["账号名称"] for row in shown if row["账号ID"]}
    expected = {row["platform_uid"]: xlsx_cell(row["name"]) for row in rows() if row["platform_uid"]}
    assert names == expected
    people = {row["联系人"] for row in shown}
    assert people == {"", "=周晓"}
