"""Whether the bio claims to be official, and for whom.

Nothing of the bio but words from the list below and the official side's own names gets into the reason.
"""

import re

from detection.signals import weights
from detection.signals.facts import Candidate, Official
from detection.signals.signal import Signal, neutral, unknown
from detection.signals.text import plain, quoted

# In the plain form: no signs and spaces, small letters, simplified.
_DENIED = re.compile(
    "(?:非|不是|并非|无|没有|不代表)(?:任何)?官方|与官方无关|(?:un|non)official|not(?:an|the)?official|notaffiliated"
)
_CLAIM = re.compile(
    "官方(?:账号|帐号|认证|授权|唯一|指定|发布|平台|合作|客服|直播间|服务|微博|微信|抖音|号)"
    "|唯一(?:官方|指定|授权|认证)|(?:政府|独家|国家)(?:指定|授权|认证)|认准本[号站]|正版账号"
    "|official(?:account|channel|page|site)|authori[sz]edby"
)
_SHORTEST = 3  # characters of a name: two are a place


def bio(candidate: Candidate, official: Official) -> Signal:
    """A claim in the official side's name; a claim for nobody in particular; a mere mention; or nothing."""
    if candidate.bio is None:
        return unknown("bio_unknown")
    text = _DENIED.sub("", plain(candidate.bio))
    claim = _CLAIM.search(text)
    named = _named(text, official)
    if claim and named:
        detail = {"claim": claim[0], "official": quoted(named)}
        return Signal("bio_claims_unit", "for", weights.CLAIM_FOR_UNIT, detail)
    if claim:
        return Signal("bio_claims", "for", weights.CLAIM, {"claim": claim[0]})
    return neutral("bio_mentions", official=quoted(named)) if named else neutral("bio_silent")


def _named(text: str, official: Official) -> str:
    """The longest name of the official side that stands in `text`, or an empty text."""
    names = (official.name, *(official.subjects or ()), *official.names)
    found = [name for name in names if len(plain(name)) >= _SHORTEST and plain(name) in text]
    return max(found, key=len, default="")
