import random
from typing import Any

import pytest

from common.images import Fingerprint
from detection.signals.beside import signals_of
from detection.signals.combine import Assessment, combine
from detection.signals.facts import FormerName
from tests.detection.signals.cast import ALIKE, OFFICE, UNLIKE, Judged, office, stranger

PICTURE = Fingerprint("0" * 36, "0" * 36)
BY_HANDLE = Judged(0.9, True, "handle")


def assess(match: Judged, against: Any = OFFICE, by_handle: Judged | None = None, **facts: Any) -> Assessment:
    return combine(match, signals_of(stranger(**facts), against, match, by_handle))


def test_a_registered_account_is_never_a_suspect() -> None:
    worst: dict[str, Any] = {
        "bio": "平安郑州官方账号，加微信",
        "handle": "released",
        "certified_subject": "某某公司",
    }
    against = office(released_handles=("released",))
    assert assess(ALIKE, against, is_registered=True, **worst).verdict == "registered"
    assert assess(ALIKE, against, is_registered=False, **worst).verdict == "suspect"


def test_the_register_goes_before_everything_else() -> None:
    known: dict[str, Any] = {"is_allow_listed": True, "certified_subject": "郑州市公安局"}
    assert assess(ALIKE, is_registered=True, **known).verdict == "registered"
    assert assess(ALIKE, is_registered=False, **known).verdict == "allow_listed"


def test_what_a_person_allowed_stays_allowed() -> None:
    assert assess(ALIKE, is_allow_listed=True).verdict == "allow_listed"


def test_the_sponsor_without_a_filing_is_genuine() -> None:
    outcome = assess(ALIKE, certified_subject="郑州市公安局", bio="官方账号，加微信")
    assert outcome.verdict == "unfiled_genuine"
    assert outcome.reasons[1].code == "subject_is_sponsor"


def test_the_same_name_of_another_lawful_body_is_no_imitation() -> None:
    assert assess(ALIKE, name="鼓楼发布", certified_subject="南京市鼓楼区人民政府").verdict == "legit_homonym"


def test_who_says_openly_not_to_be_official_is_only_recorded() -> None:
    assert assess(ALIKE, bio="非官方，粉丝站").verdict == "declared"


@pytest.mark.parametrize("bio", ["粉丝号，加微信领资料", "粉丝号，郑州市公安局官方授权"])
def test_open_words_do_not_cover_a_claim_or_a_lure(bio: str) -> None:
    assert assess(ALIKE, bio=bio).verdict == "suspect"


def test_an_alike_name_alone_goes_to_a_person() -> None:
    outcome = assess(ALIKE)
    assert (outcome.verdict, outcome.points) == ("suspect", 0.95)


def test_a_copied_profile_is_a_suspect_whatever_its_name() -> None:
    facts: dict[str, Any] = {"name": "查看作业稳稳赢", "bio": "郑州市公安局官方账号"}
    assert assess(UNLIKE, office(avatar=PICTURE), avatar=PICTURE, **facts).verdict == "suspect"
    assert assess(UNLIKE, **facts).verdict == "watch"


def test_a_released_handle_taken_up_is_a_suspect_whatever_its_name() -> None:
    against = office(released_handles=("zzpolice",))
    assert assess(UNLIKE, against, handle="zzpolice", name="小店").verdict == "suspect"


def test_a_picture_alone_is_watched() -> None:
    assert assess(UNLIKE, office(avatar=PICTURE), avatar=PICTURE).verdict == "watch"


def test_what_leads_nowhere_is_unremarkable_however_dubious() -> None:
    facts: dict[str, Any] = {"name": "兼职", "bio": "加微信，进群，刷单", "certified_subject": "某某公司"}
    outcome = assess(UNLIKE, office(is_on_platform=False), former_names=(FormerName("甲", False),), **facts)
    assert (outcome.verdict, outcome.points > 0.5) == ("unremarkable", True)


def test_a_handle_counts_once() -> None:
    through_handle = assess(BY_HANDLE, by_handle=BY_HANDLE)
    assert through_handle.points == 0.9
    assert "handle_alike" not in {reason.code for reason in through_handle.reasons}
    assert assess(ALIKE, by_handle=BY_HANDLE).points == pytest.approx(0.95 + 0.225)


def test_the_points_of_the_reasons_add_up() -> None:
    outcome = assess(ALIKE, bio="官方账号，加微信", followers=3, certified_subject="某某公司")
    assert sum(reason.points for reason in outcome.reasons) == pytest.approx(outcome.points)


def test_what_was_not_checked_is_named_and_weighs_nothing() -> None:
    unseen = assess(ALIKE)
    assert {"bio_unknown", "avatar_unknown", "subject_unknown"} <= {s.code for s in unseen.not_checked}
    assert {s.points for s in unseen.not_checked} == {0}
    assert all("知" in s.zh or "未" in s.zh or "没有" in s.zh for s in unseen.not_checked)


def test_the_order_of_the_signals_changes_no_verdict() -> None:
    signals = list(signals_of(stranger(bio="平安郑州官方账号，加微信"), OFFICE, ALIKE))
    first = combine(ALIKE, signals)
    random.Random(1).shuffle(signals)
    again = combine(ALIKE, signals)
    assert (first.verdict, first.points) == (again.verdict, again.points)
    assert {s.code for s in first.not_checked} == {s.code for s in again.not_checked}


def test_a_verdict_is_said_in_both_languages() -> None:
    outcome = assess(ALIKE)
    assert (outcome.zh, outcome.en) == ("疑似仿冒，待人工研判。", "Perhaps an imitation; a person decides.")
