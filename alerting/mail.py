"""An alert as mail. Pure: `Content` and `Letter` in, bytes out.

Chinese first, then short English. The subject alone must do for somebody woken at night: how urgent, whose
account, what, until when. The bytes are made once and stored; Message-ID is the delivery's.
"""

import textwrap
from collections.abc import Iterator
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from alerting import wording
from alerting.messages import (
    MOST_GAPS,
    MOST_REASONS,
    SHOWN,
    Content,
    Letter,
    Missed,
    Undelivered,
    about,
    address,
    headline,
    inert,
    quoted,
    sentence,
    visible,
)
from common.clock import BEIJING
from registry.contacts import LINES
from review.clocks import URGENT

SUBJECT_NAME_LENGTH = 24
WEEKDAYS = "一二三四五六日"
ENGLISH_WIDTH = 76


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


def beijing(moment: datetime) -> str:
    """As 11月24日（周二）09:00, in Beijing."""
    local = moment.astimezone(BEIJING)
    return f"{local.month}月{local.day}日（周{WEEKDAYS[local.weekday()]}）{local:%H:%M}"


def _subject(content: Content) -> str:
    urgency = wording.SEVERITIES[content.severity].zh
    what = headline(content, SUBJECT_NAME_LENGTH).zh
    until = f"，请于{content.answer_by.astimezone(BEIJING):%m-%d %H:%M}前确认" if content.answer_by else ""
    return f"【甄伪·{urgency}】{what}{until}（{content.case}）"


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
    yield f"【{urgency.zh} {content.severity}】{headline(content).zh}"
    yield ""
    yield about(wording.SUMMARIES[content.kind], content).zh
    if content.provisional:
        yield wording.PROVISIONAL.zh
    if content.awaiting:
        yield wording.AWAITING.zh
    yield from _block("请您办理", _asks(content, letter))
    for title, lines in _facts(content):
        yield from _block(title, lines)
    yield from _block("为什么通知您", [f"· {reason.zh}" for reason in letter.reasons])
    yield ""
    if content.duty_phones:
        yield f"值班电话：{'、'.join(visible(phone) for phone in content.duty_phones)}"
    yield f"案件编号：{content.case}"
    yield f"通知编号：{letter.id[:12]}"
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
        yield "相似之处", [f"· {sentence(r.zh)}" for r in content.reasons[:MOST_REASONS]]
    if "clock" in shown:
        yield "办理时限", [*_clock_lines(content)]


def _official_lines(content: Content) -> Iterator[str]:
    official = content.official
    yield f"名称：{visible(official.name)}"
    yield f"用户名：@{visible(official.handle)}（{visible(official.platform)}）"
    yield f"主办单位：{visible(content.unit)}（{visible(content.division)}）"


def _imitator_lines(content: Content, shown: frozenset[str]) -> Iterator[str]:
    imitator = content.imitator
    yield f"名称：{quoted(imitator.name)}"
    yield f"用户名：@{quoted(imitator.handle)}（{visible(imitator.platform)}）"
    if imitator.subject:
        yield f"认证主体：{quoted(imitator.subject)}"
    if "address" in shown:
        yield f"平台编号：{quoted(imitator.uid)}"
        if imitator.url:
            yield f"主页：{inert(address(imitator.url))}"
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
        f"原因：{sentence(undelivered.reason)}",
        f"通知编号：{undelivered.id[:12]}",
    ]


def _english(content: Content, letter: Letter) -> Iterator[str]:
    urgency = wording.SEVERITIES[content.severity].en
    until = f" by {_minute(content.answer_by)} Beijing time" if content.answer_by else ""
    how = wording.NOT_BY_OPENING if letter.link else wording.BY_PHONE_OR_CONSOLE
    sentences = [
        about(wording.SUMMARIES[content.kind], content).en,
        *([wording.PROVISIONAL.en] if content.provisional else []),
        *([wording.AWAITING.en] if content.awaiting else []),
        f"Imitator: {quoted(content.imitator.name)} @{quoted(content.imitator.handle)}",
        f"1. Acknowledge{until}. {how.en}",
        letter.link,
        f"2. {wording.asked(content.kind, content.line).en}",
        f"Why you: {' '.join(reason.en for reason in letter.reasons)}",
    ]
    yield from ("", "-" * ENGLISH_WIDTH, f"[{urgency} {content.severity}] {headline(content).en}", "")
    for each in filter(None, sentences):
        # A link stays in one piece, or mail programs open half of it.
        yield from textwrap.wrap(each, ENGLISH_WIDTH, break_long_words=False, break_on_hyphens=False)


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(BEIJING):%Y-%m-%d %H:%M}"
