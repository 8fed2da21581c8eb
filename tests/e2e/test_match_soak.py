"""A million made-up pairs of accounts through the comparison, guided by coverage, by hand."""

import pytest

from tests.detection.fuzz import Fuzzer

PAIRS = 1_000_000
PARTS = 10


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_no_pair_of_a_million_breaks_a_rule(part: int) -> None:
    fuzzer = Fuzzer(part)
    started = len(fuzzer.corpus)
    fuzzer.run(PAIRS // PARTS)
    assert len(fuzzer.corpus) > started
