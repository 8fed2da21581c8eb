"""Whether the picture is the official one, by the fingerprints of `common.images`."""

from detection.signals import weights
from detection.signals.facts import Candidate, Official
from detection.signals.signal import Signal, neutral, unknown


def avatar(candidate: Candidate, official: Official) -> Signal:
    """Same, alike or another; unknown where a side has no picture, or one that could not be read."""
    if candidate.avatar is None or official.avatar is None:
        return unknown("avatar_unknown")
    distance = candidate.avatar.distance(official.avatar)
    detail = {"distance": str(distance)}
    if distance > weights.ALIKE_PICTURE:
        return neutral("avatar_other", **detail)
    is_same = distance <= weights.SAME_PICTURE
    points = weights.AVATAR_SAME if is_same else weights.AVATAR_ALIKE
    if official.shares_avatar:
        return Signal("avatar_shared", "for", points * weights.SHARED_EMBLEM, detail)
    return Signal("avatar_same" if is_same else "avatar_alike", "for", points, detail)
