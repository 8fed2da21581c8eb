"""JSON Lines and JSON documents → objects. Pure.

The rules:
- JSON Lines: one object a line, read as a stream. A JSON document: an array of objects, or an object with
  such an array at a dotted path; a document has at most 128 MiB, and its objects are numbered, not its lines;
- each key once in an object, at any depth; no NaN, no Infinity, no number too large to be one; at most 32
  levels; no NUL and no half of a surrogate pair, for neither can be stored.
Whatever breaks a rule is noted as a fault of its line; reading goes on.
"""

import json
import re
from collections.abc import Iterator
from typing import Any, BinaryIO, NoReturn

from common.faults import Faults, Place, Text
from common.sheets import kinds
from common.sheets.containers import too_large
from common.sheets.encoding import lines_of
from common.sheets.limits import MAX_DEPTH, MAX_DOCUMENT

Numbered = tuple[int, dict[str, Any]]

_RISKY = re.compile(r"\\u(?:0000|[dD][89a-fA-F])")


class _Wrong(ValueError):
    """A value that is JSON, but not taken."""

    def __init__(self, kind: str, problem: Text, mend: Text) -> None:
        super().__init__(problem.en)
        self.kind, self.problem, self.mend = kind, problem, mend


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        keys = [key for key, _ in pairs]
        twice = next(key for key in keys if keys.count(key) > 1)
        problem = Text(f"键“{twice[:40]}”出现多次", f"the key “{twice[:40]}” stands there more than once")
        raise _Wrong(kinds.KEY_TWICE, problem, Text("请只保留一个", "keep one of them"))
    return made


def _number(text: str) -> float:
    number = float(text)
    if number in (float("inf"), float("-inf")):
        _refuse_number(text)
    return number


def _refuse_number(text: str) -> NoReturn:
    problem = Text(f"“{text[:40]}”不是可用的数字", f"“{text[:40]}” is no number that can be used")
    raise _Wrong(kinds.NUMBER, problem, Text("未知的值请写 null", "write null for what is not known"))


_decode = json.JSONDecoder(
    object_pairs_hook=_object, parse_float=_number, parse_constant=_refuse_number
).decode


def json_lines(file: BinaryIO, encoding: str, faults: Faults) -> Iterator[Numbered]:
    """Line number and object of each sound line."""
    for number, text in lines_of(file, encoding, faults):
        if text and not text.isspace():
            value = _value(number, text, faults)
            if value is not None:
                yield number, value


def _value(number: int, text: str, faults: Faults) -> dict[str, Any] | None:
    """The object in a line, None if there is none that can be taken."""
    try:
        value = _decode(text)
        can_be_deep = text.count("{") + text.count("[") > MAX_DEPTH
        return _checked(value, can_be_deep, "\\u" in text and bool(_RISKY.search(text)))
    except (ValueError, RecursionError) as error:
        kind, problem, mend = _told(error)
        faults.add(kind, Place(line=number, value=text[:200]), problem, mend)
    return None


def _told(error: Exception) -> tuple[str, Text, Text]:
    """Kind, problem and mend of what reading a value raised."""
    if isinstance(error, _Wrong):
        return error.kind, error.problem, error.mend
    if isinstance(error, RecursionError):
        return kinds.DEEP, *_DEEP
    if not isinstance(error, json.JSONDecodeError):  # Python reads no whole number of more than 4,300 digits
        return kinds.NUMBER, *_HUGE
    at = Text(f"第{error.colno}个字符处", f"at character {error.colno}")
    problem = Text(f"不是有效的 JSON（{at.zh}）", f"not JSON ({error.msg} {at.en})")
    return kinds.JSON, problem, _JSON_MEND


def _checked(value: Any, can_be_deep: bool, is_risky: bool) -> dict[str, Any]:
    """`value` if it is an object that can be taken; what its text rules out is not looked for."""
    if not isinstance(value, dict):
        raise _Wrong(kinds.NOT_OBJECT, *_NOT_OBJECT)
    if can_be_deep and _depth(value) > MAX_DEPTH:
        raise _Wrong(kinds.DEEP, *_DEEP)
    if is_risky:
        _check_characters(value)
    return value


def _depth(value: Any) -> int:
    """Levels of nesting, counted level by level."""
    depth, level = 0, [value]
    while level:
        depth += 1
        nested = [v for v in level if isinstance(v, dict | list)]
        level = [x for v in nested for x in (v.values() if isinstance(v, dict) else v)]
    return depth - 1


def _check_characters(value: Any) -> None:
    for text in _texts(value):
        if "\0" in text:
            raise _Wrong(kinds.NUL, *_NUL)
        if any("\ud800" <= mark <= "\udfff" for mark in text):
            raise _Wrong(kinds.CHARACTER, *_SURROGATE)


def _texts(value: Any) -> Iterator[str]:
    """All texts in a value, keys among them."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from value
        value = value.values()
    if not isinstance(value, str | int | float | None):
        for inner in value:
            yield from _texts(inner)


def document(file: BinaryIO, encoding: str, list_at: str, faults: Faults) -> Iterator[Numbered]:
    """Number (from 1) and object of each sound entry of the list. Raises BadFile."""
    for number, entry in entries(file, encoding, list_at):
        try:
            yield number, _checked(entry, True, True)
        except _Wrong as error:
            shown = repr(entry) if isinstance(entry, str | int | float | None) else ""
            faults.add(error.kind, Place(line=number, value=shown[:200]), error.problem, error.mend)


def entries(file: BinaryIO, encoding: str, list_at: str) -> Iterator[tuple[int, Any]]:
    """Number and value of each entry of the list, whatever it is. Raises BadFile."""
    data = file.read(MAX_DOCUMENT + 1)
    if len(data) > MAX_DOCUMENT:
        raise too_large(MAX_DOCUMENT)
    yield from enumerate(_list_in(_parsed(_text(data, encoding)), list_at), start=1)


def _text(data: bytes, encoding: str) -> str:
    """The text of a document, without its byte order mark."""
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problem = Text(f"有一个字节不是 {encoding} 文字", f"a byte is not {encoding}")
        raise kinds.refusal(kinds.ENCODING, problem, _AS_UTF8, Place(line=line)) from error
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise kinds.refusal(kinds.NUL, *_NUL, Place(line=line))
    return text.lstrip("\ufeff")


def _parsed(text: str) -> Any:
    try:
        return _decode(text)
    except (ValueError, RecursionError) as error:
        line = error.lineno if isinstance(error, json.JSONDecodeError) else 0
        raise kinds.refusal(*_told(error), Place(line=line)) from error


def _list_in(value: Any, list_at: str) -> list[Any]:
    for key in list_at.split(".") if list_at else ():
        value = value.get(key) if isinstance(value, dict) else None
    if isinstance(value, list):
        return value
    place = list_at or "JSON"
    problem = Text(f"“{place}”处不是数据列表", f"there is no list at “{place}”")
    mend = Text(
        "请确认这是该平台导出的原始文件；列表应当是 [{…}, {…}]",
        "make sure that this is the file as the platform exported it; a list is written as [{…}, {…}]",
    )
    raise kinds.refusal(kinds.NO_LIST, problem, mend)


_AS_UTF8 = Text("请用 UTF-8 编码重新导出", "export it again as UTF-8")
_JSON_MEND = Text("请从原系统重新导出，或改正这一行", "export the file again, or correct this line")
_NOT_OBJECT = (
    Text("不是 JSON 对象", "this is not a JSON object"),
    Text('每条数据要写成 {"列名": 值, …}', 'write each row as {"column": value, …}'),
)
_DEEP = (
    Text(f"嵌套超过 {MAX_DEPTH} 层", f"nested more than {MAX_DEPTH} levels deep"),
    Text("请只导出需要的字段", "export only the fields that are needed"),
)
_HUGE = (
    Text("整数超过 4,300 位", "a whole number of more than 4,300 digits"),
    Text("请改正或删除该数字", "correct or remove it"),
)
_NUL = (
    Text("含有空字符（NUL）", "there is a NUL character"),
    Text("请删除该字符", "remove it"),
)
_SURROGATE = (
    Text(
        "含有半个代理对（\\uD800–\\uDFFF），不是文字", "there is half of a surrogate pair (\\uD800–\\uDFFF)"
    ),
    Text("请删除该字符，或从原系统重新导出", "remove it, or export the file again"),
)
