"""Exports that people hand in: the same rows, questions and ledger as a crawl; nothing is claimed besides."""

import gzip
import hashlib
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from audit_logs.models import Event
from common.faults import BadFile
from common.sheets.writing import write_xlsx
from crawlers import specs
from detection.detect import detect
from detection.models import Suspect
from observations import captures, coverage, frontier, sources
from observations.handin import HandinOptions, import_observations
from observations.identity import Identity, canonical_face
from observations.models import (
    Coverage,
    CrawlRun,
    Handover,
    Observation,
    Publication,
    Response,
    Sighting,
    Source,
    Task,
)
from registry.models import Account, Division, ProtectedName, Unit
from registry.outcome import Outcome

NOW = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
HEADER = ["用户ID", "个性域名", "昵称", "粉丝数", "注册时间", "搜索词", "最近发博时间"]
OWN = ["1", "zzfb", "郑州发布", "6335.7万", "2019年8月1日", "郑州发布", "2026-11-20 10:00"]
FALSE = ["2", "", "郑州发布厅", "12", "昨天 12:30", "郑州发布", ""]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)

Take = Callable[..., Outcome]


def registered(platform: str, uid: str, name: str, handle: str, code: str = "410100") -> Account:
    division, _ = Division.objects.get_or_create(
        code=code, defaults={"name": code, "level": "prefecture", "path": f"/CN/410000/{code}/"}
    )
    unit, _ = Unit.objects.get_or_create(
        name=f"{name}办", line_division=division, defaults={"kind": "government_office", "created_at": NOW}
    )
    account = Account.objects.create(
        platform=platform, platform_uid=uid, handle=handle, name=name, state="in_service", unit=unit,
        created_at=NOW, changed_at=NOW,
    )  # fmt: skip
    ProtectedName.objects.create(text=name, reason="account", unit=unit, account=account, since=NOW)
    return account


@pytest.fixture
def zhengzhou(db: None) -> Account:
    return registered("weibo", "1", "郑州发布", "zzfb")


@pytest.fixture
def weibo(zhengzhou: Account) -> Source:
    return sources.enable(specs.load("weibo"), "", "", 0, None, NOW)


@pytest.fixture
def take(tmp_path: Path) -> Take:
    """Import rows as a file; the options of the import by name."""

    def run(
        rows: Any, name: str = "weibo.csv", now: datetime = NOW, reasons: Path | None = None, **options: Any
    ) -> Outcome:
        path = tmp_path / "file"
        path.write_bytes(rows if isinstance(rows, bytes) else table(*rows))
        chosen = HandinOptions(**{"platform": "weibo", **options})
        return import_observations(path, name, "system:import", now, chosen, reasons_to=reasons)

    return run


def table(*rows: list[str], header: list[str] = HEADER, encoding: str = "utf-8") -> bytes:
    return "\r\n".join(",".join(row) for row in (header, *rows)).encode(encoding)


def lines(*rows: dict[str, Any]) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def ledger(platform: str = "weibo") -> dict[str, tuple[str, str, str]]:
    """State and reasons by purpose."""
    rows = Coverage.objects.filter(platform=platform, source__isnull=False)
    return {row.purpose: (row.state, row.reason["zh"], row.reason["en"]) for row in rows}


def counted() -> list[int]:
    models = (CrawlRun, Response, Handover, Observation, Sighting, Publication, Event)
    return [model.objects.count() for model in models]


@given(TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT, TEXT)
def test_the_fast_digest_is_the_digest(
    platform: str,
    instance: str,
    uid: str,
    handle: str,
    name: str,
    bio: str,
    avatar: str,
    page: str,
    subject: str,
) -> None:
    face = (uid, handle, name, bio, avatar, page, subject)
    written = canonical_face(platform, instance)(*face)
    assert hashlib.sha256(written.encode()).hexdigest() == Identity(*face).digest(platform, instance)


def test_what_a_file_shows_is_stored_with_its_proof(weibo: Source, take: Take) -> None:
    outcome = take([OWN, FALSE], statement="数据服务商合同 2026-7", exported_at="2026-11-24")
    assert (outcome.counts["observations_added"], outcome.counts["registered_seen"]) == (2, 1)
    handover = Handover.objects.get()
    response = handover.response
    assert captures.read(response.capture_id) == table(OWN, FALSE)
    assert (response.url, response.status, response.headers, response.peer) == ("file:weibo.csv", 0, [], "")
    assert response.robots["verdict"] == "not_asked"
    assert (response.run.state, response.run.worker.split()[0]) == ("ingested", "import")
    assert response.at == handover.exported_at == datetime(2026, 11, 23, 16, 0, tzinfo=UTC)
    assert (handover.statement, handover.rows, handover.refused) == ("数据服务商合同 2026-7", 2, 0)
    assert handover.mapping_version == "weibo v1"
    false = Observation.objects.get(uid="2")
    assert (false.name, false.followers, false.seen_at) == ("郑州发布厅", 12, response.at)
    assert false.opened_at == datetime(2026, 11, 23, 4, 30, tzinfo=UTC)
    assert false.fields["created_at_approx"] is True
    assert set(Sighting.objects.values_list("observation__uid", "rank")) == {("1", 2), ("2", 3)}
    event = Event.objects.get(action="observations.import")
    assert event.subject_id == hashlib.sha256(table(OWN, FALSE)).hexdigest()


def test_the_same_file_twice_changes_nothing_and_says_so(weibo: Source, take: Take) -> None:
    take([OWN, FALSE])
    before = counted()
    outcome = take([OWN, FALSE], now=NOW + timedelta(hours=1))
    assert counted() == before
    assert not outcome.anything
    assert "taken_before" in outcome.notice_kinds


def test_the_same_accounts_in_another_file_are_seen_again(weibo: Source, take: Take) -> None:
    take([OWN, FALSE])
    outcome = take([FALSE])
    assert (outcome.counts["observations_added"], outcome.counts["observations_unchanged"]) == (0, 1)
    assert Observation.objects.get(uid="2").sightings.count() == 2


def test_rows_that_name_nobody_refuse_the_file_with_line_and_mend(
    weibo: Source, take: Take, tmp_path: Path
) -> None:
    nobody, nameless = ["", "", "没有编号", "", "", "", ""], ["5", "", "", "", "", "", ""]
    before = counted()
    with pytest.raises(BadFile) as refused:
        take([OWN, nobody, nameless], reasons=tmp_path / "reasons")
    assert [(fault.kind, fault.place.line) for fault in refused.value.faults] == [
        ("no_id", 3),
        ("no_name", 4),
    ]
    assert "既没有账号编号" in (tmp_path / "reasons.csv").read_text(encoding="utf-8-sig")
    assert counted() == before
    assert not (captures.directory() / hashlib.sha256(table(OWN, nobody, nameless)).hexdigest()).exists()
    outcome = take([OWN, nobody, nameless], skip_bad=True)
    assert (outcome.counts["rows"], outcome.skipped) == (1, 2)
    assert Handover.objects.get().refused == 2


def test_a_dry_run_writes_nothing_and_needs_no_platform_switched_on(zhengzhou: Account, take: Take) -> None:
    before = counted()
    outcome = take([OWN, FALSE, FALSE], dry_run=True)
    assert (outcome.counts["observations_added"], outcome.counts["duplicates"]) == (2, 1)
    assert counted() == before


def test_a_platform_that_is_off_is_refused_with_the_command(zhengzhou: Account, take: Take) -> None:
    with pytest.raises(BadFile) as refused:
        take([OWN])
    assert "zhenwei platforms enable weibo" in refused.value.faults[0].said("en")
    with pytest.raises(BadFile, match="no such platform"):
        take([OWN], platform="nowhere")


@pytest.mark.parametrize(
    ("options", "kind"),
    [
        ({"exported_at": "gestern"}, "exported_at"),
        ({"exported_at": "2026-11-25"}, "exported_at"),
        ({"covers": "999999"}, "covers"),
        ({"covers": "keyword:"}, "covers"),
        ({"mapping": {"昵称": "nick"}}, "mapping"),
    ],
)
def test_what_a_person_says_wrong_is_named(
    weibo: Source, take: Take, options: dict[str, Any], kind: str
) -> None:
    with pytest.raises(BadFile) as refused:
        take([OWN], **options)
    assert refused.value.faults[0].kind == kind


def test_an_import_only_platform_is_asked_nothing(weibo: Source) -> None:
    assert weibo not in sources.askable()
    assert set(weibo.tasks.values_list("stage", "value")) == {("search", "郑州发布"), ("profile", "1")}


def test_without_an_export_nothing_was_looked_at(weibo: Source) -> None:
    assert {purpose: state for purpose, (state, *_) in ledger().items()} == {
        "search": "no_access",
        "self": "no_access",
    }


def test_rows_answer_the_searches_they_name(weibo: Source, take: Take) -> None:
    take([OWN, FALSE])
    state, zh, en = ledger()["search"]
    assert state == "checked"
    assert "据导出文件 weibo.csv" in zh
    assert "from the export weibo.csv" in en
    assert ledger()["self"][0] == "checked"


def test_nothing_said_claims_nothing(weibo: Source, take: Take) -> None:
    outcome = take([[*FALSE[:5], "", ""]])
    assert "no_coverage" in outcome.notice_kinds
    assert ledger()["search"][:2] == ("deferred", "1项查询中0项有应答；1项等待平台导出文件")


@pytest.mark.parametrize("covers", ["all", "ALL", "410100", "410100，410200", "keyword:郑州发布,开封发布"])
def test_what_a_person_says_was_searched_counts_on_their_word(weibo: Source, take: Take, covers: str) -> None:
    registered("toutiao", "9", "开封发布", "", "410200")
    take([[*FALSE[:5], "", ""]], covers=covers)
    reasons = dict(Task.objects.filter(stage="search").values_list("value", "state"))
    assert reasons["郑州发布"] == "ok"
    assert reasons["开封发布"] == ("" if covers == "410100" else "ok")
    looked = Coverage.objects.get(purpose="search", account__name="郑州发布", source=weibo)
    assert looked.state == "checked"
    assert "据system:import所称（weibo.csv）" in looked.reason["zh"]
    assert "as said by system:import (weibo.csv)" in looked.reason["en"]


def test_a_search_that_found_nothing_is_an_answer_if_somebody_says_so(weibo: Source, take: Take) -> None:
    with pytest.raises(BadFile):
        take([])
    assert take([], covers="all").counts["questions_as_said"] == 1
    assert Response.objects.get().state == "empty"


def test_an_answer_grows_old_and_the_next_export_is_awaited(weibo: Source, take: Take) -> None:
    take([OWN, FALSE])
    coverage.refresh(NOW + timedelta(days=7))
    assert ledger()["search"][0] == "checked"
    coverage.refresh(NOW + timedelta(days=7, seconds=1))
    state, zh, en = ledger()["search"]
    assert state == "deferred"
    assert "自2026-12-01起等待平台导出文件" in zh
    assert "awaiting an export since 2026-12-01" in en
    assert Coverage.objects.get(purpose="search").last_checked_at == NOW


def test_an_older_export_takes_no_younger_answer_back(weibo: Source, take: Take) -> None:
    take([OWN])
    take([OWN, FALSE], exported_at="2026-11-01")
    assert Task.objects.get(stage="search").looked_at == NOW


def test_a_row_with_a_registered_handle_alone_is_that_account(weibo: Source, take: Take) -> None:
    take([["", "ZZFB", *OWN[2:]]])
    assert Observation.objects.get().uid == "1"
    assert Task.objects.get(stage="profile").state == "ok"


def test_the_last_publication_of_a_registered_account_is_kept_if_it_is_exact(
    weibo: Source, take: Take
) -> None:
    take([[*OWN[:6], "5分钟前"], FALSE])
    assert not Publication.objects.exists()
    take([OWN, FALSE])
    assert Publication.objects.get().at == datetime(2026, 11, 20, 2, 0, tzinfo=UTC)


def test_a_column_that_a_person_names_is_used_and_remembered(weibo: Source, take: Take) -> None:
    data = table(["7", "郑州发布吧"], header=["主播编码", "昵称"])
    take(data, mapping={"主播编码": "id"})
    assert Observation.objects.get().uid == "7"
    assert Handover.objects.get().mapping_version.startswith("weibo v1+")


def test_an_export_of_a_crawled_platform_answers_nothing_the_crawl_asks(
    zhengzhou: Account, take: Take
) -> None:
    source = Source.objects.create(
        platform="mastodon", base_url="https://a.example", enabled=True, daily_budget=1
    )
    frontier.refresh(source, NOW)
    outcome = take(table(["1", "郑州发布"], header=["id", "name"]), platform="mastodon", covers="all")
    assert "questions_answered" not in outcome.counts
    assert not Task.objects.exclude(state="").exists()
    assert Observation.objects.get().platform == "mastodon"


def workbook(path: Path, *rows: list[str]) -> bytes:
    title = ["微博检索导出", *[""] * (len(HEADER) - 1)]
    write_xlsx(path, {"微博": (title, [HEADER, *rows])})
    return path.read_bytes()


def test_a_counterfeit_in_a_workbook_becomes_a_suspect_with_its_proof(
    weibo: Source, take: Take, tmp_path: Path
) -> None:
    take(workbook(tmp_path / "book", OWN, FALSE), name="微博 导出.xlsx")
    assert detect(NOW).new == 1
    suspect = Suspect.objects.get()
    assert suspect.observation.name == "郑州发布厅"
    assert suspect.observation.response.handover.file_name == "微博 导出.xlsx"
    assert suspect.observation.response.url == "file:%E5%BE%AE%E5%8D%9A%20%E5%AF%BC%E5%87%BA.xlsx"
    assert suspect.observation.sightings.get().rank == 4


def test_a_counterfeit_in_a_gb18030_file_of_douyin_becomes_a_suspect(db: None, take: Take) -> None:
    registered("douyin", "2000000001", "羊城发布", "yangchengfabu")
    sources.enable(specs.load("douyin"), "", "", 0, None, NOW)
    data = (specs.SHIPPED / "douyin" / "fixtures" / "export.gb18030.csv").read_bytes()
    outcome = take(data, name="抖音.csv", platform="douyin")
    assert (outcome.encoding, outcome.counts["rows"]) == ("GB18030", 3)
    detect(NOW)
    assert [suspect.observation.handle for suspect in Suspect.objects.all()] == ["yangchengfabu0"]


@pytest.mark.parametrize("name", ["a.jsonl", "a.jsonl.gz", "a.json"])
def test_json_comes_in_as_lines_packed_or_as_a_document(weibo: Source, take: Take, name: str) -> None:
    row = {"id": 2, "screen_name": "郑州发布厅", "followers_count": "1.2万", "性别": ["x"]}
    data = json.dumps([row]).encode() if name == "a.json" else lines(row)
    take(gzip.compress(data) if name.endswith("gz") else data, name=name)
    seen = Observation.objects.get()
    assert (seen.uid, seen.followers, seen.fields["other"]) == ("2", 12_000, {"性别": ["x"]})


def test_many_rows_come_in_by_batches_and_the_room_is_given_back(
    weibo: Source, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observations.stage.BATCH", 7)
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA cache_size").fetchone()
        take(lines(*({"id": n % 40, "screen_name": f"账号{n}"} for n in range(100))), name="a.jsonl")
        assert cursor.execute("PRAGMA cache_size").fetchone() == before
    assert Observation.objects.count() == Sighting.objects.count() == 100
    # Who appears twice in a file was last seen as its later line shows it.
    for uid in ("3", "39"):
        faces = Sighting.objects.filter(observation__uid=uid).order_by("pk")
        assert [face.rank for face in faces] == sorted(face.rank for face in faces)


def test_looks_partly_known_are_each_noted_as_seen(
    weibo: Source, take: Take, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("observations.handed.CHUNK", 3)
    rows = [[str(n), "", f"账号{n}", "", "", "", ""] for n in range(10)]
    take(rows[3:5])
    take(rows)
    lines = dict(Sighting.objects.filter(response__handover__rows=10).values_list("observation__uid", "rank"))
    assert lines == {str(n): n + 2 for n in range(10)}


def test_the_bytes_of_a_file_are_kept_whole(tmp_path: Path, db: None) -> None:
    data = bytes(range(256)) * 9000
    (tmp_path / "export").write_bytes(data)
    assert captures.keep_file(tmp_path / "export") == (hashlib.sha256(data).hexdigest(), len(data))
    assert captures.read(hashlib.sha256(data).hexdigest()) == data
    assert not list(captures.directory().glob(".file.*"))
