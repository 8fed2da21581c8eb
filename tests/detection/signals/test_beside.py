"""What holds for all signals together, whatever strangers write."""

import re
from dataclasses import fields, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from common.images import Fingerprint
from detection.signals.beside import signals_of
from detection.signals.facts import Candidate, FormerName, Official
from detection.signals.sentences import SENTENCES
from detection.signals.signal import Signal
from detection.signals.text import digits
from tests.detection.signals.cast import ALIKE, OFFICE

NUMBER = "13912345678"
PACKAGE = Path(signals_of.__code__.co_filename).parent
PICTURE = Fingerprint("0" * 36, "f" * 36)
HOSTILE = st.text(st.characters(), max_size=200)
KNOWN = Candidate(
    name="平安郑州",
    handle="pinganzz",
    bio="平安郑州官方账号",
    certified_subject="某某公司",
    subject_type="organisation",
    subject_is_lawful_body=False,
    has_badge=True,
    avatar=PICTURE,
    opened_on=date(2026, 11, 1),
    seen_on=date(2026, 11, 24),
    followers=10,
    follower_counts=((date(2026, 11, 1), 10),),
    former_names=(FormerName("甲", False),),
    rank=1,
    is_registered=False,
    is_allow_listed=False,
)
WHOLE = replace(
    OFFICE,
    avatar=PICTURE,
    shares_avatar=False,
    rank=2,
    is_on_platform=True,
    is_closed=False,
    released_handles=("old",),
    released_names=("郑州警方",),
)


def said(signals: tuple[Signal, ...]) -> str:
    return "\n".join(f"{signal.zh}\n{signal.en}\n{dict(signal.detail)}" for signal in signals)


@settings(deadline=None)
@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE, HOSTILE)
def test_no_text_of_a_stranger_raises(name: str, handle: str, bio: str, subject: str, former: str) -> None:
    facts = Candidate(name, handle, bio, subject, former_names=(FormerName(former, False),))
    assert len(signals_of(facts, WHOLE, ALIKE, ALIKE)) == 16
    assert said(signals_of(facts, WHOLE, ALIKE, ALIKE))


@settings(deadline=None)
@given(HOSTILE, HOSTILE, st.sampled_from(["", " ", "-", "​", "★"]))
def test_no_number_a_stranger_gives_is_said(before: str, after: str, gap: str) -> None:
    text = f"{before}{gap.join(NUMBER)}{after}"
    facts = Candidate(text, text, text, text, former_names=(FormerName(text, False),))
    spoken = re.sub(r"[^0-9]", "", digits(said(signals_of(facts, WHOLE, ALIKE, ALIKE))))
    assert NUMBER[3:] not in spoken


def test_of_a_stranger_who_shows_nothing_but_a_name_nothing_is_concluded() -> None:
    signals = signals_of(Candidate("平安郑州"), Official("平安郑州"))
    assert {signal.value for signal in signals} == {"unknown"}
    assert sum(signal.points for signal in signals) == 0


def test_of_a_stranger_who_shows_everything_all_is_checked() -> None:
    signals = signals_of(KNOWN, WHOLE, ALIKE, ALIKE)
    assert [signal.code for signal in signals if signal.value == "unknown"] == []


@pytest.mark.parametrize("field", [f.name for f in fields(Candidate) if f.default is None])
def test_a_fact_taken_away_never_makes_guilty_or_innocent(field: str) -> None:
    before = {s.code: s.points for s in signals_of(KNOWN, WHOLE, ALIKE, ALIKE)}
    taken: dict[str, Any] = {field: None}
    without = replace(KNOWN, **taken)
    new = [s for s in signals_of(without, WHOLE, ALIKE, ALIKE) if s.code not in before]
    allowed = {"former_names": {"age_new"}}.get(field, set())
    assert {s.code for s in new if s.value in ("for", "against")} <= allowed


def test_every_sentence_is_used_and_every_signal_has_one() -> None:
    written = "".join(
        path.read_text(encoding="utf-8") for path in PACKAGE.glob("*.py") if path.stem != "sentences"
    )
    assert [code for code in SENTENCES if f'"{code}"' not in written] == []


def test_the_unknown_cannot_carry_points() -> None:
    with pytest.raises(ValueError, match=r"unknown with 0\.1 points"):
        Signal("bio_unknown", "unknown", 0.1)
    with pytest.raises(ValueError, match=r"against with 0\.1 points"):
        Signal("declared", "against", 0.1)
