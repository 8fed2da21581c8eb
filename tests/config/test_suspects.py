"""`zhenwei suspects replay`: a judgement made again."""

import pytest

from config.cli import main
from detection.compare import RULES_VERSION
from detection.detect import detect
from detection.models import Suspect
from registry.models import Account
from registry.protection import protect_accounts
from tests import cast as people
from tests.cast import MORNING, Province


@pytest.fixture
def suspect(place: Province) -> Suspect:
    """郑洲发布, as the rules of today see it."""
    protect_accounts(list(Account.objects.select_related("unit")), MORNING)
    people.observation("郑洲发布", "nobody", "9001")
    detect(MORNING)
    return Suspect.objects.get()


def test_a_judgement_is_the_same_again(suspect: Suspect, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suspects", "replay", str(suspect.pk)]) == 0
    out = capsys.readouterr().out
    assert RULES_VERSION in out and "the same" in out


def test_it_is_the_same_after_the_register_has_grown(suspect: Suspect, place: Province) -> None:
    for number in range(5):
        people.account(f"郑州发布{number}", f"zz{number}", place.zhengzhou_account.unit, f"77{number}")
    protect_accounts(list(Account.objects.select_related("unit")), MORNING)
    assert main(["suspects", "replay", str(suspect.pk)]) == 0


@pytest.mark.parametrize(
    "change", [{"score": 0.5}, {"kind": "edited"}, {"reasons": [{"code": "name_alone"}]}]
)
def test_a_record_that_was_changed_is_found_out(
    change: dict[str, object], suspect: Suspect, capsys: pytest.CaptureFixture[str]
) -> None:
    Suspect.objects.update(**change)
    assert main(["suspects", "replay", str(suspect.pk)]) == 1
    assert "it is another" in capsys.readouterr().out


def test_other_rules_are_not_replayed(suspect: Suspect, capsys: pytest.CaptureFixture[str]) -> None:
    Suspect.objects.update(rules_version="names-0")
    assert main(["suspects", "replay", str(suspect.pk)]) == 2
    assert "names-0" in capsys.readouterr().err


def test_an_unknown_number_is_refused(db: None, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["suspects", "replay", "999"]) == 2
    assert "no suspect 999" in capsys.readouterr().err
