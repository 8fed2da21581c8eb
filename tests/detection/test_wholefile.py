"""A result appears whole or not at all."""

import os
import threading
from pathlib import Path

import pytest

from detection.rowfiles import MatchInputError
from detection.wholefile import written


def test_a_file_appears_when_all_is_written(tmp_path: Path) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"before")
    with written(path) as file:
        file.write(b"after")
        file.flush()
        assert path.read_bytes() == b"before"
    assert path.read_bytes() == b"after"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("error", [ValueError, KeyboardInterrupt])
def test_an_end_halfway_leaves_what_was_there(tmp_path: Path, error: type[BaseException]) -> None:
    path = tmp_path / "out.jsonl"
    path.write_bytes(b"before")
    with pytest.raises(error), written(path) as file:
        file.write(b"after")
        raise error
    assert path.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [path]


def test_a_link_stays_one(tmp_path: Path) -> None:
    target, link = tmp_path / "target", tmp_path / "link"
    link.symlink_to(target)
    with written(link) as file:
        file.write(b"x")
    assert link.is_symlink()
    assert target.read_bytes() == b"x"


def test_a_pipe_is_written_to_and_not_replaced(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with written(pipe) as file:
        file.write(b"x")
    reader.join()
    assert read == [b"x"]
    assert pipe.is_fifo()


def test_a_pipe_gets_nothing_of_what_ended_halfway(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    read: list[bytes] = []
    reader = threading.Thread(target=lambda: read.append(pipe.read_bytes()))
    reader.start()
    with pytest.raises(ValueError, match="halfway"), written(pipe) as file:
        file.write(b"x")
        raise ValueError("halfway")
    reader.join()
    assert read == [b""]


def test_standard_output_gets_everything_at_the_end(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with written(None) as file:
        file.write(b"\xff\n")
        file.flush()
        assert capfdbinary.readouterr().out == b""
    assert capfdbinary.readouterr().out == b"\xff\n"


def test_a_place_that_cannot_be_written_is_refused_at_once(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none" / "out.jsonl"):
        with pytest.raises(MatchInputError, match="cannot be written"), written(path):
            pytest.fail("nothing to write to")
