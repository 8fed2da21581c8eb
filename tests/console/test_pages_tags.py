"""The template tags: what strangers wrote, marked differences, words and links."""

import html
import re

import pytest
from django.http import HttpRequest, QueryDict
from django.template import Context, Template
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from console.templatetags import pages
from detection.difference import Span, differences, visible

TEXT = st.text(max_size=30)
HIDDEN = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e007f]")


@given(TEXT)
def test_foreign_text_can_always_be_read_and_never_acts(text: str) -> None:
    shown = str(pages.foreign(text))
    inside = re.sub(r'</?(bdi|span)( class="(hidden|none)")?>', "", shown)
    assert "<" not in inside and ">" not in inside
    assert not HIDDEN.search(shown)


@given(st.text(alphabet="郑州发布abc 日曰", min_size=1, max_size=20))
def test_plain_text_is_shown_as_it_is(text: str) -> None:
    assert html.unescape(str(pages.foreign(text))) == f"<bdi>{text}</bdi>"


@given(TEXT, TEXT)
def test_both_sides_of_a_difference_show_their_whole_text(candidate: str, official: str) -> None:
    spans = differences(candidate, official)
    for side, text in (("candidate", candidate), ("official", official)):
        bare = re.sub("<[^>]+>", "", str(pages.marked(spans, side)))
        if text and not re.search(r"\s", text) and html.unescape(bare) != text:
            assert "[U+" in bare or visible(text[0]) != text[0]


def test_what_stands_on_one_side_alone_leaves_a_mark_on_the_other() -> None:
    spans = (Span("equal", "郑州", "郑州"), Span("insert", "官方", ""))
    assert "<mark>官方</mark>" in pages.marked(spans, "candidate")
    assert '<mark class="gap"' in pages.marked(spans, "official")


def test_a_line_break_is_one_in_a_bio_and_a_code_point_in_a_name() -> None:
    assert "\n" in pages.foreign("权威\n发布")
    assert "[U+000A]" in pages.marked((Span("equal", "权威\n发布", "权威\n发布"),), "candidate")


def test_differing_characters_are_named_one_by_one() -> None:
    [piece] = pages.differing((Span("equal", "人民", "人民"), Span("replace", "曰\u200b", "日")))
    assert piece["candidate"][0] == "曰 U+66F0"
    assert piece["candidate"][1].startswith("U+200B")
    assert piece["official"] == ["日 U+65E5"]


def test_an_empty_field_is_said_to_be_empty() -> None:
    with translation.override("en"):
        assert "not given" in pages.foreign("")
        assert "not given" in pages.marked((), "candidate")


def test_a_code_without_a_word_is_shown_as_it_is() -> None:
    assert pages.word("brand_new_kind", "KINDS") == "brand_new_kind"


@pytest.mark.parametrize(("language", "said"), [("zh-hans", "甲"), ("en", "A")])
def test_a_reason_speaks_the_language_of_the_page(language: str, said: str) -> None:
    with translation.override(language):
        assert pages.spoken({"zh": "甲", "en": "A"}) == said
        assert pages.spoken(None) == ""


def test_a_link_keeps_the_filters_and_drops_the_page_number() -> None:
    request = HttpRequest()
    request.GET = QueryDict("severity=S1&severity=S2&q=%E5%81%87&page=3&kind=")
    template = Template("{% load pages %}{% with_filter q='' kind='extended' %}")
    assert template.render(Context({"request": request})) == "?severity=S1&amp;severity=S2&amp;kind=extended"


@pytest.mark.parametrize(
    ("at", "said"),
    [([[1, 2]], "2"), ([[0, 2], [3, 4]], "1–2, 4"), ([[0, 4]], ""), ([], "")],
)
def test_a_reason_says_which_characters_it_is_about_unless_it_is_all(at: list[list[int]], said: str) -> None:
    assert pages.places({"at": at, "detail": {"candidate": "郑洲发布"}}) == said


def test_a_reason_of_earlier_rules_says_no_place() -> None:
    assert pages.places({"code": "shape", "detail": {}}) == ""
