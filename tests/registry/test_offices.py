from datetime import date, timedelta

import pytest

from registry.models import Contact
from registry.offices import ending
from tests import cast as people
from tests.cast import Province

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 24)
BEFORE, AFTER = DAY - timedelta(days=1), DAY + timedelta(days=1)


def names(rows: list[Contact]) -> list[str]:
    return [row.person for row in rows]


def test_only_those_handed_in_are_asked(place: Province) -> None:
    people.contact("cac", place.henan, "一", valid_to=DAY)
    people.contact("police", place.henan, "二", valid_to=DAY)
    assert names(ending(Contact.objects.filter(line="police"), DAY)) == ["二"]


def test_whoever_has_ended_already_is_no_news(place: Province) -> None:
    people.contact("cac", place.henan, "昨止", valid_to=BEFORE)
    assert ending(Contact.objects.all(), DAY) == []


def test_whoever_leaves_a_line_to_nobody_is_listed_soonest_first(place: Province) -> None:
    people.contact("cac", place.henan, "后", valid_to=DAY + timedelta(days=30))
    people.contact("police", place.henan, "先", valid_to=DAY)
    people.contact("publicity", place.henan, "迟", valid_to=DAY + timedelta(days=31))
    people.contact("duty", place.henan, "未始", valid_from=AFTER, valid_to=AFTER)
    people.contact("supervision", place.henan, "常在")
    assert names(ending(Contact.objects.all(), DAY)) == ["先", "后"]
    assert names(ending(Contact.objects.all(), DAY, timedelta(days=7))) == ["先"]


@pytest.mark.parametrize(
    ("first", "last", "follows"),
    [(BEFORE, None, True), (AFTER, None, True), (AFTER, AFTER, True),
     (AFTER + timedelta(days=1), None, False), (BEFORE, DAY, False)],
)  # fmt: skip
def test_a_successor_is_there_on_the_day_after(
    first: date, last: date | None, follows: bool, place: Province
) -> None:
    people.contact("cac", place.henan, "去", valid_to=DAY)
    people.contact("cac", place.henan, "来", valid_from=first, valid_to=last)
    assert ("去" in names(ending(Contact.objects.all(), DAY))) is not follows


def test_a_successor_elsewhere_is_none(place: Province) -> None:
    people.contact("cac", place.henan, "去", valid_to=DAY)
    people.contact("cac", place.zhengzhou, "他处")
    people.contact("police", place.henan, "他线")
    assert names(ending(Contact.objects.all(), DAY)) == ["去"]
