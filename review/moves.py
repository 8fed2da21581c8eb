"""How a case moves: one table, after the handbook's life of a case. Pure.

    detected 发现 → under_review 研判 → warned 预警 → reported 上报 → accepted 受理 → disposed 处置
    → rechecked 复核 → concluded 办结 → archived 归档;  under_review → not_established 不成立

A confirmed counterfeit stays `under_review` until somebody was told of it; what was judged may be judged anew
until it is archived. `STAYS` means that the move changes no state.
"""

from dataclasses import dataclass

from registry.roles import Role

STAYS = "="

JUDGES = frozenset({Role.REVIEWER, Role.DUTY_OFFICER})
REPORTERS = JUDGES | {Role.SPONSOR, Role.SUPERVISOR}
CYBERSPACE = frozenset({Role.CAC_OFFICER})
SERVICE: frozenset[Role] = frozenset()
"""Nobody who signs in: the service itself."""

STATES = {
    "detected": ("发现", "detected"),
    "under_review": ("研判", "under review"),
    "warned": ("预警", "warned"),
    "reported": ("上报", "reported"),
    "accepted": ("受理", "accepted"),
    "disposed": ("处置", "disposed of"),
    "rechecked": ("复核", "re-checked"),
    "concluded": ("办结", "concluded"),
    "archived": ("归档", "archived"),
    "not_established": ("不成立", "not established"),
}
UNDECIDED = ("detected", "under_review")
HANDLED = ("warned", "reported", "accepted", "disposed", "rechecked", "concluded")
OPEN = (*UNDECIDED, *HANDLED, "not_established")
EVERY = (*OPEN, "archived")
OVER = frozenset({"not_established", "concluded", "archived"})
"""Nothing more is to be done about such a case, unless it is opened anew."""


@dataclass(frozen=True, slots=True)
class Move:
    """A row of the table: `name` takes a case from one of `sources` to one of `targets`, done by `roles`.

    `confirmed` says whether a counterfeit decision must stand (True), must not (False) or may (None).
    """

    name: str
    sources: tuple[str, ...]
    targets: tuple[str, ...]
    roles: frozenset[Role]
    confirmed: bool | None
    zh: str
    en: str

    def leads(self, state: str, target: str) -> bool:
        """Whether it takes a case from `state` to `target`."""
        return state in self.sources and (
            target in self.targets or (target == state and STAYS in self.targets)
        )


AGREED, REFUSED = ("under_review", "reported", "not_established", STAYS), (*OPEN, STAYS)
_TABLE = (
    # by the service
    Move("joined", UNDECIDED, (STAYS,), SERVICE, False, "并入新证据", "later evidence joined"),
    Move("warn", ("under_review", *HANDLED), ("warned", STAYS), SERVICE, True, "预警送达", "warning arrived"),
    Move("second_missing", EVERY, (STAYS,), SERVICE, None, "第二人逾期未签字", "second person overdue"),
    Move("due", (*UNDECIDED, "warned"), (STAYS,), SERVICE, None, "按节假日重算时限", "due dates recounted"),
    Move("registered", UNDECIDED, ("not_established",), SERVICE, False, "已登记备案", "registered meanwhile"),
    # by those who judge
    Move("take", UNDECIDED, ("under_review",), JUDGES, False, "领取研判", "taken for review"),
    Move("wait", UNDECIDED, ("under_review",), JUDGES, False, "待定", "put off"),
    Move("judge", OPEN, ("under_review", "not_established", STAYS), JUDGES, None, "研判", "judged"),
    Move("reopen", ("not_established",), ("under_review",), JUDGES, False, "重新研判", "reopened"),
    Move("severity", OPEN, (STAYS,), JUDGES, None, "调整级别", "severity changed"),
    Move("crime_signs", OPEN, (STAYS,), JUDGES, None, "涉罪线索", "signs of a crime"),
    # by two persons
    Move("report", ("under_review", "warned", "disposed", "rechecked"), ("reported", STAYS), REPORTERS, True,
         "上报", "reported"),
    Move("countersign", OPEN, AGREED, REPORTERS, None, "第二人签字", "countersigned"),
    Move("second_refused", OPEN, REFUSED, REPORTERS, None, "第二人不同意", "refused by the second person"),
    # by the cyberspace office
    Move("accept", ("reported",), ("accepted",), CYBERSPACE, True, "受理", "accepted"),
    Move("dispose", ("accepted",), ("disposed",), CYBERSPACE, True, "处置", "disposed of"),
    Move("recheck", ("disposed", "rechecked"), ("rechecked",), CYBERSPACE, True, "复核", "re-checked"),
    Move("conclude", ("rechecked",), ("concluded",), CYBERSPACE, True, "办结", "concluded"),
    Move("archive", ("concluded", "not_established"), ("archived",), CYBERSPACE | {Role.REVIEWER}, None,
         "归档", "archived"),
)  # fmt: skip
MOVES = {move.name: move for move in _TABLE}
# What opens a case, which had no state before, in Chinese and English.
OPENINGS = {"opened": ("立案", "opened"), "raised": ("再次立案", "raised again")}
TITLES = OPENINGS | {move.name: (move.zh, move.en) for move in _TABLE}
# Done by `decide.move`; the others have functions of their own.
ADVANCES = (
    "take",
    "report",
    "accept",
    "dispose",
    "recheck",
    "conclude",
    "archive",
    "reopen",
    "severity",
    "crime_signs",
)


def open_to(role: str, state: str, confirmed: bool) -> tuple[Move, ...]:
    """The moves of the table that `role` may make with a case that stands so, in the table's order."""
    return tuple(
        move
        for move in _TABLE
        if role in move.roles and state in move.sources and move.confirmed in (None, confirmed)
    )
