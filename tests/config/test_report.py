"""What a scan prints on a terminal."""

from collections import Counter

import pytest

from config import report
from config.pipeline import Scanned
from detection.detect import detect
from registry.models import Account
from registry.protection import protect_accounts
from review.intake import take_in
from tests import cast as people
from tests.cast import MORNING, Province


@pytest.fixture
def official(place: Province) -> Province:
    """郑州发布 and 开封发布 are protected."""
    protect_accounts(list(Account.objects.select_related("unit")), MORNING)
    return place


def printed() -> str:
    scanned = Scanned(None, detect(MORNING), take_in(MORNING), Counter())
    return report.text(scanned, None, 20, MORNING)


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("郑洲发布", "州→洲"),
        ("郑州发布官方", "加词 +官方"),
        ("郑州\u200b发布", "不可见字符 +[U+200B]"),
        ("郑州发布", "同名"),
    ],
)
def test_a_suspect_is_listed_with_its_reason(official: Province, name: str, why: str) -> None:
    people.observation(name, "nobody", "9001")
    assert why in printed()


def test_a_taken_handle_is_not_called_a_taken_name(official: Province) -> None:
    people.observation("甜甜的日常", official.zhengzhou_account.handle, "9001")
    assert "同用户名 same handle" in printed()


def test_who_has_no_handle_has_no_at_sign(official: Province) -> None:
    people.observation("郑洲发布", "", "9001")
    assert "@ " not in printed()


def test_nothing_seen_is_not_called_clean(official: Province) -> None:
    assert "nothing is known of imitators" in printed()


def test_strangers_without_likeness_are_counted(official: Province) -> None:
    people.observation("甜甜的日常", "tiantian", "9001")
    assert "No suspect among 1 strangers seen" in printed()


def test_new_cases_are_counted_once(official: Province) -> None:
    people.observation("郑洲发布", "nobody", "9001")
    assert "新立案 1 件" in printed()
    assert "立案" not in printed()


def test_a_suspect_of_earlier_rules_is_listed_under_the_kind_it_was_stored_with(official: Province) -> None:
    people.suspect(official.zhengzhou_account, "新来的", kind="word_transposition", rules="names-0")
    people.observation("郑洲发布", "nobody", "9002")
    assert "word_transposition" in printed()
