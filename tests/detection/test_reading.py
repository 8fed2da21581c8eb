import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection import score
from detection.reading import MOST_SYMBOLS, read
from tests.detection.pool import officials

ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=40)
HAN = st.text(alphabet="河南郑州市公安局发布直播间官方平tan木大学a1_\u200b", max_size=14)
NAMES = [one.name or one.handle for one in officials()]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("郑州市公安局", "郑州公安"),
        ("河南省郑州市公安局金水分局", "公安金水"),
        ("平安郑州", "公安郑州"),
        ("南阳市疾病预防控制中心", "南阳疾控"),
        ("官方郑州发布直播间", "郑州发布"),
        ("人民日报", "人民日报"),
        ("郑洲市公安局", "郑洲公安"),
    ],
)
def test_the_short_form_says_the_same_in_few_words_and_its_own_order(name: str, short: str) -> None:
    assert read(name).short.text == short


@pytest.mark.parametrize(
    ("name", "form", "aside"),
    [
        ("人民日报首发", "人民日报", "dressed"),
        ("央广新闻TB", "央广新闻", "letters"),
        ("郑州发布88", "郑州发布", "letters"),
    ],
)
def test_a_name_is_also_read_without_what_dresses_it(name: str, form: str, aside: str) -> None:
    assert (form, (aside,)) in [(one.text, one.aside) for one in read(name).wholes]


@given(HAN | ANY | st.sampled_from(NAMES))
def test_every_symbol_of_every_form_has_its_place(name: str) -> None:
    reading = read(name)
    forms = [*reading.wholes, reading.short]
    assert all(len(form.text) == len(form.at) for form in forms), forms
    for form in forms:
        assert list(form.at) == sorted(form.at)
        assert all(0 <= at < len(reading.text) for at in form.at)
        assert all(aside in score.PRICE for aside in form.aside)


@given(ANY)
def test_every_symbol_has_its_offset_in_the_raw_name(name: str) -> None:
    reading = read(name)
    assert len(reading.spots) >= len(reading.text)
    for place in range(len(reading.text)):
        [(start, end)] = reading.spans([place])
        assert 0 <= start < end <= len(name)


def test_spans_of_neighbours_are_joined() -> None:
    reading = read("郑_州发★布")
    assert reading.spans([0, 1]) == ((0, 3),)
    assert reading.spans([0, 2]) == ((0, 1), (3, 4))
    assert reading.spans([3]) == ((5, 6),)
    assert reading.spans([]) == ()


@given(ANY)
def test_beyond_what_a_platform_allows_nothing_is_read(name: str) -> None:
    assert len(read(name * 50).text) <= MOST_SYMBOLS


def test_a_reading_is_kept() -> None:
    assert read("郑州发布") is read("郑州发布")
