"""Invented credit codes hold what GB 32100 asks for."""

import pytest

from examples.henan import credit_codes, generate
from examples.henan.units import DEPARTMENT, ENTERPRISE, INSTITUTION
from registry import uscc


@pytest.mark.parametrize(
    ("kind", "begins"),
    [(DEPARTMENT, "11410100EXA"), (INSTITUTION, "12410100EXA"), (ENTERPRISE, "91410100EXA")],
)
def test_the_code_says_kind_and_division_and_that_it_is_invented(kind: str, begins: str) -> None:
    code = credit_codes.invented(kind, "410100", 7)
    assert code.startswith(begins)
    assert len(code) == 18


def test_the_product_finds_no_fault_in_any_of_them(province: generate.Province) -> None:
    codes = [credit_codes.invented(unit.kind, unit.division, n) for n, unit in enumerate(province.units, 1)]
    assert [uscc.read(code) for code in codes] == codes
    assert len(set(codes)) == len(codes)


def test_a_letter_is_computed_too() -> None:
    # 91350100M000100Y43, the worked example of GB 32100-2015.
    assert credit_codes._check("91350100M000100Y4") == "3"
