import pytest

from detection.signals.bio import bio
from tests.detection.signals.cast import OFFICE, office, stranger


@pytest.mark.parametrize(
    "text",
    [
        "郑州市公安局官方账号。",
        "平安郑州唯一指定服务窗口，请认准本号",
        "鄭州市公安局 官 方 帳 號",
        "郑​州​市公安局官​方认证",
        "郑州公安｜官方★直播间",
    ],
)
def test_who_claims_in_the_name_of_the_office_is_suspicious(text: str) -> None:
    signal = bio(stranger(bio=text), OFFICE)
    assert (signal.code, signal.points) == ("bio_claims_unit", 0.3)


def test_a_claim_for_another_body_weighs_little() -> None:
    assert bio(stranger(bio="运城市卫生健康委员会官方账号。"), OFFICE).code == "bio_claims"


@pytest.mark.parametrize(
    "text",
    [
        "我爱平安郑州，非官方",
        "郑州市公安局爱好者，与官方无关",
        "不代表官方平台，只转郑州公安的消息",
        "平安郑州 fan page, not affiliated, not an official account",
    ],
)
def test_who_denies_to_be_official_only_mentions(text: str) -> None:
    signal = bio(stranger(bio=text), OFFICE)
    assert (signal.code, signal.value) == ("bio_mentions", "neutral")


def test_a_place_alone_is_no_name() -> None:
    assert bio(stranger(bio="郑州人，官方认证吃货"), office(names=("郑州",))).code == "bio_claims"


def test_a_silent_bio_is_not_an_unknown_one() -> None:
    assert bio(stranger(bio=""), OFFICE).code == "bio_silent"
    assert bio(stranger(bio=None), OFFICE).value == "unknown"
    assert bio(stranger(bio=None), OFFICE).points == 0
