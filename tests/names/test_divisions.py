import time
from collections import Counter

import pytest

from names import divisions, tablefiles
from names.divisions import Division, all_divisions, ancestors, by_key, display_name, named


def found(key: str) -> Division:
    division = by_key(key)
    assert division is not None
    return division


def test_the_table_holds_every_row_of_its_source() -> None:
    assert Counter(one.level for one in all_divisions()) == {
        "province": 31,
        "prefecture": 342,
        "county": 2978,
    }
    assert all(len(one.code) == 6 and one.code.isdecimal() for one in all_divisions())


def test_keys_are_unique_though_three_codes_stand_on_two_levels() -> None:
    assert len({one.key for one in all_divisions()}) == 3351
    repeated = [code for code, times in Counter(one.code for one in all_divisions()).items() if times > 1]
    assert sorted(repeated) == ["441900", "442000", "460400"]
    assert found("441900").level == "prefecture"
    assert found("441900-county").parent == "441900"


def test_stand_ins_are_known_and_have_no_name_of_their_own() -> None:
    stand_ins = {one.key for one in all_divisions() if one.is_stand_in}
    assert stand_ins == {"441900-county", "442000-county", "460400-county", "620201"}
    assert [one.key for one in named("嘉峪关市")] == ["620200"]


def test_every_parent_exists_one_level_higher() -> None:
    for one in all_divisions():
        if one.level != "province":
            parent = found(one.parent)
            assert divisions.LEVELS.index(parent.level) == divisions.LEVELS.index(one.level) - 1


def test_placeholders_are_marked_and_skipped_when_walking_up() -> None:
    placeholders = sorted(one.code for one in all_divisions() if one.is_placeholder)
    assert placeholders == [
        "110100", "120100", "310100", "419000", "429000", "469000", "500100", "500200", "659000",
    ]  # fmt: skip
    assert [one.name for one in ancestors(found("110105"))] == ["北京市"]
    assert [one.name for one in ancestors(found("410105"))] == ["郑州市", "河南省"]
    assert [one.name for one in ancestors(found("419001"))] == ["河南省"]
    assert not named("市辖区")


def test_statistical_zones_are_known_by_code_not_by_words() -> None:
    zones = [one for one in all_divisions() if one.is_statistical_zone]
    assert len(zones) == 124
    assert sum(one.code.startswith("41") for one in zones) == 24
    assert not any(found(code).is_statistical_zone for code in ("411402", "220106", "130706"))


def test_a_repeated_name_gives_every_division_so_called() -> None:
    assert {one.key for one in named("鼓楼区")} == {"320106", "320302", "350102", "410204"}
    assert {one.level for one in named("海南")} == {"province", "prefecture", "county"}


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("郑州市", "郑州"),
        ("河南省", "河南"),
        ("新疆维吾尔自治区", "新疆"),
        ("恩施土家族苗族自治州", "恩施"),
        ("积石山保安族东乡族撒拉族自治县", "积石山"),
        ("东乡族自治县", "东乡"),
        ("巴里坤哈萨克自治县", "巴里坤"),
        ("大兴安岭地区", "大兴安岭"),
        ("浦东新区", "浦东"),
        ("沙县", "沙县"),
        ("香港特别行政区", "香港"),
    ],
)
def test_short_names_are_what_people_say(name: str, short: str) -> None:
    assert divisions.short_name(name) == short


def test_no_short_name_keeps_a_word_for_its_people_or_level() -> None:
    for one in all_divisions():
        assert "自治" not in one.short_name or one.is_placeholder


def test_an_autonomous_prefecture_is_also_called_by_its_level() -> None:
    assert [one.key for one in named("海南州")] == ["632500"]


def test_the_regions_without_rows_are_known_by_name() -> None:
    assert [one.key for one in named("香港")] == ["810000"]
    assert len(divisions.regions_without_rows()) == 3


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("雄安新区", ["area-雄安新区"]),
        ("中关村", ["area-中关村"]),
        ("羊城", ["440100"]),  # a second name of 广州
        ("朝阳区", ["110105", "220104"]),  # what is a division of today means nothing else
    ],
)
def test_areas_and_second_names_are_known(text: str, keys: list[str]) -> None:
    assert sorted(one.key for one in named(text)) == keys


def test_an_area_lies_in_its_division() -> None:
    [area] = named("中关村")
    assert [one.name for one in ancestors(area)] == ["海淀区", "北京市"]
    assert by_key(area.key) == area


def test_a_former_name_means_the_division_that_followed() -> None:
    followed = {
        name: successor
        for _, name, _, _, _, _, successor in tablefiles.rows("former_divisions")
        if successor and by_key(successor)
    }
    known = [
        name for name in followed if len(name) > 2 and {one.key for one in named(name)} == {followed[name]}
    ]
    assert len(known) > 100


def test_a_county_is_never_shown_bare() -> None:
    assert display_name(found("410204")) == "开封市鼓楼区"
    assert display_name(found("110105")) == "北京市朝阳区"
    assert display_name(found("410100")) == "郑州市"


def test_an_unknown_key_and_an_unknown_name_give_nothing() -> None:
    assert by_key("999999") is None
    assert named("亚特兰蒂斯") == ()


def test_the_table_loads_in_no_time() -> None:
    for cached in (divisions.all_divisions, divisions._by_key, divisions.spoken_names):
        cached.cache_clear()
    started = time.process_time()
    named("郑州")
    assert time.process_time() - started < 0.1 * 5, "100 ms, and room for a busy machine"
