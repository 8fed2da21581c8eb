"""Why two names count as alike or not: a code, points, and a sentence naming the characters in question."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["zh", "en"]


@dataclass(frozen=True)
class Reason:
    """One ground of a judgement. `detail` fills the sentence; the `points` of all add up to the score."""

    code: str
    points: float
    detail: Mapping[str, str]

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
    "disguised": _both(
        "把冒充的字还原后，「{candidate}」就是「{official}」。",
        "With the disguised characters undone, “{candidate}” is “{official}”.",
    ),
    "edited": _both(
        "「{candidate}」与「{official}」只差 {distance} 处：{changes}。",
        "“{candidate}” differs from “{official}” in {distance} place(s): {changes}.",
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
    "dressed": _both(
        "去掉「{words}」后，「{candidate}」与「{official}」相同。",
        "Without “{words}” “{candidate}” is “{official}”.",
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
    # Disguises: each takes points away, because each leaves room for chance.
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
    "char_pinyin": _both(
        "用拼音「{mine}」写「{theirs}」。",
        "“{mine}” spells “{theirs}” in pinyin.",
    ),
    "char_letters": _both(
        "外加了字母或数字「{mine}」。",
        "Letters or digits are added: “{mine}”.",
    ),
    "also_alike": _both(
        "此外，「{candidate}」与「{official}」相似。",
        "Besides, “{candidate}” is like “{official}”.",
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
}
