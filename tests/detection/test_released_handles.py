"""A handle that a deregistered account gave up stays the register's: whoever takes it is a suspect."""

import pytest

from detection import detect
from detection.models import Suspect
from registry.protection import protect_accounts
from tests import cast as people
from tests.cast import MORNING, Province


@pytest.fixture
def gone(place: Province) -> Province:
    """河南食药监 was given up; its body is dissolved."""
    body = people.unit("河南省食品药品监督管理局", place.henan)
    protect_accounts([people.account("河南食药监", "henanfda", body, "77", "deregistered")], MORNING)
    return place


def test_a_stranger_under_a_released_handle_is_a_suspect_whatever_its_name(gone: Province) -> None:
    people.observation("夜跑小分队", "henanfda", "9001")
    detect.detect(MORNING)
    suspect = Suspect.objects.get()
    assert (suspect.target.name, suspect.kind, suspect.severity) == ("河南食药监", "identical", "S2")


def test_the_name_of_a_dissolved_body_is_not_free_either(gone: Province) -> None:
    people.observation("河南食药监", "somebody_else", "9001")
    detect.detect(MORNING)
    assert Suspect.objects.get().target.state == "deregistered"


def test_the_account_itself_coming_back_is_no_stranger(gone: Province) -> None:
    people.observation("河南食药监", "henanfda", "77")
    assert detect.detect(MORNING).found == 0
