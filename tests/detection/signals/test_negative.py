import pytest

from detection.signals.negative import allow_listed, declared, registered
from tests.detection.signals.cast import stranger


@pytest.mark.parametrize(
    ("name", "bio"),
    [
        ("平安郑州粉丝站", ""),
        ("平安郑州", "個人帳號，仅代表个人观点"),
        ("平安郑州", "这里是非官方账号"),
        ("郑州警方戏仿", "好玩"),
        ("Zhengzhou Police Parody", ""),
        ("郑州", "a fan page, not affiliated"),
    ],
)
def test_open_words_speak_for_the_stranger(name: str, bio: str) -> None:
    assert declared(stranger(name=name, bio=bio)).value == "against"


@pytest.mark.parametrize("bio", ["防范诈骗 fangfan", "非粉丝号", "不是个人账号", "有粉丝福利", ""])
def test_other_words_do_not(bio: str) -> None:
    assert declared(stranger(bio=bio)).value == "neutral"


def test_without_a_bio_the_name_may_still_say_it() -> None:
    assert declared(stranger(bio=None)).value == "unknown"
    assert declared(stranger(name="平安郑州后援会", bio=None)).value == "against"


@pytest.mark.parametrize(("known", "value"), [(True, "against"), (False, "neutral"), (None, "unknown")])
def test_the_register_and_earlier_decisions_are_asked(known: bool | None, value: str) -> None:
    assert registered(stranger(is_registered=known)).value == value
    assert allow_listed(stranger(is_allow_listed=known)).value == value
