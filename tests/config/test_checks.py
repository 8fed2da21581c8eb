"""What the system checks say, and in which installations."""

import pytest
from pytest_django import Settings

from config import checks


@pytest.mark.parametrize(
    ("mode", "year", "said"),
    [("production", 2027, ["zhenwei.W005"]), ("production", None, []), ("demo", 2027, [])],
)
def test_a_year_without_holidays_is_said_with_its_mend(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, mode: str, year: int | None, said: list[str]
) -> None:
    settings.MODE = mode
    monkeypatch.setattr(checks, "unpublished", lambda today: year)
    found = checks.holidays(None)
    assert [message.id for message in found] == said
    assert all("2027" in message.msg and "chinesecalendar" in str(message.hint) for message in found)
