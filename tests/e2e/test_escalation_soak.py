"""A million steps of the escalation machine beside the naive model, by hand."""

import pytest

from tests.alerting.pure import PureWorld
from tests.alerting.storm import storm

STEPS = 1_000_000
PARTS = 10


@pytest.mark.soak
@pytest.mark.parametrize("part", range(PARTS))
def test_a_million_steps_never_part(part: int) -> None:
    assert storm(PureWorld, 1_000 + part, STEPS // PARTS) > STEPS // PARTS // 10
