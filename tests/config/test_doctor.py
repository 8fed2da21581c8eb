"""The doctor finds what was planted, names it, and says what to do."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash import Ground
from tests.installation import Installation


@pytest.fixture
def installation(ground: Ground) -> Installation:
    """A healthy installation that has scanned once."""
    installation = ground.scanned.copy(ground.folder)
    ground.killer.must("sequence", "--once")
    return installation


def first_capture(installation: Installation) -> Path:
    return sorted((installation.folder / "captures").iterdir())[0]


def open_key(installation: Installation) -> str:
    key = sorted(path for path in (installation.folder / "keys").iterdir() if path.suffix != ".vkey")[0]
    key.chmod(0o644)
    return f"chmod 600 {key}"


def changed_capture(installation: Installation) -> str:
    path = first_capture(installation)
    path.write_bytes(path.read_bytes() + b" ")
    return f"{path.name} was changed"


def missing_capture(installation: Installation) -> str:
    path = first_capture(installation)
    path.unlink()
    return f"{path.name} is missing"


def unmigrated(installation: Installation) -> str:
    installation.query("DELETE FROM django_migrations WHERE app = 'watch'")
    return "not up to date"


def damaged(installation: Installation) -> str:
    installation.query("CREATE INDEX planted ON observations_observation (name)")
    path = installation.folder / "zhenwei.sqlite3"
    ((root,),) = installation.query("SELECT rootpage FROM sqlite_master WHERE name = 'planted'")
    ((size,),) = installation.query("PRAGMA page_size")
    with path.open("r+b") as file:
        file.seek((root - 1) * size + 8)
        file.write(b"\xff" * 64)
    return "the database is damaged"


def sealed_under_a_lost_key(installation: Installation) -> str:
    installation.query(
        """INSERT INTO alerting_webhook (line, division_id, label, url, sealed_secret, state, state_reason,
        created_at, changed_at) SELECT 'cac', code, 'county system', 'https://a.example', X'78', 'active', '',
        '2026-11-24', '2026-11-24' FROM registry_division LIMIT 1"""
    )
    return "the webhook county system (number 1): its secret is sealed under another master key"


def a_change_nobody_is_told_of(installation: Installation) -> str:
    installation.query(
        """INSERT INTO alerting_stuck (change_id, since, tries, next_at, problem)
        SELECT id, '2026-11-24 06:00:00', 3, '2026-11-24 07:00:00', 'no such contact'
        FROM review_casechange ORDER BY id LIMIT 1"""
    )
    return "opened” since 2026-11-24T06:00:00.000000Z: no such contact"


def a_suspect_in_no_case(installation: Installation) -> str:
    installation.query("DELETE FROM review_intake WHERE suspect_id = (SELECT min(id) FROM detection_suspect)")
    installation.query("UPDATE detection_suspect SET detected_at = '2026-01-01 00:00:00'")
    return "suspects in no case: 1"


def test_a_healthy_installation_has_no_defect(ground: Ground, installation: Installation) -> None:
    assert "DEFECT" not in ground.killer.must("doctor")


@pytest.mark.parametrize(
    "plant",
    [
        open_key,
        changed_capture,
        missing_capture,
        unmigrated,
        damaged,
        sealed_under_a_lost_key,
        a_change_nobody_is_told_of,
        a_suspect_in_no_case,
    ],
)
def test_a_planted_defect_is_named_with_its_mend(
    ground: Ground, installation: Installation, plant: Callable[[Installation], str]
) -> None:
    expected = plant(installation)
    code, output = ground.killer.run("doctor")
    assert code == 1, output
    (defect,) = [line for line in output.splitlines() if line.startswith("DEFECT")]
    assert expected in defect


def test_an_open_folder_is_a_warning_in_a_test_and_no_defect(
    ground: Ground, installation: Installation
) -> None:
    installation.folder.chmod(0o755)
    output = ground.killer.must("doctor")
    assert f"chmod 700 {installation.folder}" in output
