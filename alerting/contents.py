"""Rows → `messages.Content`: what is known of an alert's case when a message about it is written."""

from datetime import datetime

from alerting import gaps
from alerting.grounds import Reason
from alerting.messages import Capture, Content, Missed, Profile, Undelivered
from alerting.models import Alert, ContactGap, Delivery
from alerting.routing import Directory
from names import divisions
from observations.models import Observation
from registry.models import Account, AccountKind, Division
from review.models import Case


def content(alert: Alert, offices: Directory, now: datetime) -> Content:
    """Everything messages about `alert` may draw on; `offices` tells whom one can phone."""
    case = alert.case
    seen = case.suspect.observation
    unit = case.target.unit
    return Content(
        kind=alert.kind,
        line=alert.line,
        severity=alert.severity,
        case=case.number,
        official=_official(case.target),
        unit=unit.name,
        division=place_name(unit.line_division),
        imitator=_imitator(seen),
        reasons=likeness(case),
        detected_at=case.detected_at,
        at=now,
        answer_by=alert.next_at,
        judge_by=case.judge_by,
        report_by=case.report_by,
        crime_signs=case.crime_signs,
        provisional=_is_provisional(alert),
        awaiting=_is_awaiting(alert),
        capture=Capture(seen.response.capture_id, seen.response.at),
        duty_phones=duty_phones(offices),
        gaps=_gaps(alert, now) if alert.kind == "contact_missing" else (),
        undelivered=_undelivered(alert.about) if alert.kind == "delivery_parked" else None,
    )


def likeness(case: Case) -> tuple[Reason, ...]:
    """Why the names are alike, in sentences; left out what is about the severity, and what lies beside."""
    told = (reason for reason in case.suspect.reasons if reason["points"] and "value" not in reason)
    return tuple(Reason(reason["code"], reason["zh"], reason["en"]) for reason in told)


def place_name(division: Division) -> str:
    """The division as it is told apart: 郑州市金水区, never a bare county."""
    known = divisions.by_key(division.code)
    return divisions.display_name(known) if known else division.name


def _is_provisional(alert: Alert) -> bool:
    """Whether a decision the alert tells of still lacks its second person: the report, or its ground."""
    outcomes = ("counterfeit", "report") if alert.kind == "reported" else ("counterfeit",)
    return alert.case.decisions.filter(outcome__in=outcomes, standing="provisional").exists()


def _is_awaiting(alert: Alert) -> bool:
    """Whether an overdue signature is one without which the decision has no effect."""
    if alert.kind != "second_missing" or alert.change is None:
        return False
    late = alert.case.decisions.filter(pk=alert.change.details["decision"])
    return late.filter(standing="awaiting").exists()


def duty_phones(offices: Directory) -> tuple[str, ...]:
    """The phones of the nearest duty desk that has any."""
    desks = (tuple(person.phone for person in desk.persons if person.phone) for desk in offices.lines["duty"])
    return next((phones for phones in desks if phones), ())


def _official(account: Account) -> Profile:
    platform = _platform(account.platform, account.instance)
    return Profile(
        account.name,
        account.handle,
        platform,
        account.certified_subject,
        account.home_url,
        account.platform_uid,
    )


def _imitator(seen: Observation) -> Profile:
    platform = _platform(seen.platform, seen.instance)
    return Profile(
        seen.name,
        seen.handle,
        platform,
        seen.certified_subject,
        _web_address(seen.profile_url),
        seen.uid,
        seen.followers,
    )


def _platform(platform: str, instance: str) -> str:
    kind = AccountKind.objects.filter(pk=platform).first()
    title = kind.title_zh if kind else platform
    return f"{title} {instance}".strip()


def _web_address(url: str) -> str:
    """`url`, if it is one of the web; whatever else a platform calls so (javascript:) stays out."""
    return url if url.startswith(("https://", "http://")) else ""


def _gaps(alert: Alert, now: datetime) -> tuple[Missed, ...]:
    return tuple(_missed(gap, now) for gap in gaps.of_alert(alert))


def _missed(gap: ContactGap, now: datetime) -> Missed:
    title = place_name(gap.division) if gap.division else str(gap.unit)
    phones = gaps.contacts(gap, now).exclude(phone="").values_list("phone", flat=True)
    return Missed(gap.line, title, tuple(phones))


def _undelivered(parking: str) -> Undelivered:
    parked = Delivery.objects.select_related("recipient__contact").get(pk=parking.partition("/")[0])
    to = parked.recipient
    phone = to.contact.phone if to.contact else ""
    return Undelivered(parked.pk, f"{to.office} {to.name}", parked.channel, parked.reason, phone)
