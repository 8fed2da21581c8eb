from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.faults import Text
from names.divisions import all_divisions, display_name
from registry.places import Meant, division
from registry.problems import Problem

TODAY = date(2026, 11, 24)


def _code(text: str) -> str:
    found = division(text, TODAY)
    assert isinstance(found, Meant), found
    return found.code


def _wrong(text: str) -> tuple[str, str]:
    """Kind and Chinese mend of what is wrong."""
    found = division(text, TODAY)
    assert isinstance(found, Problem), found
    return found.kind, (found.mend if isinstance(found.mend, Text) else found.mend()).zh


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("410105", "410105"),
        ("41", "410000"),
        ("4101", "410100"),
        ("410105000", "410105"),
        ("410105000000", "410105"),
        ("410100000000", "410100"),
        ("４１０１０５", "410105"),
        ("441900", "441900"),
        ("河南省", "410000"),
        ("郑州市", "410100"),
        ("郑州市金水区", "410105"),
        ("河南省郑州市金水区", "410105"),
        ("河南省/郑州市/金水区", "410105"),
        ("河南省 郑州市 金水区", "410105"),
        ("中牟县", "410122"),
        ("东莞市", "441900"),
        ("北京市朝阳区", "110105"),
        ("济源市", "419001"),
        ("河南省济源市", "419001"),
    ],
)
def test_it_takes_a_code_or_a_full_name(text: str, code: str) -> None:
    assert _code(text) == code


@pytest.mark.parametrize(
    ("text", "kind", "instead"),
    [
        ("鼓楼区", "division_ambiguous", "410204（开封市鼓楼区）"),
        ("鼓楼区", "division_ambiguous", "320106（南京市鼓楼区）"),
        ("郑州", "division_unknown", "410100（郑州市）"),
        ("郑州市金氷区", "division_unknown", "410105（郑州市金水区）"),
        ("410150", "division_unknown", "410105 金水区"),
        ("999999", "division_unknown", "六位"),
        ("不是地方", "division_unknown", "六位"),
        ("810000", "division_unknown", "六位"),
        ("410105001", "division_township", "410105（郑州市金水区）"),
        ("410105001002", "division_township", "410105（郑州市金水区）"),
        ("410728", "division_ended", "410783（新乡市长垣市）"),
        ("长垣县", "division_ended", "410783（新乡市长垣市）"),
        ("新乡市长垣县", "division_ended", "410783（新乡市长垣市）"),
        ("110103", "division_ended", "查不到由谁接替"),
        ("110103", "division_ended", "110000（北京市）"),
        ("110100", "division_placeholder", "110000"),
        ("410101", "division_placeholder", "410100"),
        ("419000", "division_placeholder", "410000"),
        ("620201", "division_stand_in", "620200"),
    ],
)
def test_it_says_what_to_write_instead(text: str, kind: str, instead: str) -> None:
    found, mend = _wrong(text)
    assert found == kind
    assert instead in mend


def test_a_statistical_zone_may_have_units_and_is_told() -> None:
    found = division("410171", TODAY)
    assert isinstance(found, Meant) and found.notice is not None
    assert found.code == "410171" and found.notice.kind == "division_zone"
    assert "郑州市（410100）" in found.notice.text.zh
    assert division("梁园区", TODAY) == Meant("411402")


def test_every_body_of_the_table_is_taken_by_its_code_and_its_full_name() -> None:
    for one in all_divisions():
        if not one.is_placeholder and not one.is_stand_in:
            assert _code(one.code) == one.code
            found = division(display_name(one), TODAY)
            assert isinstance(found, Problem) or found.code == one.code


@given(st.text(max_size=20) | st.from_regex(r"\d{0,13}", fullmatch=True))
def test_no_text_breaks_it(text: str) -> None:
    found = division(text, TODAY)
    if isinstance(found, Problem) and not isinstance(found.mend, Text):
        assert found.mend().zh
