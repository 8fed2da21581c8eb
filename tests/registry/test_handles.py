import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from names import tablefiles
from registry.handles import FOLDER, What, problem, shapes
from registry.kinds import ACCOUNT_KINDS

POSSIBLE: list[tuple[str, What, str]] = [
    ("weibo", "platform_uid", "2656274875"),
    ("weibo", "handle", "平安郑州"),
    ("weibo", "handle", "zhengzhou_fabu-1"),
    ("wechat_oa", "platform_uid", "gh_0123456789ab"),
    ("wechat_oa", "handle", "zhengzhou-fabu_1"),
    ("mini_program", "platform_uid", "wx0123456789abcdef"),
    ("douyin", "platform_uid", "110243656428"),
    ("douyin", "platform_uid", "MS4wLjABAAAAF5ZfVgdRbJ3OPGJPMFHnDp2sdJaemZo3Aw6piEtkdOA"),
    ("douyin", "handle", "henan.fabu_01"),
    ("kuaishou", "platform_uid", "3xr4tyhbc9mnpqe"),
    ("bilibili", "platform_uid", "546195"),
    ("xiaohongshu", "platform_uid", "5f3c1a2b000000000100abcd"),
    ("client_app", "platform_uid", "cn.gov.henan.app"),
    ("x", "handle", "zhengzhou_gov"),
    ("youtube", "platform_uid", "UCBR8-60-B28hp2BmDPdntcQ"),
    ("bluesky", "platform_uid", "did:plc:z72i7hdynmk6r22z27h6tvur"),
    ("bluesky", "handle", "zhengzhou.bsky.social"),
    ("mastodon", "handle", "zhengzhou_fabu@mastodon.example"),
    ("matrix", "platform_uid", "@zhengzhou:example.org"),
    ("zhihu", "handle", "任何 写法"),
    ("unheard_of", "platform_uid", "任何写法"),
]
IMPOSSIBLE: list[tuple[str, What, str]] = [
    ("weibo", "platform_uid", "平安郑州"),
    ("weibo", "platform_uid", "0123456789"),
    ("weibo", "platform_uid", "u/2656274875"),
    ("weibo", "handle", "@平安郑州"),
    ("weibo", "handle", "https://weibo.com/zz"),
    ("wechat_oa", "platform_uid", "zhengzhoufabu"),
    ("wechat_oa", "handle", "郑州发布"),
    ("wechat_oa", "handle", "1zhengzhou"),
    ("wechat_oa", "handle", "zz"),
    ("wechat_oa", "handle", "a" * 21),
    ("douyin", "platform_uid", "zhengzhou"),
    ("douyin", "handle", "郑州发布"),
    ("bilibili", "platform_uid", "UID546195"),
    ("xiaohongshu", "platform_uid", "5F3C1A2B000000000100ABCD"),
    ("x", "handle", "@zhengzhou"),
    ("github", "handle", "zheng_zhou"),
    ("telegram", "handle", "zz"),
    ("bluesky", "handle", "zhengzhou"),
    ("mastodon", "handle", "@zhengzhou"),
    ("matrix", "platform_uid", "zhengzhou"),
]


@pytest.mark.parametrize(("platform", "what", "value"), POSSIBLE)
def test_what_a_platform_gives_out_is_taken(platform: str, what: What, value: str) -> None:
    assert problem(value, platform, what) is None


@pytest.mark.parametrize(("platform", "what", "value"), IMPOSSIBLE)
def test_what_no_platform_gives_out_is_refused_with_its_shape(platform: str, what: What, value: str) -> None:
    found = problem(value, platform, what)
    assert found is not None
    assert found.kind == ("uid_impossible" if what == "platform_uid" else "handle_impossible")
    assert found.mend == shapes(what)[platform].said


@pytest.mark.parametrize("platform", ["weibo", "feed"])
def test_a_number_a_spreadsheet_has_rounded_is_told_as_that(platform: str) -> None:
    found = problem("1.08719E+17", platform, "platform_uid")
    assert found is not None and found.kind == "uid_rounded"


def test_the_table_is_about_known_platforms_and_names_its_sources() -> None:
    for platform, what, pattern, chinese, english, source in tablefiles.rows("handles", FOLDER):
        assert platform in {kind.platform for kind in ACCOUNT_KINDS}
        assert what in ("platform_uid", "handle")
        assert re.compile(pattern) and chinese and english and source


@given(st.text(min_size=1, max_size=150), st.sampled_from([kind.platform for kind in ACCOUNT_KINDS]))
def test_no_text_breaks_it(value: str, platform: str) -> None:
    problem(value, platform, "platform_uid")
    problem(value, platform, "handle")
