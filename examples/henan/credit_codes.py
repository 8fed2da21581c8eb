"""Invented unified social credit codes (GB 32100-2015) with valid check digits.

Eighteen places: who registers (1 公共机构编制, 9 市场监督), which kind, division, nine places of the
organisation code (GB 11714, last one its check digit), check digit. The organisation codes here begin with
EXA, which no register has given out.
"""

from examples.henan.units import ENTERPRISE, INSTITUTION

LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
ORGANISATION_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
ORGANISATION_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
CODE_WEIGHTS = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
REGISTERED_BY = {INSTITUTION: "12", ENTERPRISE: "91"}
BY_ESTABLISHMENT_OFFICE = "11"


def invented(kind: str, division: str, number: int) -> str:
    """The code of the unit with the running `number` (up to 99999)."""
    organisation = f"EXA{number:05}"
    body = f"{REGISTERED_BY.get(kind, BY_ESTABLISHMENT_OFFICE)}{division}{organisation}"
    body += _organisation_check(organisation)
    return body + _check(body)


def _organisation_check(code: str) -> str:
    total = sum(w * ORGANISATION_LETTERS.index(c) for w, c in zip(ORGANISATION_WEIGHTS, code, strict=True))
    rest = 11 - total % 11
    return "X" if rest == 10 else "0" if rest == 11 else str(rest)


def _check(body: str) -> str:
    total = sum(weight * LETTERS.index(letter) for weight, letter in zip(CODE_WEIGHTS, body, strict=True))
    return LETTERS[(31 - total % 31) % 31]
