"""Who answers for the places and units of the example: `联系人.csv`, every person in it invented.

The file is GB18030 with Chinese words, as Excel in Chinese saves it. Who keeps a unit's accounts stands in
the register itself, beside the unit; here are the offices, the upper bodies, and who stands in for whom.

Given names all begin with 示 (示例, “example”), phone numbers with 000, which is no area code, and every
mailbox lies under `henan.example`, where no mail arrives (RFC 6761). Some posts are empty on purpose:
the place above is told, and the gap is shown.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from examples.henan.draft import Dice
from examples.henan.places import Place
from examples.henan.registered import Unit
from examples.henan.residents import WORDS

COLUMNS = (
    "联络线", "行政区划代码", "单位名称", "单位行政区划代码", "办公室", "联系人", "联系电话", "电子邮箱",
    "通知顺序", "值守时间", "生效日期", "失效日期",
)  # fmt: skip
LINES = {
    "sponsor": "主办单位", "supervision": "主管单位", "cac": "网信办", "police": "公安",
    "publicity": "宣传部", "duty": "安全值守",
}  # fmt: skip
HENAN, ZHENGZHOU = "410000", "410100"
GIVEN = "安邦昌诚川达东帆飞钢航浩恒辉嘉健靖凯康岚磊林明宁鹏平强庆然瑞森舒涛婷伟文贤欣雅岩扬颖宇远哲正卓"
BEGAN, CHANGED = "2026-01-01", "2026-07-01"
DAY_BEFORE_CHANGE = "2026-06-30"
DUTY = {HENAN: "河南省政务新媒体安全值守席", ZHENGZHOU: "郑州市政务新媒体安全值守席"}
# Upper bodies of the units under vertical management; the two not named here have none on record.
UPPER_BODIES = {
    "国家税务总局河南省税务局": "国家税务总局政务公开处",
    "河南省气象局": "中国气象局政务公开处",
    "河南省消防救援总队": "国家消防救援局新闻宣传处",
    "河南省地震局": "中国地震局政务公开处",
    "国家税务总局洛阳市税务局": "国家税务总局河南省税务局办公室",
    "郑州市消防救援支队": "河南省消防救援总队新闻宣传处",
}
EMPTY_POSTS = {
    ("cac", "410324"), ("police", "410204"), ("supervision", "411628"), ("publicity", "410600"),
    ("publicity", "410184"), ("cac", "410581"), ("police", "411100"),
}  # fmt: skip
SILENT_UNITS = {"栾川县潭头镇人民政府", "河南省红十字会", "漯河市公安局", "巩义市人民政府办公室"}
# Counties that have not named anybody yet: open tasks.
SILENT_DIVISIONS = {"410327", "410611", "411330", "411729"}
# Posts that changed hands in the middle of the year: both persons stand in the file.
SUCCESSIONS = {("cac", HENAN), ("police", "410300")}


@dataclass(frozen=True)
class Post:
    """A post to be filled: its line and place, the office, and how its phone and mailbox begin."""

    line: str
    place: tuple[str, str, str]
    office: str
    phone: str
    mailbox: str


@dataclass
class People:
    """Hands out invented names, each once."""

    dice: Dice
    taken: set[str] = field(default_factory=set)

    def somebody(self) -> str:
        """A surname and a given name that begins with 示."""
        while (name := f"{self.dice.pick(WORDS['surnames'])}示{self.dice.pick(GIVEN)}") in self.taken:
            pass
        self.taken.add(name)
        return name


Keeper = tuple[str, str, str]
"""Who keeps the accounts of a unit: person, telephone, e-mail."""


def contacts(
    places: dict[str, Place], units: Sequence[Unit]
) -> tuple[list[tuple[str, ...]], dict[Unit, Keeper]]:
    """The rows of the file below its header, and who keeps the accounts of each unit."""
    dice = Dice("contacts")
    people = People(dice)
    divisions = sorted({unit.division for unit in units} - SILENT_DIVISIONS)
    offices = [post for code in divisions for post in _offices(places[code], places)]
    rows = [row for post in offices for row in _filled(post, dice, people)]
    keepers: dict[Unit, Keeper] = {}
    for number, unit in enumerate(units, 1):
        for post in _of_unit(unit, number):
            first, *others = _filled(post, dice, people)
            if post.line == "sponsor":
                keepers[unit] = first[5], first[6], first[7]
                rows += others
            else:
                rows += [first, *others]
    return rows, keepers


def _offices(place: Place, places: dict[str, Place]) -> Iterator[Post]:
    """The posts of a division."""
    offices = {
        "supervision": f"{_government(place)}政务公开科",
        "cac": f"中共{place.name}委网络安全和信息化委员会办公室",
        "police": _cyber_police(place, places),
        "publicity": f"中共{place.name}委宣传部",
    }
    if place.code in DUTY:
        offices["duty"] = DUTY[place.code]
    for number, (line, office) in enumerate(offices.items(), 1):
        if (line, place.code) not in EMPTY_POSTS:
            yield Post(
                line, (place.code, "", ""), office, f"000-{place.code}-{number}", f"{line}.{place.code}"
            )


def _of_unit(unit: Unit, number: int) -> Iterator[Post]:
    """The posts of a unit: whoever keeps its accounts, and the upper body of its own line if it has one."""
    place = ("", unit.name, unit.division)
    if unit.name not in SILENT_UNITS:
        phone = f"000-{unit.division}-{number:03}"
        yield Post("sponsor", place, f"{unit.name}新媒体工作组", phone, f"sponsor.{number}")
    if unit.name in UPPER_BODIES:
        office = UPPER_BODIES[unit.name]
        yield Post("supervision", place, office, f"000-{unit.division}-9{number:03}", f"upper.{number}")


def _filled(post: Post, dice: Dice, people: People) -> Iterator[tuple[str, ...]]:
    """Who holds `post`: mostly one person, often with a substitute who answers by night too."""
    by_night = post.line in ("duty", "police")
    has_changed = (post.line, post.place[0]) in SUCCESSIONS
    if has_changed:
        yield _row(post, people.somebody(), 1, by_night, BEGAN, DAY_BEFORE_CHANGE)
    yield _row(post, people.somebody(), 1, by_night, CHANGED if has_changed else BEGAN)
    if post.place[0] == HENAN or post.line == "duty" or dice.chance(0.4):
        yield _row(post, people.somebody(), 2, True, BEGAN)


def _row(post: Post, person: str, rank: int, by_night: bool, begins: str, ends: str = "") -> tuple[str, ...]:
    hours = "全天" if by_night else "工作日"
    email = f"{post.mailbox}.{rank}@henan.example"
    reach = (f"{post.phone}{rank}", email, str(rank), hours)
    return (LINES[post.line], *post.place, post.office, person, *reach, begins, ends)


def _government(place: Place) -> str:
    rank = "厅" if place.code in (HENAN, ZHENGZHOU) else "室"
    return f"{place.name}人民政府办公{rank}"


def _cyber_police(place: Place, places: dict[str, Place]) -> str:
    if place.level == "province":
        return f"{place.name}公安厅网络安全保卫总队"
    if place.level == "prefecture":
        return f"{place.name}公安局网络安全保卫支队"
    if place.name.endswith("区"):
        return f"{places[place.parent].name}公安局{place.stem}分局网络安全保卫大队"
    return f"{place.name}公安局网络安全保卫大队"
