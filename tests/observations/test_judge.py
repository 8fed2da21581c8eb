"""What a set of answers says about looking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from observations.judge import ANSWERED, FAILURES, Answer, judge

STATES = st.sampled_from(sorted(ANSWERED | FAILURES.keys()))
ANSWERS = st.lists(st.builds(Answer, STATES, st.booleans(), st.text(max_size=5)), max_size=12)


def answers(*states: str) -> list[Answer]:
    return [Answer(state, True, "") for state in states]


@pytest.mark.parametrize(
    ("states", "expected"),
    [
        (["ok", "empty", "not_found"], "checked"),
        (["ok", "error"], "partial"),
        (["error", "deferred"], "failed"),
        (["robots", "error"], "blocked"),
        (["challenge"], "blocked"),
        (["budget", "deferred"], "deferred"),
        (["robots_unreachable"], "deferred"),
        (["quarantine"], "failed"),
        ([""], "deferred"),
        ([], "deferred"),
    ],
)
def test_it_tells_an_answer_from_a_failure_to_look(states: list[str], expected: str) -> None:
    assert judge(answers(*states)).state == expected


def test_an_answer_that_was_cut_is_partial_and_says_so() -> None:
    looked = judge([Answer("ok", True, ""), Answer("ok", False, "")])
    assert looked.state == "partial"
    assert "1 of them cut" in looked.en
    assert "1项只能看到" in looked.zh


def test_accounts_in_the_same_state_read_alike_however_many_were_asked() -> None:
    assert judge(answers("ok")) == judge(answers("ok", "empty"))


def test_it_names_the_commonest_causes_in_both_languages() -> None:
    looked = judge([Answer("ok", True, ""), *[Answer("deferred", False, "host unreachable")] * 3])
    assert looked.en == "1 of 4 queries answered; 3 deferred (host unreachable)"
    assert looked.zh == "4项查询中1项有应答；3项已推迟（host unreachable）"


@given(ANSWERS)
def test_checked_means_that_every_question_was_answered_whole(known: list[Answer]) -> None:
    whole = bool(known) and all(a.state in ANSWERED and a.complete for a in known)
    assert (judge(known).state == "checked") is whole


@given(ANSWERS)
def test_without_any_answer_it_is_never_even_partial(known: list[Answer]) -> None:
    if not any(answer.state in ANSWERED for answer in known):
        assert judge(known).state in {"blocked", "failed", "deferred"}


def test_an_unknown_state_is_an_error_and_no_verdict() -> None:
    with pytest.raises(KeyError):
        judge(answers("fine"))
