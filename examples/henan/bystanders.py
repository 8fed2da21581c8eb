"""The first hundred innocents, all on Mastodon: alike in name, but somebody else, and saying so.

Real bodies of other places appear under their real pattern of name; handles and texts are invented like all
others. The kinds:

* `same_organ_other_place`, `same_organ_other_henan`: the same organ elsewhere, outside Henan or in it;
* `sister_account`: a part or a companion of a registered body, with its own task;
* `repeated_county`: a county name that exists several times, with its city said;
* `legit_homonym`: the very same name, rightly borne by a body of another place;
* `mention_fan`, `mention_parody`, `mention_media`, `mention_personal`: speak of a body, openly not it;
* `similar_association`: registered associations with similar words;
* `ordinary_word`: everyday words that look like official ones;
* `place_shop`: shops and products with a place in the name.

Those that follow a pattern are made here from a division; the others stand written in `bystanders.csv`.
"""

import csv
from collections.abc import Iterator
from dataclasses import dataclass

from examples.henan.draft import MASTODON, Dice, Draft, Handles, posting
from examples.henan.places import FOLDER, Place


@dataclass(frozen=True)
class Bystander:
    """One innocent: kind, name, handle, bio, handle of the registered account it may be mistaken for."""

    kind: str
    name: str
    handle: str
    bio: str
    target: str = ""
    note: str = ""


FABU = ("{stem}发布", "{pinyin}_fabu", "{full}人民政府新闻办公室官方账号。")
PINGAN = ("平安{stem}", "pingan_{pinyin}", "{full}公安局官方账号。报警请拨110。")
HEALTH = ("健康{stem}", "jiankang_{pinyin}", "{full}卫生健康委员会官方账号。")
CDC = ("{stem}疾控", "{pinyin}_cdc", "{full}疾病预防控制中心官方账号。")
TRAFFIC = ("{stem}交警", "{pinyin}_jiaojing", "{full}公安局交通警察官方账号。")
CYBER = ("{stem}网信", "{pinyin}_wangxin", "中共{full}委网信办官方账号。")
CULTURE = ("{full}文化广电和旅游局", "{pinyin}_wenlv", "{full}文化广电和旅游局官方账号。")
ELSEWHERE = (
    (FABU, "130100", "shijiazhuang", "zhengzhou_fabu"), (FABU, "320300", "xuzhou", "shangqiu_fabu"),
    (FABU, "370800", "jining", "xinyang_fabu"), (FABU, "420600", "xiangyang", "nanyang_fabu"),
    (FABU, "610500", "weinan", "sanmenxia_fabu"), (PINGAN, "130400", "handan", "pingan_anyang"),
    (PINGAN, "371700", "heze", "pingan_puyang"), (PINGAN, "341600", "bozhou", "pingan_zhoukou"),
    (PINGAN, "140500", "jincheng", "pingan_jiaozuo"), (PINGAN, "420300", "shiyan", "pingan_nanyang"),
    (HEALTH, "140800", "yuncheng", "jiankang_luoyang"), (HEALTH, "341200", "fuyang", "jiankang_zhoukou"),
    (CDC, "370200", "qingdao", "zhengzhou_cdc"), (CDC, "140400", "changzhi", "anyang_cdc"),
    (TRAFFIC, "610100", "xian", "zhengzhou_jiaojing"), (TRAFFIC, "341300", "suzhou_ah", "shangqiu_jiaojing"),
    (CYBER, "371500", "liaocheng", "xinyang_wangxin"), (CULTURE, "321000", "yangzhou", "kaifeng_wenlv"),
)  # fmt: skip
NEIGHBOURS = (
    (FABU, "410183", "xinmi", "xinzheng_fabu"), (FABU, "410329", "yichuan", "luanchuan_fabu"),
    (FABU, "411425", "yuxian_sq", "yongcheng_fabu"), (FABU, "410782", "huixian", "xinxiang_fabu"),
    (PINGAN, "410122", "zhongmu", "pingan_zhengzhou"), (PINGAN, "411082", "changge", "pingan_xuchang"),
    (PINGAN, "411681", "xiangcheng", "pingan_zhoukou"), (HEALTH, "410327", "yiyang_ly", "jiankang_luoyang"),
    (CDC, "410523", "tangyin", "anyang_cdc"), (TRAFFIC, "411081", "yuzhou", "xuchang_jiaojing"),
    (CYBER, "411526", "huangchuan", "xinyang_wangxin"), (CULTURE, "411282", "lingbao", "luoyang_wenlv"),
)  # fmt: skip

COUNTY_FABU = ("{stem}发布", "{city}_{pinyin}_fabu", "{parent}{full}人民政府官方账号。")
COUNTY_PINGAN = ("平安{stem}", "pingan_{city}_{pinyin}", "{parent}公安局{full}分局官方账号。")
NAMED_FABU = ("{above}{stem}发布", "{city}{pinyin}fabu", "{parent}{full}人民政府新闻办公室。")
NAMED_PINGAN = ("{above}{stem}公安", "{city}{pinyin}_110", "{parent}公安局{full}分局。")
HOMONYMS = (
    (COUNTY_FABU, "320106", "nanjing", "gulou", "gulou_fabu"),
    (COUNTY_FABU, "350102", "fuzhou", "gulou", "gulou_fabu"),
    (COUNTY_FABU, "320302", "xuzhou", "gulou", "gulou_fabu"),
    (COUNTY_PINGAN, "350102", "fuzhou", "gulou", "pingan_gulou"),
    (COUNTY_PINGAN, "320302", "xuzhou", "gulou", "pingan_gulou"),
    (COUNTY_PINGAN, "320106", "nanjing", "gulou", "pingan_gulou"),
)
REPEATED = (
    (NAMED_FABU, "320106", "nanjing", "gulou", "gulou_fabu"),
    (NAMED_FABU, "350102", "fuzhou", "gulou", "gulou_fabu"),
    (NAMED_PINGAN, "320302", "xuzhou", "gulou", "pingan_gulou"),
    (NAMED_PINGAN, "350102", "fuzhou", "gulou", "pingan_gulou"),
    (NAMED_FABU, "130105", "sjz", "xinhua", "pingdingshan_fabu"),
    (NAMED_PINGAN, "130902", "cangzhou", "xinhua", "pingan_pingdingshan"),
    (NAMED_FABU, "611024", "shangluo", "shanyang", "jiaozuo_fabu"),
)


def bystanders(handles: Handles, places: dict[str, Place]) -> list[Draft]:
    """All innocents. Raises KeyError if a table names a division that places.csv lacks."""
    dice = Dice("bystanders")
    rows = (*_elsewhere(places), *_counties(places), *_written())
    return [_draft(dice, handles, bystander) for bystander in rows]


def _elsewhere(places: dict[str, Place]) -> Iterator[Bystander]:
    groups = (("same_organ_other_place", ELSEWHERE), ("same_organ_other_henan", NEIGHBOURS))
    for kind, rows in groups:
        for templates, code, pinyin, target in rows:
            place = places[code]
            words = {"full": place.name, "stem": place.stem, "pinyin": pinyin}
            name, handle, bio = (text.format(**words) for text in templates)
            yield Bystander(kind, name, handle, bio, target, f"{place.name} {code}")


def _counties(places: dict[str, Place]) -> Iterator[Bystander]:
    for kind, rows in (("legit_homonym", HOMONYMS), ("repeated_county", REPEATED)):
        for templates, code, city, pinyin, target in rows:
            place, parent = places[code], places[places[code].parent]
            words = {"full": place.name, "stem": place.stem, "parent": parent.name, "above": parent.stem}
            name, handle, bio = (text.format(city=city, pinyin=pinyin, **words) for text in templates)
            yield Bystander(kind, name, handle, bio, target, f"{parent.name}{place.name} {code}")


def _written() -> Iterator[Bystander]:
    with (FOLDER / "bystanders.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            yield Bystander(**row)


def _draft(dice: Dice, handles: Handles, bystander: Bystander) -> Draft:
    created = dice.day(2000, 120)
    return Draft(
        "hard_negative",
        bystander.name,
        handles.exactly(bystander.handle),
        bystander.bio,
        created,
        dice.crowd(5, 200_000),
        posting(dice, dice.between(1, 200), dice.between(8, 90), dice.number(0, 15), created),
        kind=bystander.kind,
        target=f"{MASTODON}:{bystander.target}",
        note=bystander.note,
    )
