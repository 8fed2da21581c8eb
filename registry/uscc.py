"""The unified social credit code (统一社会信用代码) and its check digit, by GB 32100-2015. Pure.

18 signs: who registered and as what (2), the division where that happened (6 digits), the code of the body
(9), a check digit. Signs are digits and capital letters without I, O, S, V and Z.
"""

import re
import unicodedata

from common.faults import Text
from registry.problems import Problem

SIGNS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
WEIGHTS = tuple(pow(3, place, 31) for place in range(LENGTH - 1))
_SHAPE = re.compile(rf"[{SIGNS}]{{2}}\d{{6}}[{SIGNS}]{{10}}", re.ASCII)
COPY = Text("请对照证书重新填写 18 位代码", "copy the 18 signs from the certificate")


def check_digit(code: str) -> str:
    """The last sign that the first 17 of `code` ask for. They must be signs of the standard."""
    total = sum(weight * SIGNS.index(sign) for weight, sign in zip(WEIGHTS, code, strict=False))
    return SIGNS[-total % len(SIGNS)]


def read(text: str) -> str | Problem:
    """The code in `text`, in capitals and without blanks and hyphens."""
    code = re.sub(r"[\s-]", "", unicodedata.normalize("NFKC", text)).upper()
    if len(code) != LENGTH:
        return Problem("uscc_length", _length(code), COPY)
    if foreign := sorted({sign for sign in code if sign not in SIGNS}):
        signs = " ".join(foreign)
        problem = Text(f"含有这种代码不用的字符 {signs}", f"contains what such a code never does: {signs}")
        mend = Text(
            "I、O、S、V、Z 不会出现，常是 1、0、5 等误写", "I, O, S, V, Z never occur: often 1, 0, 5 misread"
        )
        return Problem("uscc_sign", problem, mend)
    if not _SHAPE.fullmatch(code) or not code.strip("0"):
        problem = Text(
            "不是统一社会信用代码：第 3 至 8 位应为数字", "signs 3 to 8 must be digits, and not all zero"
        )
        return Problem("uscc_shape", problem, COPY)
    if code[-1] != check_digit(code):
        return _wrong_check(code)
    return code


def _length(code: str) -> Text:
    if len(code) in (9, 15):
        return Text(
            f"有 {len(code)} 位，可能是旧的组织机构代码或注册号",
            f"{len(code)} signs, perhaps an organisation code or registration number of old",
        )
    return Text(f"有 {len(code)} 位，应为 18 位", f"{len(code)} signs, there must be 18")


def _wrong_check(code: str) -> Problem:
    problem = Text("校验位不对，代码中有写错的地方", "the check digit does not fit, something is mistyped")
    right = check_digit(code)
    mend = Text(
        f"请对照证书；如前 17 位无误，末位应为 {right}",
        f"compare it with the certificate; if the first 17 signs are right the last one is {right}",
    )
    return Problem("uscc_check", problem, mend)
