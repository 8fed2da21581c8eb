"""An engine of a few lines for tests of the flow around it: what it finds is plain to foresee."""

import unicodedata
from collections.abc import Iterator, Sequence

from rapidfuzz import fuzz

from detection.compare import AccountName, Match
from detection.engine import Found
from detection.reasons import Reason

REVIEWED = 0.6


class StandIn:
    """Compares everything with everything; `X…` over the whole string is the only reason it knows."""

    def __init__(self, officials: Sequence[AccountName]) -> None:
        self._officials = officials

    def search(self, accounts: Sequence[AccountName], threshold: float | None = None) -> list[list[Found]]:
        """Those alike in letters, best first; a name that speaks of an office is an office claim."""
        least = REVIEWED if threshold is None else threshold
        return [sorted(self._found(one, least), key=lambda f: (-f.match.score, f.at)) for one in accounts]

    def _found(self, account: AccountName, least: float) -> Iterator[Found]:
        for at, official in enumerate(self._officials):
            matches = [match for match in _matches(account, official) if match.score >= least]
            if matches:
                yield Found(at, max(matches, key=lambda match: match.score))
        if "局" in account.name:
            yield Found(-1, Match(0.5, "office_claim", (), place="开封市", organ="局"))


def _matches(account: AccountName, official: AccountName) -> Iterator[Match]:
    for came_from, mine in (("name", account.name), ("handle", account.handle)):
        for field, theirs in (("name", official.name), ("handle", official.handle)):
            if mine and theirs:
                score = fuzz.ratio(_plain(mine), _plain(theirs)) / 100
                kind = "identical" if score == 1 else "edited"
                reason = Reason(
                    "same_name", score, {"candidate": mine, "official": theirs}, ((0, len(mine)),)
                )
                yield Match(round(score, 4), kind, (reason,), theirs, field, came_from)  # type: ignore[arg-type]


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).casefold().encode("utf-8", "surrogatepass").decode("latin-1")
