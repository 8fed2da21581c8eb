"""A file from the browser to the register, with the worker that reads it; and what goes wrong on the way."""

import resource
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from audit_logs.models import Event
from common import clock
from common.clock import isoformat
from common.sheets.writing import write_xlsx
from config import importing
from registry import imports, uploads
from registry.models import Account, FileImport, Unit
from registry.outcome import Outcome
from registry.register_import import RegisterOptions
from tests import cast as people
from tests.cast import Cast, Province
from tests.console import filed
from tests.console.conftest import browser_of

pytestmark = pytest.mark.django_db
HEADINGS = "账号名称,平台,账号ID,主办单位,行政区划代码,单位类别,运行状态"
SOUND = f"{HEADINGS}\n郑州卫健委,微博,5500000001,郑州市卫生健康委员会,410100,部门,运行\n"


@pytest.fixture(autouse=True)
def data_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A data folder of the test's own."""
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    yield tmp_path
    filed.let_go()


@pytest.fixture
def gao(everybody: Cast) -> Client:
    """The browser of who supervises Zhengzhou."""
    return browser_of(everybody.supervisor)


def brought(browser: Client, file: SimpleUploadedFile, kind: str = "registry", **form: Any) -> FileImport:
    """The import of `file`, sent as the page sends it, and read by the worker."""
    answer = browser.post(reverse(f"bring_{kind}"), {"file": file, **form})
    assert answer.status_code == 302, answer.content.decode()
    importing.work(clock.now)
    return FileImport.objects.latest("pk")


def take(browser: Client, job: FileImport, **form: Any) -> FileImport:
    """`job` after it was confirmed and read once more."""
    form["seen"] = isoformat(job.changed_at)
    browser.post(reverse("import_take", args=[job.key]), form)
    importing.work(clock.now)
    return FileImport.objects.get(pk=job.pk)


def page(browser: Client, job: FileImport) -> str:
    """The page of `job`."""
    return browser.get(reverse("import", args=[job.key])).content.decode()


def test_a_register_is_checked_shown_confirmed_and_taken(gao: Client) -> None:
    job = brought(gao, filed.csv_file(SOUND))
    assert job.state == "checked", job.outcome
    assert job.outcome["counts"]["accounts_added"] == 1
    assert not Account.objects.filter(platform_uid="5500000001").exists()
    assert "Take this file" in page(gao, job)
    job = take(gao, job)
    assert job.state == "taken", job.outcome
    assert Account.objects.get(platform_uid="5500000001").unit.name == "郑州市卫生健康委员会"
    assert "What was done" in page(gao, job)
    assert Event.objects.get(action="registry.import").actor == job.actor


def test_a_workbook_comes_in_like_a_list(gao: Client, tmp_path: Path) -> None:
    rows = [line.split(",") for line in SOUND.splitlines()]
    write_xlsx(tmp_path / "台账.xlsx", {"账号": (rows[0], rows[1:])})
    file = SimpleUploadedFile("台账.xlsx", (tmp_path / "台账.xlsx").read_bytes())
    assert take(gao, brought(gao, file)).state == "taken"
    assert Account.objects.filter(platform_uid="5500000001").exists()


def test_a_second_time_it_changes_nothing_and_there_is_nothing_to_take(gao: Client) -> None:
    take(gao, brought(gao, filed.csv_file(SOUND)))
    job = brought(gao, filed.csv_file(SOUND))
    assert job.state == "checked"
    assert "taking it would change nothing" in page(gao, job)


def test_faults_are_shown_and_a_copy_tells_them_row_by_row(gao: Client) -> None:
    job = brought(gao, filed.csv_file(SOUND.replace("运行", "在天上").replace("410100", "419999")))
    assert job.state == "refused"
    said = page(gao, job)
    assert "419999" in said and "line 2" in said
    answer = gao.get(reverse("import_reasons", args=[job.key]))
    copy = b"".join(answer.streaming_content).decode("utf-8-sig")  # type: ignore[attr-defined]
    assert copy.startswith("错误原因,")
    assert "郑州卫健委" in copy
    mended = brought(gao, filed.csv_file(SOUND))
    assert take(gao, mended).state == "taken"


def test_rows_with_faults_are_left_out_on_request(gao: Client) -> None:
    text = SOUND + "郑州气象,微博,5500000002,郑州市气象局,419999,部门,运行\n"
    job = brought(gao, filed.csv_file(text))
    assert job.state == "refused"
    gao.post(reverse("import_again", args=[job.key]), {"skip_bad": "on"})
    importing.work(clock.now)
    job.refresh_from_db()
    assert (job.state, job.outcome["skipped"]) == ("checked", 1)
    assert "1 row left out" in gao.get(reverse("imports")).content.decode()
    assert take(gao, job).state == "taken"
    taken = Account.objects.filter(platform="weibo").values_list("platform_uid", flat=True)
    assert list(taken) == ["5500000001"]


def test_a_column_that_is_not_understood_is_chosen_on_the_page_and_kept_for_the_next_file(
    gao: Client,
) -> None:
    strange = SOUND.replace("账号ID", "我们的编号")
    job = brought(gao, filed.csv_file(strange))
    assert job.state == "refused"
    columns = uploads.columns_of(job)
    assert [column.name for column in columns] == HEADINGS.replace("账号ID", "我们的编号").split(",")
    form = {f"column_{n}": column.field for n, column in enumerate(columns)}
    form |= {"column_2": "platform_uid", "profile_name": "郑州格式"}
    assert gao.post(reverse("import_again", args=[job.key]), form).status_code == 302
    importing.work(clock.now)
    job.refresh_from_db()
    assert job.state == "checked", job.outcome
    again = brought(gao, filed.csv_file(strange.replace("5500000001", "5500000002")), profile="郑州格式")
    assert again.state == "checked", again.outcome


def test_what_lies_outside_the_own_place_is_a_fault(gao: Client) -> None:
    job = brought(gao, filed.csv_file(SOUND.replace("410100", "410200").replace("郑州", "开封")))
    assert job.state == "refused"
    assert "outside_area" in job.outcome["fault_kinds"]
    assert not Unit.objects.filter(name="开封市卫生健康委员会").exists()


def test_between_look_and_confirmation_the_register_may_change(gao: Client, place: Province) -> None:
    job = brought(gao, filed.csv_file(SOUND))
    other = people.unit("郑州市文化广电和旅游局", place.zhengzhou)
    Account.objects.create(
        platform="weibo",
        platform_uid="5500000001",
        name="郑州文旅",
        state="in_service",
        unit=other,
        created_at=people.MORNING,
        changed_at=people.MORNING,
    )
    job = take(gao, job)
    assert job.state == "refused"
    assert "between the check and the taking the register changed" in page(gao, job)
    assert Account.objects.get(platform_uid="5500000001").unit == other


def test_a_full_list_ends_what_it_leaves_out_by_its_number_alone(gao: Client) -> None:
    two = SOUND + "郑州健康,微博,5500000002,郑州市卫生健康委员会,410100,部门,运行\n"
    take(gao, brought(gao, filed.csv_file(two)))
    job = brought(gao, filed.csv_file(SOUND), retire_missing="on")
    assert job.outcome["counts"]["accounts_retired"] == 1
    assert take(gao, job).state == "checked"
    job.refresh_from_db()
    assert take(gao, job, number="1").state == "taken"
    assert Account.objects.get(platform_uid="5500000002").state == "deregistered"


def test_contacts_come_in_by_the_same_way(gao: Client) -> None:
    headings = "联络线,行政区划代码,机构,联系人,联系电话,电子邮箱,生效日期"
    text = f"{headings}\n网信,410100,郑州市网信办,周晓,000-4101-0001,z@henan.example,2026-01-01\n"
    job = brought(gao, filed.csv_file(text), "contacts")
    assert job.state == "checked", job.outcome
    assert take(gao, job).state == "taken"


def test_an_export_comes_in_by_the_same_way(everybody: Cast) -> None:
    people.source()
    li = browser_of(everybody.reviewer)
    text = "id,name,handle,followers\n880001,郑州发布厅,zz_fabu,3.2万\n"
    said = {"source": "mastodon/example", "statement": "后台导出"}
    said |= {"searched": "keywords", "covers": "郑州发布"}
    job = brought(li, filed.csv_file(text, "export.csv"), "observations", **said)
    assert job.state == "checked", job.outcome
    assert "new looks at accounts" in page(li, job)
    assert take(li, job).state == "taken"


@pytest.mark.parametrize(
    "content", [b"", b"\x00", b"PK\x03\x04", b"%PDF-1.7", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"\xff" * 99]
)
def test_a_file_that_is_none_ends_in_words_and_changes_nothing(content: bytes, gao: Client) -> None:
    before = Account.objects.count()
    answer = gao.post(reverse("bring_registry"), {"file": SimpleUploadedFile("台账.xlsx", content)})
    while importing.work(clock.now):
        pass
    states = [job.state for job in FileImport.objects.all()]
    assert (answer.status_code, states) in ((422, []), (302, ["refused"]))
    assert Account.objects.count() == before


Reading = Callable[..., Outcome]


def read_by(monkeypatch: pytest.MonkeyPatch, reading: Reading) -> None:
    """Registers are read by `reading` from now on."""
    monkeypatch.setitem(importing.IMPORTERS, "registry", (reading, RegisterOptions))


def test_a_file_that_takes_too_much_memory_is_refused_in_words(
    gao: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def greedy(*_: object, **__: object) -> Outcome:
        raise MemoryError

    read_by(monkeypatch, greedy)
    job = brought(gao, filed.csv_file(SOUND))
    assert (job.state, list(job.outcome["fault_kinds"])) == ("refused", ["too_much_memory"])
    assert "split it into smaller files" in page(gao, job)


def test_an_error_of_the_program_is_told_and_logged(
    gao: Client, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object, **__: object) -> Outcome:
        raise RuntimeError("planted")

    read_by(monkeypatch, broken)
    job = brought(gao, filed.csv_file(SOUND))
    assert (job.state, list(job.outcome["fault_kinds"])) == ("refused", ["internal_error"])
    assert "planted" in caplog.text
    assert "planted" not in page(gao, job)


def test_what_was_given_up_in_the_meantime_is_left_as_it_is(
    gao: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def overtaken(*_: object, **__: object) -> Outcome:
        FileImport.objects.update(state="broken_off", outcome={"seen_at": people.MORNING.isoformat()})
        raise RuntimeError("planted")

    read_by(monkeypatch, overtaken)
    assert brought(gao, filed.csv_file(SOUND)).state == "broken_off"


def test_a_preview_is_written_by_nobody(gao: Client) -> None:
    events = Event.objects.count()
    brought(gao, filed.csv_file(SOUND))
    assert Event.objects.count() == events + 1  # that it arrived


def test_nothing_waits_nothing_is_done() -> None:
    assert importing.work(clock.now) is None


def test_options_nobody_knows_are_left_out() -> None:
    options = importing.chosen(
        RegisterOptions, {"moving": True, "scope_path": "/CN/", "statement": "x"}, dry_run=True
    )
    assert (options.moving, options.scope_path, options.dry_run) == (True, "/CN/", True)


def test_the_bound_of_memory_is_never_wider_than_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "getrlimit", lambda _: (resource.RLIM_INFINITY, 1000))
    monkeypatch.setattr(resource, "setrlimit", lambda what, limits: kept.append((what, limits)))
    importing.bound(5000)
    importing.bound(500)
    assert kept == [(resource.RLIMIT_AS, (1000, 1000)), (resource.RLIMIT_AS, (500, 500))]


def test_the_time_of_each_step_is_read_when_it_is_taken(gao: Client) -> None:
    times: list[datetime] = []

    def ticking() -> datetime:
        times.append(clock.now())
        return times[-1]

    gao.post(reverse("bring_registry"), {"file": filed.csv_file(SOUND)})
    job = importing.work(ticking)
    assert job is not None
    assert job.changed_at == times[-1]
    assert imports.progress_of(job) is None
