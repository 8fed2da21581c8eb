"""The other four hundred innocents, on Weibo and Douyin: made by grammar from `neighbours.toml`.

Chinese platforms show whom they certified, so most of these bear a badge of the very body they are. The kinds
are those of `bystanders`, and three more:

* `other_province`: the same organ of another province;
* `unfiled_genuine`: a second account of a registered body, certified as such and not yet filed;
* `ordinary_word` and `place_shop`: everyday words, and shops with a place in the name.
"""

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from examples.henan.draft import DOUYIN, WEIBO, Badge, Dice, Draft, Handles, posting
from examples.henan.matrix import SPOKEN, WHOLE_NAME
from examples.henan.places import FOLDER, HENAN, Place
from examples.henan.residents import WORDS
from examples.henan.units import CITIES

TABLE = tomllib.loads((FOLDER / "neighbours.toml").read_text(encoding="utf-8"))
PROVINCES = {"内蒙古自治区": "内蒙古", "广西壮族自治区": "广西", "西藏自治区": "西藏",
             "宁夏回族自治区": "宁夏", "新疆维吾尔自治区": "新疆"}  # fmt: skip
MUNICIPALITIES = ("110000", "120000", "310000", "500000")
NUMBERS = "一二三四五六七八"
REGISTERED_POLICE = "410204"
"""鼓楼区 of 开封: its police are registered, so they are no innocent stranger here."""


@dataclass(frozen=True)
class Neighbour:
    """One innocent: kind, name, whom it may be mistaken for, certified subject with its badge, bio."""

    kind: str
    name: str
    target: str = ""
    subject: str = ""
    badge: Badge = "none"
    bio: str = ""
    note: str = ""


Maker = Callable[[Dice, dict[str, Place]], Iterator[Neighbour]]


def neighbours(
    handles: Mapping[str, Handles], places: dict[str, Place], genuine: Mapping[str, Draft]
) -> list[Draft]:
    """All of them; a target that is not in `genuine` on the same platform is left out of the draft."""
    dice = Dice("neighbours")
    drafts = []
    for maker, count in MAKERS:
        for one in dice.deal(_distinct(maker(dice, places)), count):
            platform = DOUYIN if one.kind == "legit_homonym" or dice.chance(0.45) else WEIBO
            drafts.append(_draft(dice, handles[platform], one, platform, genuine))
    return drafts


def _distinct(made: Iterator[Neighbour]) -> list[Neighbour]:
    """Each name and subject once, in the order made."""
    return list({(one.name, one.subject): one for one in made}.values())


def _draft(
    dice: Dice, handles: Handles, one: Neighbour, platform: str, genuine: Mapping[str, Draft]
) -> Draft:
    created = dice.day(3000, 120)
    target = f"{platform}:{one.target}"
    return Draft(
        "hard_negative",
        one.name,
        handles.like(dice, str(dice.number(10_000_000, 99_999_999_999))) if platform == DOUYIN else "",
        one.bio or f"{one.subject}官方账号。",
        created,
        dice.crowd(5, 900_000),
        posting(dice, dice.between(1, 200), dice.between(8, 90), 2, created),
        kind=one.kind,
        target=target if target in genuine else "",
        note=one.note,
        platform=platform,
        subject=one.subject,
        badge=one.badge,
    )


def _elsewhere(dice: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    """The organs of cities outside Henan."""
    cities = [
        place
        for place in places.values()
        if place.level == "prefecture" and place.code[:2] != HENAN and place.name.endswith("市")
    ]
    ours = [places[code] for code in CITIES]
    for place in cities:
        organ = dice.pick(TABLE["organs"])
        target = organ["name"].format(stem=dice.pick(ours).stem)
        yield _official(dice, "same_organ_other_place", organ, place, target)


def _counties(_: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    """Organs of Henan's counties that are not registered."""
    for place in places.values():
        if place.level == "county" and place.parent in CITIES and place.code[4] != "7":
            for organ in TABLE["county_organs"]:
                stem = place.name if place.code in WHOLE_NAME else SPOKEN.get(place.code, place.stem)
                target = organ["name"].format(stem=places[place.parent].stem)
                if place.code != REGISTERED_POLICE:
                    words = {"stem": stem, "full": place.name}
                    yield _said("same_organ_other_henan", organ, words, target, f"{place.name} {place.code}")


def _provinces(_: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    for place in places.values():
        if place.level == "province" and place.code not in ("410000", *MUNICIPALITIES):
            stem = PROVINCES.get(place.name, place.name.removesuffix("省"))
            for organ in TABLE["province_organs"]:
                words = {"stem": stem, "full": place.name}
                note = f"{place.name} {place.code}"
                yield _said("other_province", organ, words, organ["target"], note)


def _repeated(_: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    """Counties elsewhere that are called like one in Henan, their city said."""
    for place in _namesakes(places):
        above = places[place.parent]
        words = {"stem": f"{above.stem}{place.stem}", "full": f"{above.name}{place.name}"}
        note = f"{above.name}{place.name} {place.code}"
        for organ in TABLE["county_organs"]:
            yield _said("repeated_county", organ, words, "鼓楼发布", note)


def _homonyms(_: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    """The very same name, rightly borne by the 鼓楼区 of other cities."""
    for place in _namesakes(places):
        if place.stem == "鼓楼":
            above = places[place.parent]
            subject = f"{above.name}{place.name}人民政府办公室"
            note = f"{above.name}{place.name} {place.code}"
            yield Neighbour("legit_homonym", "鼓楼发布", "鼓楼发布", subject, "government", note=note)


def _namesakes(places: dict[str, Place]) -> Iterator[Place]:
    for place in places.values():
        if place.level == "county" and place.code[:2] != HENAN:
            yield place


def _sisters(dice: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    for code in CITIES:
        place = places[code]
        for organ in TABLE["sisters"]:
            words = {"stem": place.stem, "full": place.name, "number": dice.pick(NUMBERS)}
            yield _said("sister_account", organ, words, organ["target"].format(**words))


def _unfiled(_: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    """Names of `unfiled` in the order of the organs they belong to."""
    owners = {"交警": 2, "平安": 1, "消防": 5, "健康": 3}
    for code in CITIES:
        place = places[code]
        for name in TABLE["unfiled"]["names"]:
            organ = TABLE["organs"][next(at for word, at in owners.items() if word in name)]
            words = {"stem": place.stem, "full": place.name}
            subject, target = organ["subject"].format(**words), organ["name"].format(**words)
            yield Neighbour("unfiled_genuine", name.format(**words), target, subject, "government")


def _associations(dice: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    table = TABLE["associations"]
    for place in (places["410000"], *(places[code] for code in CITIES)):
        for subject in table["subjects"]:
            name = f"{place.name}{subject}{dice.pick(table['endings'])}"
            yield Neighbour("similar_association", name, "", name, "organisation", f"{name}，社会团体。")


def _mentions(dice: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    for code in CITIES:
        for kind, lines in TABLE["mentions"].items():
            name, bio = dice.pick(lines)
            organ = dice.pick(TABLE["organs"])
            target = organ["name"].format(stem=places[code].stem)
            words = {"name": target, "stem": places[code].stem, "one": dice.pick(WORDS["surnames"])}
            yield Neighbour(f"mention_{kind}", name.format(**words), target, bio=bio.format(**words))


def _everyday(_: Dice, __: dict[str, Place]) -> Iterator[Neighbour]:
    for word in TABLE["everyday"]["words"]:
        yield Neighbour("ordinary_word", word, bio="随便写写，与任何机关无关。")


def _shops(dice: Dice, places: dict[str, Place]) -> Iterator[Neighbour]:
    for code in CITIES:
        name = f"{places[code].stem}{dice.pick(WORDS['goods'])}{dice.pick(('老店', '直营', '官方旗舰店'))}"
        yield Neighbour("place_shop", name, f"{places[code].stem}发布", bio="营业时间 9:00-21:00")


def _official(dice: Dice, kind: str, organ: Mapping[str, str], place: Place, target: str) -> Neighbour:
    words = {"stem": place.stem, "full": place.name}
    return _said(kind, organ, words, target, f"{place.name} {place.code}")


def _said(
    kind: str, organ: Mapping[str, str], words: Mapping[str, str], target: str, note: str = ""
) -> Neighbour:
    """The account of an organ, certified as that organ."""
    name, subject = organ["name"].format(**words), organ["subject"].format(**words)
    return Neighbour(kind, name, target, subject, "government", note=note)


MAKERS: Sequence[tuple[Maker, int]] = (
    (_elsewhere, 112), (_counties, 56), (_provinces, 48), (_repeated, 16), (_homonyms, 3), (_sisters, 42),
    (_unfiled, 12), (_associations, 36), (_mentions, 46), (_everyday, 14), (_shops, 15),
)  # fmt: skip
"""How many of each; together four hundred."""
