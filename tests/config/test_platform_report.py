"""What is told of each platform, and above all of those where nobody looked."""

import pytest

from config import platform_report
from observations import coverage
from observations.models import Source
from registry.models import Account
from tests import cast as people
from tests.cast import MORNING, Province


@pytest.fixture
def two_platforms(place: Province) -> Province:
    """郑州发布 is on Kuaishou too, where nobody looks."""
    elsewhere = people.account("郑州发布", "", place.zhengzhou_account.unit, "99")
    Account.objects.filter(pk=elsewhere.pk).update(platform="kuaishou", instance="")
    people.source()
    return place


def line(place: str) -> str:
    return next(text for text in platform_report.text().split("\n") if text.startswith(place))


def test_a_platform_without_export_is_said_to_be_unchecked(two_platforms: Province) -> None:
    assert "未核查 no export yet, nothing checked" in line("kuaishou")
    assert "－" in line("kuaishou")


def test_a_platform_that_was_asked_tells_what_was_seen_and_how_far(two_platforms: Province) -> None:
    people.observation("郑洲发布", "nobody", "9001")
    people.observation("郑洲发布了", "nobody", "9001")
    people.suspect(two_platforms.zhengzhou_account, "郑州发布发", uid="9002")
    coverage.refresh(MORNING)
    lines = {each.place: each for each in platform_report.lines()}
    assert (lines["mastodon", "example"].seen, lines["mastodon", "example"].suspects) == (2, 1)
    assert lines["kuaishou", ""].seen is None


def test_a_deregistered_account_is_not_counted(two_platforms: Province) -> None:
    Account.objects.filter(platform="kuaishou").update(state="deregistered")
    assert not [each for each in platform_report.lines() if each.place == ("kuaishou", "")]


def test_what_was_switched_off_was_not_looked_at(two_platforms: Province) -> None:
    Source.objects.update(enabled=False)
    assert "nothing checked" in line("mastodon/example")
