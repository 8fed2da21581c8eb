"""What holds for every match, whatever was compared."""

from detection.compare import AccountName, Match
from detection.kinds import KINDS
from detection.reasons import Reason


def check(match: Match, candidate: AccountName) -> None:
    """An explained score, a kind of the list, and offsets within the candidate's string."""
    own = candidate.name if match.came_from == "name" else candidate.handle
    assert 0 <= match.score == round(match.score, 4) <= 1
    # To the last of the four decimals of a score; what falls below nothing is nothing.
    assert abs(match.score - max(0.0, sum(reason.points for reason in match.reasons))) < 1e-3
    assert match.kind in ("", *KINDS)
    assert match.kind or not match.accepted
    for reason in match.reasons:
        assert reason.zh and reason.en
        check_offsets(reason, own)


def check_offsets(reason: Reason, own: str) -> None:
    """Stretches in ascending order, none of them empty, none beyond the string."""
    edges = [edge for span in reason.at for edge in span]
    assert all(start < end for start, end in reason.at), reason
    assert edges == sorted(edges), reason
    assert not edges or (edges[0] >= 0 and edges[-1] <= len(own)), (reason, own)
