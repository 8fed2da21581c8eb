"""Alerts for a terminal: who is told of a case, step by step, with the reasons; what is open; a resend."""

import argparse
import re
from collections.abc import Callable, Iterator
from datetime import datetime

from django.db.models import QuerySet

from alerting import contents, resend, selectors
from alerting.errors import Refused
from alerting.models import Alert, ContactGap, Delivery, Stuck
from alerting.routing import Addressee, Gap, Ladder, Route
from common.clock import BEIJING
from common.faults import visible
from common.table import render, shown
from registry.contacts import LINES
from review.models import Case
from review.moves import UNDECIDED

WITHIN = 110  # columns
LISTED = 50
SHORTEST_ID = 6
NUMBER = re.compile(r"(?:ZW-[0-9]{4}-)?0*([0-9]{1,12})", re.IGNORECASE)
STEPS = {"first": "立即 at once", "substitute": "替补 substitute", "above": "上一级 next up"}
OUTCOMES = {
    "": "待发 to be sent",
    "delivered": "已送达 delivered",
    "parked": "未送达 parked",
    "cancelled": "已取消 called off",
}
Told = dict[tuple[str, int | None, int | None], Delivery]


def explain(args: argparse.Namespace, now: datetime) -> str:
    """Who is, or would be, told of a case. Raises Refused for an unknown one."""
    case = _case(args.case)
    told = _told(case)
    parts = [_head(case)]
    if case.state in UNDECIDED and case.severity == "S1" and not case.confirmed:
        way = selectors.who_would_be_told(case, now, "preliminary")
        parts.append(f"研判之前 Before it is judged:\n{_table(way, told)}")
    way = selectors.who_would_be_told(case, now, "confirmed")
    parts.append(f"{_when(case)}\n{_table(way, told)}")
    return "\n\n".join([*parts, *_missing(way)])


def listed(args: argparse.Namespace, now: datetime) -> str:
    """What waits for somebody: alerts, messages, contacts, changes nobody could be told of."""
    parts = [_open_alerts(), _parked(), _gaps(), _stuck()]
    return "\n\n".join(filter(None, parts)) or "没有待办的预警。\nNothing is open."


def send_again(args: argparse.Namespace, now: datetime) -> str:
    """Send a message again, or all that were parked today. Raises Refused."""
    if args.parked:
        return _send_all_again(now)
    delivery = resend.resend(_delivery(args.delivery), "system:alerts", now)
    to, where = delivery.recipient, delivery.destination
    return f"{delivery.pk}: 将重发 to be sent again to {shown(to.office)} {shown(to.name)}, {where}"


def _send_all_again(now: datetime) -> str:
    """Those that cannot be sent are named with the reason; they keep no other back."""
    today = now.astimezone(BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    parked = selectors.reached_nobody().filter(done_at__gte=today).order_by("done_at", "pk")
    sent, refused = 0, list[str]()
    for pk in list(parked.values_list("pk", flat=True)):
        try:
            resend.resend(pk, "system:alerts", now)
            sent += 1
        except Refused as error:
            refused.append(f"{pk[:12]}: {error.zh} {error.en}")
    return "\n".join([f"将重发 to be sent again: {sent}", *refused])


ACTS: dict[str, Callable[[argparse.Namespace, datetime], str]] = {
    "explain": explain,
    "list": listed,
    "resend": send_again,
}


def _case(text: str) -> Case:
    number = NUMBER.fullmatch(text)
    rows = Case.objects.select_related("target__unit__line_division", "suspect__observation")
    case = rows.filter(pk=int(number[1])).first() if number else None
    if case is None or (text.upper().startswith("ZW-") and case.number != text.upper()):
        raise Refused(
            "unknown", "没有这一案件。", f"there is no case {visible(text)}: write it as ZW-2026-000042"
        )
    return case


def _delivery(text: str) -> str:
    """The one message whose id begins so. Raises Refused."""
    if not re.fullmatch(rf"[0-9a-f]{{{SHORTEST_ID},40}}", text):
        raise Refused(
            "unknown", "没有这条通知。", f"{visible(text)}: write the number at the end of a message"
        )
    found = list(Delivery.objects.filter(pk__startswith=text).values_list("pk", flat=True)[:2])
    if len(found) != 1:
        many = "several messages begin with" if found else "there is no message"
        raise Refused("unknown", "没有这条通知，或不止一条。", f"{many} {text}")
    return found[0]


def _head(case: Case) -> str:
    target, unit = case.target, case.target.unit
    place = contents.place_name(unit.line_division)
    standing = "已确认 confirmed" if case.confirmed else "未确认 not confirmed"
    return (
        f"{case.number}  {case.severity}  {case.state}  {standing}\n"
        f"被仿冒 imitated: {shown(target.name)}（{shown(unit.name)}，{place}）\n"
        f"仿冒者 imitator: {shown(case.suspect.observation.name)} @{shown(case.suspect.observation.handle)}"
    )


def _when(case: Case) -> str:
    if case.confirmed:
        return "已确认，按当前联系人逐级通知 Confirmed; the steps by today's contacts:"
    return "若确认仿冒，将通知 Would be told if it is confirmed:"


def _told(case: Case) -> Told:
    """The newest message to everybody who got one about the case, by line."""
    sent = (
        Delivery.objects.filter(alert__case=case).select_related("alert", "recipient").order_by("created_at")
    )
    return {(d.alert.line, d.recipient.contact_id, d.recipient.webhook_id): d for d in sent.defer("body")}


def _table(way: Route, told: Told) -> str:
    """A table a line, below the ground on which it is told."""
    return "\n\n".join(_ladder(ladder, told) for ladder in way.ladders)


def _ladder(ladder: Ladder, told: Told) -> str:
    line, reason = LINES[ladder.line], ladder.reason
    titles = ("级 step", "通知谁 who", "渠道 by", "已发 sent", "为什么 why")
    rows = list(_rows(ladder, told))
    return f"{line.zh} {line.en}: {reason.zh} {reason.en}\n{render(titles, rows, WITHIN)}"


def _rows(ladder: Ladder, told: Told) -> Iterator[tuple[str, ...]]:
    for number, rung in enumerate(ladder.rungs, 1):
        yield from map(_gap_row, rung.missing)
        for one in rung.addressees:
            sent = told.get((ladder.line, one.contact, one.webhook))
            why = "".join(reason.zh for reason in one.reasons if reason != ladder.reason)
            state = OUTCOMES[sent.outcome] if sent else "–"
            yield f"{number} {STEPS[rung.step]}", f"{one.office} {one.name}", _by(one), state, why
    yield from map(_gap_row, ladder.missing)


def _gap_row(gap: Gap) -> tuple[str, ...]:
    return "缺 missing", f"{gap.title}（{LINES[gap.line].zh}）", "–", "–", "没有可用的联系人。"


def _by(one: Addressee) -> str:
    if one.webhook is not None:
        return "接口 webhook"
    return "邮件 mail" if one.email else f"仅电话 {one.phone or 'phone'}"


def _missing(way: Route) -> list[str]:
    """What to do about the offices that are missed now."""
    if not way.gaps:
        return []
    names = "、".join(f"{gap.title}（{LINES[gap.line].zh}）" for gap in way.gaps)
    return [f"缺少联系人 Missing contacts: {names}\n补登 to mend: zhenwei import contacts FILE"]


def _open_alerts() -> str:
    alerts = selectors.in_order(Alert.objects.filter(selectors.IS_OPEN))
    if not (total := alerts.count()):
        return ""
    rows = [
        (
            alert.severity,
            alert.case.number,
            alert.kind,
            f"{LINES[alert.line].zh} {alert.line}",
            str(alert.rung + 1),
            _moment(alert.next_at),
        )
        for alert in alerts.select_related("case")[:LISTED]
    ]
    titles = ("", "案件 case", "类别 kind", "线 line", "级 step", "下一步 next step")
    return f"待确认的预警 Unacknowledged: {total}\n{render(titles, rows, WITHIN)}{_more(total)}"


def _parked() -> str:
    parked = selectors.reached_nobody().order_by("-done_at", "pk")
    if not (total := parked.count()):
        return ""
    rows = [
        (d.pk[:12], d.alert.case.number, f"{d.recipient.office} {d.recipient.name}", d.channel, d.reason)
        for d in parked.select_related("alert__case", "recipient").defer("body")[:LISTED]
    ]
    titles = ("编号 id", "案件 case", "收件人 to", "渠道 by", "原因 why")
    return f"未送达的通知 Parked messages: {total}\n{render(titles, rows, WITHIN)}{_more(total)}"


def _gaps() -> str:
    gaps = ContactGap.objects.filter(resolved_at=None).order_by("since", "pk")
    if not (total := gaps.count()):
        return ""
    rows = [
        (f"{LINES[gap.line].zh} {gap.line}", _place(gap), gap.case.number, _moment(gap.since))
        for gap in gaps.select_related("division", "unit", "case")[:LISTED]
    ]
    titles = ("线 line", "何处 where", "首个案件 first case", "自 since")
    return f"缺少联系人 Missing contacts: {total}\n{render(titles, rows, WITHIN)}{_more(total)}"


def _place(gap: ContactGap) -> str:
    return contents.place_name(gap.division) if gap.division else str(gap.unit)


def _stuck() -> str:
    stuck: QuerySet[Stuck] = Stuck.objects.filter(resolved_at=None).order_by("since")
    if not (total := stuck.count()):
        return ""
    rows = [
        (one.change.case.number, one.change.move, str(one.tries), _moment(one.next_at), one.problem)
        for one in stuck.select_related("change__case")[:LISTED]
    ]
    titles = ("案件 case", "变动 move", "次数 tries", "下次 next", "原因 why")
    return f"未能通知的变动 Changes told to nobody: {total}\n{render(titles, rows, WITHIN)}{_more(total)}"


def _more(total: int) -> str:
    return f"\n… 另有 {total - LISTED} 条 more" if total > LISTED else ""


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(BEIJING):%m-%d %H:%M}" if moment else "–"
