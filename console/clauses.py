"""Which provision a kind of imitation points to: a pointer for whoever reads the sheet, never a quotation.

Article 8 of Order 10 of the Cyberspace Administration of China (互联网用户账号信息管理规定, in force
2022-08-01) lists what account information may not do. The words here are ours; which item applies, and its
number, the authority that takes the case on finds in the official text.
"""

from types import MappingProxyType
from typing import NamedTuple


class Clause(NamedTuple):
    """An item of Article 8, in our words."""

    item: str
    gist: str


_NAMES = Clause("第（一）项", "假冒、仿冒、捏造党政军机关、企事业单位等组织的名称、标识")
_PLACES = Clause("第（四）项", "假冒、仿冒、捏造行政区划、机关所在地等的名称、标识")
_LOOKS = Clause("第（五）项", "以谐音、近音、形近文字、数字、符号、字母等仿冒")
_BY_KIND = MappingProxyType(
    {
        "scope_changed": _PLACES,
        "hidden_characters": _LOOKS,
        "decorated": _LOOKS,
        "traditional": _LOOKS,
        "look_alike": _LOOKS,
        "homophone": _LOOKS,
        "handle_look_alike": _LOOKS,
    }
)


def clause(kind: str) -> Clause:
    """The item a `kind` of imitation points to; the names of bodies where nothing is nearer."""
    return _BY_KIND.get(kind, _NAMES)
