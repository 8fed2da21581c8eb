from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.faults import BadFile, Faults
from registry.kinds import STATES, UNIT_KINDS
from registry.known import NO_UNIT
from registry.reading import read
from registry.records import AccountRecord, SponsorContact, UnitRecord
from registry.uscc import check_digit
from tests.registry.tables import KNOWN, PLATFORMS, TODAY, Reading, objects, reading, sheet

FLAT = ["平台", "账号ID", "账号名称", "开通时间", "运行状态", "主办单位", "行政区划代码", "单位类别"]
POLICE = ("郑州市公安局", "410100", "政府部门")
ROW = ("新浪微博", "2656274875", "平安郑州", "2012年3月1日", "正常", *POLICE)
ACCOUNT = ("新浪微博", "2656274875", "平安郑州")
"""As in a sheet of accounts, which names the unit behind."""
ACCOUNTS = ["平台", "账号ID", "账号名称", "运行状态", "主办单位"]
UNITS = ["单位名称", "行政区划代码", "单位类别"]


def _row(**changes: str) -> tuple[str, ...]:
    return tuple(changes.get(column, value) for column, value in zip(FLAT, ROW, strict=True))


def _flat(*rows: Sequence[str]) -> Reading:
    return reading(sheet(FLAT, *rows))


def test_a_flat_row_is_a_unit_and_its_account() -> None:
    read = _flat(ROW, _row(平台="公众号", 账号ID="gh_0123456789ab"))
    assert read.records == [
        UnitRecord("", 2, "郑州市公安局", "410100", "department"),
        AccountRecord(
            "",
            2,
            "weibo",
            "",
            "2656274875",
            "平安郑州",
            "in_service",
            ("郑州市公安局", "410100"),
            opened_on=date(2012, 3, 1),
            has_opened_on=True,
        ),
        AccountRecord(
            "",
            3,
            "wechat_oa",
            "",
            "gh_0123456789ab",
            "平安郑州",
            "in_service",
            ("郑州市公安局", "410100"),
            opened_on=date(2012, 3, 1),
            has_opened_on=True,
        ),
    ]
    assert not read.faults and not read.notices


def test_a_flat_row_without_any_cell_of_an_account_is_a_unit_alone() -> None:
    read = _flat(("", "", "", "", "", *POLICE))
    assert [unit.name for unit in read.units] == ["郑州市公安局"]
    assert not read.accounts and not read.faults


def test_empty_cells_are_empty_and_absent_columns_are_unknown() -> None:
    whole = reading(sheet([*FLAT, "微信号", "认证主体", "主页"], (*ROW, "", "", ""))).accounts[0]
    assert (whole.handle, whole.certified_subject, whole.home_url) == ("", "", "")
    bare = _flat(_row(开通时间="")).accounts[0]
    assert (bare.handle, bare.certified_subject, bare.home_url) == (None, None, None)
    assert bare.opened_on is None and bare.has_opened_on
    assert not reading(sheet(ACCOUNTS[:3] + UNITS, (*ACCOUNT, *POLICE))).accounts[0].has_opened_on


STEM = "91350100M000100W4"
OTHER_CODE = STEM + check_digit(STEM)

CHECKS = [
    ({"平台": "微信"}, "platform_unclear", "平台"),
    ({"平台": "网站"}, "platform_unknown", "平台"),
    ({"平台": ""}, "value_empty", "平台"),
    ({"账号ID": ""}, "value_empty", "账号ID"),
    ({"账号ID": "平安郑州"}, "uid_impossible", "账号ID"),
    ({"账号ID": "2.65627E+09"}, "uid_rounded", "账号ID"),
    ({"账号ID": "26562 74875"}, "uid_blank", "账号ID"),
    ({"账号名称": ""}, "value_empty", "账号名称"),
    ({"账号名称": "\u3164"}, "name_empty", "账号名称"),
    ({"账号名称": "长" * 201}, "value_too_long", "账号名称"),
    ({"账号名称": "平安\n郑州"}, "value_control_character", "账号名称"),
    ({"开通时间": "1/8/2019"}, "day_unclear", "开通时间"),
    ({"开通时间": "2019-02-29"}, "day_impossible", "开通时间"),
    ({"开通时间": "1998-01-01"}, "opened_too_early", "开通时间"),
    ({"开通时间": "2026-11-25"}, "opened_in_future", "开通时间"),
    ({"运行状态": ""}, "value_empty", "运行状态"),
    ({"运行状态": "停用"}, "state_unclear", "运行状态"),
    ({"运行状态": "好"}, "state_unknown", "运行状态"),
    ({"主办单位": ""}, "value_empty", "主办单位"),
    ({"主办单位": "\u200b"}, "name_empty", "主办单位"),
    ({"主办单位": "长" * 121}, "value_too_long", "主办单位"),
    ({"行政区划代码": "鼓楼区"}, "division_ambiguous", "行政区划代码"),
    ({"行政区划代码": "410728"}, "division_ended", "行政区划代码"),
    ({"行政区划代码": "110100"}, "division_placeholder", "行政区划代码"),
    ({"行政区划代码": "999999"}, "division_unknown", "行政区划代码"),
    ({"单位类别": "什么"}, "unit_kind_unknown", "单位类别"),
]


@pytest.mark.parametrize(("change", "kind", "column"), CHECKS)
def test_a_wrong_cell_is_told_with_its_place_and_its_row_left_out(
    change: dict[str, str], kind: str, column: str
) -> None:
    read = _flat(_row(**change), _row(账号ID="1234567890"))
    (fault,) = read.faults.kept
    assert (fault.kind, fault.place.line, fault.place.column) == (kind, 2, column)
    assert [account.line for account in read.accounts] == [3]
    assert [unit.line for unit in read.units] == [3]
    assert fault.sentence("zh") and fault.sentence("en")


@pytest.mark.parametrize(
    ("column", "value", "kind"),
    [
        ("微信号", "@zhengzhou", "handle_impossible"),
        ("认证主体", "长" * 201, "value_too_long"),
        ("主页", "weibo.com/u/1", "url_shape"),
        ("实例", "Example 1", "instance_shape"),
        ("统一社会信用代码", "91350100M000100Y44", "uscc_check"),
        ("联系电话", "办公室", "phone_shape"),
        ("邮箱", "a@b", "email_shape"),
        ("联系人", "长" * 61, "value_too_long"),
        ("上级单位", "\u200b", "name_empty"),
        ("上级单位行政区划代码", "410100", "parent_unnamed"),
        ("微信号", "a\x07", "value_control_character"),
    ],
)
def test_so_is_a_wrong_cell_in_a_column_that_need_not_be_there(column: str, value: str, kind: str) -> None:
    read = reading(sheet([*FLAT, column], (*ROW, value)))
    assert read.kinds == [kind]
    assert not read.records


def test_an_id_of_a_platform_without_a_rule_has_a_length() -> None:
    assert _flat(_row(平台="知乎", 账号ID="长" * 129)).kinds == ["value_too_long"]
    assert not _flat(_row(平台="知乎", 账号ID="长" * 128)).faults


def test_all_that_is_wrong_in_a_row_is_told_at_once() -> None:
    read = _flat(_row(平台="网站", 账号ID="", 运行状态="好", 行政区划代码="1"))
    assert read.kinds == ["division_unknown", "platform_unknown", "value_empty", "state_unknown"]


def test_an_empty_id_says_where_the_platform_shows_it() -> None:
    (fault,) = _flat(_row(账号ID="")).faults.kept
    assert "weibo.com/u/" in fault.mend.zh


def test_a_planned_account_may_open_in_the_future() -> None:
    assert not _flat(_row(开通时间="2027-01-01", 运行状态="计划开设")).faults
    assert not _flat(_row(开通时间=TODAY.isoformat())).faults


def test_an_account_stands_in_a_file_once() -> None:
    read = _flat(ROW, _row(账号名称="别的"))
    (fault,) = read.faults.kept
    assert (fault.kind, fault.place.line) == ("account_twice", 3)
    assert "第2行" in fault.problem.zh
    assert len(read.accounts) == 1


def test_rows_that_contradict_each_other_about_a_unit_are_told() -> None:
    read = _flat(ROW, _row(账号ID="1234567890", 单位类别="企业"))
    (fault,) = read.faults.kept
    assert (fault.kind, fault.place.line, fault.place.column) == ("unit_contradiction", 3, "单位类别")
    assert "第2行" in fault.problem.zh
    assert len(read.accounts) == 1


@pytest.mark.parametrize(
    ("column", "then"),
    [
        ("统一社会信用代码", OTHER_CODE),
        ("上级单位", "教育局"),
        ("联系人", "李四"),
        ("联系电话", "119"),
        ("邮箱", "b@example.cn"),
    ],
)
def test_each_thing_said_of_a_unit_must_agree(column: str, then: str) -> None:
    said = {
        "统一社会信用代码": "91350100M000100Y43",
        "上级单位": "河南省教育厅",
        "联系人": "张三",
        "联系电话": "110",
        "邮箱": "a@example.cn",
    }
    first, other = (*ROW, *said.values()), _row(账号ID="1234567890")
    columns = [*FLAT, *said]
    assert not reading(sheet(columns, first, (*other, *said.values()))).faults
    (fault,) = reading(sheet(columns, first, (*other, *{**said, column: then}.values()))).faults.kept
    assert (fault.kind, fault.place.line, fault.place.column) == ("unit_contradiction", 3, column)


def test_a_later_row_may_leave_out_what_the_first_says_but_not_add_to_it() -> None:
    columns = [*FLAT, "统一社会信用代码"]
    full, empty = "91350100M000100Y43", ""
    other = _row(账号ID="1234567890")
    assert not reading(sheet(columns, (*ROW, full), (*other, empty))).faults
    (fault,) = reading(sheet(columns, (*ROW, empty), (*other, full))).faults.kept
    assert fault.kind == "unit_contradiction" and "第2行" in fault.problem.zh


def test_units_and_accounts_may_stand_in_two_sheets_in_any_order() -> None:
    units = [("郑州市公安局", "4101", "政府部门"), ("郑州大学", "郑州市", "事业单位")]
    accounts = [(*ACCOUNT, "正常", "郑州市公安局"), ("公众号", "gh_0123456789ab", "郑大", "停更", "郑州大学")]
    for turn in (1, -1):
        tables = [sheet(UNITS, *units, name="单位"), sheet(ACCOUNTS, *accounts, name="账号")][::turn]
        read = reading(*tables)
        assert not read.faults
        assert [unit.key for unit in read.units] == [("郑州市公安局", "410100"), ("郑州大学", "410100")]
        assert {account.name: account.unit[0] for account in read.accounts} == {
            "平安郑州": "郑州市公安局",
            "郑大": "郑州大学",
        }
        seen: set[tuple[str, str]] = set()
        for record in read.records:
            assert isinstance(record, UnitRecord) or record.unit in seen
            seen |= {record.key} if isinstance(record, UnitRecord) else set()


def test_units_that_wait_for_their_kind_are_there_for_accounts_above_them() -> None:
    accounts = sheet(ACCOUNTS, (*ACCOUNT, "正常", "郑州市图书馆"), name="账号")
    read = reading(accounts, sheet(UNITS, ("郑州市图书馆", "410100", ""), name="单位"))
    assert not read.faults
    assert read.accounts[0].unit == ("郑州市图书馆", "410100")


def test_a_sheet_of_accounts_before_its_units_does_not_fix_their_kind() -> None:
    accounts = sheet([*ACCOUNTS, "行政区划代码"], (*ACCOUNT, "正常", "郑州市公安局", "410100"), name="账号")
    read = reading(accounts, sheet(UNITS, ("郑州市公安局", "410100", "垂直管理单位"), name="单位"))
    assert [unit.kind for unit in read.units] == ["vertical"]
    assert not read.faults and not read.notices


def test_an_account_refers_by_name_to_a_stored_unit() -> None:
    read = reading(sheet(ACCOUNTS, (*ACCOUNT, "正常", "河南省教育厅")))
    assert [unit.key for unit in read.units] == [("河南省教育厅", "410000")]
    assert read.accounts[0].unit == ("河南省教育厅", "410000")


def test_a_name_several_units_bear_needs_its_division() -> None:
    (fault,) = reading(sheet(ACCOUNTS, (*ACCOUNT, "正常", "教育局"))).faults.kept
    assert fault.kind == "unit_ambiguous"
    assert "410100 郑州市" in fault.mend.zh and "410200 开封市" in fault.mend.zh
    units = sheet(UNITS, ("局", "410100", "部门"), ("局", "410200", "部门"), name="单位")
    assert reading(sheet(ACCOUNTS, (*ACCOUNT, "正常", "局"), name="账号"), units).kinds == ["unit_ambiguous"]
    told = sheet([*ACCOUNTS, "区划"], (*ACCOUNT, "正常", "教育局", "410200"))
    assert reading(told).accounts[0].unit == ("教育局", "410200")


def test_a_unit_nobody_knows_is_told_with_the_nearest() -> None:
    units = sheet(UNITS, ("郑州市公安局", "410100", "政府部门"), name="单位")
    (fault,) = reading(units, sheet(ACCOUNTS, (*ACCOUNT, "正常", "郑州公安局"), name="账号")).faults.kept
    assert (fault.kind, fault.place.sheet, fault.place.line) == ("unit_unknown", "账号", 2)
    assert "郑州市公安局" in fault.mend.zh


def test_a_kind_is_told_by_the_name_only_where_nobody_says_it() -> None:
    derived = _flat(_row(主办单位="郑州市图书馆", 单位类别=""))
    assert [unit.kind for unit in derived.units] == ["institution"]
    assert "unit_kind_derived" in derived.notices.kinds
    stored = _flat(_row(主办单位="教育局", 行政区划代码="410200", 单位类别=""))
    assert [unit.kind for unit in stored.units] == ["institution"]
    assert "unit_kind_derived" not in stored.notices.kinds
    given = _flat(_row(主办单位="郑州市图书馆"))
    assert [unit.kind for unit in given.units] == ["department"]


def test_without_a_column_of_states_accounts_are_in_service_and_that_is_told() -> None:
    read = reading(sheet([*ACCOUNTS[:3], *UNITS], (*ACCOUNT, *POLICE)))
    assert read.accounts[0].state == "in_service"
    assert list(read.notices.kinds) == ["state_assumed"]


PARENTS = [*UNITS, "上级单位", "上级单位行政区划代码"]


def test_a_parent_comes_before_its_child_wherever_it_stands() -> None:
    rows = [
        ("三中队", "410100", "部门", "二大队", ""),
        ("二大队", "410100", "部门", "一支队", "410100"),
        ("一支队", "410100", "部门", "", ""),
        ("处", "410000", "部门", "河南省教育厅", ""),
        ("科", "410000", "部门", "河南省教育厅", "41"),
    ]
    read = reading(sheet(PARENTS, *rows))
    assert not read.faults
    parents = {unit.name: unit.parent for unit in read.units}
    assert parents == {
        "一支队": NO_UNIT,
        "二大队": ("一支队", "410100"),
        "三中队": ("二大队", "410100"),
        "处": ("河南省教育厅", "410000"),
        "科": ("河南省教育厅", "410000"),
    }
    names = [unit.name for unit in read.units]
    assert names.index("一支队") < names.index("二大队") < names.index("三中队")


def test_the_division_of_a_parent_is_a_division_and_the_same_in_all_rows() -> None:
    row = ("处", "410000", "部门", "河南省教育厅")
    assert reading(sheet(PARENTS, (*row, "鼓楼区"))).kinds == ["division_ambiguous"]
    assert reading(sheet(PARENTS, (*row, "41"), (*row, "4101"))).kinds == ["unit_contradiction"]
    assert not reading(sheet(PARENTS, (*row, "41"), (*row, ""))).faults


@pytest.mark.parametrize(
    ("parent", "division", "kind"),
    [
        ("无此单位", "", "parent_unknown"),
        ("无此单位", "410100", "parent_unknown"),
        ("河南省教育厅", "410100", "parent_unknown"),
        ("教育局", "", "parent_ambiguous"),
        ("甲", "", "parent_circle"),
        ("甲", "410100", "parent_circle"),
    ],
)
def test_a_parent_that_cannot_be_is_told_and_its_accounts_wait_for_it(
    parent: str, division: str, kind: str
) -> None:
    units = sheet(PARENTS, ("甲", "410100", "部门", parent, division), name="单位")
    accounts = sheet(ACCOUNTS, (*ACCOUNT, "正常", "甲"), name="账号")
    read = reading(units, accounts)
    assert read.kinds == [kind, "unit_has_fault"]
    assert "第2行" in read.faults.kept[1].problem.zh
    assert not read.records


def test_a_circle_of_parents_is_told_at_each_of_them() -> None:
    rows = [
        ("甲", "410100", "部门", "乙", ""),
        ("乙", "410100", "部门", "甲", ""),
        ("丙", "410100", "部门", "", ""),
    ]
    read = reading(sheet(PARENTS, *rows))
    assert read.kinds == ["parent_circle", "parent_circle"]
    assert [unit.name for unit in read.units] == ["丙"]


def test_the_contact_of_a_unit_has_a_name_and_a_way_to_reach_it() -> None:
    columns = [*UNITS, "联系人", "联系电话", "邮箱"]
    unit = ("郑州市公安局", "410100", "部门")
    read = reading(sheet(columns, (*unit, "张三", "110", "")))
    assert read.units[0].contact == SponsorContact("张三", "110", "")
    assert reading(sheet(columns, (*unit, "", "", ""))).units[0].contact == SponsorContact("", "", "")
    assert reading(sheet(UNITS, unit)).units[0].contact is None
    for broken in (("张三", "", ""), ("", "110", "")):
        read = reading(sheet(columns, (*unit, *broken)))
        assert read.units[0].contact is None
        assert list(read.notices.kinds) == ["contact_incomplete"]


def test_a_statistical_zone_is_told_once() -> None:
    read = _flat(
        _row(行政区划代码="410171"), _row(账号ID="1234567890", 主办单位="郑州市某局", 行政区划代码="410171")
    )
    assert [unit.division for unit in read.units] == ["410171", "410171"]
    assert read.notices.kinds["division_zone"] == 1


def test_a_sheet_of_something_else_is_passed_over_and_told() -> None:
    other = sheet(["填写说明", "示例"], ("甲", "乙"), name="说明")
    read = reading(other, sheet(FLAT, ROW, name="账号"))
    assert len(read.accounts) == 1 and not read.faults
    assert [(notice.kind, notice.place.sheet) for notice in read.notices.kept] == [
        ("sheet_passed_over", "说明")
    ]


def test_a_file_with_no_known_sheet_ends_the_reading() -> None:
    read = reading(sheet(["填写说明"], ("甲",), name="说明"))
    assert read.broke_off and read.kinds == ["no_table"]


def test_a_missing_column_ends_the_reading_and_names_the_words_accepted() -> None:
    read = reading(sheet(["平台", "账号名称", "主办单位"], ("微博", "甲", "乙")))
    assert read.broke_off and not read.records
    (fault,) = read.faults.kept
    assert fault.kind == "column_missing"
    assert "原始ID" not in fault.problem.zh and "账号ID" in fault.mend.zh and "platform_uid" in fault.mend.en


def test_columns_may_be_mapped_by_hand() -> None:
    columns = ["渠道甲", *FLAT[1:]]
    assert reading(sheet(columns, ROW)).broke_off
    read = reading(sheet(columns, ROW), mapping={"渠道甲": "platform"})
    assert len(read.accounts) == 1 and not read.notices
    wrong = reading(sheet(columns, ROW), mapping={"渠道甲": "plattform"})
    assert wrong.broke_off and wrong.kinds == ["map_field_unknown"]
    unused = reading(sheet(FLAT, ROW), mapping={"没有这列": "handle"})
    assert list(unused.notices.kinds) == ["map_column_absent"]


OBJECT = {
    "platform": "weibo",
    "platform_uid": 2656274875,
    "name": " 平安郑州 ",
    "unit": "郑州市公安局",
    "unit_division": 410100,
    "unit_kind": "department",
    "state": "in_service",
    "handle": None,
}


def test_json_objects_name_their_own_columns() -> None:
    unit = {"unit": "郑州大学", "unit_division": "410100", "unit_kind": "institution"}
    read = reading(objects(OBJECT, unit))
    assert not read.faults
    account = read.accounts[0]
    assert (account.platform_uid, account.name, account.handle) == ("2656274875", "平安郑州", "")
    assert account.certified_subject is None
    assert [unit.name for unit in read.units] == ["郑州市公安局", "郑州大学"]


def test_a_json_object_that_lacks_a_field_or_holds_a_list_is_one_bad_line() -> None:
    lacking = {key: value for key, value in OBJECT.items() if key != "platform_uid"}
    read = reading(objects(lacking, {**OBJECT, "name": ["甲"]}, lacking, OBJECT))
    assert [(fault.kind, fault.place.line) for fault in read.faults.kept] == [
        ("column_missing", 1),
        ("value_not_text", 2),
        ("column_missing", 3),
    ]
    assert len(read.accounts) == 1


def test_an_unknown_column_of_json_is_told_once() -> None:
    other = {**OBJECT, "platform_uid": "1234567890", "extra": {"a": 1}}
    read = reading(objects({**OBJECT, "extra": 1}, other, {**other, "platform_uid": "1234567891", "more": 1}))
    assert not read.faults
    assert [notice.place.column for notice in read.notices.kept if notice.kind == "column_unknown"] == [
        "extra",
        "more",
    ]


# What the exporter writes: canonical columns, canonical values.
CANONICAL = [
    "platform",
    "instance",
    "platform_uid",
    "handle",
    "name",
    "certified_subject",
    "home_url",
    "opened_on",
    "state",
    "unit",
    "unit_division",
    "unit_kind",
]
_TEXTS = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=1, max_size=12)
_DIVISIONS = st.sampled_from(["410000", "410100", "410105", "410171", "441900", "110105"])


@st.composite
def _accounts(draw: st.DrawFn) -> list[AccountRecord]:
    count = draw(st.integers(0, 6))
    return [
        AccountRecord(
            "",
            at + 2,
            draw(st.sampled_from(["feed", "zhihu", "penguin"])),
            draw(st.sampled_from(["", "example"])),
            f"id-{at}",
            draw(_TEXTS),
            draw(st.sampled_from(STATES)),
            (draw(_TEXTS), draw(_DIVISIONS)),
            draw(st.sampled_from(["", "handle"])),
            draw(_TEXTS | st.just("")),
            draw(st.sampled_from(["", "https://example.cn/@a"])),
            draw(st.none() | st.dates(date(2000, 1, 1), TODAY)),
            True,
        )
        for at in range(count)
    ]


def _exported(account: AccountRecord, kind: str) -> list[str]:
    opened_on = account.opened_on.isoformat() if account.opened_on else ""
    values = [account.platform, account.instance, account.platform_uid, account.handle, account.name]
    values += [account.certified_subject, account.home_url, opened_on, account.state]
    return [value or "" for value in (*values, *account.unit, kind)]


@given(_accounts(), st.sampled_from(UNIT_KINDS))
def test_what_is_exported_is_read_back_the_same(accounts: list[AccountRecord], kind: str) -> None:
    read = reading(sheet(CANONICAL, *[_exported(account, kind) for account in accounts]))
    assert read.accounts == accounts
    assert not read.faults
    assert [unit.key for unit in read.units] == list(dict.fromkeys(account.unit for account in accounts))
    assert {unit.kind for unit in read.units} <= {kind}


_WORDS = st.sampled_from(
    ["微博", "公众号", "410100", "郑州市", "正常", "2019-1-1", "部门", "郑州市公安局", "", "x"]
)
_COLUMNS = st.lists(
    st.sampled_from([*FLAT, *PARENTS, "联系人", "联系电话", "备注", ""]) | st.text(max_size=5), max_size=9
)


@given(st.data(), st.integers(1, 3))
def test_no_tables_break_it(data: st.DataObject, count: int) -> None:
    tables = []
    for at in range(count):
        columns = data.draw(_COLUMNS)
        rows = data.draw(
            st.lists(
                st.lists(_WORDS | st.text(max_size=6), min_size=len(columns), max_size=len(columns)),
                max_size=4,
            )
        )
        tables.append(sheet(columns, *rows, name=data.draw(st.sampled_from(["", f"表{at}"]))))
    faults, notices = Faults(by_row=True), Faults()
    out: set[tuple[str, str]] = set()
    try:
        for record in read(tables, {}, KNOWN, faults, notices):
            if isinstance(record, UnitRecord):
                assert record.key not in out
                out.add(record.key)
            else:
                assert record.unit in out
                assert record.platform in PLATFORMS
    except BadFile:
        assert faults
    for fault in (*faults.kept, *notices.kept):
        assert fault.sentence("zh") and fault.sentence("en")
        assert replace(fault) == fault
