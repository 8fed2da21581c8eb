"""Each rule on a small excerpt of what really happened; codes and names as in the lists of the standard."""

import pytest

from names.tables.succession import Following, Pair, followings

ZHENGZHOU = {"410000": "河南省", "410100": "郑州市", "410105": "金水区"}


def followed(before: dict[str, str], after: dict[str, str]) -> dict[str, tuple[str, ...]]:
    """Old code → rule and new codes."""
    return {old.code: (how, *codes) for old, (codes, how) in followings(before, after).items()}


def test_nothing_followed_where_nothing_ended() -> None:
    assert followings(ZHENGZHOU, {**ZHENGZHOU, "410106": "上街区"}) == {}


@pytest.mark.parametrize(
    ("old", "new", "how"),
    [
        ({"410104": "向阳回族区"}, {"410104": "管城回族区"}, "renamed"),
        ({"412126": "巩县"}, {"410124": "巩县"}, "recoded"),
        ({"410121": "荥阳县"}, {"410182": "荥阳市"}, "upgraded"),
        ({"410126": "密县"}, {"419015": "新密市"}, "upgraded"),
        ({"410127": "沙县"}, {"410107": "沙县区"}, "upgraded"),
        ({"410124": "巩县"}, {"410181": "巩义市"}, "upgraded"),
        ({"410128": "汲县"}, {"419011": "卫辉市"}, "replaced"),
        ({"410112": "郊区"}, {"410108": "邙山区"}, "replaced"),
    ],
)
def test_one_county_is_followed_by_one(old: dict[str, str], new: dict[str, str], how: str) -> None:
    (code,) = new
    assert followings({**ZHENGZHOU, **old}, {**ZHENGZHOU, **new}) == {
        Pair(*next(iter(old.items()))): Following((code,), how)
    }


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ({"410107": "新密区"}, {"410108": "邙山区"}),  # a district is shared out, not replaced
        ({"410112": "郊区"}, {"410171": "高新技术产业开发区"}),  # a zone follows nobody
        ({"410128": "汲县", "410129": "掖县"}, {"410181": "卫辉市"}),  # either could have become it
        ({"410128": "汲县"}, {"410181": "卫辉市", "410107": "新区"}),  # it could have become either
        ({"410107": "新华区"}, {"410402": "新华区"}),  # a name of districts repeats
        (
            {"410128": "汲县"},
            {"410181": "卫辉市", "410900": "濮阳市"},
        ),  # it may have gone to the new prefecture
        ({"410182": "荥阳市"}, {}),
    ],
)
def test_what_could_be_two_things_is_none(old: dict[str, str], new: dict[str, str]) -> None:
    assert followings({**ZHENGZHOU, **old}, {**ZHENGZHOU, **new}) == {}


def test_a_code_given_to_another_body_is_no_new_name() -> None:
    before = {"130123": "栾城县", "130124": "正定县"}
    after = {"130123": "正定县", "130124": "栾城县"}
    assert followed(before, after) == {"130123": ("recoded", "130124"), "130124": ("recoded", "130123")}


def test_a_county_goes_into_the_city_it_lay_around_but_no_city_into_a_county() -> None:
    city, county = {"142401": "榆次市"}, {"142428": "榆次县"}
    assert followed({**city, **county}, city) == {"142428": ("merged", "142401")}
    assert followed({**city, **county}, county) == {}


def test_a_county_is_looked_for_where_its_prefecture_went() -> None:
    before = {"372100": "烟台地区", "372121": "福山县", "372102": "芝罘区"}
    after = {"370600": "烟台市", "370602": "芝罘区", "370611": "福山区"}
    assert followed(before, after) == {
        "372100": ("upgraded", "370600"),
        "372102": ("recoded", "370602"),
        "372121": ("upgraded", "370611"),
    }


def test_the_districts_of_a_municipality_lie_together_whatever_their_group() -> None:
    before = {"110000": "北京市", "110222": "顺义县"}
    assert followed(before, {"110000": "北京市", "110113": "顺义区"}) == {"110222": ("upgraded", "110113")}


def test_a_prefecture_that_is_gone_is_followed_by_those_its_counties_lie_in() -> None:
    before = {"142500": "晋东南地区", "142521": "长治县", "142522": "晋城县", "140400": "长治市"}
    after = {"140400": "长治市", "140421": "长治县", "140500": "晋城市", "140522": "晋城县"}
    assert followed(before, after)["142500"] == ("divided", "140400", "140500")


def test_hainan_and_chongqing_are_found_in_their_new_provinces() -> None:
    before, after = {"442122": "琼山县", "512222": "开县"}, {"460021": "琼山县", "500234": "开县"}
    assert followed(before, after) == {"442122": ("recoded", "460021"), "512222": ("recoded", "500234")}
    assert followed({"410121": "安县"}, {"510121": "安县"}) == {}
