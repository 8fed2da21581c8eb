"""The kinds of imitation, a closed list (handbook 3.1), each with the real case it is named for."""

from typing import Literal, get_args

Kind = Literal[
    "identical",  # 香港郵政 under another handle; equal but for width and case
    "hidden_characters",  # 郑州发布 with a zero-width space in it
    "decorated",  # 郑_州_发_布, ★郑州发布★
    "traditional",  # 鄭州發布
    "look_alike",  # 人民曰报, haIoBCA
    "homophone",  # 郑洲发布, zhengzhoufabu
    "reordered",  # 安徽省教育考试招生院, IndiaMEA
    "abbreviated",  # 中国民航学院 for 中国民用航空飞行学院
    "extended",  # 人民日报首发, City of Mobile Police Department
    "shortened",  # 邮政精选 for 中国邮政, Moreno Valley Police
    "edited",  # 中国科学研究院 for 中国科学院
    "scope_changed",  # 中国经济贸易大学 for 首都经济贸易大学
    "same_body",  # 太原文旅 for 太原市文化和旅游局: perhaps its own second account
    "handle_look_alike",  # valvesotfware, HaloBCA45886745
    "office_claim",  # 某市公安局 that no registered account uses
]
KINDS: tuple[Kind, ...] = get_args(Kind)

# What only the certified subject can judge is counted apart: the name is rightly that of the body, or of one.
APART: frozenset[str] = frozenset({"identical", "same_body", "office_claim"})
