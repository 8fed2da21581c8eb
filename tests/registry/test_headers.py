import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.faults import Faults
from names import tablefiles
from registry.headers import (
    FOLDER,
    PASSED_OVER,
    Heading,
    checked_mapping,
    fields,
    is_header,
    layout,
    meanings,
    tell_unused,
)

HEADING = Heading("账号", 3)

# As offices head their columns, and what each heading means.
SEEN = [
    ("主办单位", "unit"),
    ("主办单位（必填）", "unit"),
    (" 单位名称 ", "unit"),
    ("单 位 名 称", "unit"),
    ("主办单位\n（全称）", "unit"),
    ("行政区划代码", "unit_division"),
    ("区划", "unit_division"),
    ("行政区划代码(6位)", "unit_division"),
    ("单位类别", "unit_kind"),
    ("统一社会信用代码", "uscc"),
    ("*统一社会信用代码：", "uscc"),
    ("上级主管单位", "parent_unit"),
    ("上级单位行政区划代码", "parent_division"),
    ("联系人", "contact_person"),
    ("联系电话【手机】", "contact_phone"),
    ("电子邮箱", "contact_email"),
    ("平台", "platform"),
    ("平台名称", "platform"),
    ("平台（微博/微信/抖音）", "platform"),
    ("账号ID", "platform_uid"),
    ("账号id", "platform_uid"),
    ("账号ＩＤ", "platform_uid"),
    ("帐号ID", "platform_uid"),
    ("原始ID", "platform_uid"),
    ("UID", "platform_uid"),
    ("微信号", "handle"),
    ("账号名称", "name"),
    ("帐号名称", "name"),
    ("昵称", "name"),
    ("认证主体", "certified_subject"),
    ("主页链接", "home_url"),
    ("开通时间", "opened_on"),
    ("开设日期", "opened_on"),
    ("运行状态", "state"),
    ("Platform UID", "platform_uid"),
    ("platform_uid", "platform_uid"),
    ("OPENED ON", "opened_on"),
    ("Unit Name", "unit"),
    ("name", "name"),
    ("错误原因", PASSED_OVER),
    ("序号", PASSED_OVER),
]


@pytest.mark.parametrize(("heading", "field"), SEEN)
def test_it_knows_a_heading_however_it_is_dressed(heading: str, field: str) -> None:
    assert meanings(heading) == (field,)


@pytest.mark.parametrize("heading", ["备注", "主管单位", "ID", "", "（必填）", "粉丝数"])
def test_it_does_not_guess_at_other_headings(heading: str) -> None:
    assert meanings(heading) == ()


def test_the_own_name_of_a_field_means_that_field() -> None:
    for name in fields("registry"):
        assert meanings(name) == (name,)
    for name in fields("contacts"):
        assert meanings(name, "contacts") == (name,)


def test_a_heading_means_what_it_does_in_its_kind_of_file() -> None:
    assert meanings("联系人") == ("contact_person",)
    assert meanings("联系人", "contacts") == ("person",)


def test_no_word_is_listed_for_a_field_that_is_not_one() -> None:
    for file, _, chinese, english in tablefiles.rows("headers", FOLDER):
        assert file in ("registry", "contacts")
        assert chinese and english


def test_a_header_names_two_columns_or_more() -> None:
    assert is_header(["序号", "主办单位", "平台"])
    assert is_header(["发布", "甲"], mapping={"发布": "name", "甲": "unit"})
    assert not is_header(["河南省政务新媒体备案表", "", ""])
    assert not is_header(["郑州市公安局", "主办单位", "weibo"])
    assert not is_header([])


def _layout(
    columns: list[str], mapping: dict[str, str] | None = None
) -> tuple[dict[str, str], Faults, Faults]:
    faults, notices = Faults(), Faults()
    found = layout(columns, mapping or {}, "registry", HEADING, faults, notices)
    return dict(found.columns), faults, notices


def test_columns_are_named_as_they_are_written() -> None:
    found, faults, notices = _layout(["序号", "主办单位（必填）", "平台", ""])
    assert found == {"unit": "主办单位（必填）", "platform": "平台"}
    assert not faults and not notices


def test_two_columns_of_one_field_are_a_fault() -> None:
    _, faults, _ = _layout(["手机", "办公电话"])
    (fault,) = faults.kept
    assert (fault.kind, fault.place.column) == ("column_doubled", "办公电话")
    assert "手机" in fault.problem.zh and '--map "办公电话=-"' in fault.mend.zh


def test_one_column_written_twice_is_a_fault() -> None:
    assert _layout(["平台", "平台"])[1].kept[0].kind == "column_doubled"
    assert _layout(["备注", "备注"])[1].kept[0].kind == "column_doubled"


def test_a_heading_of_two_meanings_is_a_fault_naming_both() -> None:
    found, faults, _ = _layout(["名称", "平台"])
    (fault,) = faults.kept
    assert found == {"platform": "平台"}
    assert fault.kind == "column_ambiguous"
    assert (fault.place.sheet, fault.place.line, fault.place.column) == ("账号", 3, "名称")
    assert "主办单位" in fault.problem.zh and "账号名称" in fault.problem.zh


def test_an_unknown_column_is_passed_over_and_told_with_the_nearest() -> None:
    found, faults, notices = _layout(["主办单位", "账号名称名"])
    assert found == {"unit": "主办单位"} and not faults
    (notice,) = notices.kept
    assert notice.kind == "column_unknown"
    assert '--map "账号名称名=name"' in notice.mend.zh


def test_a_mapping_goes_before_the_words() -> None:
    found, faults, notices = _layout(["主办单位", "甲", "名称"], {"甲": "unit", "名称": "name"})
    assert found == {"unit": "甲", "name": "名称"}
    assert not faults
    assert [notice.kind for notice in notices.kept] == ["column_overridden"]


def test_a_mapping_may_pass_a_column_over() -> None:
    found, faults, notices = _layout(["手机", "办公电话", "备注"], {"手机": "-", "备注": "-"})
    assert found == {"contact_phone": "办公电话"}
    assert not faults and not notices


def test_a_mapping_to_no_field_is_a_fault_with_the_nearest() -> None:
    faults = Faults()
    assert not checked_mapping({"甲": "nmae", "乙": "-"}, "registry", faults)
    (fault,) = faults.kept
    assert fault.kind == "map_field_unknown" and "name" in fault.mend.en


def test_two_columns_mapped_to_one_field_are_a_fault() -> None:
    faults = Faults()
    assert not checked_mapping({"甲": "name", "乙": "name", "丙": "-", "丁": "-"}, "registry", faults)
    assert [fault.kind for fault in faults.kept] == ["map_field_twice"]
    assert checked_mapping({"甲": "name", "乙": "unit"}, "registry", Faults())


def test_what_is_mapped_but_not_there_is_told() -> None:
    notices = Faults()
    tell_unused({"甲": "name", "乙 列": "unit"}, ["乙列"], notices)
    assert [notice.place.column for notice in notices.kept] == ["甲"]


@given(
    st.lists(st.text(max_size=12), max_size=6),
    st.dictionaries(st.text(max_size=6), st.just("name"), max_size=2),
)
def test_no_header_breaks_it(columns: list[str], mapping: dict[str, str]) -> None:
    found, _, _ = _layout(columns, mapping)
    assert set(found.values()) <= set(columns)
