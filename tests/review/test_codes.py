"""The closed lists of reasons."""

import pytest

from review import codes
from review.errors import Incomplete
from review.models import Decision
from review.moves import ADVANCES


def test_every_outcome_and_every_move_that_needs_a_reason_has_its_list() -> None:
    # Taking needs none; a severity is raised or lowered.
    reasoned = {*Decision.OUTCOMES, *ADVANCES, "raise", "lower", "registered"} - {"take", "severity"}
    assert codes.CODES.keys() == reasoned


def test_a_code_stands_once_on_its_list_and_has_both_languages() -> None:
    for listed in codes.CODES.values():
        assert len({code.key for code in listed}) == len(listed)
        assert all(code.zh and code.en and len(code.key) <= 40 for code in listed)


def test_no_code_is_both_a_raise_and_a_lowering() -> None:
    raises, lowers = ({code.key for code in codes.CODES[way]} for way in ("raise", "lower"))
    assert raises.isdisjoint(lowers)


def test_lowering_and_what_says_little_need_a_text() -> None:
    assert all(code.needs_text for code in codes.CODES["lower"])
    assert all(code.needs_text for listed in codes.CODES.values() for code in listed if code.key == "other")


def test_a_code_of_the_list_is_taken() -> None:
    assert codes.checked("dispose", "closed", "").zh == "关停"  # type: ignore[union-attr]
    assert codes.checked("take", "", "") is None
    assert codes.reason("wait", "ask_unit").en == "the unit is asked"


@pytest.mark.parametrize(
    ("what", "key", "text", "says"),
    [
        ("counterfeit", "", "", "choose a reason for counterfeit: name_imitated, "),
        ("counterfeit", "gone", "", "choose a reason"),
        ("counterfeit", "other", "  \n", "needs a text"),
        ("lower", "little_harm", "", "needs a text"),
        ("take", "closed", "", "takes no reason code"),
        ("take", "", "长" * 2001, "2001 characters, 2000 at most"),
    ],
)
def test_it_refuses(what: str, key: str, text: str, says: str) -> None:
    with pytest.raises(Incomplete, match=says) as refused:
        codes.checked(what, key, text)
    assert refused.value.zh
