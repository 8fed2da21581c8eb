"""Outcomes outlive the worker that learned them, and only a dead worker's are taken over."""

import json
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from alerting.envelope import Outcome
from alerting.receipts import FOLDER, Receipt, Receipts
from tests.crash import forked

AT = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
NOTED = Receipt("a" * 40, 7, Outcome("retry", "slow_down", "HTTP 429", "慢 \u202e", timedelta(minutes=5)), AT)
GONE = Receipt("b" * 40, 8, Outcome("permanent", "gone", "HTTP 410", "", is_gone=True), AT)


def killed(folder: Path, *receipts: Receipt, junk: bytes = b"") -> None:
    """A worker that noted these and was killed."""

    def work() -> int:
        file = Receipts(folder, "dead")
        for receipt in receipts:
            file.note(receipt)
        file._file.write(junk)
        os.kill(os.getpid(), signal.SIGKILL)
        return 0

    os.waitpid(forked(work), 0)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Callable[[str], Receipts]]:
    """The files of living workers."""
    with ExitStack() as stack:
        yield lambda holder: stack.enter_context(closing(Receipts(tmp_path, holder)))


def test_what_a_killed_worker_noted_is_found_whole(tmp_path: Path, opened: Callable[[str], Receipts]) -> None:
    killed(tmp_path, NOTED, GONE)
    assert opened("next").left_behind() == {"dead": [NOTED, GONE]}


def test_a_cut_or_spoilt_line_is_left_out(tmp_path: Path, opened: Callable[[str], Receipts]) -> None:
    killed(tmp_path, NOTED, junk=b'{"kind": "delivered"}\n\xff[]\n{"delivery": "x", "att')
    assert opened("next").left_behind() == {"dead": [NOTED]}


SPOILT: list[dict[str, object]] = [
    {"wait": 1e300},
    {"wait": "soon"},
    {"wait": float("nan")},
    {"kind": "arrived"},
    {"why": "no such"},
    {"why": []},
    {"text": None},
    {"delivery": {"pk": 1}},
    {"delivery": "\ud800"},
    {"attempt": "seven"},
    {"at": 7},
    {"at": "once"},
]


@pytest.mark.parametrize("wrong", SPOILT, ids=str)
def test_a_note_out_of_form_is_dropped_with_a_word(
    wrong: dict[str, object],
    tmp_path: Path,
    opened: Callable[[str], Receipts],
    caplog: pytest.LogCaptureFixture,
) -> None:
    file = opened("dead")
    file.note(NOTED)
    path = tmp_path / FOLDER / "dead.jsonl"
    spoilt = json.dumps(json.loads(path.read_bytes()) | wrong)
    file.close()
    path.write_text(f"{spoilt}\n[7]\n{'[' * 100_000}\n", encoding="ascii")
    next_one = opened("next")
    next_one.note(GONE)
    assert next_one.left_behind() == {"dead": []}
    assert len(caplog.records) == 3


def test_a_worker_that_died_without_a_note_is_found_too(
    tmp_path: Path, opened: Callable[[str], Receipts]
) -> None:
    killed(tmp_path)
    assert opened("next").left_behind() == {"dead": []}


def test_a_living_workers_file_is_its_own(tmp_path: Path, opened: Callable[[str], Receipts]) -> None:
    living, other = opened("living"), opened("other")
    living.note(NOTED)
    assert living.left_behind() == other.left_behind() == {}
    living.close()
    assert other.left_behind() == {}


def test_what_was_recorded_is_buried_and_forgotten(tmp_path: Path, opened: Callable[[str], Receipts]) -> None:
    killed(tmp_path, NOTED)
    file = opened("next")
    file.bury("dead")
    file.bury("dead")
    assert file.left_behind() == {}
    file.note(NOTED)
    file.forget()
    file.note(GONE)
    assert (tmp_path / FOLDER / "next.jsonl").read_bytes().count(b"\n") == 1
    file.close()
    assert list((tmp_path / FOLDER).glob("*.jsonl")) == []


def test_the_folder_is_for_its_owner(tmp_path: Path, opened: Callable[[str], Receipts]) -> None:
    opened("next")
    assert (tmp_path / FOLDER).stat().st_mode & 0o777 == 0o700
