"""Meanings of columns that are kept to be used again."""

import pytest

from audit_logs.models import Event
from registry import profiles
from tests.cast import MORNING

pytestmark = pytest.mark.django_db
COLUMNS = {"备注": "-", "号主": "unit"}


def test_a_profile_is_used_again_by_its_name() -> None:
    profiles.save("registry", "郑州格式", COLUMNS, "user:7", MORNING)
    assert profiles.columns("registry", "郑州格式") == COLUMNS
    assert profiles.names("registry") == ["郑州格式"]


def test_profiles_of_other_files_are_others() -> None:
    profiles.save("registry", "郑州格式", COLUMNS, "user:7", MORNING)
    assert profiles.names("contacts") == []
    assert profiles.columns("contacts", "郑州格式") is None


def test_the_same_name_takes_the_place_of_the_old_one_on_record() -> None:
    profiles.save("registry", "郑州格式", COLUMNS, "user:7", MORNING)
    profiles.save("registry", "郑州格式", {"备注": "-"}, "user:8", MORNING)
    assert profiles.columns("registry", "郑州格式") == {"备注": "-"}
    assert list(Event.objects.order_by("pk").values_list("actor", flat=True)) == ["user:7", "user:8"]
