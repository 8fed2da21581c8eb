"""Times as exports of Chinese platforms write them, resolved against the moment of the export. Pure.

2023-06-14 10:22 · 2023/6/14 · 2019年8月1日 · Fri Aug 28 00:00:00 +0800 2009 · 1564626120 (in seconds or in
milliseconds) are times. 06-14 · 昨天 12:30 · 3小时前 · 刚刚 need the moment of export and are approximate.
A day without an hour is its midnight.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from common import clock
from crawlers.convert import ConvertError, convert

_DAY = re.compile(
    r"(?:(\d{4})\s*[-/.年])?\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?"
    r"[\sT]*(?:(\d{1,2})[:：时](\d{1,2})分?(?:[:：](\d{1,2})秒?)?)?"
)
_NEAR = re.compile(r"(今天|昨天|昨日|前天)\s*(?:(\d{1,2})[:：](\d{1,2})(?:[:：](\d{1,2}))?)?")
_AGO = re.compile(r"(\d{1,4})\s*(?:个)?(秒|分|小?时|天|日|周|星期|月|年)钟?(?:之|以)?前")
_WEIBO = re.compile(r"[A-Z][a-z]{2} ([A-Z][a-z]{2}) +(\d{1,2}) (\d\d:\d\d:\d\d) ([+-]\d{4}) (\d{4})")
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.0+)?")
_MONTHS = {
    "Jan": "01", "Feb": "02", "Mar": "03", "Apr": "04", "May": "05", "Jun": "06",
    "Jul": "07", "Aug": "08", "Sep": "09", "Oct": "10", "Nov": "11", "Dec": "12",
}  # fmt: skip
_DAYS_BACK = {"今天": 0, "昨天": 1, "昨日": 1, "前天": 2}
_SPAN = {
    "秒": timedelta(seconds=1), "分": timedelta(minutes=1),
    "时": timedelta(hours=1), "小时": timedelta(hours=1),
    "天": timedelta(days=1), "日": timedelta(days=1),
    "周": timedelta(weeks=1), "星期": timedelta(weeks=1),
    "月": timedelta(days=30), "年": timedelta(days=365),
}  # fmt: skip


def moment(value: Any, zone: ZoneInfo, exported_at: datetime) -> tuple[str, bool]:
    """The time in `value` as UTC text, and whether it is approximate. Raises ConvertError.

    `zone` is that of what is written without one.
    """
    text = value.strip() if value.__class__ is str else str(value)
    try:
        found, is_near = _read(text, zone, exported_at) if len(text) <= 64 else (None, False)
        written = "" if found is None else clock.isoformat(found)
    except (ValueError, OverflowError):
        raise ConvertError(f"{text[:40]!r} is not a date") from None
    if "1990" <= written < "2100":
        return written, is_near
    if written:
        raise ConvertError(f"{text[:40]!r} is outside 1990 to 2100")
    return convert(value, "datetime", tz=zone.key), False


def _read(text: str, zone: ZoneInfo, exported_at: datetime) -> tuple[datetime | None, bool]:
    """The time in one of the forms known here; None for another."""
    if text[:1] > "9":  # no digit: the name of a day, or Chinese
        return _in_words(text, zone, exported_at)
    if found := _DAY.fullmatch(text):
        return _day(found, zone, exported_at), found[1] is None
    if _EPOCH.fullmatch(text):
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number >= 1e12 else number, UTC), False
    if found := _AGO.fullmatch(text):
        return exported_at - int(found[1]) * _SPAN[found[2]], True
    return None, False


def _in_words(text: str, zone: ZoneInfo, exported_at: datetime) -> tuple[datetime | None, bool]:
    if found := _WEIBO.fullmatch(text):
        return _weibo(found), False
    if found := _NEAR.fullmatch(text):
        return _near(found, zone, exported_at), True
    return (exported_at, True) if text == "刚刚" else (None, False)


def _day(found: re.Match[str], zone: ZoneInfo, exported_at: datetime) -> datetime:
    """A day; without its year, the last such day before the export."""
    hour, minute, second = (int(part or 0) for part in found.group(4, 5, 6))
    month, day = int(found[2]), int(found[3])
    if found[1]:
        return datetime(int(found[1]), month, day, hour, minute, second, tzinfo=zone)
    year = exported_at.astimezone(zone).year
    for back in range(5):  # the 29th of February comes every four years
        try:
            past = datetime(year - back, month, day, hour, minute, second, tzinfo=zone)
        except ValueError:
            continue
        if past <= exported_at:
            return past
    raise ValueError(f"no such day: {month}-{day}")


def _near(found: re.Match[str], zone: ZoneInfo, exported_at: datetime) -> datetime:
    day = (exported_at.astimezone(zone) - timedelta(days=_DAYS_BACK[found[1]])).date()
    hour, minute, second = (int(part or 0) for part in found.group(2, 3, 4))
    return datetime(day.year, day.month, day.day, hour, minute, second, tzinfo=zone)


def _weibo(found: re.Match[str]) -> datetime:
    month, day, time_of_day, zone, year = found.groups()
    return datetime.fromisoformat(f"{year}-{_MONTHS.get(month)}-{day:0>2}T{time_of_day}{zone}")
