"""How much a symbol tells one registered name from another: the rarer in the register, the more."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping

# A change of a symbol weighs between these; names of a register too small to tell weigh 1 throughout.
LEAST, MOST = 0.8, 1.1
# So many names must be counted before half of the spread is believed.
HALF_BELIEVED = 1000


class Rarity:
    """Weights of symbols, counted once per register. Immutable; the same names give the same weights."""

    def __init__(self, texts: Iterable[str], bodies: Iterable[str] = ()) -> None:
        """`texts`: the plain names; `bodies`: what each says besides its place, where it says a function."""
        counted = [frozenset(text) for text in texts]
        holding = Counter(symbol for text in counted for symbol in text)
        self._set(len(counted), holding, Counter(bodies))

    @classmethod
    def counted(cls, names: int, holding: Mapping[str, int], bodies: Mapping[str, int]) -> "Rarity":
        """The weights of a register of so many names, where so many hold a symbol and say a function."""
        rarity = cls(())
        rarity._set(names, holding, bodies)
        return rarity

    def _set(self, names: int, holding: Mapping[str, int], bodies: Mapping[str, int]) -> None:
        self.names = names
        self._holding = holding
        self._bodies = bodies
        self._spread = names / (names + HALF_BELIEVED)
        self._weights: dict[str, float] = {}

    def holding(self, symbol: str) -> int:
        """How many registered names hold the symbol."""
        return self._holding.get(symbol, 0)

    def bodies(self, body: str) -> int:
        """How many registered names say this function, in whatever place."""
        return self._bodies.get(body, 0)

    def weight(self, symbol: str) -> float:
        """What a change of the symbol costs, from LEAST for one in every name to MOST for one in none."""
        found = self._weights.get(symbol)
        if found is None:
            found = self._weights[symbol] = self._weigh(symbol)
        return found

    def _weigh(self, symbol: str) -> float:
        # Inverse document frequency, scaled to 0..1 (Spärck Jones 1972).
        told = 1 - math.log(1 + self.holding(symbol)) / math.log(2 + self.names)
        return 1 + self._spread * (LEAST + (MOST - LEAST) * told - 1)


EVEN = Rarity(())
