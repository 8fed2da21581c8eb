"""Why two names count as alike or not: a code, points, and a sentence naming the characters in question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]
# Stretches of the candidate's string, as code-point offsets [start, end).
Spans = tuple[tuple[int, int], ...]


@dataclass(frozen=True)
class Reason:
    """One ground of a judgement. `detail` fills the sentence; the `points` of all add up to the score.

    `at` says which characters of the candidate's name it is about.
    """

    code: str
    points: float
    detail: Mapping[str, str]
    at: Spans = ()

    @property
    def zh(self) -> str:
        """In Chinese."""
        return self.sentence("zh")

    @property
    def en(self) -> str:
        """In English."""
        return self.sentence("en")

    def sentence(self, language: Language) -> str:
        """The reason in one full sentence, naming the characters in question."""
        return SENTENCES[self.code][language].format_map(self.detail)


def _both(zh: str, en: str) -> dict[Language, str]:
    return {"zh": zh, "en": en}


SENTENCES: dict[str, dict[Language, str]] = {
    # Alike: the base of the score.
    "same_name": _both(
        "「{candidate}」与官方的「{official}」完全相同。",
        "“{candidate}” is the very name “{official}”.",
    ),
    "invisible": _both(
        "去掉不可见字符（{characters}）后，「{candidate}」与「{official}」相同。",
        "Without invisible characters ({characters}) “{candidate}” is “{official}”.",
    ),
    "width": _both(
        "把全角或花体字符（{characters}）还原后，「{candidate}」与「{official}」相同。",
        "With full-width or styled characters ({characters}) made plain, “{candidate}” is “{official}”.",
    ),
    "traditional": _both(
        "把繁体字（{characters}）换成简体后，「{candidate}」与「{official}」相同。",
        "With traditional characters ({characters}) simplified, “{candidate}” is “{official}”.",
    ),
    "radicals": _both(
        "部首字符（{characters}）形同汉字，「{candidate}」看上去就是「{official}」。",
        "Radicals ({characters}) stand for characters; “{candidate}” looks like “{official}”.",
    ),
    "marks": _both(
        "去掉附加符号（{characters}）后，「{candidate}」与「{official}」相同。",
        "Without accents ({characters}) “{candidate}” is “{official}”.",
    ),
    "signs": _both(
        "符号（{characters}）当字母用，「{candidate}」读作「{official}」。",
        "Signs ({characters}) stand for letters; “{candidate}” reads “{official}”.",
    ),
    "separators": _both(
        "去掉分隔或装饰符号（{characters}）后，「{candidate}」与「{official}」相同。",
        "Without separators or decoration ({characters}) “{candidate}” is “{official}”.",
    ),
    "case": _both(
        "不分大小写，「{candidate}」与「{official}」相同。",
        "But for capital letters “{candidate}” is “{official}”.",
    ),
    "doubled": _both(
        "去掉重复的字后，「{candidate}」与「{official}」相同。",
        "Without doubled characters “{candidate}” is “{official}”.",
    ),
    "reordered": _both(
        "「{candidate}」用的是「{official}」的字，只换了次序。",
        "“{candidate}” has the very characters of “{official}” in another order.",
    ),
    "same_body": _both(
        "「{candidate}」与「{official}」说的是同一单位：{body}。",
        "“{candidate}” and “{official}” name the same body: {body}.",
    ),
    "same_institution": _both(
        "「{candidate}」与「{official}」的核心都是「{core}」，只换了机构的叫法。",
        "“{candidate}” and “{official}” share the core “{core}”; only the kind of institution is said anew.",
    ),
    "scope_for_place": _both(
        "「{candidate}」用「{scope}」顶替了「{official}」的「{place}」。",
        "“{candidate}” puts “{scope}” for the “{place}” of “{official}”.",
    ),
    "same_look": _both(
        "「{candidate}」与「{official}」字形相同。",
        "“{candidate}” and “{official}” look the same.",
    ),
    "alike": _both(
        "「{candidate}」与「{official}」逐字对照。",
        "“{candidate}” beside “{official}”, character by character.",
    ),
    "abbreviated": _both(
        "「{candidate}」与「{official}」首尾相同，只是详略不同。",
        "“{candidate}” and “{official}” begin and end alike; one leaves characters out.",
    ),
    "extended": _both(
        "「{candidate}」含有完整的「{official}」，另加了「{more}」。",
        "“{candidate}” holds all of “{official}”, with “{more}” added.",
    ),
    "shortened": _both(
        "「{candidate}」是「{official}」中的一段。",
        "“{candidate}” is a part of “{official}”.",
    ),
    "same_words": _both(
        "「{candidate}」与「{official}」用词相同，只是详略不同。",
        "“{candidate}” and “{official}” have the same words, one of them in short.",
    ),
    "all_words": _both(
        "「{candidate}」含有「{official}」的全部词语，另加了「{words}」。",
        "“{candidate}” has all the words of “{official}”, and “{words}”.",
    ),
    # What was set aside or altered: each takes points away, because each leaves room for chance.
    "aside_dressed": _both(
        "加减了角色用语「{words}」。",
        "Role words come or go: “{words}”.",
    ),
    "aside_split": _both(
        "把一个字拆成两个字写。",
        "A character is written as two.",
    ),
    "aside_letters": _both(
        "加减了字母或数字「{words}」。",
        "Letters or digits come or go: “{words}”.",
    ),
    "aside_in_short": _both(
        "两者都化为最简说法再对照。",
        "Both are compared in their shortest form.",
    ),
    "char_same_look": _both(
        "以「{mine}」冒充形近的「{theirs}」。",
        "“{mine}” stands for “{theirs}”, drawn alike.",
    ),
    "char_same_sound": _both(
        "以「{mine}」冒充同音的「{theirs}」。",
        "“{mine}” stands for “{theirs}”, which sounds the same.",
    ),
    "char_near_sound": _both(
        "以「{mine}」冒充音近的「{theirs}」。",
        "“{mine}” stands for “{theirs}”, which sounds nearly the same.",
    ),
    "char_spelled": _both(
        "用拼音「{mine}」写「{theirs}」。",
        "“{mine}” spells “{theirs}” in pinyin.",
    ),
    "char_initial": _both(
        "用字母「{mine}」代「{theirs}」，是它的拼音首字母。",
        "The letter “{mine}” stands for “{theirs}”, whose pinyin begins with it.",
    ),
    "char_pinyin": _both(
        "「{mine}」就是「{theirs}」的拼音写法。",
        "“{mine}” and “{theirs}” are one name, in pinyin and in characters.",
    ),
    "char_unrelated": _both(
        "「{theirs}」处写的是「{mine}」。",
        "“{mine}” stands where the official name has “{theirs}”.",
    ),
    "char_put_in": _both(
        "多了「{mine}」。",
        "“{mine}” is added.",
    ),
    "char_left_out": _both(
        "少了「{theirs}」。",
        "“{theirs}” is left out.",
    ),
    "char_swapped": _both(
        "「{theirs}」两字颠倒成「{mine}」。",
        "“{theirs}” is turned round to “{mine}”.",
    ),
    "office_claim": _both(
        "「{candidate}」自称是{place}的{organ}，而登记中没有这个单位的账号。",
        "“{candidate}” claims to be {organ} of {place}, of which no account is registered.",
    ),
    "repeated_place": _both(
        "同名的地方不止一处（{places}），先核对认证主体。",
        "Several places have this name ({places}): look at the certified subject first.",
    ),
    # Not alike.
    "empty_name": _both("名称里没有可读的字。", "The name has nothing to read."),
    "bare_place": _both(
        "「{text}」只是地名，单凭名称不能认定。",
        "“{text}” is a place and nothing more; a name alone proves nothing here.",
    ),
    "other_place": _both(
        "「{mine}」与「{theirs}」是不同的地方，属于不同的单位。",
        "{mine} and {theirs} are different places, so different bodies.",
    ),
    "other_organ": _both(
        "「{mine}」与「{theirs}」职能不同，属于不同的单位。",
        "{mine} and {theirs} are different functions, so different bodies.",
    ),
    "other_number": _both(
        "「{mine}」与「{theirs}」编号或方位不同，属于不同的单位。",
        "{mine} and {theirs} are different numbers or directions, so different bodies.",
    ),
    "known_body": _both(
        "「{candidate}」与「{official}」是两个都为人知的单位。",
        "“{candidate}” and “{official}” are both known bodies.",
    ),
    "says_unofficial": _both(
        "「{candidate}」已表明是粉丝、戏仿或非官方账号。",
        "“{candidate}” says itself that it is a fan, a parody or not official.",
    ),
    "not_alike": _both(
        "「{candidate}」与「{official}」不够相似。",
        "“{candidate}” and “{official}” are not alike enough.",
    ),
    # Severity.
    "protected_police": _both(
        "所仿单位是公安机关，危害大。",
        "The imitated body is police: the harm is great.",
    ),
    "protected_emergency": _both(
        "所仿单位负责应急或卫生健康，危害大。",
        "The imitated body is in charge of emergencies or health: the harm is great.",
    ),
    "protected_finance": _both(
        "所仿单位负责财税金融，危害大。",
        "The imitated body is in charge of money or taxes: the harm is great.",
    ),
    "strong_likeness": _both(
        "与官方名称高度相似（{score}）。",
        "The likeness to the official name is strong ({score}).",
    ),
    "name_alone": _both(
        "只有名称相似，未见其他迹象。",
        "The name is alike; nothing else points to harm.",
    ),
    "subject_first": _both(
        "可能是该单位自己的账号或合法的同名账号，先核对认证主体。",
        "It may be the body's own account or a lawful namesake: look at the certified subject first.",
    ),
    "handle_taken_up": _both(
        "抢注了官方放弃的用户名，须即时处置。",
        "It took up a handle that the office gave up: to be seen to at once.",
    ),
    "beside_clears": _both(
        "名称以外的情况减轻了嫌疑，不急。",
        "What lies beside the name takes suspicion away: nothing is urgent.",
    ),
}
