"""All signals beside the name, in the order in which a reviewer reads them."""

from detection.signals.age import age
from detection.signals.avatar import avatar
from detection.signals.bio import bio
from detection.signals.contact import contact
from detection.signals.facts import Candidate, Likeness, Official
from detection.signals.followers import followers
from detection.signals.handle import handle
from detection.signals.negative import allow_listed, declared, registered
from detection.signals.rank import rank, vacant_slot
from detection.signals.released import closed, released_handle, released_name
from detection.signals.rename import rename
from detection.signals.signal import Signal
from detection.signals.subject import subject


def signals_of(
    candidate: Candidate,
    official: Official,
    by_name: Likeness | None = None,
    by_handle: Likeness | None = None,
) -> tuple[Signal, ...]:
    """Every signal once, those that could not be looked at included.

    by_name, by_handle: the names, and the candidate's handle, as `detection.compare` judged them; None where
    it was not asked.
    """
    return (
        registered(candidate),
        allow_listed(candidate),
        subject(candidate, official),
        declared(candidate),
        released_handle(candidate, official),
        released_name(candidate, official),
        closed(official),
        handle(candidate, official, by_handle),
        bio(candidate, official),
        contact(candidate, official),
        avatar(candidate, official),
        rename(candidate, None if by_name is None else by_name.accepted),
        age(candidate, official),
        followers(candidate),
        rank(candidate, official),
        vacant_slot(official),
    )
