"""Imports killed at every commit boundary and at random moments, or run at the same time."""

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.crash import KILLED
from tests.installation import Installation
from tests.registry.contacts import contact, contacts
from tests.registry.import_driver import NOTHING, Bench, Driver
from tests.registry.register import SOUND, register, row, table

pytestmark = pytest.mark.django_db
MANY, FEW = 3000, 40
KILLS_EACH_BUILD, KILLS = 8, 50
CONTACT = {"contact_person": "周晓", "contact_phone": "0371-60000001", "contact_email": ""}
POINTS = (
    "import.between_units_and_accounts",
    "import.between_accounts_and_contacts",
    "import.before_commit",
)


def many() -> bytes:
    """A register of a thousand units with a contact and three accounts each."""
    return table(
        *(
            SOUND
            | CONTACT
            | {"platform_uid": str(1000000 + n), "name": f"郑州{n // 3}", "unit": f"单位{n // 3}"}
            for n in range(MANY)
        )
    )


@pytest.fixture(scope="module")
def bench(migrated: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bench]:
    base = tmp_path_factory.mktemp("imports")
    file = base / "register.csv"
    file.write_bytes(many())
    fresh, var = Installation(migrated).copy(base / "fresh"), Installation(base / "var")
    fresh.copy(var.folder)
    with Driver(var) as driver:
        ready = Bench(driver, var, fresh, ("import", "registry", str(file)))
        ready.measure()
        assert ready.whole == (1000, MANY, 1000 + MANY, 1000)
        yield ready


@pytest.mark.parametrize("point", POINTS)
def test_a_kill_before_the_commit_leaves_nothing_and_is_told(bench: Bench, point: str) -> None:
    bench.reset()
    assert bench.driver.order(*bench.words, crash_at=point)[0] == KILLED
    assert bench.counts() == NOTHING
    assert not bench.check_after_death()


def test_a_kill_after_the_commit_leaves_everything(bench: Bench) -> None:
    bench.reset()
    assert bench.driver.order(*bench.words, crash_at="import.after_commit")[0] == KILLED
    assert bench.check_after_death()


def test_a_kill_at_any_moment_leaves_nothing_or_everything(bench: Bench) -> None:
    nothing, everything = bench.kill_at_random(KILLS_EACH_BUILD)
    assert nothing + everything == KILLS_EACH_BUILD
    assert nothing


@pytest.mark.e2e
@pytest.mark.smoke
def test_fifty_kills_leave_nothing_or_everything(bench: Bench) -> None:
    nothing, everything = bench.kill_at_random(KILLS)
    assert nothing > everything > 0


@pytest.fixture
def few(migrated: Path, tmp_path: Path) -> Installation:
    """An installation with a small register and contacts to import."""
    var = Installation(migrated).copy(tmp_path / "var")
    rows = (row(platform_uid=str(1000000 + n), name=f"郑州{n}", unit=f"单位{n % 7}") for n in range(FEW))
    (tmp_path / "registry.csv").write_bytes(register(*rows))
    (tmp_path / "contacts.csv").write_bytes(contacts(*(contact(person=f"周{n}") for n in range(FEW))))
    return var


def start(var: Installation, kind: str, crash_at: str = "") -> "subprocess.Popen[str]":
    return var.start("import", kind, str(var.folder.parent / f"{kind}.csv"), "--json", crash_at=crash_at)


def counted(process: "subprocess.Popen[str]", what: str) -> tuple[int, int]:
    """How many were added, and how many stood there already."""
    output, _ = process.communicate(timeout=60)
    assert process.returncode == 0, output
    counts = json.loads(output[output.index("{") :])["counts"]
    return counts[f"{what}_added"], counts[f"{what}_unchanged"]


@pytest.mark.parametrize(("point", "kept"), [("contacts.before_commit", 0), ("contacts.after_commit", FEW)])
def test_contacts_are_kept_by_the_commit_and_by_nothing_else(
    few: Installation, point: str, kept: int
) -> None:
    process = start(few, "contacts", point)
    process.communicate(timeout=60)
    assert process.returncode == KILLED
    assert few.query("SELECT count(*) FROM registry_contact") == [(kept,)]
    assert counted(start(few, "contacts"), "contacts") == (FEW - kept, kept)
    assert few.query("SELECT count(*) FROM registry_contact") == [(FEW,)]


def test_two_imports_at_once_follow_one_another(few: Installation) -> None:
    results = [counted(process, "accounts") for process in [start(few, "registry"), start(few, "registry")]]
    assert sorted(results) == [(0, FEW), (FEW, 0)]
    assert few.query("SELECT count(*) FROM registry_account") == [(FEW,)]
    assert few.query("SELECT state FROM registry_fileimport") == [("taken",), ("taken",)]
