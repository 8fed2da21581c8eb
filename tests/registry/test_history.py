"""Which imports touched an account."""

from datetime import datetime, timedelta
from uuid import uuid4

import pytest

from registry.history import imports_of
from registry.models import Account, FileImport
from tests.cast import MORNING, Province

pytestmark = pytest.mark.django_db
LATER = MORNING + timedelta(days=1)


def taken(name: str, at: datetime, *subjects: str, state: str = "taken") -> None:
    changes = [
        {"sheet": "", "line": 2, "subject": subject, "field": "name", "old": "旧", "new": "新"}
        for subject in subjects
    ]
    FileImport.objects.create(
        key=uuid4(), kind="registry", state=state, file_name=name, sha256="a" * 64, size=1, actor="user:1",
        created_at=at, changed_at=at, outcome={"changes": changes},
    )  # fmt: skip


def found(account: Account, most: int = 9) -> list[tuple[str, bool, int]]:
    return [(one.job.file_name, one.is_first, len(one.changes)) for one in imports_of(account, most)]


def test_the_file_that_brought_it_in_is_known_by_its_moment(place: Province) -> None:
    taken("first", MORNING)
    taken("another", MORNING + timedelta(seconds=1))
    assert found(place.zhengzhou_account) == [("first", True, 0)]


def test_a_change_is_found_by_the_account_it_names_and_by_no_other(place: Province) -> None:
    taken("its", LATER, "郑州发布 (mastodon/example/1001)", "开封发布 (mastodon/example/1002)")
    taken("longer number", LATER, "别人 (mastodon/example/11001)")
    taken("other platform", LATER, "别人 (weibo/1001)")
    assert found(place.zhengzhou_account) == [("its", False, 1)]


def test_the_last_change_is_told_even_if_its_values_are_not_on_record(place: Province) -> None:
    Account.objects.filter(pk=place.zhengzhou_account.pk).update(changed_at=LATER)
    place.zhengzhou_account.refresh_from_db()
    taken("large", LATER, *["别人 (mastodon/example/2)"])
    assert found(place.zhengzhou_account) == [("large", False, 0)]


def test_what_was_not_taken_changed_nothing(place: Province) -> None:
    taken("refused", MORNING, "郑州发布 (mastodon/example/1001)", state="refused")
    assert found(place.zhengzhou_account) == []


def test_the_newest_come_first_and_no_more_than_asked_for(place: Province) -> None:
    for day in range(4):
        taken(f"day {day}", MORNING + timedelta(days=day), "郑州发布 (mastodon/example/1001)")
    assert [name for name, _, _ in found(place.zhengzhou_account, 2)] == ["day 3", "day 2"]
