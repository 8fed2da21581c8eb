"""One import: what is shown at each stage, and what may be done with it by whom."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoCaptureOnCommitCallbacks

from audit_logs.models import Event
from common.clock import isoformat
from registry import profiles, uploads
from registry.models import FileImport, User
from tests.cast import MORNING, Cast
from tests.console import filed
from tests.console.conftest import SignedIn

pytestmark = pytest.mark.django_db
COLUMNS = [("单位", "", "unit"), ("号主", "", "-"), ("账号名", "", "name")]


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    return tmp_path


@pytest.fixture
def gao(everybody: Cast) -> User:
    """Who supervises Zhengzhou and brings the files in."""
    return everybody.supervisor


@pytest.fixture
def browser(gao: User, signed_in: SignedIn) -> Client:
    """Gao's browser."""
    return signed_in(gao)


def shown(browser: Client, job: FileImport) -> str:
    """The page of `job`."""
    return browser.get(reverse("import", args=[job.key])).content.decode()


def act(browser: Client, job: FileImport, what: str, **form: object) -> Any:
    """Send one of the forms of the page."""
    return browser.post(reverse(f"import_{what}", args=[job.key]), form)


def take(browser: Client, job: FileImport, **form: object) -> Any:
    """Confirm what `job` has shown."""
    return act(browser, job, "take", seen=isoformat(job.changed_at), **form)


def state(job: FileImport) -> str:
    """Where the row stands now."""
    return FileImport.objects.get(pk=job.pk).state


@pytest.mark.parametrize("stage", ["received", "checking", "confirmed", "taking"])
def test_while_it_is_read_the_page_renews_itself_without_a_script(
    stage: str, browser: Client, gao: User
) -> None:
    job = filed.received(gao)
    FileImport.objects.update(state=stage)
    assert '<meta http-equiv="refresh" content="2">' in shown(browser, job)


@pytest.mark.parametrize("made", [filed.checked, filed.refused, filed.taken, filed.broken_off])
def test_at_rest_the_page_stays_as_it_is(made: object, browser: Client, gao: User) -> None:
    assert callable(made)
    assert 'http-equiv="refresh"' not in shown(browser, made(gao))


def test_how_far_the_reading_is_can_be_seen(browser: Client, gao: User) -> None:
    job = filed.received(gao)
    FileImport.objects.update(state="checking")
    progress = {"done": 120_000, "total": None}
    (uploads.folder_of(job.key) / "progress.json").write_text(json.dumps(progress), encoding="ascii")
    assert "120000 rows read" in shown(browser, job)


def test_the_preview_shows_figures_and_each_change_old_and_new(browser: Client, gao: User) -> None:
    page = shown(browser, filed.checked(gao))
    assert re.search(r"accounts added</th><td[^>]*><b>2</b>", page)
    assert re.search(r"<del><bdi>zhengzhou</bdi></del>.*<ins><bdi>zhengzhou_gov</bdi></ins>", page, re.S)
    assert "Take this file" in page


def test_what_strangers_wrote_is_isolated_and_cannot_act(browser: Client, gao: User) -> None:
    for job in (filed.checked(gao, name=filed.HOSTILE), filed.refused(gao, name=filed.HOSTILE)):
        page = shown(browser, job)
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "\u200b" not in page


def test_what_changes_nothing_has_nothing_to_take(browser: Client, gao: User) -> None:
    page = shown(browser, filed.checked(gao, filed.outcome({"accounts_unchanged": 9}, changes=())))
    assert "taking it would change nothing" in page
    assert "Take this file" not in page


def test_faults_stand_with_place_value_and_mend_and_are_counted_by_kind(browser: Client, gao: User) -> None:
    page = shown(browser, filed.refused(gao, ("state_unknown", "state_unknown", "uid_missing")))
    assert re.search(r"<b>2</b> no such state", page)
    assert "line 3" in page
    assert "→ " in page and "write in_service" in page
    assert "Take this file" not in page


def test_in_chinese_the_faults_are_in_chinese(gao: User, signed_in: SignedIn) -> None:
    page = shown(signed_in(gao, "zh-hans"), filed.refused(gao))
    assert "没有这种状态" in page and "请填写：运行" in page
    assert "no such state" not in page


def test_what_was_shown_is_taken_with_one_click_and_on_record(browser: Client, gao: User) -> None:
    job = filed.checked(gao)
    assert take(browser, job)["Location"] == reverse("import", args=[job.key])
    assert state(job) == "confirmed"
    assert Event.objects.get(action="import.confirm").actor == f"user:{gao.pk}"


def test_of_two_confirmations_the_second_is_told(browser: Client, gao: User) -> None:
    job = filed.checked(gao)
    take(browser, job)
    answer = browser.get(take(browser, job)["Location"])
    assert "This import has moved on" in answer.content.decode()
    assert Event.objects.filter(action="import.confirm").count() == 1


def test_a_page_that_was_overtaken_takes_nothing(browser: Client, gao: User) -> None:
    job = filed.checked(gao)
    FileImport.objects.update(changed_at=MORNING.replace(hour=1))
    take(browser, job)
    assert state(job) == "checked"


@pytest.mark.parametrize("seen", ["", "x", "2026-11-24T06:00:00.000000Z"])
def test_what_says_not_what_was_seen_takes_nothing(seen: str, browser: Client, gao: User) -> None:
    job = filed.checked(gao)
    act(browser, job, "take", seen=seen)
    assert state(job) == "checked"


@pytest.mark.parametrize(
    ("typed", "becomes"), [("", "checked"), ("4", "checked"), ("x", "checked"), ("5", "confirmed")]
)
def test_accounts_end_only_by_their_number(typed: str, becomes: str, browser: Client, gao: User) -> None:
    job = filed.checked(gao, filed.outcome({"accounts_retired": 5, "accounts_added": 1}))
    assert "5 accounts are not in this file and would end" in shown(browser, job)
    answer = take(browser, job, number=typed)
    assert (state(job), answer.status_code) == (becomes, 302 if becomes == "confirmed" else 422)
    confirmed = FileImport.objects.get().options.get("retire_confirmed")
    assert confirmed == (5 if becomes == "confirmed" else None)


def test_a_withdrawn_file_is_gone(
    browser: Client, gao: User, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    job = filed.refused(gao)
    with django_capture_on_commit_callbacks(execute=True):
        act(browser, job, "withdraw")
    assert state(job) == "withdrawn"
    assert not uploads.folder_of(job.key).exists()
    page = shown(browser, job)
    assert "This file was withdrawn" in page
    assert "Check again" not in page


def asked(gao: User, kinds: tuple[str, ...] = ("column_missing",)) -> FileImport:
    """A refused file whose columns are known."""
    job = filed.refused(gao, kinds)
    uploads.keep(job, uploads.COLUMNS, COLUMNS)
    return job


def test_columns_are_asked_for_where_one_is_not_understood(browser: Client, gao: User) -> None:
    page = shown(browser, asked(gao))
    assert "<details open>" in page
    assert "Say below which column it is, or add it to the file." in page
    assert re.search(r'name="column_0".*?<option value="unit" selected>', page, re.S)
    assert re.search(r'name="column_1".*?<option value="-" selected>', page, re.S)


def test_what_a_column_means_is_chosen_and_the_file_checked_again(browser: Client, gao: User) -> None:
    job = asked(gao)
    chosen = {"column_0": "unit", "column_1": "certified_subject", "column_2": "-"}
    act(browser, job, "again", skip_bad="on", **chosen)
    row = FileImport.objects.get()
    assert row.state == "received"
    assert row.options["mapping"] == {"号主": "certified_subject", "账号名": "-"}
    assert row.options["skip_bad"] is True
    assert row.options["scope_path"] == "/CN/410000/410100/"


def test_the_meaning_is_kept_under_a_name_and_offered_to_the_next_file(browser: Client, gao: User) -> None:
    job = asked(gao)
    chosen = {"column_0": "unit", "column_1": "certified_subject", "column_2": "name"}
    act(browser, job, "again", profile_name="郑州格式", **chosen)
    assert profiles.columns("registry", "郑州格式") == {"号主": "certified_subject"}
    assert '<option value="郑州格式">' in browser.get(reverse("imports")).content.decode()


def test_two_columns_of_one_meaning_are_told(browser: Client, gao: User) -> None:
    job = asked(gao)
    answer = act(browser, job, "again", column_0="unit", column_1="unit", column_2="name")
    assert answer.status_code == 422
    assert "Two columns mean the same" in answer.content.decode()
    assert state(job) == "refused"


@pytest.mark.parametrize("field", ["nonsense", "__class__", "scope_path"])
def test_a_column_means_only_what_there_is(field: str, browser: Client, gao: User) -> None:
    job = asked(gao)
    assert act(browser, job, "again", column_1=field).status_code == 422
    assert state(job) == "refused"


def test_nothing_sent_widens_the_place_an_import_is_bound_to(browser: Client, gao: User) -> None:
    job = asked(gao)
    act(browser, job, "again", scope_path="/CN/", mapping="{}", column_0="unit", column_2="name")
    assert FileImport.objects.get().options["scope_path"] == "/CN/410000/410100/"


def test_what_broke_off_is_checked_again(browser: Client, gao: User) -> None:
    job = filed.broken_off(gao)
    assert "Nothing of this file was taken. Have it checked again." in shown(browser, job)
    act(browser, job, "again")
    assert state(job) == "received"


def test_after_it_was_taken_what_was_done_stands_beside_what_was_foretold(browser: Client, gao: User) -> None:
    page = shown(browser, filed.taken(gao))
    assert "What was done" in page
    assert "the preview said 3" in page
    for button in ("Take this file", "Check again", "Withdraw"):
        assert button not in page


def test_what_no_longer_fits_when_it_is_taken_is_told_as_that(browser: Client, gao: User) -> None:
    job = filed.refused(gao)
    uploads.keep(job, uploads.PREVIEW, filed.outcome().as_json())
    assert "between the check and the taking the register changed" in shown(browser, job)


def test_the_copy_with_reasons_is_saved_and_never_shown(browser: Client, gao: User) -> None:
    job = filed.refused(gao, name=f"{filed.HOSTILE}.html")
    (uploads.folder_of(job.key) / "reasons.csv").write_bytes(b"a,b\r\n")
    assert reverse("import_reasons", args=[job.key]) in shown(browser, job)
    answer = browser.get(reverse("import_reasons", args=[job.key]))
    assert b"".join(answer.streaming_content) == b"a,b\r\n"  # type: ignore[attr-defined]
    assert answer["Content-Disposition"] == 'attachment; filename="faults-20261124.csv"'
    assert answer["Content-Type"] == "application/octet-stream"
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_without_a_copy_there_is_none_to_save(browser: Client, gao: User) -> None:
    job = filed.checked(gao)
    assert browser.get(reverse("import_reasons", args=[job.key])).status_code == 404
    assert reverse("import_reasons", args=[job.key]) not in shown(browser, job)


@pytest.mark.parametrize("what", ["take", "again", "withdraw"])
def test_who_watches_the_place_looks_on_and_does_nothing(
    what: str, everybody: Cast, signed_in: SignedIn
) -> None:
    job = filed.checked(everybody.reviewer, kind="observations")
    qian = signed_in(everybody.second_reviewer)
    page = shown(qian, job)
    assert "Only who brought a file in can act on it." in page
    assert "Take this file" not in page and "Check again" not in page
    assert act(qian, job, what, seen=isoformat(job.changed_at)).status_code == 403
    assert state(job) == "checked"
    assert Event.objects.get(action="access.refused").subject_id == str(job.key)


def test_an_import_of_a_wider_place_is_as_if_it_were_not_there(everybody: Cast, signed_in: SignedIn) -> None:
    job = filed.checked(everybody.reviewer, kind="observations")
    wang = signed_in(everybody.duty_officer)
    assert wang.get(reverse("import", args=[job.key])).status_code == 404
    assert Event.objects.get(action="access.refused").subject_id == str(job.key)


def test_an_import_of_another_kind_is_as_if_it_were_not_there(everybody: Cast, signed_in: SignedIn) -> None:
    job = filed.checked(everybody.supervisor)
    assert signed_in(everybody.reviewer).get(reverse("import", args=[job.key])).status_code == 404


def test_an_outcome_of_other_rules_is_shown_as_far_as_it_is_known(browser: Client, gao: User) -> None:
    job = filed.checked(gao)
    FileImport.objects.update(outcome={"counts": {"moons_added": 2}, "anything_else": [1]})
    assert "moons_added" in shown(browser, job)
