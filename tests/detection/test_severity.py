import pytest

from detection.compare import AccountName, compare
from detection.severity import severity


def of(candidate: str, official: str) -> tuple[str, str]:
    target = AccountName(official)
    found = severity(compare(AccountName(candidate), target), target)
    assert found.reason.sentence("zh").endswith("。")
    assert found.reason.sentence("en").endswith(".")
    return found.level, found.reason.code


@pytest.mark.parametrize(
    ("candidate", "official", "level", "code"),
    [
        ("中国交警", "郑州交警", "S2", "protected_police"),
        ("中国疾控", "郑州疾控", "S2", "protected_emergency"),
        ("中国税务", "郑州税务", "S2", "protected_finance"),
        ("郑洲文旅", "郑州文旅", "S2", "strong_likeness"),
        ("中国文旅", "郑州文旅", "S3", "name_alone"),
        ("郑州市文化广电和旅游局", "郑州文旅", "S3", "subject_first"),
        ("郑州市公安局交通警察支队", "郑州交警", "S3", "subject_first"),
    ],
)
def test_a_name_alone_is_s2_or_s3(candidate: str, official: str, level: str, code: str) -> None:
    assert of(candidate, official) == (level, code)


def test_no_name_gives_s1() -> None:
    assert of("郑州公安", "郑州公安")[0] == "S2"


def test_no_imitation_has_no_severity() -> None:
    target = AccountName("郑州发布")
    with pytest.raises(ValueError, match="no imitation"):
        severity(compare(AccountName("杭州发布"), target), target)
