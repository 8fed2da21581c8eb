"""An alert as JSON for the system of an office. Pure: `Content` and `Letter` in, bytes out.

A CloudEvents 1.0 object that Standard Webhooks 1.0.0 takes as well: `type`, `timestamp`, `data`, below 20 kB.
"""

import json

from alerting import wording
from alerting.grounds import Reason
from alerting.messages import (
    MOST_GAPS,
    MOST_REASONS,
    SHOWN,
    Content,
    Letter,
    Profile,
    address,
    headline,
    sentence,
    visible,
)
from common.clock import isoformat


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


def _data(content: Content, letter: Letter) -> dict[str, object]:
    shown = SHOWN[content.line]
    asked = wording.asked(content.kind, content.line)
    data: dict[str, object] = {
        "kind": content.kind,
        "line": content.line,
        "severity": content.severity,
        "case": content.case,
        "headline": headline(content)._asdict(),
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
        "awaiting": content.awaiting,
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
    return {"code": reason.code, "zh": sentence(reason.zh), "en": sentence(reason.en)}


def _account(profile: Profile, shown: frozenset[str]) -> dict[str, object]:
    said: dict[str, object] = {
        "name": visible(profile.name),
        "handle": visible(profile.handle),
        "platform": visible(profile.platform),
        "certified_subject": visible(profile.subject) or None,
    }
    if "address" in shown:
        said |= {"uid": visible(profile.uid, 128), "url": address(profile.url) or None}
    if "spread" in shown:
        said["followers"] = profile.followers
    return said
