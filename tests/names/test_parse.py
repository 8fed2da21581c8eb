import pytest
from hypothesis import given
from hypothesis import strategies as st

from names import tablefiles
from names.fold import plain
from names.parse import forms_of, known_bodies, organ, organs, parse, patterns_of, shortened


@pytest.mark.parametrize(
    ("name", "places", "functions", "core"),
    [
        ("郑州发布", {"410100"}, ("government",), "郑州发布"),
        ("发布郑州", {"410100"}, ("government",), "郑州发布"),
        ("郑州市人民政府发布", {"410100"}, ("government",), "郑州发布"),
        ("平安郑州", {"410100"}, ("police",), "郑州公安"),
        ("健康郑州", {"410100"}, ("health",), "郑州卫健"),
        ("网信郑州", {"410100"}, ("cac",), "郑州网信"),
        ("郑州市公安局", {"410100"}, ("police",), "郑州公安"),
        ("郑州市公安局交通警察支队", {"410100"}, ("traffic_police",), "郑州交警"),
        ("郑州市公安局金水分局", {"410105"}, ("police",), "金水公安"),
        ("河南省郑州市金水区人民法院", {"410105"}, ("court",), "金水法院"),
        ("郑州交警发布", {"410100"}, ("traffic_police",), "郑州交警"),
        ("平安郑州发布厅", {"410100"}, ("police",), "郑州公安"),
        ("鄭州市衛生健康委員會", {"410100"}, ("health",), "郑州卫健"),
        ("公安县公安局", {"421022"}, ("police",), "公安公安"),
        ("豫教育", {"410000"}, ("education",), "河南教育"),
        ("香港警方", {"810000"}, ("police",), "香港公安"),
        ("共青团河南省委", {"410000"}, ("youth",), "河南共青团"),
        ("国家税务总局郑州市税务局", {"410100"}, ("tax",), "郑州税务"),
        ("中国邮政", set(), ("post_office",), "中国邮政"),
        ("平安银行", set(), (), "平安银行"),
        ("郑州教育学院", {"410100"}, (), "郑州教育学院"),
        ("新乡市新华书店", {"410700"}, (), "新乡新华书店"),
        ("人民日报首发", set(), (), "人民日报"),
    ],
)
def test_it_reads_place_and_function(
    name: str, places: set[str], functions: tuple[str, ...], core: str
) -> None:
    read = parse(name)
    assert (set(read.places), read.organs, read.core) == (places, functions, core)


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("海南公安", {"460000"}),
        ("海南区公安", {"150303"}),
        ("海南州公安", {"632500"}),
        ("吉林公安", {"220000"}),
        ("吉林市公安", {"220200"}),
        ("朝阳区公安", {"110105", "220104"}),
        ("北京朝阳公安", {"110105"}),
        ("鼓楼公安", {"320106", "320302", "350102", "410204"}),
        ("开封鼓楼公安", {"410204"}),
    ],
)
def test_a_repeated_place_is_read_as_high_as_it_is_said_and_as_far_as_it_is_known(
    name: str, places: set[str]
) -> None:
    assert parse(name).places == places


@pytest.mark.parametrize("name", ["郑州", "郑州市", "河南省郑州市", "郑州官方", "郑州热线", "中国郑州"])
def test_a_place_and_dress_is_a_bare_place(name: str) -> None:
    assert parse(name).is_bare_place


@pytest.mark.parametrize("name", ["郑州发布", "郑州大学", "小猫", "", "发布"])
def test_anything_more_or_less_is_none(name: str) -> None:
    assert not parse(name).is_bare_place


@pytest.mark.parametrize(
    ("name", "places", "functions"),
    [
        ("雄安发布", {"area-雄安"}, ("government",)),
        ("羊城交警", {"440100"}, ("traffic_police",)),
        ("中关村派出所", {"area-中关村"}, None),
        ("香港警务处", {"810000"}, ("police",)),
    ],
)
def test_places_besides_divisions_are_read(
    name: str, places: set[str], functions: tuple[str, ...] | None
) -> None:
    read = parse(name)
    assert read.places == places
    assert functions is None or read.organs == functions


@pytest.mark.parametrize(
    ("name", "own"), [("经济贸易", "经贸"), ("民用航空", "民航"), ("人民日报", "人民日报"), ("", "")]
)
def test_an_own_part_is_said_in_short(name: str, own: str) -> None:
    assert shortened(name) == own


def test_known_bodies_are_told_by_their_plain_names() -> None:
    assert {"清华大学", "人民日报", "新华社"} <= known_bodies().keys()
    assert "" not in known_bodies()
    assert all(plain(name) == name for name in known_bodies())


def test_a_place_behind_unread_characters_is_not_clean() -> None:
    assert not parse("鈿津市公安局").place_is_clean
    assert parse("天津市公安局").place_is_clean


def test_an_organ_beside_unread_characters_is_not_clean() -> None:
    assert not parse("金水民政附").organs_are_clean
    assert parse("余江区人民政府").organs_are_clean


def test_a_short_organ_amid_unread_characters_is_an_accident() -> None:
    assert not parse("余江区人民政附").organs
    assert not parse("中国质量认证监督委员会").organs
    assert parse("余江区民政局").organs


def test_a_fan_says_so() -> None:
    assert parse("郑州公安粉丝团").has_fan_word
    assert not parse("郑州公安").has_fan_word


def test_dress_is_kept_in_order() -> None:
    assert parse("官方郑州公安直播间").dress == ("官方", "直播间")


@given(st.text(alphabet="河南省郑州市开封鼓楼区公安局发布平安中国大学abc12 😀\u200b", max_size=16))
def test_the_words_are_the_whole_text(name: str) -> None:
    read = parse(name)
    assert "".join(word.text for word in read.words) == read.text
    assert bool(read.places) == bool(read.place)


@given(st.text(max_size=60))
def test_any_text_can_be_read(name: str) -> None:
    parse(name)


def test_every_form_of_every_organ_is_read_as_that_organ() -> None:
    for name in organs():
        for form in (*forms_of(name), *patterns_of(name)):
            assert parse("郑州市" + form).organs[:1] == (name,), form


def test_no_word_has_two_meanings() -> None:
    seen: dict[str, str] = {}
    for name, _, _, _, forms in tablefiles.rows("organs"):
        for form in forms.split(" "):
            assert seen.setdefault(form, name) == name, form


def test_organs_know_their_short_name_and_group() -> None:
    assert (organ("police").short, organ("police").group) == ("公安", "police")
    with pytest.raises(KeyError):
        organ("no such")
