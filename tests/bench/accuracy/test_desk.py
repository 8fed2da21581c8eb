import multiprocessing
from collections.abc import Mapping, Sequence

import pytest

from bench.accuracy.desk import Exhausted, Job, Question, Register, open_desk
from detection.compare import AccountName
from tests.bench.accuracy.standin import Said, desk, told

OFFICIALS = [AccountName("郑州发布"), AccountName("平安郑州")]
SAID: Mapping[str, Sequence[Said]] = {"郑洲发布": [("郑州发布", "homophone", 0.95)]}


def _register(said: Mapping[str, Sequence[Said]], below: Mapping[str, Sequence[Said]]) -> Register:
    return Register(OFFICIALS, told(said, below))


def test_questions_are_answered_in_their_order_whatever_the_chunks() -> None:
    names = [f"n{number}" for number in range(2500)]
    said = {name: [("郑州发布", "edited", 0.9)] for name in names[::7]}
    answers = desk(OFFICIALS, said).ask([Question(AccountName(name)) for name in names])
    assert [bool(answer.found) for answer in answers] == [number % 7 == 0 for number in range(2500)]


def test_a_job_has_officials_of_its_own() -> None:
    job = Job([AccountName("x"), AccountName("郑州发布")], [Question(AccountName("郑洲发布"))])
    [[answer]] = desk(OFFICIALS, SAID).ask_apart([job])
    assert [found.at for found in answer.found] == [1]


def test_a_shortfall_tells_a_refused_candidate_from_one_never_compared() -> None:
    question = Question(AccountName("小鸟"), (0,))
    [refused] = _register({}, {"小鸟": [("郑州发布", "", 0.4)]}).ask([question])
    [unseen] = _register({}, {}).ask([question])
    assert refused.shortfall
    assert refused.shortfall.is_candidate
    assert refused.shortfall.match.score == 0.4
    assert unseen.shortfall
    assert not unseen.shortfall.is_candidate


def test_there_is_no_shortfall_where_nothing_was_wanted_or_it_was_found() -> None:
    questions = [Question(AccountName("小鸟")), Question(AccountName("郑洲发布"), (0,))]
    [stranger, found] = _register(SAID, {}).ask(questions)
    assert stranger.shortfall is None
    assert found.shortfall is None


def test_exhausting_names_what_the_search_lost() -> None:
    result = _register({}, {}).exhaust(AccountName("郑州发布"))
    assert result.accepted == 1
    assert [lost.registered for lost in result.lost] == ["郑州发布"]
    given = _register({"郑州发布": [("郑州发布", "identical", 1.0)]}, {})
    assert given.exhaust(AccountName("郑州发布")).lost == ()


def test_where_a_name_is_equal_to_one_its_likeness_to_others_is_no_loss() -> None:
    officials = [AccountName("郑州市人民政府发布"), AccountName("郑州市人民政府发布厅")]
    register = Register(officials, told({"郑州市人民政府发布": [("郑州市人民政府发布", "identical", 1.0)]}))
    alone = Register(officials[1:], told({}))
    assert alone.exhaust(officials[0]).accepted == 1
    assert register.exhaust(officials[0]) == Exhausted(accepted=1, lost=())


@pytest.mark.filterwarnings("ignore:This process:DeprecationWarning")  # forking beside the runner's threads
def test_workers_answer_as_one_process_does() -> None:
    questions = [Question(AccountName(name), (0,)) for name in ("郑洲发布", "小鸟") * 3]
    job = Job(OFFICIALS, questions)
    alone = desk(OFFICIALS, SAID)
    with open_desk(OFFICIALS, told(SAID), workers=2) as shared:
        assert shared.ask(questions) == alone.ask(questions)
        assert shared.ask_apart([job, job]) == alone.ask_apart([job, job])
    assert not multiprocessing.active_children()
