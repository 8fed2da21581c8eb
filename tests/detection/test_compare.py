import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.compare import THRESHOLD, AccountName, Match, compare, compare_texts
from detection.reasons import SENTENCES

PAIRS = Path(__file__).with_name("name_pairs.tsv")
HAN = st.text(alphabet="郑州开封市公安局发布教育曰日洲省交警网信a1Zz_ ", min_size=1, max_size=14)
ANY = st.text(max_size=20)


def pairs() -> list[tuple[str, str, str, str]]:
    rows = csv.reader(
        PAIRS.read_text(encoding="utf-8").splitlines()[1:], delimiter="\t", quoting=csv.QUOTE_NONE
    )
    return [(official, candidate, kind, note) for official, candidate, kind, note in rows]


def by_name(candidate: str, official: str) -> Match:
    return compare(AccountName(candidate), AccountName(official))


@pytest.mark.parametrize(
    ("official", "candidate", "kind", "note"), pairs(), ids=lambda value: value or "none"
)
def test_it_judges_the_pair_as_the_table_says(official: str, candidate: str, kind: str, note: str) -> None:
    match = by_name(candidate, official)
    assert match.kind == kind, (note, match)
    assert bool(match) == (match.score >= THRESHOLD) == bool(kind)


@pytest.mark.parametrize(
    ("official", "candidate", "kind", "note"), pairs(), ids=lambda value: value or "none"
)
def test_every_reason_is_a_sentence_in_both_languages(
    official: str, candidate: str, kind: str, note: str
) -> None:
    for reason in by_name(candidate, official).reasons:
        assert reason.sentence("zh").endswith("。"), note
        assert reason.sentence("en").endswith("."), note


def test_every_sentence_exists_in_both_languages() -> None:
    assert all(set(sentences) == {"zh", "en"} for sentences in SENTENCES.values())


def test_the_reason_names_the_characters_in_question() -> None:
    sentences = " ".join(reason.sentence("zh") for reason in by_name("人民曰报", "人民日报").reasons)
    assert "曰 U+66F0" in sentences
    assert "日 U+65E5" in sentences


def test_the_reason_names_an_invisible_character() -> None:
    [reason] = by_name("郑\u200b州发布", "郑州发布").reasons
    assert reason.code == "invisible"
    assert "U+200B 零宽空格" in reason.sentence("zh")


@pytest.mark.parametrize(
    "hidden", ["\u200b", "\u200d", "\u2060", "\ufeff", "\u00ad", "\u3164", "\ufe0f", "\U000e0101"]
)
def test_no_hidden_character_hides_an_imitation(hidden: str) -> None:
    assert by_name(hidden.join("郑洲发布"), "郑州发布").kind == "homophone"
    assert by_name(hidden.join("郑州发布"), "郑州发布").kind == "invisible"


def test_handles_are_compared_beside_names() -> None:
    match = compare(AccountName("一只猫", "haIoBCA"), AccountName("Halo BCA Bank", "haloBCA"))
    assert match.kind == "visual_homoglyph"


def test_a_handle_that_spells_the_official_name_counts() -> None:
    assert compare(AccountName("一只猫", "zhengzhoufabu01"), AccountName("郑州发布")).kind == "homophone"


def test_a_name_and_a_handle_both_alike_are_both_said() -> None:
    match = compare(AccountName("郑洲发布", "zhengzhou_fabu_"), AccountName("郑州发布", "zhengzhou_fabu"))
    assert [reason.code for reason in match.reasons] == ["separators", "also_alike"]


def test_the_own_handle_of_a_place_that_sounds_the_same_is_no_imitation() -> None:
    assert not compare(AccountName("临邑发布", "linyifabu"), AccountName("临沂发布", "linyi_fabu"))


def test_a_stolen_handle_counts_though_the_name_says_another_place() -> None:
    match = compare(AccountName("杭州发布", "zhengzhou_fabu0"), AccountName("郑州发布", "zhengzhou_fabu"))
    assert match.kind == "handle_tricks"


def test_a_merely_near_handle_does_not_outweigh_another_place() -> None:
    assert compare(AccountName("一只猫", "zkjj_gov"), AccountName("郑州交警", "zzjj_gov")).kind == "char_edit"
    assert not compare(AccountName("周口交警", "zkjj_gov"), AccountName("郑州交警", "zzjj_gov"))


def test_the_division_tells_repeated_counties_apart() -> None:
    kaifeng = AccountName("鼓楼发布", division="410204")
    assert compare(AccountName("南京鼓楼发布"), AccountName("鼓楼发布"))
    assert not compare(AccountName("南京鼓楼发布"), kaifeng)
    assert compare(AccountName("开封鼓楼发布"), kaifeng)


def test_a_repeated_place_is_pointed_out() -> None:
    match = compare(AccountName("鼓楼发布"), AccountName("鼓楼发布", division="410204"))
    assert match.kind == "same_name"
    assert "南京市鼓楼区" in match.reasons[-1].sentence("zh")
    assert "开封市鼓楼区" in match.reasons[-1].sentence("en")


def test_an_unreadable_smaller_place_is_no_other_place() -> None:
    assert by_name("鹰潭市余将区人民政府", "鹰潭市余江区人民政府").kind == "homophone"


@pytest.mark.parametrize("empty", ["", "\u200b", "🐱", "…"])
def test_an_empty_name_matches_nothing(empty: str) -> None:
    assert by_name(empty, "郑州发布").reasons[0].code == "empty_name"
    assert not by_name(empty, empty)
    assert by_name("郑州发布", empty).reasons[0].code == "empty_name"


@given(HAN)
def test_a_name_is_equal_to_itself_unless_it_is_a_bare_place(name: str) -> None:
    match = compare_texts(name, name)
    assert match.kind == "same_name" or match.reasons[0].code in ("empty_name", "bare_place")


@given(st.tuples(*(st.sampled_from(alike) for alike in ("人入", "民敏", "日曰", "报抱", "州洲"))))
def test_disguises_are_symmetric(name: tuple[str, ...]) -> None:
    there, back = by_name("".join(name), "人民日报州"), by_name("人民日报州", "".join(name))
    assert there.score == back.score
    assert there.kind == back.kind


@given(HAN, HAN)
def test_an_invisible_character_changes_no_judgement(candidate: str, official: str) -> None:
    plain, hidden = by_name(candidate, official), by_name("\u200b".join(candidate), official)
    assert bool(plain) == bool(hidden)
    assert plain.score == hidden.score


@given(HAN, HAN)
def test_an_unrelated_word_never_raises_the_score(candidate: str, official: str) -> None:
    before, after = by_name(candidate, official), by_name(candidate + "葡萄柚", official)
    assert after.score <= before.score or not after


@given(ANY, ANY, ANY, ANY)
def test_whatever_comes_in_the_points_explain_the_score(a: str, b: str, c: str, d: str) -> None:
    match = compare(AccountName(a, b), AccountName(c, d))
    assert 0 <= match.score <= 1
    assert match.score == pytest.approx(max(0.0, sum(reason.points for reason in match.reasons)))
    assert all(reason.sentence("zh") and reason.sentence("en") for reason in match.reasons)


@given(HAN, HAN)
def test_the_points_explain_the_score_of_han_names(candidate: str, official: str) -> None:
    match = by_name(candidate, official)
    assert match.score == pytest.approx(max(0.0, sum(reason.points for reason in match.reasons)))
    assert bool(match) <= (match.score >= THRESHOLD)
