import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.bodies import other_body
from detection.reading import read

NAMES = st.text(alphabet="郑州开封鼓楼金水区市河南省公安局教育发布第一二东西12中国大学", max_size=10)


@pytest.mark.parametrize(
    ("one", "other", "code"),
    [
        ("杭州发布", "郑州发布", "other_place"),
        ("临邑发布", "临沂发布", "other_place"),
        ("仁怀发布", "怀仁发布", "other_place"),
        ("郑州金水公安", "郑州公安", "other_place"),
        ("南京市鼓楼区人民政府", "开封市鼓楼区人民政府", "other_place"),
        ("海南区公安", "海南公安", "other_place"),
        ("郑州教育", "郑州公安", "other_organ"),
        ("郑州交警", "郑州公安", "other_organ"),
        ("郑州市第二中学", "郑州市第一中学", "other_number"),
        ("郑州市第十一中学", "郑州市第一中学", "other_number"),
        ("郑州市东区医院", "郑州市西区医院", "other_number"),
        ("郑州公交12路", "郑州公交24路", "other_number"),
    ],
)
def test_two_real_bodies_are_told_apart(one: str, other: str, code: str) -> None:
    for mine, theirs in ((one, other), (other, one)):
        refused = other_body(read(mine), read(theirs))
        assert refused is not None
        assert (refused.code, refused.points) == (code, 0.0)
        assert refused.detail["mine"] and refused.detail["theirs"]


def test_two_places_are_told_so_that_they_differ() -> None:
    refused = other_body(read("南京市鼓楼区人民政府"), read("开封市鼓楼区人民政府"))
    assert refused is not None
    assert refused.detail["mine"] != refused.detail["theirs"]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("郑州公安", "平安郑州"),
        ("鼓楼发布", "南京鼓楼发布"),
        ("郑洲发布", "郑州发布"),  # in disguise no place is read
        ("鹰潭市余将区人民政府", "鹰潭市余江区人民政府"),
        ("河北省石稼庄市公安局", "河北省石家庄市公安局"),
        ("余江区人民政附", "余江区民政局"),  # an organ beside unread characters is read with doubt
        ("人民日报", "人民日报海外版"),
        ("郑州1", "郑州2"),  # a single digit is decoration
        ("", "郑州发布"),
    ],
)
def test_what_may_be_one_body_is_not_refused(one: str, other: str) -> None:
    assert other_body(read(one), read(other)) is None
    assert other_body(read(other), read(one)) is None


@given(NAMES, NAMES)
def test_a_refusal_is_symmetric(one: str, other: str) -> None:
    there, back = other_body(read(one), read(other)), other_body(read(other), read(one))
    assert (there is None) == (back is None)


@given(NAMES)
def test_nobody_is_another_body_than_itself(name: str) -> None:
    assert other_body(read(name), read(name)) is None
