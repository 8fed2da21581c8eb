from bench.accuracy.desk import Answer, Question, Shortfall
from bench.accuracy.judge import LOST, kind_found, miss, rank
from detection.compare import AccountName
from detection.engine import Found
from tests.bench.accuracy.standin import match


def _found(*pairs: tuple[int, str]) -> list[Found]:
    return [Found(at, match(registered, "homophone")) for at, registered in pairs]


def test_a_string_shared_by_many_takes_one_place() -> None:
    found = _found((4, "a"), (5, "a"), (6, "a"), (7, "b"))
    assert rank(found, [7]) == 2
    assert rank(found, [6]) == 1


def test_a_string_keeps_the_place_where_it_came_first() -> None:
    assert rank(_found((1, "a"), (2, "b"), (3, "a")), [3]) == 1


def test_an_office_claim_takes_no_place() -> None:
    assert rank([Found(-1, match("", "office_claim")), *_found((2, "a"))], [2]) == 1


def test_nothing_wanted_has_no_rank() -> None:
    assert rank(_found((1, "a")), [2]) is None
    assert rank([], [2]) is None


def test_the_kind_is_that_of_the_first_wanted_match() -> None:
    found = (Found(1, match("a", "edited")), Found(2, match("b", "identical")))
    assert kind_found(Answer(found), [2]) == "identical"
    assert kind_found(Answer(found), [3]) == ""


def test_a_miss_says_whether_the_search_lost_it_the_rule_refused_it_or_another_was_nearer() -> None:
    question = Question(AccountName("x"), (1,))
    no_match, a_match = match("a", "", 0.7), match("a", "edited", 0.9)
    causes = [
        miss("m", "g", question, "a", Answer((), Shortfall(no_match, is_candidate=True))).cause,
        miss("m", "g", question, "a", Answer((), Shortfall(no_match, is_candidate=False))).cause,
        miss("m", "g", question, "a", Answer((), Shortfall(a_match, is_candidate=False))).cause,
        miss("m", "g", question, "a", Answer(tuple(_found((5, "e"), (6, "f"), (1, "a"))))).cause,
        miss("m", "g", question, "a", Answer(tuple(_found((5, "e"))), Shortfall(no_match, True))).cause,
    ]
    assert causes == [
        "below the rule of its kind",
        "no candidate, and no match if compared",
        LOST,
        "found at place 3, behind e",
        "below the rule of its kind; homophone e instead",
    ]
