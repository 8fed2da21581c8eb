"""Where two names differ, piece by piece, and how to call a character that cannot be seen or told apart."""

import difflib
import unicodedata
from typing import Literal, NamedTuple

from names.fold import is_invisible

Op = Literal["equal", "replace", "insert", "delete"]

# Chinese words for the characters that counterfeits use; the Unicode name is shown in any case.
_IN_CHINESE = {
    " ": "空格",
    "\u00ad": "软连字符",
    "\u034f": "组合字形连接符",
    "\u115f": "谚文填充符",
    "\u1160": "谚文填充符",
    "\u180e": "蒙文元音分隔符",
    "\u200b": "零宽空格",
    "\u200c": "零宽不连字",
    "\u200d": "零宽连字",
    "\u200e": "从左至右标记",
    "\u200f": "从右至左标记",
    "\u202a": "从左至右嵌入",
    "\u202b": "从右至左嵌入",
    "\u202c": "方向结束",
    "\u202d": "从左至右强制",
    "\u202e": "从右至左强制",
    "\u2060": "词连接符",
    "\u2066": "从左至右隔离",
    "\u2067": "从右至左隔离",
    "\u2069": "隔离结束",
    "\u2800": "盲文空格",
    "\u3000": "全角空格",
    "\u3164": "谚文填充符",
    "\ufeff": "零宽不换行空格",
}


class Span(NamedTuple):
    """A stretch of both names. `insert` stands only in the candidate, `delete` only in the official name."""

    op: Op
    candidate: str
    official: str


def differences(candidate: str, official: str) -> tuple[Span, ...]:
    """The two names cut into aligned stretches, in order; their texts joined give the names again."""
    mine, theirs = characters(candidate), characters(official)
    matcher = difflib.SequenceMatcher(a=theirs, b=mine, autojunk=False)
    return tuple(
        Span(op, "".join(mine[b1:b2]), "".join(theirs[a1:a2])) for op, a1, a2, b1, b2 in matcher.get_opcodes()
    )


def characters(text: str) -> list[str]:
    """`text` as a reader counts it: a letter with its accents is one; an invisible character stands alone."""
    found: list[str] = []
    for character in text:
        if found and unicodedata.combining(character) and not is_invisible(found[-1][-1]):
            found[-1] += character
        else:
            found.append(character)
    return found


def describe(character: str) -> str:
    """A character by look and number (日 U+65E5); one without a look by number and names."""
    number = " ".join(f"U+{ord(one):04X}" for one in character)
    if not _is_hidden(character):
        return f"{character} {number}"
    names = (_IN_CHINESE.get(character, ""), unicodedata.name(character, ""))
    return " ".join([number, *filter(None, names)])


def visible(character: str) -> str:
    """The character itself, or its number in brackets where nothing would be seen: [U+200B]."""
    return f"[U+{ord(character):04X}]" if character != " " and _is_hidden(character) else character


def _is_hidden(character: str) -> bool:
    return len(character) == 1 and (is_invisible(character) or character.isspace())
