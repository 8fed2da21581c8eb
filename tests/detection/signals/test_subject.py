import pytest

from detection.signals.signal import Signal
from detection.signals.subject import subject
from tests.detection.signals.cast import OFFICE, office, stranger


def of(text: str | None, name: str = "平安郑州", **facts: object) -> Signal:
    return subject(stranger(name=name, certified_subject=text, **facts), OFFICE)


@pytest.mark.parametrize("text", ["郑州市公安局", "鄭州市公安局", "郑州市 公安局 "])
def test_the_sponsor_itself_is_no_imitator(text: str) -> None:
    assert of(text).code == "subject_is_sponsor"


def test_a_filed_alias_is_the_sponsor() -> None:
    assert of("郑州公安").code == "subject_is_alias"


def test_another_body_with_a_verified_subject_is_suspicious() -> None:
    signal = of("郑州平安文化传播有限公司", has_badge=True)
    assert (signal.code, signal.value) == ("subject_differs", "for")


def test_a_registered_unit_may_bear_a_name_that_fits_it() -> None:
    assert of("开封市公安局", "平安开封", subject_is_lawful_body=True).code == "subject_is_other_body"
    assert of("郑州市消防救援支队", "平安消防", subject_is_lawful_body=True).code == "subject_is_other_body"


def test_a_registered_unit_may_not_bear_the_name_of_another_place() -> None:
    assert of("开封市公安局", "平安郑州", subject_is_lawful_body=True).code == "subject_differs"


def test_a_body_of_another_province_needs_no_entry_in_the_register() -> None:
    assert of("西安市公安局交通警察支队", "西安交警").code == "subject_is_other_body"


@pytest.mark.parametrize(
    "text", ["西安公安文化传播有限公司", "西安公司办公室", "西安小区业主委员会", "西安书局"]
)
def test_a_firm_of_another_place_is_no_lawful_body(text: str) -> None:
    assert of(text, "西安交警").code == "subject_differs"


def test_next_door_reading_like_an_office_is_not_enough() -> None:
    assert of("郑州市便民服务委员会", "平安郑州").code == "subject_differs"


def test_the_badge_alone_proves_nothing() -> None:
    signal = of(None, has_badge=True)
    assert (signal.code, signal.value, signal.points) == ("subject_badge_only", "unknown", 0)


def test_no_certificate_is_not_an_unknown_one() -> None:
    assert of("").value == "neutral"
    assert of(None).value == "unknown"


def test_a_personal_certificate_on_an_office_is_suspicious() -> None:
    assert of(None, subject_type="personal").code == "subject_personal"


def test_without_the_sponsors_name_nothing_is_compared() -> None:
    signal = subject(stranger(certified_subject="某某公司"), office(subjects=None))
    assert signal.code == "sponsor_unknown"
