"""A scan against its answer key: by platform, and a body's accounts on many platforms are one target."""

from pathlib import Path

import pytest

from config.answers import measure
from tests import cast as people
from tests.cast import Province

HEAD = "platform,instance,uid,label,kind,target_platform,target_uid,note\n"


@pytest.fixture
def key(tmp_path: Path, place: Province) -> Path:
    """Two imitations of 郑州发布 and an innocent."""
    target = place.zhengzhou_account.platform_uid
    path = tmp_path / "answers.csv"
    path.write_text(
        f"{HEAD}mastodon,example,9001,counterfeit,homophone,mastodon,{target},\n"
        f"weibo,,9001,counterfeit,homophone,mastodon,{target},\n"
        "mastodon,example,9002,hard_negative,,,,\n",
        encoding="utf-8",
    )
    return path


def test_nothing_seen_is_nothing_reached(key: Path) -> None:
    found = measure(key)
    assert (found.planted, found.reached, found.found, found.unreached) == (2, 0, 0, ("9001", "9001"))


def test_an_id_of_another_platform_is_another_account(key: Path, place: Province) -> None:
    people.suspect(place.zhengzhou_account, "郑洲发布", uid="9001")
    found = measure(key)
    assert found.places == {"mastodon": (1, 1, 1), "weibo": (1, 0, 0)}
    assert found.attributed_otherwise == ()


def test_another_body_is_told_and_an_innocent_counted(key: Path, place: Province) -> None:
    people.suspect(place.kaifeng_account, "郑洲发布", uid="9001")
    people.suspect(place.zhengzhou_account, "郑州发布会", uid="9002")
    found = measure(key)
    assert found.attributed_otherwise == ("郑洲发布",)
    assert found.false_alarms == 1


def test_seen_and_not_flagged_is_missed(key: Path) -> None:
    people.observation("郑洲发布", "nobody", "9001")
    assert measure(key).missed == ("郑洲发布",)
