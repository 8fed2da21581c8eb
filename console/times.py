"""Moments for people: Beijing time, and how long ago. Pure but for the language of the page."""

from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.clock import BEIJING

MINUTE, HOUR, DAY = 60, 3600, 86400


def beijing(moment: datetime) -> str:
    """`2026-11-24 14:00:05`, in Beijing."""
    return moment.astimezone(BEIJING).strftime("%Y-%m-%d %H:%M:%S")


def age(moment: datetime, now: datetime) -> str:
    """How long before `now`: minutes, hours, or days; both whole and rounded down."""
    seconds = int((now - moment).total_seconds())
    if seconds < 0:
        return _("in the future")
    if seconds < MINUTE:
        return _("just now")
    if seconds < HOUR:
        return ngettext("%(n)d min ago", "%(n)d min ago", seconds // MINUTE) % {"n": seconds // MINUTE}
    if seconds < 2 * DAY:
        return ngettext("%(n)d h ago", "%(n)d h ago", seconds // HOUR) % {"n": seconds // HOUR}
    return ngettext("%(n)d day ago", "%(n)d days ago", seconds // DAY) % {"n": seconds // DAY}


def until(moment: datetime, now: datetime) -> str:
    """How long from `now`, as `span` says it; that it is due where it lies behind."""
    seconds = int((moment - now).total_seconds())
    if seconds < 0:
        return _("due now")
    if seconds < MINUTE:
        return _("in less than a minute")
    return _("in %(span)s") % {"span": span(moment - now)}


def span(length: timedelta) -> str:
    """A length of time in at most two units, rounded down: `5 min`, `3 h 20 min`, `2 days`."""
    minutes = max(0, int(length.total_seconds())) // MINUTE
    hours, days = minutes // 60, minutes // (24 * 60)
    if days >= 2:
        return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}
    if hours:
        return _("%(h)d h %(m)d min") % {"h": hours, "m": minutes % 60}
    return ngettext("%(n)d min", "%(n)d min", minutes) % {"n": minutes}


def lasted(start: datetime, end: datetime) -> str:
    """How long from `start` to `end`: `1:02:03`, or seconds when under a minute."""
    seconds = max(0, int((end - start).total_seconds()))
    if seconds < MINUTE:
        return ngettext("%(n)d second", "%(n)d seconds", seconds) % {"n": seconds}
    return f"{seconds // HOUR}:{seconds % HOUR // MINUTE:02}:{seconds % MINUTE:02}"
