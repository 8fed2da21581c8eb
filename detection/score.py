"""Every number of the judgement in one place, each with the case that breaks without it.

A score is the likeness of two compared forms of the names (1 for equal ones), less the price of what was set
aside to compare them. The cases stand in `tests/detection/name_pairs.tsv`.
"""

from collections.abc import Mapping

# What it costs to take one symbol for another, as a share of one symbol. Near sounds cost most: with less,
# 平安枣院 would pass for 平安招远.
SAME_LOOK = 0.12
SAME_SOUND = 0.15
NEAR_SOUND = 0.45
SPELLED = 0.1  # 平tan for 平潭
INITIAL = 0.35  # 拍拍D for 拍拍贷
UNRELATED = 1.0
INSIDE = 0.7  # of the price of a symbol put inside: 乐山汇中院
SWAPPED = 0.6  # neighbours exchanged

# What it costs to set something aside, once for a name.
PRICE: Mapping[str, float] = {
    "dressed": 0.06,  # 人民日报首发
    "split": 0.06,  # 木木业 for 林业
    "letters": 0.07,  # 央广新闻TB
    "doubled": 0.08,  # 郑州发发布
    "reordered": 0.09,  # 教育考试招生院
    "in_short": 0.08,  # 南阳市疾控中心
    "kind": 0.06,  # 华北理工学院
    "other_kind": 0.1,  # 中国计量测试研究院 for 中国计量测试学会
    "place_added": 0.08,  # 北京对外经济贸易学院 for 对外经济贸易大学
    "word_more": 0.1,  # 中国石油化工大学 for 中国石油大学
    "filler": 0.05,  # 武汉工程技术大学
    "scope": 0.12,  # 中国经济贸易大学 for 首都经济贸易大学
    "other_scope": 0.06,  # 中国志愿者协会 for 中华志愿者协会
    "pinyin": 0.1,  # zhengzhoufabu
    "abbreviated": 0.13,  # 中国民航学院
    "more": 0.08,  # 中国大唐集团有限公司融资APP
    "symbol_more": 0.01,
}

# A match of a kind is put before a reviewer from this score on.
HAN_THRESHOLD = 0.83
LATIN_THRESHOLD = 0.83


def most_edits(length: int) -> int:
    """How many symbols of so many may differ without looking or sounding alike."""
    return 0 if length <= 2 else 1 if length <= 5 else 2


def most_letters(length: int) -> int:
    """The same for letters of a handle: one of eight, two of fourteen. justin is no austin."""
    return 0 if length < 8 else 1 if length < 14 else 2


# At least this share of the symbols must be the very same: all of a name in homophones is another name.
FEWEST_SAME = 0.3
FEWEST_SAME_BESIDE_NEAR = 0.51  # 平安枣院 is no 平安招远
# A function that more registered names say than this tells none of them: 全国公安.
MOST_SHARING = 12
CLOSER = 0.04  # between two names of one body
SHORTEST_REORDERED = 4
SHORTEST_REORDERED_DISGUISED = 6
# 邮政 of 中国邮政 is the shortest core that was imitated; a shorter one is any word.
SHORTEST_CORE = 2
SHORTEST_WITHOUT_SCOPE = 3
SHORTEST_CONTAINED = 4
SHORTEST_EXTENDED = 5
SHORTEST_TOLD = 4
LONGEST_WORD_MORE = 2
LONGEST_OFFICE = 4

# Latin letters. With digits behind, a word of six letters or less is anybody's: HaloBCA45886745, not
# arctic24.
SHORTEST_WITH_DIGITS = 7
SHORTEST_ROTATED = 8
SHORTEST_SLIP = 6  # waizrnh for WazirNh
# Two words of eight letters together tell a body or a person: Resila Onyango.
FEWEST_WORDS, FEWEST_LETTERS = 2, 8
PRICE_OF_WORD = 0.1
SHORT_WORD = 2  # the Ps of DSWD 4Ps News Update
LETTERS_ALIKE = 0.97  # haIoBCA
DRESSED_ALIKE = 0.98  # edemmettgov
SHORTEST_EXTENDED_HANDLE = 4  # DSWD Announcement
SHORTEST_LOOK = 4  # gil is no 911
SHORTEST_TYPED_HANDLE = 4  # 德纳利 is no denali
