"""A data folder a test, so that each has its own keys."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty test data folder; keys are made in it."""
    folder = tmp_path / "var"
    folder.mkdir()
    (folder / "MODE").write_text("test\n", encoding="ascii")
    monkeypatch.setenv("ZHENWEI_VAR", str(folder))
    return folder
