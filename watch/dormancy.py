"""Is a registered account still alive? Publication times and limits → a verdict with its reason. Pure.

* **dormant_veto** (national): lapsed when the last publication is older than 14 × 24 h at the moment of the
  check; due soon from day 10 on.
* **slow_update** (local, `henan-2019`): fewer publications in the last closed week (Monday 00:00 to Sunday
  24:00, Beijing time) than the limit. The first judged week is the first full week in service. In the running
  week the account is due soon when from Saturday on it still lacks publications.
* An account may pass on what was seen, but never fails on an incomplete look: then it is *not observed*, with
  the reason. So is one whose last look is older than two days. Only accounts in service are judged.

Source: domain handbook 4.1 (H 四(二), N19). The warning days are the project's own proposal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from common.clock import BEIJING

RULES_VERSION = "dormancy-1"
WARN_FROM_DAY = 10
WARN_FROM_WEEKDAY = 5  # Saturday
STALE = timedelta(days=2)
WEEK = timedelta(days=7)

Inputs = dict[str, str | int | None]


class Problem(NamedTuple):
    """Why a look says nothing, in both languages."""

    zh: str
    en: str


NOT_WHOLE_GAP = Problem("所见时间范围不足整个期限", "the look does not reach back over the whole gap")
NOT_WHOLE_WEEK = Problem("所见时间范围不足一整周", "the look did not cover the whole week")


@dataclass(frozen=True)
class Look:
    """What is known of an account's publications.

    `times` are aware, in any order. `complete_since`: from this moment on every publication is in `times`
    (None: no look succeeded, `problem` says why). `looked_at`: when that look happened.
    """

    times: Sequence[datetime]
    looked_at: datetime | None
    complete_since: datetime | None
    problem: Problem | None = None


@dataclass(frozen=True)
class Reason:
    """One sentence for people, in Chinese and English, with a code for machines."""

    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Verdict:
    """in_time, due_soon, lapsed or not_observed; `inputs` are the figures it rests on."""

    verdict: str
    reason: Reason
    inputs: Inputs


def dormant_veto(look: Look, gap_days: int, now: datetime) -> Verdict:
    """The national veto on `gap_days` without publication, at `now`."""
    if look.looked_at is None or now - look.looked_at > STALE:
        return _not_observed(look.problem or _last_look(look))
    gap = timedelta(days=gap_days)
    last = max((moment for moment in look.times if moment <= now), default=None)
    inputs: Inputs = {"last_publication": last.isoformat() if last else None, "limit_days": gap_days}
    if last is None:
        return _silent(look, gap_days, now, inputs)
    if now - last <= gap:
        return _warned((now - last) // timedelta(days=1), gap_days, inputs)
    if look.looked_at - last <= gap:
        # Alive when last looked at, and the limit passed since: only a new look can tell.
        return _not_observed(_last_look(look))
    return Verdict("lapsed", _lapsed((now - last) // timedelta(days=1), gap_days), inputs)


def slow_update(look: Look, per_week: int, in_service_since: date | None, now: datetime) -> Verdict:
    """The weekly minimum, judged on the last closed week before `now`."""
    if look.looked_at is None:
        return _not_observed(look.problem or _last_look(look))
    start = _week_start(now) - WEEK
    end = start + WEEK
    count = sum(start <= moment < end for moment in look.times)
    inputs: Inputs = {"week": f"{start:%Y-%m-%d}", "publications": count, "limit_per_week": per_week}
    if in_service_since and in_service_since > start.date():
        return Verdict("in_time", _first_week(), inputs)
    whole = look.complete_since is not None and look.complete_since <= start and look.looked_at >= end
    if count < per_week and not whole:
        return _not_observed(look.problem or NOT_WHOLE_WEEK)
    if count < per_week:
        return Verdict("lapsed", _too_few(count, per_week, start), inputs)
    running = sum(end <= moment <= now for moment in look.times)
    if running < per_week and now.astimezone(BEIJING).weekday() >= WARN_FROM_WEEKDAY:
        return Verdict("due_soon", _week_ends(running, per_week), inputs)
    return Verdict("in_time", _enough(count, per_week), inputs)


def _week_start(now: datetime) -> datetime:
    local = now.astimezone(BEIJING)
    return datetime.combine(local.date() - timedelta(days=local.weekday()), time(), BEIJING)


def _silent(look: Look, gap_days: int, now: datetime, inputs: Inputs) -> Verdict:
    """No publication at all is a lapse only if the look reaches back over the whole gap."""
    if look.complete_since is None or look.complete_since > now - timedelta(days=gap_days):
        return _not_observed(look.problem or NOT_WHOLE_GAP)
    text = Reason(
        "never_published",
        f"账号公开时间线上没有任何发布内容（限期{gap_days}天）",
        f"the account's public timeline holds no publication (limit {gap_days} days)",
    )
    return Verdict("lapsed", text, inputs)


def _recent(days: int, gap_days: int) -> Reason:
    zh = f"{days}天前" if days else "24小时内"
    en = f"{days} day{'' if days == 1 else 's'} ago" if days else "less than a day ago"
    return Reason(
        "recent", f"最近一次发布在{zh}，限期{gap_days}天", f"last publication {en}, limit {gap_days} days"
    )


def _warned(days: int, gap_days: int, inputs: Inputs) -> Verdict:
    if days < WARN_FROM_DAY:
        return Verdict("in_time", _recent(days, gap_days), inputs)
    left = gap_days - days
    text = Reason(
        "gap_grows",
        f"已{days}天未更新，再过{left}天将触及{gap_days}天单项否决线",
        f"no publication for {days} days; {left} day{'' if left == 1 else 's'} to the {gap_days}-day veto",
    )
    return Verdict("due_soon", text, inputs)


def _lapsed(days: int, gap_days: int) -> Reason:
    return Reason(
        "gap_exceeded",
        f"已{days}天未更新，超过{gap_days}天，触及单项否决",
        f"no publication for {days} days, more than {gap_days}: single-item veto",
    )


def _too_few(count: int, per_week: int, start: datetime) -> Reason:
    return Reason(
        "week_too_few",
        f"{start:%Y-%m-%d}起的一周发布{count}次，少于每周{per_week}次",
        f"{count} publications in the week of {start:%Y-%m-%d}, fewer than {per_week}",
    )


def _week_ends(running: int, per_week: int) -> Reason:
    return Reason(
        "week_ends",
        f"本周已发布{running}次，周日24:00前应达{per_week}次",
        f"{running} publications this week, {per_week} are due by Sunday 24:00",
    )


def _enough(count: int, per_week: int) -> Reason:
    return Reason(
        "week_enough",
        f"上一周发布{count}次，达到每周{per_week}次",
        f"{count} publications last week, at least {per_week}",
    )


def _first_week() -> Reason:
    return Reason("first_week", "开设后尚未满一个完整周，本周不作判断", "not yet in service for a full week")


def _last_look(look: Look) -> Problem:
    if look.looked_at is None:
        return Problem("从未成功查看该账号", "the account has never been looked at")
    at = look.looked_at.astimezone(BEIJING)
    return Problem(f"上次查看为{at:%Y-%m-%d %H:%M}", f"last looked at {at:%Y-%m-%d %H:%M} Beijing time")


def _not_observed(problem: Problem) -> Verdict:
    text = Reason("not_observed", f"未能观察：{problem.zh}", f"not observed: {problem.en}")
    return Verdict("not_observed", text, {"problem": problem.en})
