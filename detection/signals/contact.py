"""Ways out of the platform that a bio offers: contacts, groups, codes, addresses, money. No number is kept.

Public short numbers (110, 12345) are no lure, nor are sites of the official side and of governments.
"""

import re
import unicodedata
from collections.abc import Iterator

from detection.signals import weights
from detection.signals.facts import Candidate, Official
from detection.signals.signal import Signal, neutral, unknown
from detection.signals.text import digits, plain, quoted

# In the plain form, as it is or with digits made 0 to 9. 薇信, 威信, 卫星 say 微信 unfiltered.
_LURES = {
    "wechat": re.compile(
        "加[我个一下]{0,2}(?:[微薇威徽][信芯]?|卫星|v信?|vx|wx|wechat)"
        "|(?:[微薇威徽]信|vx|wechat)号?[a-z0-9]{5}"
    ),
    "qq": re.compile("(?:qq|扣扣|企鹅)(?:群|号|客服)?[0-9]{5}|加(?:qq|扣扣)|q群|qq群"),
    "phone": re.compile(
        r"(?<!\d)(?:(?:86)?1[3-9]\d{9})+(?!\d)|(?<!\d)0\d{9,11}(?!\d)|(?<!\d)[48]00\d{7}(?!\d)"
    ),
    "group": re.compile("[进加入]群|(?:粉丝|交流|内部|福利|维权)群|电报群|telegram"),
    "code": re.compile("二维码|扫码|扫一扫"),
    "service": re.compile("客服|私信(?:办理|咨询|领取|我)|请私信|留言办理|联系(?:老师|专员|助理)"),
    "money": re.compile("保证金|手续费|解冻|刷单|返利|内部消息|代办|领奖|转账|汇款"),
}
LURES: dict[str, tuple[str, str]] = {
    "wechat": ("加微信", "add on WeChat"),
    "qq": ("加 QQ", "add on QQ"),
    "phone": ("电话 {number}", "phone {number}"),
    "group": ("进群", "join a group"),
    "code": ("扫码", "scan a code"),
    "service": ("私信或客服办理", "service by private message"),
    "money": ("钱款事项", "money matters"),
    "link": ("链接 {host}", "link to {host}"),
}
_HOST = re.compile(r"(?<![a-z0-9.-])((?:[a-z0-9-]{1,63}\.){1,6}[a-z]{2,24})(?![a-z0-9-])(?:[/?#][!-~]*)?")
_LAWFUL_HOST = ".gov.cn"


def contact(candidate: Candidate, official: Official) -> Signal:
    """Which ways out the bio offers; a number is named by its first three digits."""
    if candidate.bio is None:
        return unknown("contact_unknown")
    lures = list(_lures(candidate.bio, official))
    if not lures:
        return neutral("contact_none")
    points = min(weights.LURES_AT_MOST, weights.LURE + weights.FURTHER_LURE * (len(lures) - 1))
    zh, en = zip(*lures, strict=True)
    return Signal("contact_lures", "for", round(points, 4), {"zh": "、".join(zh), "en": ", ".join(en)})


def _lures(text: str, official: Official) -> Iterator[tuple[str, str]]:
    """Each kind once, in words of both languages."""
    folded = plain(text)
    numbers = digits(folded)
    for kind, pattern in _LURES.items():
        if found := pattern.search(folded) or pattern.search(numbers):
            yield _worded(kind, number=quoted(found[0]))
    if host := next(_strange_hosts(text, official), ""):
        yield _worded("link", host=quoted(host))


def _worded(kind: str, **detail: str) -> tuple[str, str]:
    zh, en = LURES[kind]
    return zh.format_map(detail), en.format_map(detail)


def _strange_hosts(text: str, official: Official) -> Iterator[str]:
    """Host names in `text` that are neither of the official side nor of a government."""
    visible = "".join(c for c in unicodedata.normalize("NFKC", text) if unicodedata.category(c) != "Cf")
    for found in _HOST.finditer(visible.casefold()):
        host = found[1].removeprefix("www.")
        homes = (home.casefold().removeprefix("www.") for home in official.home_hosts)
        if not host.endswith(_LAWFUL_HOST) and not any(_is_below(host, home) for home in homes):
            yield host


def _is_below(host: str, home: str) -> bool:
    return bool(home) and (host == home or host.endswith(f".{home}"))
