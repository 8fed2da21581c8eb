import pytest

from registry.naming import place_tokens
from tests.registry.tables import reading, sheet

COLUMNS = ["平台", "账号ID", "账号名称", "认证主体", "运行状态", "主办单位", "行政区划代码", "单位类别"]
UNIT = ("郑州市公安局", "410100", "政府部门")
IDS = {"微博": "265627487{}", "公众号": "gh_01234567890{}", "抖音": "11024365642{}"}


def _notices(*accounts: tuple[str, str, str, str], unit: tuple[str, str, str] = UNIT) -> list[str]:
    """Kinds of the notices about accounts given by platform, name, subject and state."""
    rows = [
        (platform, IDS[platform].format(at), name, subject, state, *unit)
        for at, (platform, name, subject, state) in enumerate(accounts)
    ]
    read = reading(sheet(COLUMNS, *rows))
    assert not read.faults.kept
    assert len(read.accounts) == len(accounts)
    return [notice.kind for notice in read.notices.kept]


def _name(name: str, unit: tuple[str, str, str] = UNIT) -> list[str]:
    return _notices(("微博", name, "", "正常"), unit=unit)


@pytest.mark.parametrize(
    "name",
    ["平安郑州", "郑州市公安局", "河南公安在线", "郑州警方", "鄭州公安", "公 安", "平安金水", "豫警在线"],
)
def test_a_name_with_the_place_or_the_organ_of_its_unit_is_fine(name: str) -> None:
    assert _name(name) == []


@pytest.mark.parametrize("name", ["开心每一天", "冀警在线", "平安开封", "北京教育", "张三的日常"])
def test_a_name_without_them_is_told(name: str) -> None:
    assert _name(name) == ["name_unrelated"]


@pytest.mark.parametrize("name", ["官方发布", "官方微博", "发布"])
def test_a_bare_official_word_is_told(name: str) -> None:
    assert _name(name) == ["name_generic"]


@pytest.mark.parametrize(
    ("name", "unit"),
    [
        ("郑大一附院", ("郑州大学第一附属医院", "410100", "事业单位")),
        ("河大", ("河南大学", "410200", "事业单位")),
        ("科学大观园", ("科学大观园杂志社", "110000", "事业单位")),
        ("鼓楼发布", ("开封市鼓楼区人民政府办公室", "410204", "政府办公室")),
    ],
)
def test_short_and_own_names_of_a_unit_are_fine(name: str, unit: tuple[str, str, str]) -> None:
    assert _name(name, unit) == []


def test_one_name_on_all_platforms() -> None:
    one = ("微博", "平安郑州", "", "正常")
    assert _notices(one, ("公众号", "平安郑州", "", "正常")) == []
    assert _notices(one, ("公众号", " 平安·鄭州", "", "正常")) == []
    assert _notices(one, ("公众号", "郑州公安", "", "正常")) == ["name_differs"]


def test_one_account_on_each_platform() -> None:
    one = ("微博", "平安郑州", "", "正常")
    assert _notices(one, one) == ["account_second"]
    assert _notices(one, one, one) == ["account_second"] * 2
    assert _notices(one, ("微博", "郑州网警", "", "正常")) == ["account_second"]


def test_accounts_that_are_gone_keep_no_rule() -> None:
    gone = ("微博", "开心每一天", "个人", "已注销")
    assert _notices(("微博", "平安郑州", "", "正常"), gone) == []
    assert _notices(gone, ("微博", "平安郑州", "", "正常")) == []


@pytest.mark.parametrize(
    ("subject", "kinds"),
    [
        ("", []),
        ("郑州市公安局", []),
        ("鄭州市公安局", []),
        ("郑州某某文化传媒有限公司", ["subject_mismatch"]),
        ("郑州市公安局交通警察支队", ["subject_mismatch"]),
        ("个人", ["subject_personal"]),
    ],
)
def test_the_certified_subject_is_the_unit(subject: str, kinds: list[str]) -> None:
    assert _notices(("微博", "平安郑州", subject, "正常")) == kinds


def test_a_notice_names_cell_line_and_unit() -> None:
    rows = [
        ("微博", "2656274870", "平安郑州", "", "正常", *UNIT),
        ("公众号", "gh_012345678901", "郑州公安", "", "正常", *UNIT),
    ]
    (notice,) = reading(sheet(COLUMNS, *rows)).notices.kept
    assert (notice.place.line, notice.place.column, notice.place.value) == (3, "账号名称", "郑州公安")
    assert "第2行" in notice.problem.zh and "平安郑州" in notice.problem.zh


def test_the_places_of_a_unit_go_up_to_its_province() -> None:
    assert place_tokens("410105") == ("金水", "郑州", "河南")
    assert place_tokens("419001") == ("济源", "河南")
    assert place_tokens("") == ()
