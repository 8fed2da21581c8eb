"""A case in time: what the reader of it is told of each step."""

from datetime import timedelta

import pytest
from django.utils import translation

from common import clock
from console import chain, words
from review import decide
from review.codes import CODES
from review.decide import Judgement
from review.models import Case
from review.moves import TITLES
from tests import cast as people
from tests.cast import Cast, Province


def told(case: Case, reader: str, everybody: Cast) -> list[str]:
    """The steps as one reads them in English: what, who, and the notes after a colon."""
    with translation.override("en"):
        moments = chain.of(case, getattr(everybody, reader))
    return [
        f"{moment.what} {part.who}: {' · '.join(part.notes)}"
        for moment in moments
        for part in moment.parts or (chain.Part(),)
    ]


def test_a_life_is_told_from_its_first_day_to_its_last(place: Province, everybody: Cast) -> None:
    case = people.case(place.zhengzhou_account, "disposed", severity="S1")
    steps = told(case, "reviewer", everybody)
    assert [step.partition(" ")[0] for step in steps[:3]] == ["first", "detected", "case"]
    for said in [
        "decided: counterfeit 李静: the name is imitated",
        "countersigned 钱",
        "decided: formal report 李静",
        "accepted 陈晨: reported to the cyberspace office → accepted",
        "disposed of 陈晨: accepted → disposed of · closed",
    ]:
        assert any(step.startswith(said) for step in steps), (said, steps)


def test_what_is_given_up_stays_in_its_place(place: Province, everybody: Cast) -> None:
    case = people.case(place.zhengzhou_account, "confirmed", at=clock.now() - timedelta(hours=1))
    decide.judge(
        everybody.second_reviewer,
        case.pk,
        case.version,
        Judgement("legit_homonym", "subject_fits"),
        clock.now(),
    )
    first, second = [m for m in chain.of(case, everybody.reviewer) if m.kind == "decided"]
    assert (first.given_up, second.given_up) == (True, False)
    assert first.at < second.at


def test_a_change_of_severity_tells_from_what_to_what_and_why(place: Province, everybody: Cast) -> None:
    case = people.case(place.zhengzhou_account)
    decide.move(everybody.reviewer, case.pk, case.version, "severity", "money_asked", "", {}, clock.now())
    assert any("S2 → S1 · money is asked" in step for step in told(case, "reviewer", everybody))


def test_an_alert_is_told_to_readers_of_its_line(place: Province, everybody: Cast) -> None:
    case = people.case(place.zhengzhou_account, "warned")
    people.contact("sponsor", place.zhengzhou_account.unit, "马丽")
    people.alert(case, "sponsor")
    assert any("马丽" in step for step in told(case, "sponsor", everybody))
    assert not any(step.startswith("alert:") for step in told(case, "cac_officer", everybody))


def test_lines_alerted_together_are_one_moment(place: Province, everybody: Cast) -> None:
    now = clock.now()
    case = people.case(place.zhengzhou_account, "warned", at=now - timedelta(hours=1))
    lines = {"sponsor": now, "cac": now + timedelta(seconds=2), "duty": now + timedelta(minutes=9)}
    for line, at in lines.items():
        people.alert(case, line, at=at)
    alerts = [moment for moment in chain.of(case, everybody.reviewer) if moment.kind == "alert"]
    assert [len(moment.parts) for moment in alerts] == [2, 1]


def test_a_line_without_anybody_says_so(place: Province, everybody: Cast) -> None:
    case = people.case(place.zhengzhou_account, "warned")
    people.alert(case, "cac")
    assert any("nobody is on record for this line" in step for step in told(case, "reviewer", everybody))


@pytest.mark.parametrize("move", sorted(TITLES))
def test_every_move_has_a_title_in_both_languages(move: str) -> None:
    said = set()
    for language in ("zh-hans", "en"):
        with translation.override(language):
            said.add(chain.title(move))
    assert len(said) == 2


def test_a_reason_that_left_the_list_is_shown_as_it_is() -> None:
    assert chain.reason("counterfeit", "brand_new") == "brand_new"
    with translation.override("en"):
        assert chain.reason("wait", "ask_unit") == "the unit is asked"


def test_whatever_a_person_can_choose_has_words() -> None:
    assert set(Case.STATES) == set(words.CASE_STATES)
    assert set(CODES) >= set(words.OUTCOMES)
