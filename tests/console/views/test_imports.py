"""The list of imports and the door a file comes in by."""

import re
import stat
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse

from audit_logs.models import Event
from console.views import imports as views
from observations.models import Source
from registry import profiles, uploads
from registry.models import FileImport
from tests import cast as people
from tests.cast import MORNING, Cast
from tests.console import filed
from tests.console.conftest import SignedIn

pytestmark = pytest.mark.django_db
ROWS = "账号名称,平台\n郑州发布,微博\n"


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of the test's own."""
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    return tmp_path


@pytest.fixture
def gao(everybody: Cast, signed_in: SignedIn) -> Client:
    """The browser of who supervises Zhengzhou."""
    return signed_in(everybody.supervisor)


@pytest.fixture
def li(everybody: Cast, signed_in: SignedIn) -> Client:
    """The browser of who reviews for Henan, where the example platform is switched on."""
    people.source()
    return signed_in(everybody.reviewer)


def left(data_folder: Path) -> list[str]:
    """What lies in the folder of imports."""
    return sorted(path.name for path in data_folder.glob("imports/*/*"))


def test_a_file_is_kept_for_its_owner_alone_and_waits_to_be_checked(gao: Client, data_folder: Path) -> None:
    answer = gao.post(reverse("bring_registry"), {"file": filed.csv_file(ROWS), "skip_bad": "on"})
    job = FileImport.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, reverse("import", args=[job.key]))
    assert (job.state, job.file_name, job.size) == ("received", "台账.csv", len(ROWS.encode()))
    assert job.options == {
        "mapping": {},
        "skip_bad": True,
        "moving": False,
        "retire_missing": False,
        "scope_path": "/CN/410000/410100/",
    }
    path = uploads.folder_of(job.key) / uploads.FILE
    assert path.read_text(encoding="utf-8") == ROWS
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700
    assert Event.objects.get(action="import.receive").details["sha256"] == job.sha256


@pytest.mark.parametrize(
    "name", ["../../zhenwei.sqlite3", "..\\..\\evil.csv", "/etc/passwd", "a\x00b.csv", "CON", "‮gnp.csv"]
)
def test_no_name_of_the_sender_becomes_a_path(name: str, gao: Client, data_folder: Path) -> None:
    gao.post(reverse("bring_registry"), {"file": filed.csv_file(ROWS, name)})
    assert left(data_folder) in ([uploads.FILE], [])
    assert not any("/" in job.file_name or "\\" in job.file_name for job in FileImport.objects.all())


def test_the_contacts_of_a_supervisor_and_the_exports_of_a_reviewer_come_in(gao: Client, li: Client) -> None:
    gao.post(reverse("bring_contacts"), {"file": filed.csv_file(ROWS)})
    said = {
        "source": "mastodon/example",
        "statement": "后台导出",
        "searched": "divisions",
        "covers": "410100",
        "exported_on": "2026-11-20",
    }
    li.post(reverse("bring_observations"), {"file": filed.csv_file(ROWS), **said})
    contacts, export = FileImport.objects.order_by("pk")
    assert (contacts.kind, contacts.options["scope_path"]) == ("contacts", "/CN/410000/410100/")
    assert export.options == {
        "mapping": {},
        "skip_bad": False,
        "scope_path": "/CN/410000/",
        "platform": "mastodon",
        "instance": "example",
        "statement": "后台导出",
        "covers": "410100",
        "exported_at": "2026-11-20",
    }


def test_a_kept_meaning_of_columns_is_used(gao: Client) -> None:
    profiles.save("registry", "郑州格式", {"号主": "unit"}, "user:1", MORNING)
    gao.post(reverse("bring_registry"), {"file": filed.csv_file(ROWS), "profile": "郑州格式"})
    assert FileImport.objects.get().options["mapping"] == {"号主": "unit"}


@pytest.mark.parametrize("kind", ["registry", "contacts", "observations"])
def test_without_a_file_the_form_says_so_and_nothing_is_kept(
    kind: str, gao: Client, li: Client, data_folder: Path
) -> None:
    browser = li if kind == "observations" else gao
    answer = browser.post(reverse(f"bring_{kind}"), {"source": "mastodon/example", "statement": "x"})
    assert answer.status_code == 422
    assert "Choose a file first." in answer.content.decode()
    assert list(data_folder.glob("imports/*")) == []


@pytest.mark.parametrize(
    ("searched", "covers", "kept"),
    [
        ("", "", ""),
        ("", "left over", ""),
        ("all", "left over", "all"),
        ("divisions", "410100，410200", "410100，410200"),
        ("keywords", "郑州发布", "keyword:郑州发布"),
        ("divisions", "419999", None),
        ("divisions", "", None),
        ("keywords", "", None),
        ("keywords", " ， ", None),
        ("everything", "", None),
    ],
)
def test_what_was_searched_is_understood_or_asked_again(
    searched: str, covers: str, kept: str | None, li: Client
) -> None:
    said = {"source": "mastodon/example", "statement": "x", "searched": searched, "covers": covers}
    answer = li.post(reverse("bring_observations"), {"file": filed.csv_file(ROWS), **said})
    assert answer.status_code == (422 if kept is None else 302)
    assert [job.options["covers"] for job in FileImport.objects.all()] == ([] if kept is None else [kept])


def test_an_empty_file_and_a_platform_that_is_not_on_are_refused(li: Client, data_folder: Path) -> None:
    said = {"source": "weibo/", "statement": "后台导出"}
    answer = li.post(reverse("bring_observations"), {"file": filed.csv_file(""), **said})
    assert answer.status_code == 422
    assert "This file is empty" in answer.content.decode()
    assert "Platform" in answer.content.decode()
    assert list(data_folder.glob("imports/*")) == []


def test_a_file_that_is_too_large_is_told_and_nothing_of_it_stays(
    gao: Client, data_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(uploads.LIMITS, "registry", uploads.MIB)
    answer = gao.post(reverse("bring_registry"), {"file": filed.csv_file("x" * (uploads.MIB + 1))})
    assert answer.status_code == 413
    assert "This file is too large: 1 MiB is the most." in answer.content.decode()
    assert list(data_folder.glob("imports/*")) == []
    assert not FileImport.objects.exists()


def test_a_body_announced_as_too_large_is_not_even_read(gao: Client, data_folder: Path) -> None:
    length = str(uploads.LIMITS["registry"] + 1024 * 1024)
    answer = gao.post(
        reverse("bring_registry"), {"file": filed.csv_file(ROWS)}, headers={"Content-Length": length}
    )
    assert answer.status_code == 413
    assert list(data_folder.glob("imports/*")) == []


def test_exactly_as_large_as_allowed_is_taken(gao: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(uploads.LIMITS, "registry", 1000)
    assert gao.post(reverse("bring_registry"), {"file": filed.csv_file("x" * 1000)}).status_code == 302


def test_a_full_disk_is_told(gao: Client, data_folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(descriptor: int, data: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("console.inbox._write", full)
    answer = gao.post(reverse("bring_registry"), {"file": filed.csv_file(ROWS)})
    assert answer.status_code == 507
    assert list(data_folder.glob("imports/*")) == []


def test_of_two_files_in_one_form_the_first_is_taken(gao: Client, data_folder: Path) -> None:
    form = {"file": filed.csv_file(ROWS), "other": filed.csv_file("another", "b.csv")}
    gao.post(reverse("bring_registry"), form)
    assert FileImport.objects.get().size == len(ROWS.encode())
    assert left(data_folder) == [uploads.FILE]


def test_a_forged_form_is_refused_and_nothing_of_it_stays(everybody: Cast, data_folder: Path) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(everybody.supervisor, backend="django.contrib.auth.backends.ModelBackend")
    answer = browser.post(reverse("bring_registry"), {"file": filed.csv_file(ROWS)})
    assert answer.status_code == 403
    assert list(data_folder.glob("imports/*")) == []
    assert not FileImport.objects.exists()


def test_the_form_of_the_page_itself_is_taken(everybody: Cast) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(everybody.supervisor, backend="django.contrib.auth.backends.ModelBackend")
    page = browser.get(reverse("imports")).content.decode()
    token = re.search('name="csrfmiddlewaretoken" value="([^"]+)"', page)
    assert token is not None
    form = {"csrfmiddlewaretoken": token.group(1), "file": filed.csv_file(ROWS)}
    assert browser.post(reverse("bring_registry"), form).status_code == 302


@pytest.mark.parametrize("kind", ["registry", "contacts"])
def test_who_judges_cases_may_not_touch_the_register_and_no_byte_is_read(
    kind: str, li: Client, data_folder: Path
) -> None:
    assert li.post(reverse(f"bring_{kind}"), {"file": filed.csv_file(ROWS)}).status_code == 403
    assert list(data_folder.glob("imports")) == []
    assert Event.objects.get(action="access.refused").subject_id == f"bring_{kind}"


def test_nobody_brings_in_anything_for_no_place(
    everybody: Cast, signed_in: SignedIn, data_folder: Path
) -> None:
    everybody.supervisor.scope = None
    everybody.supervisor.save()
    browser = signed_in(everybody.supervisor)
    assert browser.post(reverse("bring_registry"), {"file": filed.csv_file(ROWS)}).status_code == 403
    assert "You have no area" in browser.get(reverse("imports")).content.decode()
    assert list(data_folder.glob("imports")) == []


def test_a_sixth_waiting_file_is_turned_away_unread(gao: Client, everybody: Cast) -> None:
    for _ in range(uploads.MOST_OPEN):
        filed.received(everybody.supervisor)
    answer = gao.post(reverse("bring_registry"), {"file": filed.csv_file(ROWS)})
    assert answer.status_code == 422
    assert "take or withdraw some of them first" in answer.content.decode()
    assert FileImport.objects.count() == uploads.MOST_OPEN


def test_a_file_is_a_file_nowhere_else(gao: Client, tmp_path: Path) -> None:
    answer = gao.post(
        reverse("language"), {"language": "en", "next": "/", "file": filed.csv_file("x" * 9000)}
    )
    assert answer.status_code == 302
    assert answer.wsgi_request.FILES == {}


def test_the_list_shows_what_was_brought_and_what_it_came_to(gao: Client, everybody: Cast) -> None:
    filed.checked(everybody.supervisor, name="一.csv")
    filed.refused(everybody.supervisor, name="二.csv")
    filed.taken(everybody.supervisor, name="三.csv")
    page = gao.get(reverse("imports")).content.decode()
    assert re.findall("[一二三].csv", page) == ["三.csv", "二.csv", "一.csv"]
    assert "1 fault" in page
    assert "高洁" in page


def test_what_broke_off_is_told_at_the_top(gao: Client, everybody: Cast) -> None:
    filed.broken_off(everybody.supervisor, name="断.csv")
    page = gao.get(reverse("imports")).content.decode()
    told = page.index("Broken off: nothing of these files was taken")
    assert told < page.index("断.csv") < page.index("multipart/form-data")


def test_the_list_is_narrowed_by_state_and_kind(gao: Client, everybody: Cast) -> None:
    filed.checked(everybody.supervisor, name="一.csv")
    filed.refused(everybody.supervisor, kind="contacts", name="二.csv")
    assert "二.csv" not in gao.get(f"{reverse('imports')}?state=checked").content.decode()
    assert "一.csv" not in gao.get(f"{reverse('imports')}?kind=contacts").content.decode()


def test_each_sees_the_kinds_the_role_brings_and_of_its_own_place(
    everybody: Cast, signed_in: SignedIn
) -> None:
    filed.received(everybody.supervisor, name="gao.csv")
    filed.received(everybody.reviewer, kind="observations", name="li.csv")
    filed.received(everybody.duty_officer, kind="observations", name="wang.csv")
    seen = {
        user.username: set(
            re.findall(r"(\w+)\.csv</bdi>", signed_in(user).get(reverse("imports")).content.decode())
        )
        for user in (everybody.supervisor, everybody.reviewer, everybody.duty_officer)
    }
    assert seen == {"gao": {"gao"}, "li": {"li", "wang"}, "wang": {"wang"}}


def test_where_no_platform_is_on_it_says_who_switches_one_on(everybody: Cast, signed_in: SignedIn) -> None:
    assert not Source.objects.exists()
    page = signed_in(everybody.reviewer).get(reverse("imports")).content.decode()
    assert "zhenwei platforms enable" in page


def test_a_hostile_name_is_shown_and_does_nothing(gao: Client, everybody: Cast) -> None:
    filed.received(everybody.supervisor, name=f"{filed.HOSTILE}.csv")
    page = gao.get(reverse("imports")).content.decode()
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_three_kinds_have_a_door_each() -> None:
    assert {views.registry, views.contacts, views.observations}
