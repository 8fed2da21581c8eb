"""The escalation machine beside a naive model of it: jumps, restarts, missed ticks; no step parts the two."""

import pytest

from tests.alerting.pure import PureWorld
from tests.alerting.storm import parts, storm

STEPS = 100_000
PARTS = 4


@pytest.mark.parametrize("seed", parts(PARTS))
def test_the_machine_and_the_naive_model_never_part(seed: int) -> None:
    assert storm(PureWorld, seed, STEPS // PARTS) > STEPS // PARTS // 10
