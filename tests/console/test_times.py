"""Moments for people."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from console import times

NOW = datetime(2026, 11, 24, 0, 30, tzinfo=UTC)


def test_beijing_is_eight_hours_ahead() -> None:
    assert times.beijing(datetime(2026, 11, 23, 16, 0, 5, tzinfo=UTC)) == "2026-11-24 00:00:05"


@pytest.mark.parametrize(
    ("before", "english", "chinese"),
    [
        (timedelta(seconds=-1), "in the future", "晚于当前时间"),
        (timedelta(seconds=59), "just now", "刚刚"),
        (timedelta(seconds=60), "1 min ago", "1 分钟前"),
        (timedelta(minutes=59, seconds=59), "59 min ago", "59 分钟前"),
        (timedelta(hours=1), "1 h ago", "1 小时前"),
        (timedelta(hours=47, minutes=59), "47 h ago", "47 小时前"),
        (timedelta(hours=48), "2 days ago", "2 天前"),
        (timedelta(days=400), "400 days ago", "400 天前"),
    ],
)
def test_an_age_is_whole_and_never_too_old(before: timedelta, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert times.age(NOW - before, NOW) == english
    with translation.override("zh-hans"):
        assert times.age(NOW - before, NOW) == chinese


@pytest.mark.parametrize(
    ("length", "said"),
    [(0, "0 seconds"), (1, "1 second"), (59, "59 seconds"), (61, "0:01:01"), (36_061, "10:01:01")],
)
def test_how_long_something_took(length: int, said: str) -> None:
    with translation.override("en"):
        assert times.lasted(NOW, NOW + timedelta(seconds=length)) == said


@pytest.mark.parametrize(
    ("after", "english", "chinese"),
    [
        (timedelta(seconds=-1), "due now", "已到时间"),
        (timedelta(0), "in less than a minute", "不到 1 分钟"),
        (timedelta(seconds=60), "in 1 min", "1 分钟后"),
        (timedelta(hours=3, minutes=20, seconds=59), "in 3 h 20 min", "3 小时 20 分后"),
        (timedelta(days=5), "in 5 days", "5 天后"),
    ],
)
def test_a_clock_says_how_long_is_left(after: timedelta, english: str, chinese: str) -> None:
    with translation.override("en"):
        assert times.until(NOW + after, NOW) == english
    with translation.override("zh-hans"):
        assert times.until(NOW + after, NOW) == chinese
