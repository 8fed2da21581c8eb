"""The lines along which offices are told, and which office each one is. Pure."""

from typing import NamedTuple


class Line(NamedTuple):
    """A line of offices, told from the victim's place upwards."""

    key: str
    zh: str
    en: str


# `sponsor` is bound to a unit, the others to a division; `duty` is the watch of this service itself.
_ALL = (
    Line("sponsor", "主办单位", "sponsor unit"),
    Line("supervision", "主管单位", "supervising office"),
    Line("cac", "网信", "cyberspace office"),
    Line("police", "公安", "public security"),
    Line("publicity", "宣传", "publicity department"),
    Line("duty", "安全值守", "duty desk"),
)
LINES = {line.key: line for line in _ALL}
# always: answers day and night · workdays: 08:30–18:00 on working days
HOURS = ("always", "workdays")
