"""Some four hundred official names of every kind, and alterations of a name by ways that ask no rule."""

from collections.abc import Iterator
from functools import cache
from itertools import product
from random import Random

from detection.compare import AccountName
from names import tablefiles
from names.characters import sounds
from names.divisions import all_divisions, named
from names.fold import is_han
from names.variants import lookalike_handles, traditional

PLACES = (
    "郑州", "开封", "南阳", "鼓楼", "金水", "恩施", "海口", "朝阳", "吉林", "枣庄",
    "临沂", "临邑", "西安", "乐山", "平潭", "乌鲁木齐", "积石山", "沙县",
)  # fmt: skip
PATTERNS = (
    "{}发布", "平安{}", "{}公安", "{}交警", "{}市公安局交通警察支队", "健康{}", "{}文旅", "{}市场监管",
    "{}市疾病预防控制中心", "{}大学", "{}广播电视台", "{}市第一人民医院", "{}市融媒体中心", "网信{}",
    "{}市人力资源和社会保障局", "{}老年之家", "{}公积金", "{}市人民政府办公室",
)  # fmt: skip
PLACELESS = (
    "人民日报", "人民日报海外版", "央广新闻", "新华社", "中国邮政", "中国铁路12306", "共青团中央", "学习强国",
    "国家反诈中心", "国家统计局", "国家税务总局", "中国国防部", "中国气象局", "应急管理部", "教育部",
    "首都经济贸易大学", "北京经济管理职业学院", "华北理工大学", "中国石油大学", "电子科技大学",
    "中国民用航空飞行学院", "中国工程物理研究院", "武汉工程大学", "重庆邮电大学", "中国传媒大学",
    "中华志愿者协会", "中国慈善联合会", "中国计量测试学会", "中华美学学会", "老字号协会", "中国烹饪行业协会",
    "中国大唐集团有限公司", "中国长江三峡集团有限公司", "拍拍贷", "招商银行", "国资小新", "长安街知事",
    "央视网", "中央军委联勤保障部队", "中国人民解放军南部战区", "学习强国学习平台", "中国天气网",
    "全国中小学教师资格考试报名信息查询系统", "公安部交管12123",
    "香港郵政", "嘉義市東區區公所", "北海道警察本部少年課",
)  # fmt: skip
LATIN = (
    "haloBCA", "BSF_India", "MEAIndia", "eCitizenKenya", "nycgov", "valvesoftware", "saitama150th",
    "Navimumpolice", "zhengzhou_fabu", "pinganzhengzhou", "police110", "EdEmmett", "HMRCgovuk", "easyJet",
    "DSWD", "Resila Onyango", "Mobile Police Department", "Moreno Valley Police Department",
    "Pascagoula Police Department", "Jasper County Sheriff's Department", "City of Morris", "KenyaPower",
    "MorenoValleyPoliceDepartment", "Policía Nacional", "Metro_Bank", "razvozhaev", "abc", "zz",
)  # fmt: skip


def officials() -> list[AccountName]:
    """Names alone, handles alone, and accounts with both, some with the division of their unit."""
    accounts = [AccountName(pattern.format(place)) for place, pattern in product(PLACES, PATTERNS)]
    accounts += [AccountName(name) for name in PLACELESS]
    accounts += [AccountName("", handle) for handle in LATIN]
    accounts += [
        AccountName("郑州发布", "zhengzhou_fabu"),
        AccountName("平安郑州", "pinganzz", "410100"),
        AccountName("鼓楼发布", "gulou_fabu", "410204"),
        AccountName("朝阳发布", "chaoyang", "110105"),
        AccountName("Halo BCA Bank", "haloBCA"),
    ]
    return accounts


@cache
def looks(character: str) -> tuple[str, ...]:
    """Characters attested or listed as drawn like this one."""
    groups = [alike for alike, _ in tablefiles.rows("lookalikes_hand")]
    groups += [one + others for one, others in tablefiles.rows("lookalikes_pycorrector")]
    found = {other for group in groups if character in group for other in group}
    return tuple(sorted(found - {character}))


@cache
def of_same_sound(character: str) -> tuple[str, ...]:
    """Characters in official names that sound like this one."""
    others = sorted({c for pattern in (*PATTERNS, *PLACELESS, *PLACES) for c in pattern if is_han(c)})
    return tuple(other for other in others if other != character and sounds(other) & sounds(character))


def alterations(name: str, rng: Random) -> Iterator[str]:
    """Imitations, mentions and neighbours of a name, one of each way."""
    at = rng.randrange(len(name))
    before, one, behind = name[:at], name[at], name[at + 1 :]
    yield name
    yield before + rng.choice(looks(one) or ("囧",)) + behind
    yield before + rng.choice(of_same_sound(one) or ("囧",)) + behind
    yield before + min(sounds(one), default="x") + behind
    yield before + min(sounds(one), default="x")[0] + behind
    yield before + one + one + behind
    yield before + one * 5 + behind
    yield before + behind
    yield before + "囧" + one + behind
    yield before + behind[:1] + one + behind[1:]
    yield name[2:] + name[:2]
    yield name[::-1]
    yield from (word + name for word in ("官方", "中国", "我爱", "the_"))
    yield from (name + word for word in ("直播间", "首发", "TB", "88", "融资APP", "粉丝团", "_official"))
    yield from (scope + name.removeprefix("中国") for scope in ("中华", "全国", ""))
    yield from (name.replace(old, new) for old, new in _ANEW if old in name)
    yield traditional(name)
    yield "\u200b".join(name)
    yield "_".join(name)
    yield "".join(min(sounds(c), default=c) for c in name)
    yield from _elsewhere(name, rng)


_ANEW = (
    ("疾病预防控制中心", "疾控"), ("公安局", "警方"), ("平安", "公安"), ("大学", "学院"), ("学会", "研究会"),
    ("协会", "联合会"), ("市", ""), ("局", ""), ("中心", ""), ("有限公司", ""), ("职业", ""),
    ("工程", "工程技术"), ("Department", ""), ("gov", "GOVERNMENT"), ("中国", "国家"), ("第一", "第二"),
    ("民用航空", "民航"),
)  # fmt: skip


def _elsewhere(name: str, rng: Random) -> Iterator[str]:
    """The same of another place, and of the place within its province."""
    place = next((one for one in PLACES if one in name and named(one)), "")
    if place:
        yield name.replace(place, rng.choice(PLACES))
        yield name.replace(place, rng.choice([one for one in all_divisions() if not one.is_placeholder]).name)


def altered(account: AccountName, rng: Random) -> list[AccountName]:
    """Candidates that borrow from an official account: by name, by handle, and by one beside a stranger's."""
    found = [AccountName(text) for text in alterations(account.name, rng)] if account.name else []
    if account.handle:
        handles = (*alterations(account.handle, rng), *lookalike_handles(account.handle))
        found += [AccountName("一只猫", handle) for handle in handles]
        found += [AccountName("", handle) for handle in rng.sample(handles, 5)]
    return found


CROWD = (
    "一只爱睡觉的猫", "lovelycat88", "张伟", "🐱", "吃货小分队", "重庆火锅店", "news24", "李医生说健康",
    "深圳租房小李", "平安是福", "健康生活每一天", "中国风", "发布会现场", "xX_dark_Xx", "日日是好日",
    "人民路小学三班",
)  # fmt: skip
