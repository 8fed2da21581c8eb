"""What `zhenwei match` tells of a name, for machines and for people."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.compare import RULES_VERSION, AccountName, Match
from detection.engine import Found
from detection.matchlines import line, table
from detection.namesfile import Candidate, names_given
from detection.reasons import Reason
from detection.registryfile import Official

ZHENGZHOU = Official("R1", AccountName("郑州发布", "zhengzhou_fabu"), "weibo", "@zhengzhou_fabu")


def reason(candidate: str, *at: tuple[int, int]) -> Reason:
    return Reason("same_name", 1.0, {"candidate": candidate, "official": "郑州发布"}, at)


def match(name: str, **changed: Any) -> Match:
    told: dict[str, Any] = {
        "score": 0.95,
        "kind": "homophone",
        "reasons": (reason(name, (1, 2)),),
        "registered": "郑州发布",
    }
    return Match(**(told | changed))


def told(name: str, *found: Found) -> dict[str, Any]:
    (candidate,) = names_given([name])
    written = line(candidate, found, [ZHENGZHOU])
    assert written.endswith(b"\n")
    loaded: dict[str, Any] = json.loads(written)
    return loaded


def test_a_line_has_these_keys_and_no_others() -> None:
    candidate = Candidate(3, "郑洲发布", AccountName("郑洲发布"), id=7, platform="weibo")
    assert json.loads(line(candidate, [Found(0, match("郑洲发布"))], [ZHENGZHOU])) == {
        "row": 3,
        "name": "郑洲发布",
        "id": 7,
        "rules": RULES_VERSION,
        "matches": [
            {
                "id": "R1",
                "registered": "郑州发布",
                "field": "name",
                "from": "name",
                "score": 0.95,
                "kind": "homophone",
                "reasons": [
                    {
                        "code": "same_name",
                        "zh": "「郑洲发布」与官方的「郑州发布」完全相同。",
                        "en": "“郑洲发布” is the very name “郑州发布”.",
                        "at": [[1, 2]],
                    }
                ],
            }
        ],
    }


def test_a_registered_handle_is_told_as_it_was_written() -> None:
    found = Found(0, match("x", registered="zhengzhou_fabu", field="handle"))
    assert told("x", found)["matches"][0]["registered"] == "@zhengzhou_fabu"


def test_offsets_count_in_what_was_read_an_at_sign_before_a_handle_included() -> None:
    name = "@zhengzh0u_fabu"
    handle = match("zhengzh0u_fabu", reasons=(reason("zhengzh0u_fabu", (7, 8)),), came_from="handle")
    (((start, end),),) = [one["at"] for one in told(name, Found(0, handle))["matches"][0]["reasons"]]
    assert name[start:end] == "0"


def test_a_score_has_at_most_four_decimals() -> None:
    assert told("x", Found(0, match("x", score=2 / 3)))["matches"][0]["score"] == 0.6667


def test_an_office_claim_names_place_and_organ_and_nobody() -> None:
    claim = Match(0.7, "office_claim", (), place="开封市", organ="公安局")
    assert told("开封市公安局", Found(-1, claim))["matches"] == [
        {
            "id": None,
            "registered": None,
            "field": None,
            "from": "name",
            "score": 0.7,
            "kind": "office_claim",
            "reasons": [],
            "place": "开封市",
            "organ": "公安局",
        }
    ]


@given(st.text(st.characters()))
def test_any_name_survives_on_one_line(name: str) -> None:
    name = name.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")
    written = line(Candidate(1, name, AccountName(name)), [Found(0, match(name))], [ZHENGZHOU])
    assert json.loads(written)["name"] == name
    assert len(written.decode().splitlines()) == 1


def test_han_can_be_read_and_what_hides_is_shown() -> None:
    written = line(Candidate(1, "郑\u200b州\u202e", AccountName("x")), [], [ZHENGZHOU]).decode()
    assert '"郑\\u200b州\\u202e"' in written


@pytest.mark.parametrize(("language", "words"), [("zh", "官方的「郑州发布」"), ("en", "is the very name")])
def test_the_table_has_a_row_for_each_match_with_its_reasons(language: Any, words: str) -> None:
    claim = Match(0.7, "office_claim", (), place="开封市", organ="公安局")
    (candidate,) = names_given(["郑\u200b州发布"])
    found = [Found(0, match("郑\u200b州发布")), Found(-1, claim)]
    shown = table([line(candidate, found, [ZHENGZHOU])], language)
    assert words in " ".join(shown.split())
    assert "郑[U+200B]州发布" in shown
    assert "\u200b" not in shown
    assert "开封市 公安局" in shown
