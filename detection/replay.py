"""A judgement made again, under the rules and from the facts it was made with. Pure.

A score depends on the names of both accounts and on how many registered names hold the symbols and functions
in them. Those counts are kept with the judgement, so that a register which has grown since changes nothing
here. The rules are kept as a version alone: judgements of other rules cannot be made again.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from detection.compare import RULES_VERSION, AccountName, Match, compare
from detection.rarity import Rarity


@dataclass(frozen=True)
class CannotReplay:
    """Why a judgement cannot be made again, in one sentence each."""

    zh: str
    en: str


NOT_KEPT = CannotReplay(
    "当时没有保存比对所依据的登记情况，无法重算。",
    "What the register held at the time was not kept with this judgement, so it cannot be made again.",
)


def basis(candidate: AccountName, official: AccountName, rarity: Rarity) -> dict[str, Any]:
    """What to keep of the register beside the candidate's own names, as plain JSON values."""
    noting = _Noting(rarity)
    compare(candidate, official, noting)
    return {
        "official": asdict(official),
        "names": rarity.names,
        "holding": noting.symbols,
        "bodies": noting.functions,
    }


def replay(rules_version: str, candidate: AccountName, kept: Mapping[str, Any]) -> Match | CannotReplay:
    """What the rules said of `candidate`, by the counts `kept` of the register; or why that is not known."""
    if rules_version != RULES_VERSION:
        return CannotReplay(
            f"当时的规则是 {rules_version}，现用规则是 {RULES_VERSION}，不能按旧规则重算。",
            f"It was made by rules {rules_version}; these are rules {RULES_VERSION} and cannot stand in.",
        )
    if not kept:
        return NOT_KEPT
    rarity = Rarity.counted(kept["names"], kept["holding"], kept["bodies"])
    return compare(candidate, AccountName(**kept["official"]), rarity)


class _Noting(Rarity):
    """The rarity of a register that notes what it was asked, with the counts behind its answers."""

    def __init__(self, rarity: Rarity) -> None:
        super().__init__(())
        self._rarity = rarity
        self.symbols: dict[str, int] = {}
        self.functions: dict[str, int] = {}

    def weight(self, symbol: str) -> float:
        self.symbols[symbol] = self._rarity.holding(symbol)
        return self._rarity.weight(symbol)

    def bodies(self, body: str) -> int:
        self.functions[body] = self._rarity.bodies(body)
        return self.functions[body]
