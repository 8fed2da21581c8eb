"""What a data vendor hands over for Weibo and Douyin, in the files and words such vendors use.

`weibo-export.xlsx` says by which search word each account was found, writes followers as 6335.7万 and days
as the platform's interface does. `douyin-export.csv` is GB18030 as Chinese Excel saves it, its days written
with strokes. The last post stands as the platforms show it (3小时前, 2天前), so the example does not age.
"""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time

from examples.henan.draft import HOURS_A_DAY, LAST_DAY, Badge, Dice, Draft
from examples.henan.workbook import Sheet, workbook

WEIBO_COLUMNS = (
    "用户ID", "用户昵称", "个性域名", "简介", "认证类型", "认证信息", "粉丝数", "微博数", "注册时间",
    "最近发博时间", "头像", "搜索词",
)  # fmt: skip
DOUYIN_COLUMNS = (
    "用户UID", "抖音号", "昵称", "签名", "认证类型", "认证信息", "粉丝数", "作品数", "注册日期",
    "最近发布时间", "头像地址", "IP属地",
)  # fmt: skip
WEIBO_BADGES: Mapping[Badge, str] = {
    "government": "政府", "media": "媒体", "enterprise": "企业", "organisation": "机构", "person": "黄V",
    "none": "普通用户",
}  # fmt: skip
DOUYIN_BADGES: Mapping[Badge, str] = {
    "government": "政务号", "media": "媒体认证", "enterprise": "企业认证", "organisation": "机构认证",
    "person": "个人认证", "none": "",
}  # fmt: skip
REGIONS = ("河南", "河南", "河南", "河南", "湖北", "广东", "江苏", "福建", "云南", "未知")
MYRIAD = 10_000
NO_TIME = "-"
Picture = Mapping[str, str]
"""Account id by `platform:name` of whoever may be copied."""


def weibo(accounts: Iterable[tuple[str, Draft]], pictures: Picture) -> bytes:
    """The workbook; accounts come with their ids, pictures of the copied by target."""
    dice = Dice("weibo export")
    rows = list(accounts)
    searched = [draft.name for _, draft in rows if draft.label == "registered"]
    cells = [_weibo_row(dice, uid, draft, pictures, searched) for uid, draft in rows]
    return workbook([Sheet("搜索结果", "", WEIBO_COLUMNS, cells)])


def douyin(accounts: Iterable[tuple[str, Draft]], pictures: Picture) -> bytes:
    """The CSV file, as Excel in Chinese writes one."""
    dice = Dice("douyin export")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(DOUYIN_COLUMNS)
    writer.writerows(_douyin_row(dice, uid, draft, pictures) for uid, draft in accounts)
    return text.getvalue().encode("gb18030")


def _weibo_row(
    dice: Dice, uid: str, draft: Draft, pictures: Picture, searched: Sequence[str]
) -> tuple[str, ...]:
    born = datetime.combine(draft.created, time(dice.number(0, 23), dice.number(0, 59), dice.number(0, 59)))
    subject = (
        f"{draft.subject}官方微博" if draft.badge == "government" and dice.chance(0.6) else draft.subject
    )
    posts = str(dice.crowd(3, 40_000)) if draft.posts else "0"
    return (
        uid, draft.name, draft.handle, draft.bio, WEIBO_BADGES[draft.badge], subject, _crowd(draft.followers),
        posts, f"{born:%a %b %d %H:%M:%S} +0800 {born:%Y}", _last_post(draft),
        _picture("https://tvax.weibo.example/crop", uid, draft, pictures),
        draft.name if draft.label == "registered" else _found_by(dice, draft.name, searched),
    )  # fmt: skip


def _douyin_row(dice: Dice, uid: str, draft: Draft, pictures: Picture) -> tuple[str, ...]:
    return (
        uid, draft.handle, draft.name, draft.bio.replace("\n", " "), DOUYIN_BADGES[draft.badge],
        draft.subject, _crowd(draft.followers), str(dice.crowd(1, 3_000)) if draft.posts else "0",
        f"{draft.created:%Y/%m/%d}", _last_post(draft),
        _picture("https://p3.douyin.example/avatar", uid, draft, pictures),
        "河南" if draft.label == "registered" else dice.pick(REGIONS),
    )  # fmt: skip


def _crowd(followers: int) -> str:
    """6335.7万 from ten thousand on, as both platforms show it."""
    if followers < MYRIAD:
        return str(followers)
    return f"{followers / MYRIAD:.1f}".removesuffix(".0") + "万"


def _last_post(draft: Draft) -> str:
    """Minutes, hours or days ago; long ago the day itself."""
    if not draft.posts:
        return NO_TIME
    hours = draft.posts[0]
    if hours < 1:
        return f"{max(1, round(hours * 60))}分钟前"
    if hours < HOURS_A_DAY:
        return f"{hours:.0f}小时前"
    days = int(hours // HOURS_A_DAY)
    if days <= 30:
        return f"{days}天前"
    return f"{datetime.fromordinal(LAST_DAY.toordinal() - days):%Y-%m-%d}"


def _picture(place: str, uid: str, draft: Draft, pictures: Picture) -> str:
    """The avatar's address; one with the genuine picture shows that of its target."""
    return f"{place}/{pictures[draft.target] if draft.has_targets_picture else uid}.jpg"


def _found_by(dice: Dice, name: str, searched: Sequence[str]) -> str:
    """The search word that brought an account up: one that begins or ends like it, else any."""
    near = [word for word in searched if word[:2] in name or word[-2:] in name]
    return dice.pick(near or searched)
