"""A short run of the fuzzer beside every build, and proof that it finds what is broken."""

import pytest

from detection import latin
from detection.grounds import Ground
from detection.latin import Pair
from tests.detection.fuzz import Coverage, Fuzzer, judge


def test_a_thousand_made_up_pairs_break_no_rule() -> None:
    fuzzer = Fuzzer(0)
    before = len(fuzzer.corpus)
    fuzzer.run(1_000)
    assert len(fuzzer.corpus) > before, "no input reached a new line"


def test_the_same_seed_makes_up_the_same_pairs() -> None:
    one, other = Fuzzer(7), Fuzzer(7)
    assert [one._made_up() for _ in range(50)] == [other._made_up() for _ in range(50)]


def test_it_finds_a_fault_that_only_some_inputs_reach(monkeypatch: pytest.MonkeyPatch) -> None:
    def faulty(pair: Pair) -> list[Ground]:
        raise IndexError(pair.mine.text)

    monkeypatch.setattr(latin, "COMPARATORS", (faulty,))
    with pytest.raises(AssertionError, match="IndexError"):
        Fuzzer(0).run(1_000)


def test_lines_are_counted_once() -> None:
    coverage = Coverage()
    texts = ("haIoBCA", "", "haloBCA", "")
    assert coverage.run(lambda: judge(texts))
    assert not coverage.run(lambda: judge(texts))
