"""Times as Chinese platforms write them."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common import clock
from common.clock import BEIJING
from crawlers.convert import ConvertError
from crawlers.dates import moment

EXPORTED = datetime(2026, 11, 24, 0, 0, tzinfo=UTC)  # 08:00 in Beijing
EXACT = {
    "2023-06-14 10:22": "2023-06-14T02:22:00",
    "2023/6/14 10:22:07": "2023-06-14T02:22:07",
    "2019年8月1日": "2019-07-31T16:00:00",
    "2019年8月1日 10时22分": "2019-08-01T02:22:00",
    "2024-02-03": "2024-02-02T16:00:00",
    "Fri Aug 28 00:00:00 +0800 2009": "2009-08-27T16:00:00",
    "2019-08-01T02:22:00Z": "2019-08-01T02:22:00",
    "1564626120": "2019-08-01T02:22:00",
    "1564626120000": "2019-08-01T02:22:00",
}
NEAR = {
    "06-14": "2026-06-13T16:00:00",
    "12-25 10:00": "2025-12-25T02:00:00",
    "02-29": "2024-02-28T16:00:00",
    "6月14日 10:22": "2026-06-14T02:22:00",
    "5分钟前": "2026-11-23T23:55:00",
    "3小时前": "2026-11-23T21:00:00",
    "2天前": "2026-11-22T00:00:00",
    "昨天 12:30": "2026-11-23T04:30:00",
    "前天": "2026-11-21T16:00:00",
    "刚刚": "2026-11-24T00:00:00",
}


@pytest.mark.parametrize(("text", "expected"), EXACT.items())
def test_a_whole_date_is_a_time(text: str, expected: str) -> None:
    assert moment(text, BEIJING, EXPORTED) == (f"{expected}.000000Z", False)


@pytest.mark.parametrize(("text", "expected"), NEAR.items())
def test_a_date_that_leans_on_the_export_is_approximate(text: str, expected: str) -> None:
    assert moment(text, BEIJING, EXPORTED) == (f"{expected}.000000Z", True)


@pytest.mark.parametrize(
    "text", ["", "很久以前", "13-45", "2023-02-30", "99999年前", "0001-01-01", "1e400", "前"]
)
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ConvertError):
        moment(text, BEIJING, EXPORTED)


@given(st.text("0123456789-/.:年月日时分秒前后天昨今 TZ+", max_size=30))
def test_any_text_is_a_time_in_range_or_refused(text: str) -> None:
    try:
        found, _ = moment(text, BEIJING, EXPORTED)
    except ConvertError:
        return
    assert 1990 <= clock.parse(found).year < 2100
