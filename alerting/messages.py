"""What a message says: mail for people, JSON for systems. Pure: `Content` and `Letter` in, bytes out.

- Chinese first, then short English. The subject alone must do for somebody woken at night: how urgent, whose
  account, what, until when.
- Each line gets the least it needs (`SHOWN`, domain handbook 5.6): no rule internals for the sponsor, no
  addresses or captures of the imitator for publicity.
- Every name an imitator chose is hostile: cut at 64 characters; what breaks lines, turns the reading
  direction or does not show is written as its code point.
- The bytes are made once and stored; Message-ID and the webhook's id are the delivery's.
"""

import json
import textwrap
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from alerting import wording
from alerting.grounds import Reason
from alerting.routing import URGENT
from alerting.wording import Both
from common.clock import BEIJING, isoformat
from names.fold import is_invisible
from registry.contacts import LINES

NAME_LENGTH, SENTENCE_LENGTH, ADDRESS_LENGTH = 64, 160, 300
SUBJECT_NAME_LENGTH = 24
# Together they keep a body below 20 kB (Standard Webhooks 1.0.0).
MOST_GAPS, MOST_REASONS = 12, 6
# Where mail comes from while nobody has said; a name that is never anybody's (RFC 2606).
NO_HOST = "zhenwei.invalid"
WEEKDAYS = "一二三四五六日"
ENGLISH_WIDTH = 76


@dataclass(frozen=True, slots=True)
class Profile:
    """An account as a message shows it; `platform` in words people know."""

    name: str
    handle: str
    platform: str
    subject: str = ""
    url: str = ""
    uid: str = ""
    followers: int | None = None


@dataclass(frozen=True, slots=True)
class Capture:
    """The stored answer that shows the imitator."""

    sha256: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not get there, for `delivery_parked`."""

    id: str
    to: str
    channel: str
    reason: str
    phone: str = ""


@dataclass(frozen=True, slots=True)
class Missed:
    """An office no message can be sent to, for `contact_missing`; `phones` if it can be called."""

    line: str
    title: str
    phones: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Content:
    """Everything a message may draw on; what a line is shown of it is decided here, not by the caller."""

    kind: str
    line: str
    severity: str
    case: str
    official: Profile
    unit: str
    division: str
    imitator: Profile
    reasons: tuple[Reason, ...]
    detected_at: datetime
    at: datetime
    answer_by: datetime | None = None
    judge_by: datetime | None = None
    report_by: datetime | None = None
    crime_signs: bool = False
    provisional: bool = False
    capture: Capture | None = None
    duty_phones: tuple[str, ...] = ()
    gaps: tuple[Missed, ...] = ()
    undelivered: Undelivered | None = None


@dataclass(frozen=True, slots=True)
class Letter:
    """One copy: its delivery's id, to whom, why, and where they acknowledge (no `link`: console or phone)."""

    id: str
    to: str
    office: str
    reasons: tuple[Reason, ...]
    address: str = ""
    link: str = ""
    sender: str = f"zhenwei@{NO_HOST}"
    host: str = NO_HOST


# What a line is shown besides whose account is imitated and what is asked.
SHOWN: Mapping[str, frozenset[str]] = {
    "sponsor": frozenset({"address", "likeness"}),
    "supervision": frozenset({"address", "likeness", "clock"}),
    "cac": frozenset({"address", "likeness", "clock", "capture"}),
    "police": frozenset({"address", "likeness", "capture", "crime"}),
    "publicity": frozenset({"spread"}),
    "duty": frozenset({"address", "likeness", "clock", "capture", "crime", "spread"}),
}


def mail(content: Content, letter: Letter) -> bytes:
    """The message as SMTP sends it: CRLF, ASCII headers, text/plain in UTF-8."""
    message = EmailMessage(policy=SMTP)
    message["Subject"] = _subject(content)
    message["From"] = letter.sender
    message["To"] = _to(letter)
    message["Date"] = format_datetime(content.at.astimezone(BEIJING))
    message["Message-ID"] = f"<{letter.id}@{letter.host}>"
    message["Auto-Submitted"] = "auto-generated"
    if content.severity in URGENT:
        message["Importance"] = "high"
    message["X-Zhenwei-Case"] = content.case
    message["X-Zhenwei-Severity"] = content.severity
    message.set_content("\n".join(_lines(content, letter)) + "\n", cte="base64")
    return message.as_bytes()


def webhook(content: Content, letter: Letter, source: str) -> bytes:
    """A CloudEvents 1.0 object with the members of Standard Webhooks (`type`, `timestamp`, `data`)."""
    moment = isoformat(content.at)
    event = {
        "specversion": "1.0",
        "id": letter.id,
        "source": source,
        "type": f"zhenwei.alert.{content.kind}",
        "subject": content.case,
        "time": moment,
        "timestamp": moment,
        "datacontenttype": "application/json",
        "data": _data(content, letter),
    }
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode()


def visible(text: str, length: int = NAME_LENGTH) -> str:
    """`text` cut to `length` characters, on one line, with what does not show written as its code point."""
    cut = text if len(text) <= length else text[: length - 1] + "…"
    return "".join(f"[U+{ord(c):04X}]" if _is_hidden(c) else c for c in cut)


def beijing(moment: datetime) -> str:
    """As 11月24日（周二）09:00, in Beijing."""
    local = moment.astimezone(BEIJING)
    return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def _sentence(text: str) -> str:
    """A sentence, bounded also where it quotes a name made of nothing but hidden characters."""
    return visible(text, SENTENCE_LENGTH)[:SENTENCE_LENGTH]


def _address(url: str) -> str:
    return visible(url, ADDRESS_LENGTH)[:ADDRESS_LENGTH]


def _is_hidden(character: str) -> bool:
    selector = 0xFE00 <= ord(character) <= 0xFE0F or 0xE0100 <= ord(character) <= 0xE01EF
    return selector or is_invisible(character) or unicodedata.category(character) in ("Zl", "Zp")


def _subject(content: Content) -> str:
    urgency = wording.SEVERITIES[content.severity].zh
    headline = _headline(content, SUBJECT_NAME_LENGTH).zh
    until = f"，请于{content.answer_by.astimezone(BEIJING):%m-%d %H:%M}前确认" if content.answer_by else ""
    return f"【甄伪·{urgency}】{headline}{until}（{content.case}）"


def _headline(content: Content, length: int = NAME_LENGTH) -> Both:
    return _about(wording.HEADLINES[content.kind], content, length)


def _about(sentence: Both, content: Content, length: int = NAME_LENGTH) -> Both:
    name = visible(content.official.name, length)
    return Both(sentence.zh.replace("{name}", name), sentence.en.replace("{name}", name))


def _to(letter: Letter) -> str | Address:
    """The recipient; an address no header can hold is left to the transport to refuse."""
    try:
        letter.address.encode("ascii")
        return Address(visible(letter.to), addr_spec=letter.address)
    except (MessageError, ValueError, IndexError):
        return "undisclosed-recipients:;"


def _lines(content: Content, letter: Letter) -> Iterator[str]:
    """The whole text: head, what is asked, the facts of the line, why it came, English."""
    urgency = wording.SEVERITIES[content.severity]
    yield f"【{urgency.zh} {content.severity}】{_headline(content).zh}"
    yield ""
    yield _about(wording.SUMMARIES[content.kind], content).zh
    if content.provisional:
        yield wording.PROVISIONAL.zh
    yield from _block("请您办理", _asks(content, letter))
    for title, lines in _facts(content):
        yield from _block(title, lines)
    yield from _block("为什么通知您", [f"· {reason.zh}" for reason in letter.reasons])
    yield ""
    if content.duty_phones:
        yield f"值班电话：{'、'.join(visible(phone) for phone in content.duty_phones)}"
    yield f"案件编号：{content.case}　通知编号：{letter.id[:12]}"
    yield wording.AUTOMATIC.zh
    yield from _english(content, letter)


def _block(title: str, lines: list[str]) -> Iterator[str]:
    if lines:
        yield from ("", f"▌{title}", *lines)


def _asks(content: Content, letter: Letter) -> list[str]:
    until = f"在 {beijing(content.answer_by)} 之前" if content.answer_by else ""
    lines = [f"1. 请{until}确认收悉。"]
    lines += [f"   {letter.link}", f"   {wording.NOT_BY_OPENING.zh}"] if letter.link else []
    lines += [] if letter.link else [f"   {wording.BY_PHONE_OR_CONSOLE.zh}"]
    lines += [f"2. {wording.asked(content.kind, content.line).zh}"]
    return [*lines, f"   {wording.if_silent(content.kind).zh}"] if content.answer_by else lines


def _facts(content: Content) -> Iterator[tuple[str, list[str]]]:
    """The blocks this line is shown."""
    shown = SHOWN[content.line]
    if content.gaps:
        yield "没有联系人的单位", _gap_lines(content)
    if content.undelivered:
        yield "未送达的通知", _undelivered_lines(content.undelivered)
    yield "被仿冒账号", [*_official_lines(content)]
    yield "仿冒账号" if content.kind != "preliminary" else "疑似账号", [*_imitator_lines(content, shown)]
    if "likeness" in shown:
        yield "相似之处", [f"· {_sentence(r.zh)}" for r in content.reasons[:MOST_REASONS]]
    if "clock" in shown:
        yield "办理时限", [*_clock_lines(content)]


def _official_lines(content: Content) -> Iterator[str]:
    official = content.official
    yield f"名称：{visible(official.name)}"
    yield f"用户名：@{visible(official.handle)}（{visible(official.platform)}）"
    yield f"主办单位：{visible(content.unit)}（{visible(content.division)}）"


def _imitator_lines(content: Content, shown: frozenset[str]) -> Iterator[str]:
    imitator = content.imitator
    yield f"名称：{visible(imitator.name)}"
    yield f"用户名：@{visible(imitator.handle)}（{visible(imitator.platform)}）"
    if imitator.subject:
        yield f"认证主体：{visible(imitator.subject)}"
    if "address" in shown:
        yield f"平台编号：{visible(imitator.uid)}"
        if imitator.url:
            yield f"主页：{_address(imitator.url)}"
    if "spread" in shown and imitator.followers is not None:
        yield f"粉丝数：{imitator.followers}"
    yield f"发现时间：{beijing(content.detected_at)}（北京时间）"
    if "crime" in shown and content.crime_signs:
        yield wording.CRIME_SIGNS.zh
    if "capture" in shown and content.capture:
        yield f"取证时间：{beijing(content.capture.at)}"
        yield f"截取文件 SHA-256：{content.capture.sha256}"


def _clock_lines(content: Content) -> Iterator[str]:
    if content.judge_by and content.kind == "preliminary":
        yield f"研判：{beijing(content.judge_by)} 之前"
    if content.report_by and content.kind in ("preliminary", "confirmed"):
        yield f"上报：{beijing(content.report_by)} 之前"


def _gap_lines(content: Content) -> list[str]:
    lines = [_gap_line(gap) for gap in content.gaps[:MOST_GAPS]]
    more = len(content.gaps) - len(lines)
    return [*lines, f"· 另有 {more} 处"] if more > 0 else lines


def _gap_line(gap: Missed) -> str:
    phones = f"，仅有电话：{'、'.join(map(visible, gap.phones))}" if gap.phones else ""
    return f"· {visible(gap.title)}（{LINES[gap.line].zh}）{phones}"


def _undelivered_lines(undelivered: Undelivered) -> list[str]:
    lines = [f"收件人：{visible(undelivered.to)}", f"渠道：{undelivered.channel}"]
    lines += [f"电话：{visible(undelivered.phone)}"] if undelivered.phone else []
    return [
        *lines,
        f"原因：{_sentence(undelivered.reason)}",
        f"通知编号：{undelivered.id[:12]}",
    ]


def _english(content: Content, letter: Letter) -> Iterator[str]:
    urgency = wording.SEVERITIES[content.severity].en
    until = f" by {_minute(content.answer_by)} Beijing time" if content.answer_by else ""
    how = wording.NOT_BY_OPENING if letter.link else wording.BY_PHONE_OR_CONSOLE
    sentences = [
        _about(wording.SUMMARIES[content.kind], content).en,
        *([wording.PROVISIONAL.en] if content.provisional else []),
        f"Imitator: {visible(content.imitator.name)} @{visible(content.imitator.handle)}",
        f"1. Acknowledge{until}. {how.en}",
        letter.link,
        f"2. {wording.asked(content.kind, content.line).en}",
        f"Why you: {' '.join(reason.en for reason in letter.reasons)}",
    ]
    yield from ("", "-" * ENGLISH_WIDTH, f"[{urgency} {content.severity}] {_headline(content).en}", "")
    for sentence in filter(None, sentences):
        # A link stays in one piece, or mail programs open half of it.
        yield from textwrap.wrap(sentence, ENGLISH_WIDTH, break_long_words=False, break_on_hyphens=False)


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"


def _data(content: Content, letter: Letter) -> dict[str, object]:
    shown = SHOWN[content.line]
    asked = wording.asked(content.kind, content.line)
    data: dict[str, object] = {
        "kind": content.kind,
        "line": content.line,
        "severity": content.severity,
        "case": content.case,
        "headline": _headline(content)._asdict(),
        "asked": asked._asdict(),
        "answer_by": isoformat(content.answer_by) if content.answer_by else None,
        "acknowledge": letter.link or None,
        "why": [_reason(reason) for reason in letter.reasons[:MOST_REASONS]],
        "unit": visible(content.unit),
        "division": visible(content.division),
        "official": _account(content.official, frozenset({"address"})),
        "imitator": _account(content.imitator, shown),
        "detected_at": isoformat(content.detected_at),
        "provisional": content.provisional,
        "duty_phones": [visible(phone) for phone in content.duty_phones[:MOST_REASONS]],
    }
    return data | _data_by_line(content, shown)


def _data_by_line(content: Content, shown: frozenset[str]) -> dict[str, object]:
    data: dict[str, object] = {}
    if "likeness" in shown:
        data["likeness"] = [_reason(reason) for reason in content.reasons[:MOST_REASONS]]
    if "clock" in shown:
        data["report_by"] = isoformat(content.report_by) if content.report_by else None
    if "crime" in shown:
        data["crime_signs"] = content.crime_signs
    if "capture" in shown and content.capture:
        data["capture"] = {"sha256": content.capture.sha256, "at": isoformat(content.capture.at)}
    if content.gaps:
        data["gaps"] = [{"line": gap.line, "office": visible(gap.title)} for gap in content.gaps[:MOST_GAPS]]
    if content.undelivered:
        data["undelivered"] = {"id": content.undelivered.id, "to": visible(content.undelivered.to)}
    return data


def _reason(reason: Reason) -> dict[str, str]:
    return {"code": reason.code, "zh": _sentence(reason.zh), "en": _sentence(reason.en)}


def _account(profile: Profile, shown: frozenset[str]) -> dict[str, object]:
    said: dict[str, object] = {
        "name": visible(profile.name),
        "handle": visible(profile.handle),
        "platform": visible(profile.platform),
        "certified_subject": visible(profile.subject) or None,
    }
    if "address" in shown:
        said |= {"uid": visible(profile.uid, 128), "url": _address(profile.url) or None}
    if "spread" in shown:
        said["followers"] = profile.followers
    return said
