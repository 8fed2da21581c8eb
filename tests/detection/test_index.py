"""The index is held against brute force: whatever `compare` matches must be among its candidates."""

import random
from itertools import product

import pytest

from detection import index
from detection.compare import AccountName, compare
from names.characters import looks, sounds
from names.divisions import all_divisions
from names.variants import lookalike_handles, traditional

PATTERNS = (
    "{}发布",
    "平安{}",
    "{}公安",
    "{}市公安局交通警察支队",
    "健康{}",
    "{}文旅",
    "{}市疾病预防控制中心",
    "{}大学",
)
PLACELESS = ("人民日报", "中国邮政", "首都经济贸易大学", "央广新闻", "中华志愿者协会")
HANDLES = ("zhengzhou_fabu", "haloBCA", "BSF_India", "police110", "zzgov", "MorenoValleyPoliceDepartment")


def officials() -> list[AccountName]:
    places = [
        one.short_name for one in all_divisions() if one.code.startswith("41") and not one.is_placeholder
    ]
    names = [pattern.format(place) for place, pattern in product(places[:24], PATTERNS)]
    return [AccountName(name) for name in (*names, *PLACELESS)] + [
        AccountName("", handle) for handle in HANDLES
    ]


def altered(name: str, rng: random.Random) -> list[str]:
    """Imitations of a Han name by ways that do not ask the rules under test."""
    at = rng.randrange(len(name))
    alike = sorted(looks(name[at])) or ["囧"]
    same_sound = [c for c in "郑州洲正舟公安按市发布法不局居交教" if sounds(c) & sounds(name[at])]
    swapped = name[:at] + name[at + 1 : at + 2] + name[at] + name[at + 2 :]
    return [
        name,
        name[:at] + rng.choice(alike) + name[at + 1 :],
        name[:at] + rng.choice(same_sound or ["囧"]) + name[at + 1 :],
        name[:at] + name[at] + name[at:],
        name[:at] + name[at + 1 :],
        name[:at] + "囧" + name[at:],
        name[:at] + "X" + name[at:],
        swapped,
        name[2:] + name[:2],
        "中国" + name[2:],
        "官方" + name,
        name + "直播间",
        name.replace("公安", "警方"),
        name.replace("疾病预防控制中心", "疾控"),
        traditional(name),
        "\u200b".join(name),
    ]


@pytest.fixture(scope="module")
def known() -> list[AccountName]:
    return officials()


@pytest.mark.parametrize("seed", range(3))
def test_it_finds_every_match_that_comparing_all_would_find(known: list[AccountName], seed: int) -> None:
    rng = random.Random(seed)
    lookup = index.build(known)
    names = [
        text for one in rng.sample(known, 5) if one.name for text in rng.sample(altered(one.name, rng), 6)
    ]
    handles = [text for handle in HANDLES for text in rng.sample(lookalike_handles(handle), 3)]
    accounts = [AccountName(name) for name in names] + [AccountName("猫", handle) for handle in handles]
    for account in accounts:
        candidates = set(lookup.candidates(account))
        matching = {at for at, official in enumerate(known) if compare(account, official)}
        assert matching <= candidates, (account, [known[at] for at in matching - candidates])


def test_the_attacks_are_matched_at_all(known: list[AccountName]) -> None:
    rng = random.Random(1)
    target = AccountName("郑州市公安局交通警察支队")
    assert sum(bool(compare(AccountName(one), target)) for one in altered(target.name, rng)) >= 12
    assert target in known


@pytest.mark.parametrize(
    "account",
    [
        AccountName("郑zhou发布"),
        AccountName("小猫", "zhengzhoufabu"),
        AccountName("国家交警"),
        AccountName("邮政精选"),
        AccountName("中国经济贸易大学"),
        AccountName("Moreno Valley Police"),
        AccountName("IndiaBSF"),
        AccountName("鄭洲疾控"),
    ],
)
def test_it_finds_what_is_said_otherwise(known: list[AccountName], account: AccountName) -> None:
    matching = {at for at, official in enumerate(known) if compare(account, official)}
    assert matching
    assert matching <= set(index.build(known).candidates(account))


def test_an_ordinary_name_is_compared_with_few(known: list[AccountName]) -> None:
    lookup = index.build(known)
    counts = [
        len(lookup.candidates(AccountName(name))) for name in ("一只爱睡觉的猫", "lovelycat88", "张伟", "🐱")
    ]
    assert max(counts) <= len(known) / 20


def test_an_empty_register_has_no_candidates() -> None:
    assert index.build([]).candidates(AccountName("郑州发布", "zhengzhou_fabu")) == []


def test_positions_are_those_of_the_officials(known: list[AccountName]) -> None:
    at = known.index(AccountName("郑州发布"))
    assert at in index.build(known).candidates(AccountName("郑洲发布"))
