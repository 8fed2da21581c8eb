"""The demo's folder and its platform; the demo as a whole runs in tests/e2e/test_demo.py."""

import socket
from pathlib import Path

import pytest

from common.datafolder import DataFolderError, folder, mode
from config import demo
from config.processes import Group


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder that nobody marked."""
    for name in ("ZHENWEI_LOOPBACK_ADDRESSES", "ZHENWEI_LOOPBACK_POLITENESS"):
        monkeypatch.setenv(name, "")
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    return tmp_path


def test_the_demo_lives_below_the_data_folder_and_is_marked(data_folder: Path) -> None:
    demo.enter()
    assert folder() == data_folder / "demo"
    assert mode() == "demo"
    assert folder().stat().st_mode & 0o777 == 0o700
    assert not (data_folder / "MODE").exists()


def test_an_offices_database_is_never_made_a_demo(data_folder: Path) -> None:
    (data_folder / "demo").mkdir()
    database = data_folder / "demo" / "zhenwei.sqlite3"
    database.write_bytes(b"an office's own")
    with pytest.raises(DataFolderError, match="production data folder"):
        demo.enter()
    assert not (data_folder / "demo" / "MODE").exists()
    assert database.read_bytes() == b"an office's own"


def test_a_tests_folder_is_never_made_a_demo(data_folder: Path) -> None:
    (data_folder / "demo").mkdir()
    (data_folder / "demo" / "MODE").write_text("test\n", encoding="ascii")
    with pytest.raises(DataFolderError, match="test data folder"):
        demo.enter()


def test_a_port_in_use_is_replaced_by_a_free_one() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert demo.free_port(port) not in (0, port)


def test_a_platform_that_does_not_start_is_told(
    data_folder: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(demo, "HENAN", data_folder / "nowhere")
    demo.enter()
    group = Group()
    try:
        with pytest.raises(demo.DemoError, match="message is above"):
            demo.start_platform(group)
    finally:
        group.stop()
    assert "cannot be read" in capfd.readouterr().err


def test_a_second_demo_in_the_same_folder_is_told_of_the_first(data_folder: Path) -> None:
    demo.enter()
    with demo.alone(), pytest.raises(demo.DemoError, match="runs already"), demo.alone():
        pass
    with demo.alone():  # the first one has ended
        pass
