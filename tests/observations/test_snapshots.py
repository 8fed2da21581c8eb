"""How an account looked over time."""

from datetime import timedelta

import pytest

from observations.models import Observation, Sighting
from observations.snapshots import snapshots
from tests import cast as people
from tests.cast import MORNING, Province

pytestmark = pytest.mark.django_db


def face(name: str, day: int, uid: str = "1001", followers: int | None = None) -> Observation:
    seen = people.observation(name, "zhengzhou", uid, "", people.response(at=MORNING + timedelta(days=day)))
    Observation.objects.filter(pk=seen.pk).update(followers=followers)
    return seen


def test_an_account_that_was_not_seen_has_none(place: Province) -> None:
    face("开封发布", 1, uid="1002")
    assert snapshots(place.zhengzhou_account, 5) == []


def test_each_is_compared_with_the_one_before(place: Province) -> None:
    face("郑州", 1, followers=10)
    face("郑州发布", 2)
    face("郑州发布台", 3, followers=30)
    newest, middle, first = snapshots(place.zhengzhou_account, 5)
    assert (newest.changed, middle.changed, first.changed) == (
        frozenset({"name"}),
        frozenset({"name"}),
        frozenset(),
    )
    assert newest.before == middle.seen and first.before is None
    assert (newest.gained, first.gained) == (None, None)


def test_followers_are_counted_from_the_face_before(place: Province) -> None:
    face("郑州", 1, followers=10)
    face("郑州发布", 2, followers=4)
    assert [one.gained for one in snapshots(place.zhengzhou_account, 5)] == [-6, None]


def test_the_oldest_shown_knows_the_one_before_it(place: Province) -> None:
    for day in range(4):
        face(f"郑州发布{day}", day)
    found = snapshots(place.zhengzhou_account, 2)
    assert [one.seen.name for one in found] == ["郑州发布3", "郑州发布2"]
    assert found[1].changed == {"name"}


def test_a_face_lasts_until_it_was_last_sighted(place: Province) -> None:
    seen = face("郑州发布", 1)
    again = people.response(at=MORNING + timedelta(days=9))
    Sighting.objects.create(observation=seen, response=again, rank=1)
    (found,) = snapshots(place.zhengzhou_account, 5)
    assert found.last_seen == again.at
