"""A file on its way between people and worker: every step once, by whom it is due, and room for others."""

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit_logs.models import Event
from registry import imports, uploads
from registry.models import FileImport, User
from registry.outcome import Outcome
from registry.scope import visible_imports
from tests.cast import MORNING, Cast

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(minutes=1)
WORTH = Outcome("0" * 64, True, "csv", "UTF-8", {"accounts_added": 1})


@dataclass
class File:
    """A file that has arrived."""

    name: str = "台账.csv"
    size: int = 12
    sha256: str = "0" * 64


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A data folder of the test's own; no lock outlives it."""
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    yield
    for lock in imports._held.values():
        os.close(lock)
    imports._held.clear()


@pytest.fixture
def gao(everybody: Cast) -> User:
    """Who supervises Zhengzhou."""
    return everybody.supervisor


def arrived(by: User, size: int = 12, kind: str = "registry") -> FileImport:
    """A file of `by` whose bytes lie in their folder."""
    upload = uploads.Upload(uuid4(), kind)
    uploads.folder_of(upload.key).mkdir(parents=True)
    (uploads.folder_of(upload.key) / uploads.FILE).write_bytes(b"x")
    scope = by.scope.path if by.scope else ""
    return uploads.receive(upload, File(size=size), {"scope_path": scope, "skip_bad": False}, by, MORNING)


def checked(by: User) -> FileImport:
    """A file that has been found sound."""
    arrived(by)
    job = uploads.claim(MORNING)
    assert job is not None
    imports.checked(job, WORTH, MORNING)
    return job


def events() -> list[str]:
    """What stands in the log, in order."""
    return list(Event.objects.order_by("pk").values_list("action", flat=True))


def test_a_file_that_has_arrived_waits_to_be_checked_and_is_on_record(gao: User) -> None:
    job = arrived(gao)
    assert (job.state, job.by, job.actor) == ("received", gao, f"user:{gao.pk}")
    event = Event.objects.get(action="import.receive")
    assert event.details == {"kind": "registry", "sha256": "0" * 64, "size": 12}
    assert (event.subject_kind, event.subject_id) == ("import", str(job.key))


def test_the_name_of_a_file_is_not_in_the_log(gao: User) -> None:
    arrived(gao)
    assert "台账" not in str(Event.objects.get(action="import.receive").body)


def test_the_longest_waiting_is_claimed_first_and_once(gao: User) -> None:
    first, second = arrived(gao), arrived(gao)
    assert [job.key for job in (uploads.claim(LATER), uploads.claim(LATER)) if job] == [first.key, second.key]
    assert uploads.claim(LATER) is None


def test_what_was_shown_is_confirmed_once(gao: User) -> None:
    job, same = checked(gao), FileImport.objects.get()
    uploads.confirm(job, gao, LATER)
    with pytest.raises(uploads.Outdated):
        uploads.confirm(same, gao, LATER)
    assert FileImport.objects.get().state == "confirmed"
    assert events() == ["import.receive", "import.confirm"]


def test_what_was_checked_anew_since_it_was_shown_is_not_confirmed(gao: User) -> None:
    shown = checked(gao)
    anew = FileImport.objects.get()
    uploads.check_again(anew, {**anew.options, "skip_bad": True}, gao, LATER)
    job = uploads.claim(LATER)
    assert job is not None
    imports.checked(job, WORTH, LATER + timedelta(seconds=1))
    with pytest.raises(uploads.Outdated):
        uploads.confirm(shown, gao, LATER)
    assert FileImport.objects.get().state == "checked"


@pytest.mark.parametrize("state", ["received", "checking", "refused", "taken", "withdrawn", "broken_off"])
def test_only_what_was_checked_is_confirmed(state: str, gao: User) -> None:
    job = arrived(gao)
    FileImport.objects.update(state=state)
    with pytest.raises(uploads.Outdated):
        uploads.confirm(job, gao, LATER)


@pytest.mark.parametrize("state", ["checking", "confirmed", "taking", "taken", "withdrawn"])
def test_what_is_at_work_or_settled_is_not_checked_again(state: str, gao: User) -> None:
    job = arrived(gao)
    FileImport.objects.update(state=state)
    with pytest.raises(uploads.Outdated):
        uploads.check_again(job, {}, gao, LATER)


def test_checking_again_forgets_what_the_last_check_said(gao: User) -> None:
    job = checked(gao)
    uploads.check_again(job, {"skip_bad": True}, gao, LATER)
    row = FileImport.objects.get()
    assert (row.state, row.options["skip_bad"], row.outcome) == ("received", True, {})


def test_what_is_withdrawn_loses_its_bytes_with_the_commit(
    gao: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = checked(gao)
    with django_capture_on_commit_callbacks(execute=True):
        uploads.withdraw(job, gao, LATER)
        assert uploads.is_kept(job)
    assert FileImport.objects.get().state == "withdrawn"
    assert not uploads.folder_of(job.key).exists()
    assert events() == ["import.receive", "import.withdraw"]


@pytest.mark.parametrize("state", ["checking", "confirmed", "taking", "taken"])
def test_what_is_at_work_or_taken_is_not_withdrawn_and_keeps_its_bytes(state: str, gao: User) -> None:
    job = arrived(gao)
    FileImport.objects.update(state=state)
    with pytest.raises(uploads.Outdated):
        uploads.withdraw(job, gao, LATER)
    assert uploads.is_kept(job)


def test_nobody_has_more_than_five_files_waiting(gao: User, everybody: Cast) -> None:
    for _ in range(uploads.MOST_OPEN):
        arrived(gao)
    with pytest.raises(uploads.TooMany, match="5 files"):
        arrived(gao)
    assert arrived(everybody.duty_officer, kind="observations").state == "received"


def test_what_is_settled_makes_room(gao: User) -> None:
    jobs = [arrived(gao) for _ in range(uploads.MOST_OPEN)]
    uploads.withdraw(jobs[0], gao, LATER)
    arrived(gao)


def test_refused_files_take_room_on_the_disk_until_they_are_withdrawn(gao: User) -> None:
    job = arrived(gao, size=uploads.MOST_BYTES)
    FileImport.objects.update(state="refused")
    job.refresh_from_db()
    with pytest.raises(uploads.TooMany, match="1 GiB"):
        uploads.check_room(gao)
    uploads.withdraw(job, gao, LATER)
    uploads.check_room(gao)


@pytest.mark.parametrize("state", ["taken", "withdrawn", "checked", "refused", "broken_off"])
def test_after_thirty_days_no_bytes_are_left(state: str, gao: User) -> None:
    job = arrived(gao)
    FileImport.objects.update(state=state)
    assert uploads.purge(MORNING + uploads.KEPT - timedelta(seconds=1)) == 0
    assert uploads.purge(MORNING + uploads.KEPT) == 1
    assert not uploads.folder_of(job.key).exists()
    assert FileImport.objects.get().state == ("taken" if state == "taken" else "withdrawn")


def test_what_nobody_settled_in_thirty_days_is_withdrawn_on_record(gao: User) -> None:
    checked(gao)
    uploads.purge(MORNING + uploads.KEPT)
    event = Event.objects.get(action="import.expire")
    assert (event.actor, event.details) == ("system:sweep", {"sha256": "0" * 64})


@pytest.mark.parametrize("state", ["received", "checking", "confirmed", "taking"])
def test_what_waits_for_a_worker_is_never_removed(state: str, gao: User) -> None:
    job = arrived(gao)
    FileImport.objects.update(state=state)
    assert uploads.purge(MORNING + 9 * uploads.KEPT) == 0
    assert uploads.is_kept(job)


def test_a_folder_nobody_knows_goes_after_a_day() -> None:
    folder = uploads.folder_of(uuid4())
    folder.mkdir(parents=True)
    os.utime(folder, (MORNING.timestamp(), MORNING.timestamp()))
    (imports.directory() / "what.is.this").mkdir()
    assert uploads.purge(MORNING + timedelta(hours=23)) == 0
    assert uploads.purge(MORNING + timedelta(hours=25)) == 1
    assert not folder.exists()


def test_an_import_is_seen_by_who_watches_its_place_or_a_wider_one(everybody: Cast) -> None:
    arrived(everybody.supervisor)
    arrived(everybody.reviewer)
    seen = {user.username: visible_imports(user).count() for user in everybody}
    assert seen["gao"] == seen["wang"] == 1
    assert seen["li"] == seen["qian"] == 2
    assert seen["zhou"] == seen["zhao"] == seen["wu"] == seen["sun"] == 0


def test_who_watches_elsewhere_now_does_not_take_old_imports_along(everybody: Cast) -> None:
    arrived(everybody.outsider)
    everybody.outsider.scope = everybody.reviewer.scope
    everybody.outsider.save()
    assert not visible_imports(everybody.reviewer).exists()
    assert not visible_imports(everybody.outsider).exists()


def test_what_is_kept_beside_a_file_is_read_again(gao: User) -> None:
    job = arrived(gao)
    assert (uploads.preview_of(job), uploads.columns_of(job), uploads.reasons_of(job)) == ({}, [], None)
    uploads.keep(job, uploads.PREVIEW, {"counts": {"accounts_added": 3}})
    uploads.keep(job, uploads.COLUMNS, [("备注<b>", "表一", "-")])
    assert uploads.preview_of(job) == {"counts": {"accounts_added": 3}}
    assert uploads.columns_of(job) == [uploads.Column("备注<b>", "表一", "-")]


def test_a_damaged_file_beside_it_is_as_good_as_none(gao: User) -> None:
    job = arrived(gao)
    (uploads.folder_of(job.key) / uploads.PREVIEW).write_text("{", encoding="utf-8")
    (uploads.folder_of(job.key) / uploads.COLUMNS).write_text("{}", encoding="utf-8")
    assert (uploads.preview_of(job), uploads.columns_of(job)) == ({}, [])
