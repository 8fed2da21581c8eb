"""How long a host asks us to wait, in every spelling seen."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers.items import Answer
from crawlers.waiting import asks_to_wait, wait_s

NOW = datetime(2026, 11, 24, 0, 16, 17, tzinfo=UTC)
DAY = 24 * 3600.0


def answer(status: int, *headers: tuple[str, str]) -> Answer:
    return Answer("https://a.example/", status, headers, b"")


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ([("retry-after", "120")], 120),
        ([("retry-after", "Tue, 24 Nov 2026 00:18:19 GMT")], 122),
        ([("retry-after", "120"), ("retry-after", "Tue, 24 Nov 2026 00:18:19 GMT")], 120),
        ([("retry-after", "soon"), ("retry-after", "7")], 7),
        ([("x-ratelimit-reset", "2026-11-24T00:20:43.000Z")], 266),
        ([("x-ratelimit-reset", str(int(NOW.timestamp()) + 90))], 90),
        ([("x-ratelimit-reset", "90")], 90),
        ([("retry-after", "-5"), ("x-ratelimit-reset", "30")], 30),
        ([("retry-after", "0.5")], 1),
        ([("retry-after", "1000000000")], DAY),
        ([("retry-after", "Fri, 31 Dec 9999 23:59:59 GMT")], DAY),
        ([("retry-after", "0")], None),
        ([("retry-after", "Tue, 24 Nov 2020 00:18:19 GMT")], None),
        ([("retry-after", "")], None),
        ([("retry-after", "١٢")], None),
        ([("x-ratelimit-reset", "1600000000")], None),
        ([], None),
    ],
)
def test_the_first_value_that_lies_ahead_counts(
    headers: list[tuple[str, str]], seconds: float | None
) -> None:
    assert wait_s(answer(429, *headers), NOW) == seconds


def test_which_answers_mean_later() -> None:
    assert asks_to_wait(answer(429))
    assert asks_to_wait(answer(503))
    assert asks_to_wait(answer(403, ("x-ratelimit-remaining", "0")))
    assert asks_to_wait(answer(403, ("retry-after", "60")))
    assert not asks_to_wait(answer(403))
    assert not asks_to_wait(answer(403, ("x-ratelimit-remaining", "10")))
    assert not asks_to_wait(answer(200, ("retry-after", "60"), ("x-ratelimit-remaining", "0")))


@given(st.text(max_size=40), st.text(max_size=40))
def test_whatever_stands_there_the_wait_is_a_second_to_a_day(retry: str, reset: str) -> None:
    found = wait_s(answer(429, ("retry-after", retry), ("x-ratelimit-reset", reset)), NOW)
    assert found is None or 1 <= found <= DAY
