"""What a message says, to whom, and what it never says."""

import email
import json
import re
from dataclasses import replace
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alerting import wording
from alerting.events import webhook
from alerting.grounds import FIRST, OF_LINE, Reason
from alerting.mail import mail
from alerting.messages import Capture, Content, Letter, Missed, Profile, Undelivered, quoted, visible
from registry.contacts import LINES
from tests.alerting.world import NOON

KINDS = tuple(wording.HEADLINES)
DIGEST = "5f" * 32
CONTENT = Content(
    kind="confirmed",
    line="sponsor",
    severity="S2",
    case="ZW-2026-000042",
    official=Profile("郑州发布", "zhengzhou_fabu", "微博", uid="1001"),
    unit="郑州市人民政府办公厅",
    division="郑州市",
    imitator=Profile(
        "郑洲发布", "zhengzhou_fabu1", "微博", "某某传媒", "https://weibo.example/u/9001", "9001", 4321
    ),
    reasons=(Reason("homophone", "以「洲」冒充同音的「州」。", "“洲” stands for “州”."),),
    detected_at=NOON - timedelta(hours=1),
    at=NOON,
    answer_by=NOON + timedelta(hours=2),
    judge_by=NOON + timedelta(hours=3),
    report_by=NOON + timedelta(hours=23),
    crime_signs=True,
    capture=Capture(DIGEST, NOON - timedelta(hours=1)),
    duty_phones=("0371-0000-1234",),
)
LETTER = Letter(
    "0a" * 20,
    "王强",
    (OF_LINE["sponsor"], FIRST),
    address="wang@zz.example",
    link="https://zhenwei.example/acknowledge/1.abc.def/",
    sender="甄伪 <alerts@zhenwei.example>",
    host="zhenwei.example",
)


def read(raw: bytes) -> EmailMessage:
    message = email.message_from_bytes(raw, policy=default)
    assert isinstance(message, EmailMessage)
    return message


def text(content: Content = CONTENT, letter: Letter = LETTER) -> str:
    return str(read(mail(content, letter)).get_content()).replace("\r\n", "\n")


def event(content: Content = CONTENT, letter: Letter = LETTER) -> Any:
    return json.loads(webhook(content, letter, "https://zhenwei.example"))


def test_the_subject_says_how_urgent_what_whose_and_until_when() -> None:
    subject = read(mail(CONTENT, LETTER))["Subject"]
    assert subject == "【甄伪·严重】已确认：有账号仿冒「郑州发布」，请于11-24 14:00前确认（ZW-2026-000042）"


def test_the_head_of_a_mail_is_what_servers_and_receivers_need() -> None:
    head = read(mail(CONTENT, LETTER))
    assert head["From"] == "甄伪 <alerts@zhenwei.example>"
    assert head["To"] == "王强 <wang@zz.example>"
    assert head["Message-ID"] == f"<{LETTER.id}@zhenwei.example>"
    assert head["Auto-Submitted"] == "auto-generated"
    assert head["Importance"] == "high"
    assert head["Date"] == "Tue, 24 Nov 2026 12:00:00 +0800"
    assert "Importance" not in read(mail(replace(CONTENT, severity="S3"), LETTER))


def test_a_mail_is_ascii_in_lines_that_smtp_takes() -> None:
    raw = mail(CONTENT, LETTER)
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998


def test_the_same_message_is_the_same_bytes() -> None:
    assert mail(CONTENT, LETTER) == mail(CONTENT, LETTER)
    assert event() == event()


def test_the_text_is_chinese_first_then_english() -> None:
    lines = text().splitlines()
    assert lines[0] == "【严重 S2】已确认：有账号仿冒「郑州发布」"
    assert lines.index("-" * 76) > len(lines) / 2
    assert "[serious S2] confirmed: an account imitates “郑州发布”" in lines


def test_it_says_what_is_asked_until_when_why_and_whom_to_call() -> None:
    body = text()
    assert "请在 11月24日（周二）14:00 之前确认收悉" in body
    assert wording.ASKED["confirmed", "sponsor"].zh in body
    assert FIRST.zh in body
    assert "值班电话：0371-0000-1234" in body
    assert text().splitlines().count(f"   {LETTER.link}") == 1
    assert text().splitlines().count(LETTER.link) == 1


def test_without_a_public_address_it_says_how_to_acknowledge_otherwise() -> None:
    body = text(letter=replace(LETTER, link=""))
    assert "acknowledge/" not in body
    assert wording.BY_PHONE_OR_CONSOLE.zh in body


def test_a_preliminary_warning_says_that_nobody_has_judged_it_and_names_no_superior() -> None:
    body = text(replace(CONTENT, kind="preliminary", severity="S1"))
    assert body.startswith("【特急 S1】待研判")
    assert "疑似账号" in body
    assert "上级" not in body


def test_a_night_decision_says_that_it_is_to_be_countersigned() -> None:
    assert wording.PROVISIONAL.zh in text(replace(CONTENT, provisional=True))
    assert wording.PROVISIONAL.zh not in text()


# What each line is shown (domain handbook 5.6).
@pytest.mark.parametrize(
    ("line", "shown", "hidden"),
    [
        ("sponsor", ["9001", "以「洲」冒充"], [DIGEST, "犯罪", "上报：", "4321"]),
        ("supervision", ["9001", "以「洲」冒充", "上报："], [DIGEST, "犯罪", "4321"]),
        ("cac", ["9001", "以「洲」冒充", "上报：", DIGEST], ["犯罪", "4321"]),
        ("police", ["9001", "以「洲」冒充", DIGEST, "犯罪"], ["上报：", "4321"]),
        (
            "publicity",
            ["郑洲发布", "4321"],
            ["9001", "weibo.example", DIGEST, "犯罪", "以「洲」冒充", "上报："],
        ),
        ("duty", ["9001", "以「洲」冒充", "上报：", DIGEST, "犯罪", "4321"], []),
    ],
)
def test_each_line_is_shown_what_it_needs(line: str, shown: list[str], hidden: list[str]) -> None:
    body = text(replace(CONTENT, line=line))
    assert [word for word in shown if word not in body] == []
    assert [word for word in hidden if word in body] == []


@pytest.mark.parametrize("line", LINES)
def test_a_system_is_told_no_more_than_the_people_of_its_line(line: str) -> None:
    content = replace(CONTENT, line=line)
    body, data = text(content), event(content)["data"]
    assert ("capture" in data) == (DIGEST in body)
    assert ("uid" in data["imitator"]) == ("9001" in body)
    assert ("followers" in data["imitator"]) == ("4321" in body)
    assert ("crime_signs" in data) == ("犯罪" in body)
    assert ("likeness" in data) == ("以「洲」冒充" in body)


def test_a_webhook_body_is_a_cloud_event_that_standard_webhooks_takes() -> None:
    told = event()
    assert {
        "specversion",
        "id",
        "source",
        "type",
        "subject",
        "time",
        "datacontenttype",
        "data",
    } <= told.keys()
    assert (told["specversion"], told["id"], told["type"]) == ("1.0", LETTER.id, "zhenwei.alert.confirmed")
    assert told["timestamp"] == told["time"] == "2026-11-24T04:00:00.000000Z"
    assert told["data"]["acknowledge"] == LETTER.link


def test_missing_contacts_are_named() -> None:
    gaps = tuple(Missed("cac", f"郑州市金水区{number}", ("0371-1",) * (number == 1)) for number in range(14))
    body = text(replace(CONTENT, kind="contact_missing", line="duty", gaps=gaps))
    assert "· 郑州市金水区0（网信）" in body
    assert "· 郑州市金水区1（网信），仅有电话：0371-1" in body
    assert "· 另有 2 处" in body


def test_an_undelivered_message_names_whom_to_call() -> None:
    lost = Undelivered("ff" * 20, "郑州市网信办 李雷", "mail", "550 no such user", "0371-1")
    body = text(replace(CONTENT, kind="delivery_parked", line="duty", undelivered=lost))
    assert "收件人：郑州市网信办 李雷\n渠道：mail\n电话：0371-1\n原因：550 no such user" in body


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("line", LINES)
def test_every_kind_can_be_told_on_every_line(kind: str, line: str) -> None:
    content = replace(CONTENT, kind=kind, line=line, answer_by=None)
    assert "{" not in text(content).replace(LETTER.link, "")
    assert "前确认" not in read(mail(content, LETTER))["Subject"]
    assert event(content)["data"]["answer_by"] is None


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("a\r\nBcc: x@y.example", "a[U+000D][U+000A]Bcc: x@y.example"),
        ("郑州\u202e布发", "郑州[U+202E]布发"),
        ("郑\u200b州", "郑[U+200B]州"),
        ("\u2028", "[U+2028]"),
        ("a\ufe0f\u3164", "a[U+FE0F][U+3164]"),
        ("郑\ufe01州\U000e0101", "郑[U+FE01]州[U+E0101]"),
        ("\ud800", "[U+D800]"),
        ("郑州发布 1", "郑州发布 1"),
        ("长" * 65, "长" * 63 + "…"),
        ("长" * 64, "长" * 64),
    ],
)
def test_a_hostile_name_is_shown_as_it_is_made(name: str, shown: str) -> None:
    assert visible(name) == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("点此确认 https://zw.example.evil.cn/a", "点此确认 https[://]zw[.]example[.]evil[.]cn/a"),
        ("WWW.evil.cn", "WWW[.]evil[.]cn"),
        ("www.1", "www[.]1"),
        ("政府.中国", "政府[.]中国"),
        ("x@evil.cn", "x@evil[.]cn"),
        ("郑州发布 2.0", "郑州发布 2.0"),
        ("U.S. 使馆", "U.S. 使馆"),
        ("郑州发布…", "郑州发布…"),
    ],
)
def test_what_an_imitator_wrote_leads_nowhere(written: str, shown: str) -> None:
    assert quoted(written) == shown


def test_the_only_address_in_a_mail_is_ours() -> None:
    evil = "确认 https://a.evil.example/ www.evil.example evil.example"
    url = "https://evil.example/u/9001"
    there = Profile(evil, evil, "微博", evil, url, evil)
    reason = Reason("x", f"「{evil}」", f"“{evil}”")
    for line in LINES:
        body = text(replace(CONTENT, line=line, imitator=there, reasons=(reason,)))
        linked = re.findall(r"\S*(?:://|www\.|\w\.[a-z]{2})\S*", body.replace("[://]", "").replace("[.]", ""))
        assert set(linked) == {LETTER.link}
        assert ("主页：https[://]evil[.]example/u/9001" in body) == (line != "publicity")


def test_the_numbers_stand_on_lines_of_their_own() -> None:
    assert f"案件编号：{CONTENT.case}\n通知编号：{LETTER.id[:12]}\n" in text()


hostile = st.text(st.characters(), max_size=600) | st.sampled_from(
    ["\r\nBcc: a@b.example\r\n\r\n", "{name}", "\u202e" * 500, "\ud800" * 600, "=?utf-8?q?x?=", "“" * 600]
)


@settings(max_examples=60, deadline=None)
@given(hostile, hostile, hostile, st.sampled_from(KINDS), st.sampled_from(list(LINES)))
def test_no_name_breaks_a_message(name: str, handle: str, url: str, kind: str, line: str) -> None:
    """Head intact, body small, whatever an imitator calls itself."""
    there = replace(CONTENT.imitator, name=name, handle=handle, url=url, subject=name)
    sentence = Reason("x", f"「{name}」" * 3, name)
    content = replace(
        CONTENT, kind=kind, line=line, imitator=there, official=replace(CONTENT.official, name=name),
        reasons=(sentence,) * 30, unit=name, division=handle,
    )  # fmt: skip
    plain = read(mail(replace(CONTENT, kind=kind, line=line), LETTER))
    told = read(mail(content, LETTER))
    assert told.keys() == plain.keys()
    assert not told.defects
    assert "\u202e" not in told.get_content()
    raw = webhook(content, LETTER, "https://zhenwei.example")
    assert len(raw) < 20_000
    assert json.loads(raw)["data"]["imitator"]["name"] == visible(name)


@pytest.mark.parametrize(
    "address",
    ["", "nobody", "a b@c.example", "a@b.example\r\nBcc: c@d.example", "名@例.example", "<x@y.example>"],
)
def test_an_address_no_header_holds_is_left_to_the_transport(address: str) -> None:
    head = read(mail(CONTENT, replace(LETTER, address=address)))
    assert "Bcc" not in head
    assert head["To"] == "undisclosed-recipients:;"
