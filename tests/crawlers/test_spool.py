"""The spool, cut at every byte and filled with anything."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import spool
from crawlers.spool import SpoolError, SpoolWriter

EVENTS: list[dict[str, Any]] = [
    {"event": "start", "run": "r"},
    {"event": "rows", "rows": [{"name": "郑州\u2028发布\n"}]},
    {"event": "end"},
]


def written(folder: Path) -> bytes:
    writer = SpoolWriter(folder, "r")
    for event in EVENTS:
        writer.write(event)
    writer.finish()
    return spool.whole_path(folder, "r").read_bytes()


def test_what_was_written_is_read_with_the_offset_behind_each_event(tmp_path: Path) -> None:
    data = written(tmp_path)
    found = list(spool.read(spool.whole_path(tmp_path, "r")))
    assert [event for _, event in found] == EVENTS
    assert found[-1][0] == len(data)
    assert all(data[end - 1 : end] == b"\n" for end, _ in found)


def test_cut_at_any_byte_it_gives_the_whole_lines_before(tmp_path: Path) -> None:
    data = written(tmp_path)
    cut = tmp_path / "cut"
    for length in range(len(data) + 1):
        cut.write_bytes(data[:length])
        assert [event for _, event in spool.read(cut)] == EVENTS[: data[:length].count(b"\n")]


def test_reading_goes_on_from_any_offset_given(tmp_path: Path) -> None:
    written(tmp_path)
    path = spool.whole_path(tmp_path, "r")
    for n, (end, _) in enumerate(spool.read(path), 1):
        assert [event for _, event in spool.read(path, end)] == EVENTS[n:]


@given(junk=st.binary(min_size=1, max_size=80).filter(lambda junk: b"\n" not in junk))
def test_a_line_that_is_no_event_is_named_and_can_be_passed_over(
    junk: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("junk") / "spool"
    head, tail = b'{"event":"start"}\n', b'{"event":"end"}\n'
    path.write_bytes(head + junk + b"\n" + tail)
    events = spool.read(path)
    assert next(events)[0] == len(head)
    with pytest.raises(SpoolError, match=f"offset {len(head)}"):
        next(events)
    behind = spool.behind_line(path, len(head))
    assert [event for _, event in spool.read(path, behind)] == [{"event": "end"}]


def test_a_value_that_is_no_event_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "spool"
    for line in (b"[]", b"1", b"null", b'{"event":1}', b"{}", b"[" * 100_000):
        path.write_bytes(line + b"\n")
        with pytest.raises(SpoolError):
            list(spool.read(path))


def test_a_run_is_never_continued(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "r")
    with pytest.raises(SpoolError, match="used once"):
        SpoolWriter(tmp_path, "r")
    writer.finish()
    with pytest.raises(SpoolError, match="used once"):
        SpoolWriter(tmp_path, "r")


def test_half_a_character_survives_as_it_is(tmp_path: Path) -> None:
    writer = SpoolWriter(tmp_path, "r")
    writer.write({"event": "x", "text": "\ud800"})
    writer.finish()
    assert spool.whole_path(tmp_path, "r").read_bytes().isascii()
    assert json.loads(spool.whole_path(tmp_path, "r").read_bytes())["text"] == "\ud800"
