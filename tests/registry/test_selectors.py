"""Places with their numbers, and bodies that must have an account."""

from datetime import date

import pytest

from registry.models import Division, Unit
from registry.selectors import Surroundings, doubled, lies_within, root, surroundings, vacancies
from tests import cast as people
from tests.cast import Cast, Province

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 24)


def below(code: str, name: str, level: str, above: Division, **how: object) -> Division:
    return Division.objects.create(
        code=code, name=name, level=level, parent=above, path=f"{above.path}{code}/", **how
    )


def seen(here: Division, top: Division) -> Surroundings:
    return surroundings(here, top, Unit.objects.filter(line_division__path__startswith=top.path), TODAY)


def numbers(found: Surroundings) -> dict[str, tuple[int, int]]:
    return {place.division.name: (place.units, place.accounts) for place in found.below}


def test_numbers_count_everything_below(place: Province) -> None:
    district = below("410105", "金水区", "county", place.zhengzhou)
    people.account("金水发布", "js", people.unit("金水区政府办", district), "5")
    found = seen(place.henan, place.henan)
    assert numbers(found) == {"郑州市": (2, 2), "开封市": (1, 1)}
    assert (found.here.units, found.here.accounts) == (3, 3)
    assert [one.name for one in seen(district, place.henan).way] == ["河南省", "郑州市", "金水区"]


def test_what_a_grouping_division_groups_lies_directly_below_what_is_above(place: Province) -> None:
    group = below("419000", "省直辖县级行政区划", "prefecture", place.henan, is_placeholder=True)
    jiyuan = below("419001", "济源市", "county", group)
    people.unit("济源市政府办", jiyuan)
    assert numbers(seen(place.henan, place.henan)) == {"郑州市": (1, 1), "开封市": (1, 1), "济源市": (1, 0)}
    assert [one.name for one in seen(jiyuan, place.henan).way] == ["河南省", "济源市"]


def test_a_division_that_ended_is_there_while_units_stand_on_it(place: Province) -> None:
    ended = below("410103", "旧区", "county", place.zhengzhou, valid_to=date(2020, 1, 1))
    assert numbers(seen(place.zhengzhou, place.henan)) == {}
    people.unit("旧区某局", ended)
    assert numbers(seen(place.zhengzhou, place.henan)) == {"旧区": (1, 0)}


def test_the_top_is_the_scope_of_whoever_watches_and_nobody_elses(place: Province, everybody: Cast) -> None:
    assert root(everybody.duty_officer) == place.zhengzhou
    assert root(everybody.sponsor) is root(everybody.auditor) is None
    assert lies_within("410200", place.zhengzhou) is None
    assert lies_within("410200", place.henan) == place.kaifeng


def test_who_must_have_an_account_and_has_none_in_service(place: Province) -> None:
    below("410171", "经开区", "county", place.zhengzhou, is_statistical_zone=True)
    below("410102", "旧区", "county", place.zhengzhou, valid_to=date(2020, 1, 1))
    office = people.unit("河南省某厅", place.henan)
    Unit.objects.filter(pk=place.zhengzhou_account.unit_id).update(kind="government_office")
    units = Unit.objects.filter(line_division__path__startswith=place.henan.path)
    found = vacancies(units, place.henan, TODAY)
    assert [(one.division.name, one.unit) for one in found] == [("河南省", office), ("开封市", None)]
    people.account("某厅", "x", office, "9", state="paused")
    assert len(vacancies(units, place.henan, TODAY)) == 2
    people.account("某厅", "y", office, "8")
    assert [one.division.name for one in vacancies(units, place.henan, TODAY)] == ["开封市"]


def test_a_second_government_office_without_account_is_no_vacancy(place: Province) -> None:
    Unit.objects.filter(pk=place.zhengzhou_account.unit_id).update(kind="government_office")
    people.unit("郑州市政府新闻办", place.zhengzhou)
    Unit.objects.filter(name="郑州市政府新闻办").update(kind="government_office")
    found = vacancies(Unit.objects.all(), place.zhengzhou, TODAY)
    assert found == []


def test_one_account_on_each_of_two_platforms_is_the_rule(place: Province) -> None:
    unit = place.zhengzhou_account.unit
    other = people.account("郑州发布", "w", unit, "50")
    other.platform = "weibo"
    other.save()
    assert doubled(Unit.objects.all()) == []
    third = people.account("郑州政务", "v", unit, "51")
    (row,) = doubled(Unit.objects.all())
    assert (row.unit, row.platform, row.accounts) == (unit, "mastodon", (place.zhengzhou_account, third))
