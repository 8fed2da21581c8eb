"""What an answer, and a set of answers, says about looking. Pure.

* `ok`, `empty` and `not_found` are answers: the question was put and answered.
* Everything else is a failure to look, sorted by what it means: **blocked** (the platform or its rules
  refuse), **deferred** (asked later: budget, pause, nothing answered yet), **failed** (error, unreadable).
* All questions answered whole is *checked*; some is *partial*; none is the worst of the failures. Nothing
  asked is *deferred*, never *checked*: an empty set of answers says nothing.
* A question that only a file can answer is *awaiting* one: deferred too.
* An answer that was cut (the platform shows only its first rows) makes the look *partial*, and says so.
"""

from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

ANSWERED = frozenset({"ok", "empty", "not_found"})
FAILURES = {
    "robots": "blocked",
    "challenge": "blocked",
    "egress": "blocked",
    "error": "failed",
    "quarantine": "failed",
    "robots_unreachable": "deferred",
    "deferred": "deferred",
    "budget": "deferred",
    "awaiting": "deferred",
    "": "deferred",
}
_WORST_FIRST = ("blocked", "failed", "deferred")
CHINESE = {
    "robots": "robots.txt 不允许",
    "challenge": "平台要求验证，已停止",
    "egress": "地址不允许访问",
    "error": "出错",
    "quarantine": "应答无法读取，已隔离",
    "robots_unreachable": "robots.txt 无法取得",
    "deferred": "已推迟",
    "budget": "当日额度用完",
    "awaiting": "等待平台导出文件",
    "": "尚未查询",
}
ENGLISH = {"awaiting": "awaiting an export", "": "not asked"}
"""Where the state itself is no words."""


class Answer(NamedTuple):
    """The last answer to one question: its state, whether it was whole, and why not."""

    state: str
    complete: bool
    reason: str


class Looked(NamedTuple):
    """The coverage of one account for one purpose, with its reason in both languages."""

    state: str
    zh: str
    en: str


def judge(answers: Iterable[Answer]) -> Looked:
    """What `answers` to all questions about one account amount to. Raises KeyError for an unknown state."""
    known = list(answers)
    if not known:
        return Looked("deferred", "尚未提出任何查询", "no question has been asked yet")
    failed = [answer for answer in known if answer.state not in ANSWERED]
    cut = sum(answer.state in ANSWERED and not answer.complete for answer in known)
    answered = len(known) - len(failed)
    kinds = {FAILURES[answer.state] for answer in failed}
    if not failed:
        state = "partial" if cut else "checked"
    else:
        state = "partial" if answered else next(kind for kind in _WORST_FIRST if kind in kinds)
    return Looked(state, *_reason(answered, len(known), cut, failed))


def _reason(answered: int, asked: int, cut: int, failed: list[Answer]) -> tuple[str, str]:
    # Without its number where all went well: accounts in the same state read, and are counted, alike.
    zh = ["全部查询均有应答" if answered == asked else f"{asked}项查询中{answered}项有应答"]
    en = ["all queries answered" if answered == asked else f"{answered} of {asked} queries answered"]
    if cut:
        zh.append(f"其中{cut}项只能看到平台返回的前若干条")
        en.append(f"{cut} of them cut by the platform's row limit")
    causes = Counter((answer.state, answer.reason) for answer in failed)
    for (state, reason), count in causes.most_common(3):
        for words, text in zip((zh, en), _cause(state, reason, count), strict=True):
            words.append(text)
    return "；".join(zh), "; ".join(en)


def _cause(state: str, reason: str, count: int) -> tuple[str, str]:
    if state == "awaiting" and reason:
        return f"{count}项自{reason}起等待平台导出文件", f"{count} awaiting an export since {reason}"
    zh, en = f"{count}项{CHINESE[state]}", f"{count} {ENGLISH.get(state, state)}"
    return (f"{zh}（{reason}）", f"{en} ({reason})") if reason else (zh, en)
