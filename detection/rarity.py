"""How much a symbol tells one registered name from another: the rarer in the register, the more."""

import math
from collections import Counter
from collections.abc import Iterable

# A change of a symbol weighs between these; names of a register too small to tell weigh 1 throughout.
LEAST, MOST = 0.8, 1.1
# So many names must be counted before half of the spread is believed.
HALF_BELIEVED = 1000


class Rarity:
    """Weights of symbols, counted once per register. Immutable; the same names give the same weights."""

    def __init__(self, texts: Iterable[str]) -> None:
        counted = [frozenset(text) for text in texts]
        self.names = len(counted)
        self._holding = Counter(symbol for text in counted for symbol in text)
        self._spread = self.names / (self.names + HALF_BELIEVED)
        self._weights: dict[str, float] = {}

    def holding(self, symbol: str) -> int:
        """How many registered names hold the symbol."""
        return self._holding[symbol]

    def weight(self, symbol: str) -> float:
        """What a change of the symbol costs, from LEAST for one in every name to MOST for one in none."""
        found = self._weights.get(symbol)
        if found is None:
            found = self._weights[symbol] = self._weigh(symbol)
        return found

    def _weigh(self, symbol: str) -> float:
        # Inverse document frequency, scaled to 0..1 (Spärck Jones 1972).
        told = 1 - math.log(1 + self._holding[symbol]) / math.log(2 + self.names)
        return 1 + self._spread * (LEAST + (MOST - LEAST) * told - 1)


EVEN = Rarity(())
