"""The table of imitations and innocents, what handles add to it, and what holds for any text."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from detection.compare import AccountName, Match, compare, compare_each, compare_texts
from detection.kinds import KINDS
from detection.rarity import Rarity
from names.fold import has_han
from names.variants import traditional
from tests.detection.checks import check
from tests.detection.pairs import Row, by_name, rows, verdict
from tests.detection.pool import officials

NAMES = [row.candidate for row in rows()] + [row.official for row in rows()]
REGISTER = Rarity([one.name for one in officials() if one.name] * 3)
HAN = st.text(alphabet="郑州开封市公安局发布教育曰日洲省交警网信中国大学木林a1Zz_ ", min_size=1, max_size=14)
LATIN = st.text(alphabet="abclI10oO_.- BCAgovPolice5", min_size=1, max_size=14)
# Lone surrogates and NUL included.
ANY = st.text(alphabet=st.characters(codec=None, exclude_categories=()), max_size=30)
SOME = HAN | LATIN | ANY | st.sampled_from(NAMES)
ENDLESS = st.tuples(SOME.filter(bool), st.integers(1, 10_000)).map(
    lambda drawn: (drawn[0] * drawn[1])[:10_000]
)
HIDDEN = "\u200b\u200d\u2060\ufeff\u00ad\u3164\u202e\U000e0101"


def described(row: Row) -> str:
    return f"{row.candidate}-{row.official}".encode("unicode_escape").decode("ascii")


@pytest.mark.parametrize("row", rows(), ids=described)
def test_it_judges_the_pair_as_the_table_says(row: Row) -> None:
    match = by_name(row.candidate, row.official)
    assert verdict(match) == (row.kind, row.band), (row.note, match)
    assert bool(match) == match.accepted == (row.kind != "none")
    assert (match.registered, match.field, match.came_from) == (row.official, "name", "name")


def test_the_table_has_every_kind_and_every_veto() -> None:
    table = rows()
    # An office is claimed of nobody registered, so of no pair.
    assert {row.kind for row in table} == {*KINDS, "none"} - {"office_claim"}
    refused = {by_name(row.candidate, row.official).reasons[0].code for row in table if row.kind == "none"}
    other_bodies = {"known_body", "other_number", "other_organ", "other_place"}
    assert refused >= {"bare_place", "not_alike", "says_unofficial", *other_bodies}
    assert len({(row.candidate, row.official) for row in table}) == len(table) >= 120


@pytest.mark.parametrize("row", rows(), ids=described)
def test_the_score_is_symmetric(row: Row) -> None:
    # The kind is directed, and with it what is reviewed: KenyaPower is no copy of KenyaPower_Care.
    assert by_name(row.candidate, row.official).score == by_name(row.official, row.candidate).score


@pytest.mark.parametrize("row", rows(), ids=described)
def test_every_reason_is_a_sentence_in_both_languages(row: Row) -> None:
    for reason in by_name(row.candidate, row.official).reasons:
        assert reason.zh.endswith("。") and "{" not in reason.zh
        assert reason.en.endswith(".") and "{" not in reason.en


@pytest.mark.parametrize(
    ("candidate", "official", "kind", "back"),
    [
        ("人民日报首发", "人民日报", "extended", "shortened"),
        ("学习强国", "学习强国学习平台", "shortened", "extended"),
        ("中国工物研究院", "中国工程物理研究院", "abbreviated", "extended"),
        ("HMRC_refund_govuk", "HMRCgovuk", "extended", "shortened"),
    ],
)
def test_the_kind_says_what_was_done_to_the_official_name(
    candidate: str, official: str, kind: str, back: str
) -> None:
    assert by_name(candidate, official).kind == kind
    assert by_name(official, candidate).kind == back


def said(match: Match) -> str:
    return " ".join(reason.zh for reason in match.reasons)


@pytest.mark.parametrize(
    ("candidate", "official", "words", "shown"),
    [
        ("人民曰报", "人民日报", ("曰 U+66F0", "日 U+65E5"), ["曰"]),
        ("郑\u200b州发布", "郑州发布", ("U+200B 零宽空格",), ["\u200b"]),
        ("平安正州", "平安郑州", ("正 U+6B63", "郑 U+90D1"), ["正"]),
        ("鄭州發布", "郑州发布", ("鄭 U+912D", "發 U+767C"), ["鄭", "發"]),
        ("人民日报首发", "人民日报", ("首发",), ["首发"]),
        ("官方郑州发布", "郑州发布", ("官方",), ["官方"]),
        ("央广新闻TB", "央广新闻", ("tb",), ["TB"]),
        ("乐山汇中院", "乐山中院", ("汇",), ["汇"]),
        ("郑州发发布", "郑州发布", ("重复",), ["发"]),
        ("平tan发布", "平潭发布", ("拼音", "潭"), []),
        ("郑_洲_发布", "郑州发布", ("洲 U+6D32",), ["洲"]),
        ("DSWD Announcement", "DSWD", ("announcement",), ["Announcement"]),
    ],
)
def test_the_reasons_name_the_characters_in_question_and_where_they_stand(
    candidate: str, official: str, words: tuple[str, ...], shown: list[str]
) -> None:
    match = by_name(candidate, official)
    assert all(word in said(match) for word in words), said(match)
    stretches = [candidate[start:end] for reason in match.reasons for start, end in reason.at]
    assert "".join(stretches) == "".join(shown) or all(one in stretches for one in shown), stretches


@pytest.mark.parametrize("hidden", HIDDEN)
def test_no_hidden_character_hides_an_imitation(hidden: str) -> None:
    assert by_name(hidden.join("郑洲发布"), "郑州发布").kind == "homophone"
    assert by_name(hidden.join("郑州发布"), "郑州发布").kind == "hidden_characters"


def test_handles_are_compared_beside_names() -> None:
    match = compare(AccountName("一只猫", "haIoBCA"), AccountName("Halo BCA Bank", "haloBCA"))
    assert (match.kind, match.registered) == ("look_alike", "haloBCA")
    assert (match.came_from, match.field) == ("handle", "handle")


def test_a_handle_that_spells_the_official_name_counts() -> None:
    match = compare(AccountName("一只猫", "zhengzhoufabu"), AccountName("郑州发布", "zzfb"))
    assert (match.kind, match.came_from, match.field) == ("homophone", "handle", "name")


def test_the_name_is_told_before_a_handle_that_is_no_closer() -> None:
    match = compare(AccountName("郑州发布", "zhengzhou_fabu"), AccountName("郑州发布", "zhengzhou_fabu"))
    assert (match.kind, match.came_from, match.field) == ("identical", "name", "name")


def test_each_of_name_and_handle_has_its_own_match_the_better_one_first() -> None:
    official = AccountName("郑州发布", "zhengzhou_fabu")
    matches = compare_each(AccountName("郑洲发布", "zhengzhou.fabu"), official)
    assert [(match.field, match.kind) for match in matches] == [
        ("handle", "decorated"),
        ("name", "homophone"),
    ]


def test_like_is_told_of_like_where_both_are_equal() -> None:
    both = AccountName("haloBCA", "haloBCA")
    matches = compare_each(both, both)
    assert [(match.field, match.came_from) for match in matches] == [("name", "name"), ("handle", "handle")]


def test_a_name_that_says_it_is_a_fan_clears_its_handle() -> None:
    official = AccountName("郑州发布", "zhengzhou_fabu")
    assert compare(AccountName("小猫", "zhengzhou.fabu"), official)
    assert not compare(AccountName("郑州发布粉丝团", "zhengzhou.fabu"), official)


def test_the_own_handle_of_a_place_that_sounds_the_same_is_no_imitation() -> None:
    assert not compare(AccountName("临邑发布", "linyifabu"), AccountName("临沂发布", "linyi_fabu"))


def test_a_stolen_handle_counts_though_the_name_says_another_place() -> None:
    match = compare(AccountName("杭州发布", "zhengzhou.fabu"), AccountName("郑州发布", "zhengzhou_fabu"))
    assert (match.kind, match.came_from) == ("decorated", "handle")


def test_a_merely_near_handle_does_not_outweigh_another_place() -> None:
    official = AccountName("郑州交警", "zz_jiaotong_jingcha")
    assert compare(AccountName("一只猫", "zz_jiaotong_jingchi"), official).kind == "handle_look_alike"
    assert not compare(AccountName("周口交警", "zz_jiaotong_jingchi"), official)


def test_the_division_tells_repeated_counties_apart() -> None:
    kaifeng = AccountName("鼓楼发布", division="410204")
    assert compare(AccountName("南京鼓楼发布"), AccountName("鼓楼发布"))
    assert not compare(AccountName("南京鼓楼发布"), kaifeng)
    assert compare(AccountName("开封鼓楼发布"), kaifeng)


def test_a_division_that_the_name_cannot_mean_changes_nothing() -> None:
    elsewhere = AccountName("郑州发布", division="330100")
    assert compare(AccountName("郑洲发布"), elsewhere) == by_name("郑洲发布", "郑州发布")


def test_a_repeated_place_is_pointed_out() -> None:
    match = compare(AccountName("鼓楼发布"), AccountName("鼓楼发布", division="410204"))
    assert match.kind == "identical"
    assert "南京市鼓楼区" in match.reasons[-1].zh
    assert "开封市鼓楼区" in match.reasons[-1].en


@pytest.mark.parametrize("empty", ["", "\u200b", "🐱", "…", "\0", "\ud800"])
def test_an_empty_name_matches_nothing(empty: str) -> None:
    for match in (by_name(empty, "郑州发布"), by_name("郑州发布", empty), by_name(empty, empty)):
        assert (match.score, match.kind, match.reasons[0].code) == (0.0, "", "empty_name")


@given(SOME, SOME, SOME, SOME)
@example("鼓楼发布", "", "鼓楼发布", "")
@example("", "", "", "")
def test_whatever_comes_in_the_points_explain_the_score(a: str, b: str, c: str, d: str) -> None:
    candidate, official = AccountName(a, b), AccountName(c, d)
    for match in compare_each(candidate, official):
        check(match, candidate)


@given(HAN | ANY, HAN | ANY)
def test_the_score_of_any_two_texts_is_symmetric(one: str, other: str) -> None:
    for rarity in (Rarity(()), REGISTER):
        there = compare_texts(one, other, rarity=rarity)
        assert there.score == compare_texts(other, one, rarity=rarity).score


@given(SOME)
def test_a_name_is_equal_to_itself_unless_it_is_a_bare_place(name: str) -> None:
    match = compare_texts(name, name)
    assert (match.kind, match.score) == ("identical", 1.0) or (
        not match and match.reasons[0].code in ("empty_name", "bare_place")
    )


NEAR = st.sampled_from([(row.candidate, row.official) for row in rows()])


@given(NEAR | st.tuples(HAN, HAN), st.sampled_from(HIDDEN))
def test_a_hidden_character_changes_no_judgement(pair: tuple[str, str], hidden: str) -> None:
    candidate, official = pair
    before, after = by_name(candidate, official), by_name(hidden.join(candidate), official)
    assert (bool(after), after.registered) == (bool(before), before.registered)


def wide(text: str) -> str:
    """The full-width form of every letter, digit and sign."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)


@given(NEAR | st.tuples(HAN, HAN))
def test_width_and_case_change_no_judgement(pair: tuple[str, str]) -> None:
    candidate, official = pair
    before, after = by_name(candidate, official), by_name(wide(candidate), official)
    assert (bool(after), after.score) == (bool(before), before.score)
    # Where words begin in a handle its capitals tell, so only names in Han characters are written otherwise.
    if all(unicodedata.category(c) == "Lo" or not c.isalpha() for c in official):
        assert bool(by_name(candidate.upper(), official)) == bool(by_name(candidate.lower(), official))


@given(NEAR | st.tuples(HAN, HAN))
def test_traditional_characters_change_no_judgement(pair: tuple[str, str]) -> None:
    candidate, official = pair
    before, after = by_name(candidate, official), by_name(traditional(candidate), official)
    assert bool(after) == bool(before)


@given(NEAR)
def test_a_fan_word_makes_any_name_quiet(pair: tuple[str, str]) -> None:
    candidate, official = pair
    if has_han(official):
        assert not by_name(candidate + "粉丝团", official)


def test_a_fan_word_is_seen_beside_a_handle_in_pinyin() -> None:
    assert not by_name("郑州发布粉丝团", "zhengzhoufabu")


@settings(deadline=2_000)
@given(ENDLESS, ENDLESS)
@example("a" * 10_000, "a" * 9_999)
@example("郑州发布" * 2_500, "\ud800郑\0州" * 2_500)
@example("a\u0301" * 5_000, "\u1100\u1161" * 5_000)
@example("@a!" * 3_333, "木" * 10_000)
def test_no_text_is_too_long_or_too_odd(one: str, other: str) -> None:
    candidate = AccountName(one, other)
    for match in compare_each(candidate, AccountName(other, one)):
        check(match, candidate)
