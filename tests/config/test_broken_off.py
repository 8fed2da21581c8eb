from datetime import UTC, datetime
from uuid import uuid4

import pytest

from config import broken_off, doctor
from registry.models import FileImport

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)


@pytest.fixture
def left() -> None:
    """An import that broke off, as whoever found it left it."""
    FileImport.objects.create(
        key=uuid4(),
        kind="registry",
        state="broken_off",
        file_name="台账.csv",
        sha256="0" * 64,
        size=4,
        actor="system:import",
        created_at=NOW,
        changed_at=NOW,
        outcome={"seen_at": NOW.isoformat()},
    )


@pytest.mark.usefixtures("left")
def test_it_is_told_at_the_terminal_once() -> None:
    assert broken_off.lines("zh", NOW) == [
        "zhenwei: 对 台账.csv 的导入在 2026-11-24 14:00 中断，什么也没有写入，请重新导入\n"
    ]
    assert broken_off.lines("zh", NOW) == []


@pytest.mark.usefixtures("left")
def test_the_doctor_tells_of_it() -> None:
    said = "the import of 台账.csv broke off at 2026-11-24 14:00 (Beijing)"
    assert [found.is_defect for found in doctor.examine() if found.text.startswith(said)] == [False]
    assert not [found for found in doctor.examine() if found.text.startswith(said)]
