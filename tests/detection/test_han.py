"""Each comparator by itself: what it gives grounds for, and what it leaves to others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection import han
from detection.grounds import Ground
from detection.han import Comparator, Pair
from detection.rarity import EVEN
from detection.reading import read
from tests.detection.pairs import rows
from tests.detection.pool import PLACELESS

PAIRS = [(row.candidate, row.official) for row in rows()]
HAN = st.text(alphabet="郑州市公安局发布中国教育大学学院官方日曰a1", min_size=1, max_size=12)


def grounds(comparator: Comparator, candidate: str, official: str) -> list[Ground]:
    return list(comparator(Pair(read(candidate), read(official), EVEN)))


@pytest.mark.parametrize(
    ("comparator", "candidate", "official"),
    [
        (han.in_whole, "人民曰报", "人民日报"),
        (han.in_whole, "人民曰报首发", "人民日报"),
        (han.in_whole, "央广新闻TB", "央广新闻"),
        (han.in_whole, "zhengzhou发布", "郑州发布"),
        (han.in_short, "南阳市疾控中心", "南阳市疾病预防控制中心"),
        (han.in_short, "南扬疾控", "南阳市疾病预防控制中心"),
        (han.in_short, "郑州公安", "平安郑州"),
        (han.part_of_body, "杭州公积金提取中心", "杭州公积金"),
        (han.reordered, "发布郑州", "郑州发布"),
        (han.reordered, "中心国家反炸", "国家反诈中心"),
        (han.doubled, "郑州发发布", "郑州发布"),
        (han.said_by_scope, "邮政精选", "中国邮政"),
        (han.said_by_scope, "天气网", "中国天气网"),
        (han.same_institution, "中国经济贸易大学", "首都经济贸易大学"),
        (han.same_institution, "华北理工学院", "华北理工大学"),
        (han.abbreviated, "中国民航学院", "中国民用航空飞行学院"),
        (han.contained, "人民日报融资平台", "人民日报"),
        (han.typed_in_pinyin, "zhengzhoufabu", "郑州发布"),
        (han.typed_in_pinyin, "zhengzhoufabu", "郑州市人民政府发布"),
    ],
)
def test_a_comparator_sees_what_it_is_for(comparator: Comparator, candidate: str, official: str) -> None:
    found = grounds(comparator, candidate, official)
    assert any(ground.kind and 0 < ground.score <= 1 for ground in found)
    assert grounds(comparator, official, candidate)


@pytest.mark.parametrize(
    ("comparator", "candidate", "official"),
    [
        (han.in_whole, "小猫的日常", "郑州发布"),
        (han.in_short, "人民曰报", "人民日报"),
        (han.part_of_body, "杭州公积金小猫", "杭州公积金"),
        (han.reordered, "发布郑洲啊", "郑州发布"),
        (han.reordered, "郑州发布", "郑州发布"),
        (han.doubled, "郑州发布", "郑州发布"),
        (han.doubled, "郑州发布布发", "郑州发布"),
        (han.said_by_scope, "统计", "国家统计局"),
        (han.same_institution, "江苏大学", "江苏科技大学"),
        (han.same_institution, "中国高等教育学会", "中国教育学会"),
        (han.abbreviated, "江苏大学", "江苏科技大学"),
        (han.abbreviated, "中国民学院", "中国民用航空飞行学院"),
        (han.contained, "郑州发布厅", "郑州发布"),
        (han.contained, "央视网友", "央视网"),
        (han.typed_in_pinyin, "kaifengfabu", "郑州发布"),
        (han.typed_in_pinyin, "zhengzhou", "郑州发布"),
        (han.typed_in_pinyin, "郑州发布", "郑州发布"),
    ],
)
def test_a_comparator_leaves_the_rest_to_others(
    comparator: Comparator, candidate: str, official: str
) -> None:
    assert grounds(comparator, candidate, official) == []
    assert grounds(comparator, official, candidate) == []


@given(HAN | st.sampled_from(PLACELESS), HAN | st.sampled_from(PLACELESS))
def test_the_points_of_every_ground_are_its_score(one: str, other: str) -> None:
    for comparator in han.COMPARATORS:
        for ground in grounds(comparator, one, other):
            total = sum(reason.points for reason in ground.reasons)
            assert ground.score == pytest.approx(max(0.0, total), abs=1e-3), comparator.__name__
            assert ground.reasons[0].points > 0


@pytest.mark.parametrize("comparator", han.COMPARATORS, ids=lambda one: one.__name__)
def test_every_comparator_decides_a_row_of_the_table(comparator: Comparator) -> None:
    assert any(grounds(comparator, candidate, official) for candidate, official in PAIRS)


@pytest.mark.parametrize(
    ("text", "once"), [("郑州发发布", "郑州发布"), ("发发发", "发"), ("", ""), ("郑州郑州", "郑州郑州")]
)
def test_a_run_of_one_symbol_counts_once(text: str, once: str) -> None:
    assert han.collapsed(text) == once
