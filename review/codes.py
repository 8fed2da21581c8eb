"""The reasons a person can give, as closed lists: one for each outcome of a judgement and each move. Pure.

A code is counted, a text explains: where a code says little by itself (`needs_text`) a text must follow it.
"""

from types import MappingProxyType
from typing import NamedTuple

from review.errors import Incomplete

MAX_TEXT = 2000


class Code(NamedTuple):
    """A reason to choose from."""

    key: str
    zh: str
    en: str
    needs_text: bool = False


OTHER = Code("other", "其他", "other", needs_text=True)

# What a judgement says, then what a move says. A move that is not here needs no reason.
CODES: dict[str, tuple[Code, ...]] = {
    "counterfeit": (
        Code("name_imitated", "仿冒名称", "the name is imitated"),
        Code("profile_copied", "照搬头像或简介", "avatar or bio are copied"),
        Code("claims_authority", "冒称官方身份", "it claims to be official"),
        Code("subject_differs", "认证主体不符", "the certified subject is another"),
        Code(
            "asks_money_or_data", "借名索要钱款或个人信息", "it asks for money or personal data in that name"
        ),
        Code("spreads_rumours", "借名散布谣言", "it spreads rumours in that name"),
        Code("reclaimed_name", "抢占已注销账号的名称", "it took up a released name"),
        OTHER,
    ),
    "not_established": (
        Code("name_alone", "仅名称相近，未冒充", "alike by name only, it claims nothing"),
        Code("parody_or_fan", "明示戏仿或粉丝账号", "openly a parody or fan account"),
        Code("private_or_media", "个人或媒体账号，仅提及该单位", "a person or medium that mentions the unit"),
        Code("too_little_proof", "证据不足", "too little proof"),
        Code("rule_mistaken", "规则误报", "the rule is mistaken"),
        OTHER,
    ),
    "legit_homonym": (
        Code("same_organ_elsewhere", "其他地区的同名机构", "the same organ of another place"),
        Code("subject_fits", "认证主体与名称相符", "its certified subject fits its name"),
        Code("own_right", "依法享有该名称", "it has a right of its own to the name"),
        OTHER,
    ),
    "unfiled_genuine": (
        Code("unit_confirms", "主办单位确认为本单位账号", "the unit says it is its own"),
        Code("subject_is_unit", "认证主体即该单位", "its certified subject is the unit"),
        Code("former_account", "本单位原账号，未注销", "a former account of the unit, never closed"),
        OTHER,
    ),
    "wait": (
        Code("ask_unit", "待主办单位核实", "the unit is asked"),
        Code("more_evidence", "待补充证据", "more evidence is to come"),
        Code("no_content_yet", "尚无内容，先观察", "nothing published yet"),
        OTHER,
    ),
    "report": (
        Code("by_sponsor", "主办单位上报", "reported by the sponsor"),
        Code("in_its_place", "主办单位逾期未报，代为上报", "in place of a sponsor who is late"),
        Code("again", "驳回或复现后再次上报", "once more, after a rejection or a return"),
    ),
    "accept": (Code("accepted", "已受理", "accepted for handling"),),
    "dispose": (
        Code("renamed", "改名", "renamed"),
        Code("muted", "禁言", "muted"),
        Code("name_cleared", "清除名称", "name cleared"),
        Code("earnings_suspended", "暂停盈利权限", "earning rights suspended"),
        Code("closed", "关停", "closed"),
        Code("rejected", "驳回（不成立）", "rejected"),
    ),
    "recheck": (
        Code("gone", "已消失", "gone"),
        Code("corrected", "已改正，不再仿冒", "corrected, imitates no more"),
        Code("still_there", "仍在", "still there"),
        Code("returned", "改头换面重现", "returned under another name"),
    ),
    "conclude": (
        Code("settled", "处置到位", "settled"),
        Code("no_remedy", "平台驳回，无后续措施", "rejected, nothing more to be done", needs_text=True),
        Code("handed_over", "移交其他机关", "handed over to another authority"),
    ),
    "archive": (Code("complete", "材料齐全，归档", "complete"),),
    "reopen": (
        Code("new_evidence", "出现新证据", "new evidence", needs_text=True),
        Code("mistaken", "原判有误", "the decision was mistaken", needs_text=True),
        Code("unit_objects", "主办单位提出异议", "the unit objects", needs_text=True),
    ),
    "raise": (
        Code("repeat_180_days", "同一账号 180 天内再次被仿冒", "imitated again within 180 days"),
        Code("sponsor_silent", "主办单位逾半时限未确认", "the sponsor was silent past half the clock"),
        Code("money_asked", "索要钱款", "money is asked"),
        Code("emergency_rumours", "散布突发事件谣言", "rumours in an emergency"),
        Code("many_views", "浏览量大", "many have seen it"),
        Code("avatar_copied", "照搬头像", "the avatar is copied"),
        Code("one_text_many_accounts", "6 小时内三个以上账号同文", "one text on three accounts within 6 h"),
        Code("two_provinces", "涉及两个以上省份", "two provinces or more"),
        Code("sensitive_matter", "涉未成年人、选举、灾害或疫情", "minors, elections, disasters, epidemics"),
        OTHER,
    ),
    "lower": (
        Code("little_harm", "危害轻微", "little harm", needs_text=True),
        Code("level_mistaken", "定级有误", "the level was mistaken", needs_text=True),
        Code("silent_account", "账号长期无内容", "the account says nothing", needs_text=True),
    ),
    "crime_signs": (
        Code("money_asked", "索要钱款", "money is asked"),
        Code("forged_papers", "伪造公文、印章", "forged papers or seals"),
        Code("break_in", "侵入账号或系统", "break-in"),
        Code("data_sold", "贩卖个人信息", "personal data are sold"),
        Code("state_secrets", "涉国家秘密", "state secrets"),
        Code("minors_harmed", "侵害未成年人", "minors are harmed"),
        Code("withdrawn", "撤回涉罪线索", "the signs are withdrawn", needs_text=True),
    ),
    "registered": (Code("registered", "该账号已登记备案", "the account is registered now"),),
}

_REASONS = MappingProxyType({(what, code.key): code for what, codes in CODES.items() for code in codes})


def reason(what: str, key: str) -> Code:
    """The code `key` of an outcome or move; KeyError for one that is not on its list."""
    return _REASONS[what, key]


def checked(what: str, key: str, text: str) -> Code | None:
    """The code chosen for `what` with its `text`; None where `what` needs none. Raises Incomplete."""
    text = text.strip()
    if len(text) > MAX_TEXT:
        raise Incomplete(
            f"说明最多 {MAX_TEXT} 字。", f"the text has {len(text)} characters, {MAX_TEXT} at most"
        )
    if what not in CODES:
        if key:
            raise Incomplete("此操作不需要理由代码。", f"{what} takes no reason code")
        return None
    code = _REASONS.get((what, key))
    if code is None:
        choices = ", ".join(code.key for code in CODES[what])
        raise Incomplete("请从列表中选择理由。", f"choose a reason for {what}: {choices}")
    if code.needs_text and not text:
        raise Incomplete(f"选择「{code.zh}」时请写明说明。", f"“{code.en}” needs a text that explains it")
    return code
