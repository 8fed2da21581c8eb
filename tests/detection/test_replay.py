"""A judgement can be made again as it was made, or it says why not."""

import json
from typing import Any

import pytest

from detection.compare import RULES_VERSION, AccountName, compare
from detection.rarity import Rarity
from detection.replay import NOT_KEPT, CannotReplay, basis, replay

OFFICIAL = AccountName("郑州市卫生健康委员会", "zzwjw", "410100")
REGISTER = Rarity([OFFICIAL.name, "zzwjw", *(f"郑州市第{n}中学" for n in range(2000))])


def kept(
    candidate: AccountName, official: AccountName = OFFICIAL, register: Rarity = REGISTER
) -> dict[str, Any]:
    """What comes back from storage."""
    stored: dict[str, Any] = json.loads(json.dumps(basis(candidate, official, register)))
    return stored


@pytest.mark.parametrize(
    "candidate",
    [
        AccountName("郑洲市卫生健康委员会"),
        AccountName("郑州市卫生健康委员汇", "zzwjw1"),
        AccountName("郑州市卫健委"),
        AccountName("一只猫", "zzwjw_"),
        AccountName("甜甜的日常"),
    ],
)
def test_the_same_rules_say_the_same_again(candidate: AccountName) -> None:
    again = replay(RULES_VERSION, candidate, kept(candidate))
    assert again == compare(candidate, OFFICIAL, REGISTER)


def test_a_register_that_has_grown_since_changes_nothing() -> None:
    candidate = AccountName("郑州市卫生健康委员汇")
    before = kept(candidate, register=Rarity([OFFICIAL.name]))
    again = replay(RULES_VERSION, candidate, before)
    assert again == compare(candidate, OFFICIAL, Rarity([OFFICIAL.name]))
    assert again != compare(candidate, OFFICIAL, REGISTER)


def test_only_the_counts_that_weigh_are_kept() -> None:
    stored = basis(AccountName("郑洲发布"), AccountName("郑州发布"), REGISTER)
    assert stored["names"] == REGISTER.names
    assert set(stored["holding"]) <= set("郑洲州发布")
    assert stored["holding"]["郑"] == 2001


def test_other_rules_cannot_be_replayed_and_say_so() -> None:
    candidate = AccountName("郑洲发布")
    refused = replay("2019-01.1", candidate, kept(candidate))
    assert isinstance(refused, CannotReplay)
    for sentence in (refused.zh, refused.en):
        assert "2019-01.1" in sentence and RULES_VERSION in sentence


def test_what_was_judged_before_the_register_was_kept_says_so() -> None:
    assert replay(RULES_VERSION, AccountName("郑洲发布"), {}) == NOT_KEPT
    assert NOT_KEPT.zh.endswith("。") and NOT_KEPT.en.endswith(".")
