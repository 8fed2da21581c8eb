"""The register as an office keeps it: `政务新媒体台账.xlsx`, a sheet of units and one of their accounts.

Both have a title above the header; a unit with many accounts stands in one merged cell beside them. The sheet
of units says what the sheet of accounts does not: kind, upper body, credit code and who answers for it.
"""

from collections.abc import Iterable, Mapping, Sequence

from examples.henan import credit_codes
from examples.henan.draft import DOUYIN, KUAISHOU, MASTODON, TOUTIAO, WECHAT, WEIBO
from examples.henan.registered import Official, Unit
from examples.henan.units import DEPARTMENT, ENTERPRISE, INSTITUTION, OFFICE, TOWNSHIP, VERTICAL
from examples.henan.workbook import Sheet, workbook

FILE = "政务新媒体台账.xlsx"
TITLE = "河南省政务新媒体台账（示例：账号编号、信用代码、联系人均为虚构）"
UNIT_COLUMNS = (
    "单位名称", "行政区划代码", "单位性质", "统一社会信用代码", "上级单位", "上级单位行政区划代码",
    "联系人", "联系电话", "电子邮箱",
)  # fmt: skip
ACCOUNT_COLUMNS = (
    "主办单位", "行政区划代码", "平台", "实例", "账号名称", "账号ID", "用户名", "认证主体", "主页地址",
    "开设日期", "运行状态",
)  # fmt: skip
MERGED = 2
PLATFORMS = {
    MASTODON: "Mastodon 实例", WEIBO: "新浪微博", WECHAT: "微信公众号", DOUYIN: "抖音", KUAISHOU: "快手",
    TOUTIAO: "头条号",
}  # fmt: skip
STATES = {"in_service": "在用", "paused": "暂停更新", "shut_down": "关停", "deregistered": "已注销"}
KINDS = {
    OFFICE: "政府办公厅（室）", DEPARTMENT: "政府部门", INSTITUTION: "事业单位", ENTERPRISE: "国有企业",
    VERTICAL: "垂直管理单位", TOWNSHIP: "乡镇（街道）",
}  # fmt: skip
PROVINCE_CODE = "410000"
PARENTS = {
    "河南省公安厅交通警察总队": "河南省公安厅", "河南省教育考试院": "河南省教育厅",
    "河南省疾病预防控制中心": "河南省卫生健康委员会", "河南博物院": "河南省文化和旅游厅",
    "河南省图书馆": "河南省文化和旅游厅", "开封市公安局鼓楼分局": "开封市公安局",
}  # fmt: skip
"""Upper bodies that no rule below gives."""
PARENT_DIVISIONS = {"开封市公安局鼓楼分局": "410200"}
BELOW = {"公安局交通警察支队": "公安局", "疾病预防控制中心": "卫生健康委员会"}
UPPER_LINES = {"税务局": "国家税务总局河南省税务局", "消防救援支队": "河南省消防救援总队"}
Contact = tuple[str, str, str]
"""Person, telephone, e-mail."""


def ledger(
    accounts: Iterable[tuple[str, str, Official]], units: Sequence[Unit], contacts: Mapping[Unit, Contact]
) -> bytes:
    """The workbook. `accounts`: id, home address, account; `units`: all of them, also those without any."""
    of_unit: dict[Unit, list[tuple[str, ...]]] = {unit: [] for unit in units}
    for uid, home, official in accounts:
        of_unit[official.unit].append(_account_row(uid, home, official))
    unit_rows = [
        _unit_row(number, unit, set(units), contacts.get(unit, ("", "", "")))
        for number, unit in enumerate(units, 1)
    ]
    account_rows = [row for rows in of_unit.values() for row in rows]
    return workbook(
        [
            Sheet("单位", TITLE, UNIT_COLUMNS, unit_rows),
            Sheet("账号", TITLE, ACCOUNT_COLUMNS, account_rows, MERGED),
        ]
    )


def _account_row(uid: str, home: str, official: Official) -> tuple[str, ...]:
    unit, draft = official.unit, official.draft
    instance = "example" if draft.platform == MASTODON else ""
    return (
        unit.name, unit.division, PLATFORMS[draft.platform], instance, draft.name, uid, draft.handle,
        unit.name, home, draft.created.isoformat(), STATES[official.state],
    )  # fmt: skip


def _unit_row(number: int, unit: Unit, known: set[Unit], contact: Contact) -> tuple[str, ...]:
    parent, division = _parent(unit, {(one.name, one.division) for one in known})
    code = credit_codes.invented(unit.kind, unit.division, number)
    return (unit.name, unit.division, KINDS[unit.kind], code, parent, division, *contact)


def _parent(unit: Unit, known: set[tuple[str, str]]) -> tuple[str, str]:
    """The upper body if it is in the register itself."""
    for name in (PARENTS.get(unit.name, ""), *_by_rule(unit)):
        for division in (PARENT_DIVISIONS.get(unit.name, unit.division), PROVINCE_CODE):
            if name != unit.name and (name, division) in known:
                return name, division
    return "", ""


def _by_rule(unit: Unit) -> Iterable[str]:
    for ending, upper in BELOW.items():
        if unit.name.endswith(ending):
            yield unit.name.removesuffix(ending) + upper
    if unit.kind == VERTICAL:
        for ending, upper in UPPER_LINES.items():
            if unit.name.endswith(ending):
                yield upper
