"""The kind of a unit by its name, for files that do not tell it. Pure.

By the words names of bodies end in, the first rule that fits; courts and procuratorates end in 院 and are no
institutions. Everything else is a department.
"""

import re

_RULES = tuple(
    (re.compile(pattern), kind)
    for pattern, kind in (
        (r"(?:[省市县区旗州盟]|地区)(?:人民)?政府(?:办公厅|办公室)?$|政府办公[厅室]$", "government_office"),
        (r"(?:[镇乡]|苏木)(?:人民)?政府$|街道(?:办事处)?$", "township_government"),
        (r"^国家税务总局|税务局|海关$|气象局$|消防救援|海事局|边防检查站|^国家统计局.+队$", "vertical"),
        (r"(?:公司|集团|厂)$", "enterprise"),
        (r"法院$|检察院$|国务院$", "department"),
        (r"(?:院|校|大学|中学|小学|幼儿园|馆|中心|医院|电视台|报社)$", "institution"),
    )
)


def by_name(name: str) -> str:
    """The kind that the name of a unit tells: one of `registry.kinds.UNIT_KINDS`."""
    return next((kind for pattern, kind in _RULES if pattern.search(name)), "department")
