import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from uuid import uuid4

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit_logs.models import Event
from common.datafolder import CHECKOUT
from common.faults import BadFile, Faults, Place, Text
from registry import imports
from registry.imports import ImportLost, Progress
from registry.models import FileImport
from registry.outcome import Outcome

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
DONE = Outcome("ab" * 32, False, "csv", "UTF-8", {"accounts_added": 2})


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path / "var"))
    yield
    for lock in imports._held.values():
        os.close(lock)
    imports._held.clear()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "台账.csv"
    path.write_bytes(b"a,b\n")
    return path


def begun(file: Path) -> FileImport:
    return imports.begin("registry", file, file.name, "user:7", None, {"moving": True}, NOW)


def saved(state: str) -> FileImport:
    return FileImport.objects.create(
        key=uuid4(),
        kind="registry",
        state=state,
        file_name="台账.csv",
        sha256="0" * 64,
        size=4,
        actor="user:7",
        created_at=NOW,
        changed_at=NOW,
    )


def die(job: FileImport) -> None:
    """What a kill does to the lock of `job`."""
    os.close(imports._held.pop(job.key))


def bad() -> BadFile:
    faults = Faults()
    faults.add("state", Place("", 2, "状态", "x"), Text("不认识", "unknown"), Text("改", "mend it"))
    return BadFile(faults)


def left() -> list[str]:
    """What lies below the folder of imports."""
    return sorted(path.name for path in imports.directory().glob("*/*"))


def test_begun_work_has_the_hash_and_size_of_its_file_and_no_row(file: Path) -> None:
    job = begun(file)
    assert (job.state, job.size, job.options) == ("taking", 4, {"moving": True})
    assert job.sha256 == sha256(b"a,b\n").hexdigest()
    assert not FileImport.objects.exists()


def test_taken_work_is_a_row_with_its_outcome(
    file: Path, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = begun(file)
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        imports.taken(job, DONE, LATER)
    row = FileImport.objects.get()
    assert (row.key, row.state, row.file_name, row.actor) == (job.key, "taken", "台账.csv", "user:7")
    assert (row.created_at, row.changed_at, row.worker) == (NOW, LATER, "")
    assert row.outcome["counts"] == {"accounts_added": 2}
    assert left() == []
    assert imports.interrupted(LATER) == []


def test_refused_work_from_the_command_line_leaves_nothing(file: Path) -> None:
    imports.refused(begun(file), bad(), LATER)
    assert left() == []
    assert not FileImport.objects.exists()


def test_announced_work_leaves_nothing_whatever_happens(file: Path) -> None:
    with (
        pytest.raises(KeyboardInterrupt),
        imports.announced("registry", file, file.name, "user:7", {}, NOW) as job,
    ):
        assert left() == ["begun.json", "lock"]
        assert job.state == "taking"
        raise KeyboardInterrupt
    assert left() == []


def test_a_dead_worker_is_found_once_and_told(file: Path) -> None:
    job = begun(file)
    die(job)
    (found,) = imports.interrupted(LATER)
    assert (found.key, found.state) == (job.key, "broken_off")
    assert imports.broken_off_text(found) == Text(
        "对 台账.csv 的导入在 2026-11-24 14:00 中断，什么也没有写入，请重新导入",
        "the import of 台账.csv broke off at 2026-11-24 14:00 (Beijing); "
        "nothing of it was taken; bring it in again",
    )
    row = FileImport.objects.get()
    assert (row.key, row.state, row.options, row.changed_at) == (
        job.key,
        "broken_off",
        {"moving": True},
        LATER,
    )
    event = Event.objects.get()
    assert (event.action, event.subject_id) == ("import.broken_off", str(job.key))
    assert imports.interrupted(LATER) == []
    assert left() == []


def test_what_broke_off_is_told_once_whoever_found_it(file: Path) -> None:
    die(begun(file))
    die(begun(file))
    assert len(imports.interrupted(LATER)) == 2
    told = imports.untold(LATER)
    assert [job.file_name for job in told] == ["台账.csv"] * 2
    assert imports.broken_off_text(told[0]).zh.startswith("对 台账.csv 的导入在 2026-11-24 14:00 中断")
    die(begun(file))
    assert len(imports.untold(LATER)) == 1
    assert imports.untold(LATER) == []


def test_living_work_is_left_alone(file: Path) -> None:
    begun(file)
    claimed = saved("received")
    imports.claim(claimed, NOW)
    assert imports.interrupted(LATER) == []
    assert left().count("lock") == 2


def test_a_kill_between_commit_and_tidying_is_no_break(file: Path) -> None:
    job = begun(file)
    with transaction.atomic():
        imports.taken(job, DONE, LATER)
    die(job)
    assert imports.interrupted(LATER) == []
    assert FileImport.objects.get().state == "taken"
    assert left() == []


def test_a_kill_while_announcing_leaves_nothing_to_tell(file: Path) -> None:
    job = begun(file)
    (imports.folder_of(job) / "begun.json").write_text('{"kind": "reg', encoding="ascii")
    die(job)
    assert imports.interrupted(LATER) == []


def test_what_was_given_up_can_no_longer_be_taken(file: Path) -> None:
    job = begun(file)
    die(job)
    imports.interrupted(LATER)
    with pytest.raises(ImportLost), transaction.atomic():
        imports.taken(job, DONE, LATER)
    assert FileImport.objects.get().state == "broken_off"


def test_taken_belongs_to_the_transaction_of_the_changes(file: Path) -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        imports.taken(begun(file), DONE, LATER)
        raise RuntimeError
    assert not FileImport.objects.exists()


def test_an_importer_without_an_account_of_it_is_allowed() -> None:
    imports.taken(None, DONE, LATER)
    imports.report_progress(None, 1, 2)
    assert not FileImport.objects.exists()


def test_a_saved_import_goes_from_received_to_taken() -> None:
    job = saved("received")
    assert imports.claim(job, NOW)
    assert FileImport.objects.get().state == "checking"
    imports.checked(job, DONE, NOW)
    assert FileImport.objects.get().outcome["counts"] == {"accounts_added": 2}
    FileImport.objects.update(state="confirmed")
    job.refresh_from_db()
    assert imports.claim(job, NOW)
    with transaction.atomic():
        imports.taken(job, DONE, LATER)
    assert FileImport.objects.get().state == "taken"


def test_a_saved_import_is_claimed_once() -> None:
    job = saved("received")
    twin = FileImport.objects.get()
    assert imports.claim(job, NOW)
    assert not imports.claim(twin, NOW)
    assert not imports.claim(saved("checked"), NOW)


def test_a_saved_import_says_why_it_was_refused() -> None:
    job = saved("received")
    imports.claim(job, NOW)
    imports.refused(job, bad(), LATER)
    row = FileImport.objects.get()
    assert (row.state, row.outcome["faults_total"], row.outcome["fault_kinds"]) == (
        "refused",
        1,
        {"state": 1},
    )
    (fault,) = row.outcome["faults"]
    assert fault["place"] == {"sheet": "", "line": 2, "column": "状态", "value": "x"}
    assert fault["mend"] == {"zh": "改", "en": "mend it"}


def test_a_saved_import_whose_worker_died_keeps_its_file() -> None:
    job = saved("received")
    imports.claim(job, NOW)
    (imports.folder_of(job) / "file").write_bytes(b"a")
    die(job)
    (found,) = imports.interrupted(LATER)
    assert (found.pk, found.state) == (job.pk, "broken_off")
    assert FileImport.objects.get().state == "broken_off"
    assert (imports.folder_of(job) / "file").exists()
    assert imports.interrupted(LATER) == []


def test_progress_is_seen_and_told_as_the_last_sign_of_life(file: Path) -> None:
    job = begun(file)
    assert imports.progress_of(job) is None
    imports.report_progress(job, 1, None)
    imports.report_progress(job, 2, None)  # too soon to be worth a write
    assert imports.progress_of(job) == Progress(1, None)
    imports.report_progress(job, 7, 7)
    assert imports.progress_of(job) == Progress(7, 7)
    at = datetime(2026, 11, 24, 7, 30, tzinfo=UTC).timestamp()
    os.utime(imports.folder_of(job) / "progress.json", (at, at))
    die(job)
    assert "2026-11-24 15:30" in imports.broken_off_text(imports.interrupted(LATER)[0]).zh


WORKER = """
import sys, time
from hashlib import sha256
from pathlib import Path
from config import boot; boot.django()
from common import clock
from registry import imports
imports.begin("registry", Path(sys.argv[1]), "x.csv", "system:import", None, {}, clock.now())
print(flush=True)
time.sleep(60)
"""


def test_a_killed_process_lets_go_of_its_work(file: Path, migrated: Path) -> None:
    environment = {**os.environ, "ZHENWEI_VAR": str(imports.directory().parent)}
    imports.directory().mkdir(parents=True)
    (imports.directory().parent / "zhenwei.sqlite3").write_bytes((migrated / "zhenwei.sqlite3").read_bytes())
    command = [sys.executable, "-c", WORKER, str(file)]
    with subprocess.Popen(command, cwd=CHECKOUT, env=environment, stdout=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == b"\n"
        assert imports.interrupted(LATER) == []
        process.send_signal(signal.SIGKILL)
    assert [job.file_name for job in imports.interrupted(LATER)] == ["x.csv"]
