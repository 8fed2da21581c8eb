"""The case sheet: what an office needs that takes the case on, in Chinese, and nothing of how rules weigh."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from audit_logs.models import Checkpoint, Entry, Event
from common import clock
from console.clauses import clause
from console.words import KINDS
from review.models import Case
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn
from tests.console.views.test_suspect import handed_in


@pytest.fixture
def reviewer(everybody: Cast, signed_in: SignedIn) -> Client:
    """Li's browser, in English: the sheet is in Chinese all the same."""
    return signed_in(everybody.reviewer)


def paper(browser: Client, case: Case) -> str:
    """The words of the sheet of `case`."""
    answer = browser.get(reverse("sheet", args=[case.pk]))
    assert answer.status_code == 200
    sheet = answer.content.decode().partition("<article")[2].partition("</article>")[0]
    return re.sub(r"\s+", " ", re.sub("<[^>]+>", " ", sheet.partition(">")[2]))


def test_both_sides_times_people_and_proof_are_on_it(
    place: Province, everybody: Cast, reviewer: Client
) -> None:
    case = people.case(place.zhengzhou_account, "reported", severity="S1")
    text = paper(reviewer, case)
    capture = case.suspect.observation.response
    for said in [
        case.number,
        "S1 特急",
        "郑州市人民政府办公厅（郑州市 410100）",
        "1001",
        "9001",
        "発 U+767A",
        "https://social.example/@zhengzhou0",
        "「郑州発布」形近。",
        "仿冒 （已生效）：仿冒名称",
        "研判人 李静",
        "复核人 钱",
        capture.capture_id,
        capture.url,
        "2026-11-24 08:30:00（北京时间）",
        "第（五）项",
        "系指引，非条文原文",
        "线索材料",
        "（盖章）",
    ]:
        assert said in text, said
    assert not re.search("not given|genuine|counterfeit|score", text)


def test_no_weight_of_the_rules_leaves_the_house(place: Province, everybody: Cast, reviewer: Client) -> None:
    text = paper(reviewer, people.case(place.zhengzhou_account, "confirmed"))
    for weight in ("0.90", "0.60", "0.6 ", "names-1"):
        assert weight not in text


def test_a_case_nobody_has_judged_says_so(place: Province, everybody: Cast, reviewer: Client) -> None:
    text = paper(reviewer, people.case(place.zhengzhou_account))
    assert "本案尚未研判" in text
    assert "结论 尚未研判" in text


def test_each_act_carries_its_number_in_the_log_once_it_has_one(
    place: Province, everybody: Cast, reviewer: Client
) -> None:
    case = people.case(place.zhengzhou_account, "confirmed")
    assert re.search(r"尚未编号 [\d: -]+ 研判 user:\d+", paper(reviewer, case))
    judged = Event.objects.get(action="case.judge")
    Entry.objects.create(index=41, event=judged, leaf=b"", leaf_hash=b"")
    text = paper(reviewer, case)
    assert re.search(r"41 [\d: -]+ 研判 user:\d+", text)
    assert "检查点" not in text
    for size in (41, 42):
        Checkpoint.objects.create(
            size=size, root=bytes([size] * 32), peaks=b"", note=b"", signed_at=clock.now()
        )
    assert f"规模 42，根 {'2a' * 32}" in paper(reviewer, case)


def test_that_somebody_looked_is_in_the_log_and_not_on_the_sheet(
    place: Province, everybody: Cast, reviewer: Client
) -> None:
    case = people.case(place.zhengzhou_account)
    reviewer.get(reverse("case", args=[case.pk]))
    assert "case.view" not in paper(reviewer, case)
    assert len(re.findall(r"user:\d+", paper(reviewer, case))) == 0


def test_opening_it_is_on_record(place: Province, everybody: Cast, reviewer: Client) -> None:
    case = people.case(place.zhengzhou_account)
    paper(reviewer, case)
    event = Event.objects.get(action="case.sheet")
    assert (event.subject_id, event.details) == (str(case.pk), {"version": case.version})


def test_publicity_gets_the_summary_and_no_sheet(
    place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account, "confirmed")
    assert signed_in(everybody.publicity).get(reverse("sheet", args=[case.pk])).status_code == 403


def test_every_kind_points_to_a_provision() -> None:
    assert {clause(kind).item for kind in KINDS} == {"第（一）项", "第（四）项", "第（五）项"}
    assert clause("homophone").item == "第（五）项"
    assert clause("scope_changed").item == "第（四）项"
    assert clause("brand_new_kind").item == "第（一）项"


def test_what_was_seen_in_a_file_is_said_to_be_from_a_file(
    place: Province, everybody: Cast, reviewer: Client
) -> None:
    case = people.case(place.zhengzhou_account, "reported", severity="S1")
    handed_in(case.suspect)
    text = paper(reviewer, case)
    assert "见于导出文件「 十一月导出.csv 」第 17 行" in text
    assert "系统未向平台提出查询" in text
    assert "data vendor, contract 7" in text
    assert "据交件人所称" in text
    assert "HTTP" not in text
