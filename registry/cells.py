"""What the cells of a file may hold, one rule a kind of value: the value as it is kept, or a problem. Pure.

Nothing is guessed: a cell that can be read in one way only is read so (2019年8月1日, 新浪微博, 4101); where
it can be read in two, the problem says which. Texts that are kept as they stand are never mended in silence.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from functools import partial
from typing import Any

from common.faults import Text
from names.fold import is_empty_after_folding
from registry import places, words
from registry.errors import UNPRINTABLE
from registry.known import Known
from registry.problems import Problem, listed, one_of

# Public bodies have had accounts since 2009; an earlier year is a slip of the pen.
EARLIEST = date(2000, 1, 1)
Check = Callable[[str], Any]

_VISIBLE = re.compile(r"[0-9A-Za-z\u4e00-\u9fff]")
_NUMERIC_DAY = re.compile(
    r"(\d{4})(?:[-/.](\d{1,2})[-/.](\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d\d)(\d\d))", re.ASCII
)
_TIME = re.compile(r"[T ]\d{1,2}:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:?\d\d)?", re.ASCII)
_INSTANCE = re.compile(r"[a-z0-9-]+", re.ASCII)
_URL = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_PHONE = re.compile(r"\+?\d+([ -]\d+)*", re.ASCII)
_PHONE_DIGITS = range(3, 21)  # 110 to a long number with its extension
# RFC 5322 dot-atom, without the quoted forms nobody uses and programs read differently.
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_EMAIL = re.compile(
    rf"(?P<box>{_ATOM}(\.{_ATOM})*)@([A-Za-z0-9]([A-Za-z0-9-]{{0,61}}[A-Za-z0-9])?\.)+[A-Za-z][A-Za-z0-9-]{{0,61}}[A-Za-z0-9]",
    re.ASCII,
)
_LONGEST_MAILBOX = 64
WRITE_DAY = Text("请写成 2019-08-01 的样子", "write it as 2019-08-01")


def as_text(value: Any) -> str | Problem:
    """The text of a cell; JSON may hold numbers and null."""
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, int) and abs(value) < 10**40:
        return str(value)
    text = Text("不是文字", "is no text")
    return Problem("value_not_text", text, Text('请写成文字，用 "" 括起', 'write it as text, within ""'))


def text(value: str, limit: int) -> Problem | None:
    """What is wrong with a text that is kept as it stands."""
    if len(value) > limit:
        problem = Text(
            f"有 {len(value)} 个字，最多 {limit} 个", f"{len(value)} characters, at most {limit} are kept"
        )
        return Problem("value_too_long", problem, Text("请缩短", "shorten it"))
    if value.isprintable():
        return None
    found = UNPRINTABLE.search(value)
    if found is None:
        return None
    number = f"U+{ord(found[0]):04X}"
    problem = Text(f"含有看不见的控制字符 {number}", f"contains the control character {number}")
    mend = Text("请删去（换行也算）后重新填写", "remove it, a line break, too, and fill the cell anew")
    return Problem("value_control_character", problem, mend)


def name(value: str, limit: int) -> Problem | None:
    """What is wrong with a name, which must be something that can be seen."""
    if problem := text(value, limit):
        return problem
    if _VISIBLE.search(value) or not is_empty_after_folding(value):
        return None
    problem_text = Text("看不到任何文字", "nothing of this name can be seen")
    return Problem(
        "name_empty", problem_text, Text("请填写公众看到的名称", "write the name as people read it")
    )


def uid(value: str) -> Problem | None:
    """What is wrong with a permanent id, whatever its platform."""
    if value.isascii() and value.isprintable() and " " not in value:
        return None
    if any(sign.isspace() or not sign.isprintable() for sign in value):
        problem = Text("编号中有空格或看不见的字符", "a permanent id holds no blanks or invisible marks")
        return Problem("uid_blank", problem, Text("请从平台重新复制", "copy it from the platform"))
    return None


def word(value: str, of: words.ListName) -> str | Problem:
    """The value of a closed list that a word means."""
    meant = words.meant(value, of)
    if len(meant) == 1:
        return meant[0]
    if meant:
        return _unclear(meant, of)
    problem = Text("不认识这个说法", "this word is not known")
    return Problem(f"{of}_unknown", problem, partial(_known_word, value, of))


def _unclear(meant: tuple[str, ...], of: words.ListName) -> Problem:
    titles = words.titles(of)
    zh = "、".join(titles[value] for value in meant)
    problem = Text(f"说不清是哪一种：{zh}", f"may mean {' or '.join(meant)}")
    mend = Text("请写明是哪一种", f"write one of {', '.join(meant)}")
    return Problem(f"{of}_unclear", problem, mend)


def _known_word(value: str, of: words.ListName) -> Text:
    near = one_of(value, words.words(of))
    if near.en.startswith("did"):
        return near
    titles = words.titles(of)
    return Text(f"请填写以下之一：{listed(titles.values()).zh}", f"write one of: {listed(titles).en}")


def platform(value: str, known: Known) -> str | Problem:
    """The account kind of this installation that a word means."""
    if value in known.platforms:
        return value
    if value in known.titles:
        return known.titles[value]
    meant = words.meant(value, "platform")
    if len(meant) > 1:
        return _unclear(meant, "platform")
    if meant and meant[0] in known.platforms:
        return meant[0]
    problem = Text("没有登记过这个平台", "this platform is not known here")
    return Problem("platform_unknown", problem, partial(_known_platform, value, known))


def _known_platform(value: str, known: Known) -> Text:
    titles = words.titles("platform")
    here = sorted(known.platforms)
    near = one_of(value, [*here, *known.titles, *(titles[one] for one in here if one in titles)])
    if near.en.startswith("did"):
        return near
    zh = listed(titles.get(one, one) for one in here).zh
    return Text(f"请填写以下之一：{zh}", f"write one of: {listed(here).en}")


def instance(value: str) -> str | Problem:
    """The key of an instance; empty where a platform has one host."""
    if not value or (len(value) <= 64 and _INSTANCE.fullmatch(value)):
        return value
    problem = Text("不是实例的标识", "not the key of an instance")
    mend = Text("只用小写字母、数字和减号，或留空", "use a-z, 0-9 and -, or leave it empty")
    return Problem("instance_shape", problem, mend)


def url(value: str) -> Problem | None:
    """What is wrong with a web address."""
    if problem := text(value, 500):
        return problem
    if _URL.fullmatch(value):
        return None
    problem_text = Text("不是网址", "not a web address")
    mend = Text("请以 http:// 或 https:// 开头，或留空", "begin with http:// or https://, or leave it empty")
    return Problem("url_shape", problem_text, mend)


def day(value: str) -> date | Problem:
    """A day that is written in a way that can mean one day only; a time behind it is left off."""
    plain = unicodedata.normalize("NFKC", value)
    found = _NUMERIC_DAY.match(plain)
    rest = plain[found.end() :] if found else plain
    if found is None or (rest and not _TIME.fullmatch(rest)):
        problem = Text("看不出是哪一天", "it is not clear which day is meant")
        return Problem("day_unclear", problem, WRITE_DAY)
    year, month, this = (int(part) for part in found.groups() if part)
    try:
        return date(year, month, this)
    except ValueError:
        problem = Text("没有这一天", "there is no such day")
        return Problem("day_impossible", problem, WRITE_DAY)


def opened(value: str) -> date | Problem | None:
    """The day an account opened; None for an empty cell."""
    if not value:
        return None
    found = day(value)
    if isinstance(found, date) and found < EARLIEST:
        problem = Text("那时还没有这样的账号", "before there were such accounts")
        return Problem("opened_too_early", problem, Text("请核对年份", "check the year"))
    return found


def division(value: str, known: Known) -> places.Meant | Problem:
    """The division meant by a cell that is not empty."""
    return places.division(value, known.today)


def phone(value: str) -> Problem | None:
    """What is wrong with a phone number."""
    if _PHONE.fullmatch(value) and sum(sign.isdecimal() for sign in value) in _PHONE_DIGITS:
        return None
    problem = Text("不是电话号码", "not a phone number")
    mend = Text(
        "请写一个号码，只用数字、空格和减号，如 0371-60000000",
        "write one number, digits with - or blanks between, as 0371-60000000",
    )
    return Problem("phone_shape", problem, mend)


def email(value: str) -> Problem | None:
    """What is wrong with an e-mail address, which gets into a mail header."""
    found = _EMAIL.fullmatch(value)
    if found and len(found["box"]) <= _LONGEST_MAILBOX and len(value) <= 254:
        return None
    problem = Text("不是电子邮箱地址", "not an e-mail address")
    return Problem(
        "email_shape", problem, Text("请写成 name@example.cn 的样子", "write it as name@example.cn")
    )
