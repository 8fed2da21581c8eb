"""The example drawn anew, once for all tests that look at it."""

import pytest

from examples.henan import generate


@pytest.fixture(scope="session")
def province() -> generate.Province:
    return generate.province()
