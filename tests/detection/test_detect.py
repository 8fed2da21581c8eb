"""Strangers as last seen × protected names → suspects, each once."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from audit_logs.models import Event
from detection import detect
from detection.compare import AccountName
from detection.engine import Engine, Found
from detection.models import Comparison, Suspect
from detection.signals.combine import SIGNALS_VERSION
from observations.models import Observation, Sighting
from registry.models import Account, ProtectedName
from registry.protection import protect_accounts, protect_new_units
from tests import cast as people
from tests.cast import MORNING, Province


def codes(suspect: Suspect) -> list[str]:
    return [reason["code"] for reason in suspect.reasons]


@pytest.fixture
def place(db: None) -> Province:
    """Henan and Guangdong; the names of the accounts and of their units are protected."""
    place = people.province()
    accounts = list(Account.objects.select_related("unit"))
    protect_new_units(0, MORNING)
    protect_accounts(accounts, MORNING)
    return place


def test_an_imitator_becomes_a_suspect_with_its_reasons(place: Province) -> None:
    people.observation("郑州発布", "nobody", "9001")
    people.observation("甜甜的日常", "tiantian", "9002")
    assert detect.detect(MORNING) == detect.Detected(compared=2, found=1, new=1)
    suspect = Suspect.objects.get()
    assert (suspect.uid, suspect.target) == ("9001", place.zhengzhou_account)
    assert {"zh", "en", "code", "points", "detail", "at"} == suspect.reasons[0].keys()


def test_another_name_of_a_registered_body_is_a_suspect_for_a_second_look(place: Province) -> None:
    people.observation("郑州市人民政府", "nobody", "9001")
    detect.detect(MORNING)
    suspect = Suspect.objects.get()
    assert (suspect.kind, suspect.severity) == ("same_body", "S3")
    assert "subject_first" in codes(suspect)


def test_an_office_nobody_registered_imitates_nobody(place: Province) -> None:
    people.observation("洛阳市公安局", "nobody", "9001")
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=0, new=0)


def test_what_a_judgement_rests_on_is_kept_with_it(place: Province) -> None:
    people.observation("郑洲发布", "nobody", "9001")
    detect.detect(MORNING)
    basis = Suspect.objects.get().basis
    assert basis["official"]["name"] == "郑州发布"
    assert basis["holding"]["州"] >= 1


def test_what_is_registered_is_no_suspect_however_alike(place: Province) -> None:
    people.observation("开封发布", "kaifeng", place.zhengzhou_account.platform_uid)
    assert detect.detect(MORNING) == detect.Detected(compared=0, found=0, new=0)


def test_the_same_facts_are_found_again_and_kept_once(place: Province) -> None:
    people.observation("郑州発布", "nobody", "9001")
    detect.detect(MORNING)
    assert detect.detect(MORNING + timedelta(hours=1)) == detect.Detected(compared=1, found=1, new=0)
    assert Suspect.objects.get().detected_at == MORNING


def test_a_stranger_is_judged_as_last_seen(place: Province) -> None:
    people.observation("郑州発布", "nobody", "9001")
    people.observation("甜甜的日常", "nobody", "9001")
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=0, new=0)


def test_who_puts_an_old_face_on_again_is_judged_by_it(place: Province) -> None:
    imitator = people.observation("郑州発布", "nobody", "9001")
    people.observation("甜甜的日常", "nobody", "9001")
    detect.detect(MORNING)
    Sighting.objects.create(observation=imitator, response=people.response(), rank=1)
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=1, new=1)


def test_what_was_compared_is_not_compared_again(place: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    people.observation("郑州発布", "nobody", "9001")
    detect.detect(MORNING)
    events = Event.objects.count()
    monkeypatch.setattr(detect, "Engine", None)
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=1, new=0)
    assert Event.objects.count() == events


def test_a_newcomer_alone_is_compared(place: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    people.observation("郑州発布", "nobody", "9001")
    detect.detect(MORNING)
    people.observation("开封発布", "nobody2", "9002")
    asked: list[str] = []

    class Noting(Engine):
        def search(
            self, accounts: Sequence[AccountName], threshold: float | None = None
        ) -> list[list[Found]]:
            asked.extend(account.name for account in accounts)
            return super().search(accounts, threshold)

    monkeypatch.setattr(detect, "Engine", Noting)
    assert detect.detect(MORNING) == detect.Detected(compared=2, found=2, new=1)
    assert asked == ["开封発布"]


@pytest.mark.parametrize("what", ["register", "rules"])
def test_another_register_or_other_rules_have_all_compared_anew(
    place: Province, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    people.observation("郑州発布", "nobody", "9001")
    detect.detect(MORNING)
    if what == "rules":
        monkeypatch.setattr(detect, "RULES_VERSION", "another")
    else:
        ProtectedName.objects.filter(text__startswith="郑州").delete()
    again = detect.detect(MORNING)
    assert again == detect.Detected(compared=1, found=int(what == "rules"), new=int(what == "rules"))


def test_the_name_of_a_unit_is_protected_for_its_first_account(place: Province) -> None:
    people.account("郑州服务", "zz_fuwu", place.zhengzhou_account.unit, "1009")
    people.observation("郑州市人民政府办公厅", "nobody", "9001")
    detect.detect(MORNING)
    assert Suspect.objects.get().target == place.zhengzhou_account


def test_a_former_name_is_protected_without_the_handle_of_today(place: Province) -> None:
    unit = place.zhengzhou_account.unit
    ProtectedName.objects.create(
        text="豫见郑州", reason="former", unit=unit, account=place.zhengzhou_account, since=MORNING
    )
    former = next(target for target in detect.protected() if target.name.name == "豫见郑州")
    assert (former.account, former.name.handle) == (place.zhengzhou_account, "")
    assert former.name.division == place.zhengzhou.code


def test_a_unit_without_accounts_has_nobody_to_imitate(place: Province) -> None:
    unit = people.unit("洛阳市人民政府办公厅", place.henan)
    protect_new_units(unit.pk - 1, MORNING)
    assert "洛阳市人民政府办公厅" not in {target.name.name for target in detect.protected()}


def test_of_two_alike_the_account_on_the_same_platform_is_meant(place: Province) -> None:
    earlier, here = place.zhengzhou_account, place.kaifeng_account
    Account.objects.filter(pk=earlier.pk).update(platform="weibo", instance="")
    Account.objects.filter(pk=here.pk).update(name=earlier.name)
    ProtectedName.objects.filter(account=here).update(text=earlier.name)
    people.observation("郑州发布", "nobody", "9001")
    detect.detect(MORNING)
    assert Suspect.objects.get().target == here


def test_more_names_are_no_more_queries(place: Province) -> None:
    with CaptureQueriesContext(connection) as before:
        list(detect.protected())
    more = [people.unit(f"第{number}办公室", place.henan) for number in range(5)]
    protect_accounts([people.account(f"发布{one.pk}", "", one, f"20{one.pk}") for one in more], MORNING)
    protect_new_units(more[0].pk - 1, MORNING)
    with CaptureQueriesContext(connection) as after:
        assert len(list(detect.protected())) == 16
    assert len(after) == len(before)


def test_what_lies_beside_the_name_follows_it(place: Province) -> None:
    people.observation("郑州発布", "nobody", "9001", bio="加我微信 abc12345")
    detect.detect(MORNING)
    suspect = Suspect.objects.get()
    beside = [reason for reason in suspect.reasons if "value" in reason]
    assert [(one["code"], one["value"]) for one in beside] == [("contact_lures", "for"), ("age_new", "for")]
    assert suspect.reasons[-2:] == beside
    named = [reason["points"] for reason in suspect.reasons if "value" not in reason]
    assert sum(named) == pytest.approx(suspect.score)
    assert suspect.signals_version == SIGNALS_VERSION


def test_what_was_not_given_is_not_checked_and_never_clean(place: Province) -> None:
    people.observation("郑州発布", "", "9001")
    detect.detect(MORNING)
    suspect = Suspect.objects.get()
    unchecked = {one["code"] for one in suspect.not_checked}
    assert unchecked >= {"bio_unknown", "contact_unknown", "subject_unknown", "handle_unknown"}
    assert unchecked >= {"rename_unknown", "released_handle_unknown", "avatar_unknown", "allowed_unknown"}
    assert suspect.not_checked[0].keys() == {"code", "zh", "en"}
    assert not unchecked & set(codes(suspect))


def certified(name: str, subject: str, bio: str = "") -> None:
    seen = people.observation(name, "nobody", "9001", bio)
    Observation.objects.filter(pk=seen.pk).update(certified_subject=subject)


@pytest.fixture
def namesake(place: Province) -> Account:
    """鼓楼发布 of Kaifeng; a 鼓楼 is in Nanjing too, whose government has no account here."""
    owner = people.unit("开封市鼓楼区人民政府办公室", place.kaifeng)
    account = people.account("鼓楼发布", "gulou", owner, "1011")
    protect_accounts([account], MORNING)
    people.unit("南京市鼓楼区人民政府", place.guangdong)
    return account


def test_the_sponsor_itself_and_a_lawful_namesake_are_left_to_a_person(namesake: Account) -> None:
    certified("鼓楼发布", namesake.unit.name)
    people.observation("鼓楼发布", "other", "9002")
    Observation.objects.filter(uid="9002").update(certified_subject="南京市鼓楼区人民政府")
    detect.detect(MORNING)
    genuine, homonym = Suspect.objects.order_by("uid")
    for suspect, level, verdict in [(genuine, "S3", "unfiled_genuine"), (homonym, "S4", "legit_homonym")]:
        named = [reason["code"] for reason in suspect.reasons if "value" not in reason]
        assert (suspect.severity, named[-1]) == (level, "beside_clears")
        assert codes(suspect)[len(named) - 1 : len(named) + 1] == [verdict, "beside_clears"]


@pytest.mark.parametrize(
    ("subject", "level"), [("", "S3"), ("郑州某某文化传播有限公司", "S2"), ("南京市鼓楼区人民政府", "S4")]
)
def test_a_name_that_several_places_have_waits_for_its_subject(
    namesake: Account, subject: str, level: str
) -> None:
    certified("鼓楼发布", subject)
    detect.detect(MORNING)
    assert Suspect.objects.get().severity == level


@pytest.mark.parametrize(("name", "found"), [("甜甜的日常", 0), ("郑州発布", 1)])
def test_who_says_it_is_not_official_is_no_suspect_by_its_handle(
    place: Province, name: str, found: int
) -> None:
    people.observation(name, "zhengzhoufabu", "9001", bio="粉丝账号，非官方")
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=found, new=found)
    assert all(suspect.severity == "S3" for suspect in Suspect.objects.all())


def test_a_handle_alone_makes_a_suspect_of_who_says_nothing(place: Province) -> None:
    people.observation("甜甜的日常", "zhengzhoufabu", "9001")
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=1, new=1)


def test_who_takes_up_a_handle_the_office_gave_up_is_urgent(place: Province) -> None:
    people.observation("郑州发布", "zz_old", place.zhengzhou_account.platform_uid)
    people.observation("郑州市人民政府", "zz_old", "9001")
    detect.detect(MORNING)
    suspect = Suspect.objects.get()
    assert (suspect.severity, suspect.kind) == ("S2", "same_body")
    assert {"handle_taken_up", "released_handle"} <= set(codes(suspect))


def test_names_borne_before_are_facts_of_today(place: Province) -> None:
    people.observation("甜甜的日常", "nobody", "9001")
    people.observation("郑州発布", "nobody", "9001")
    people.observation("郑洲发布", "nobody", "9002")
    people.observation("郑州発布", "nobody", "9002")
    detect.detect(MORNING)
    towards, among = Suspect.objects.order_by("uid")
    assert "rename_towards" in codes(towards)
    assert "rename_towards" not in codes(among)


def test_who_is_met_before_the_genuine_account_ranks_above_it(place: Province) -> None:
    answer = people.response("郑州发布")
    people.observation("郑州発布", "nobody", "9001", answer=answer)
    own = people.observation("郑州发布", "zhengzhou", place.zhengzhou_account.platform_uid, answer=answer)
    Sighting.objects.filter(observation=own).update(rank=2)
    detect.detect(MORNING)
    assert "rank_above" in codes(Suspect.objects.get())


def test_a_search_for_something_else_ranks_nobody(place: Province) -> None:
    answer = people.response("豫见")
    people.observation("郑州発布", "nobody", "9001", answer=answer)
    people.observation("郑州发布", "zhengzhou", place.zhengzhou_account.platform_uid, answer=answer)
    detect.detect(MORNING)
    assert "rank_unknown" in {one["code"] for one in Suspect.objects.get().not_checked}


def test_an_office_without_an_account_there_leaves_its_place_to_others(place: Province) -> None:
    Account.objects.filter(pk=place.zhengzhou_account.pk).update(platform="weibo", instance="")
    people.observation("郑州発布", "nobody", "9001")
    detect.detect(MORNING)
    assert "vacant" in codes(Suspect.objects.get())


def test_new_facts_make_a_new_suspect_and_the_same_the_same(place: Province) -> None:
    people.observation("郑州発布", "nobody", "9001")
    detect.detect(MORNING)
    Comparison.objects.all().delete()
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=1, new=0)
    Account.objects.filter(pk=place.zhengzhou_account.pk).update(state="deregistered")
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=1, new=1)
    assert {"closed", "vacant"} <= set(codes(Suspect.objects.order_by("pk")[1]))


def test_other_rules_of_signals_make_a_new_suspect(place: Province, monkeypatch: pytest.MonkeyPatch) -> None:
    people.observation("郑州発布", "nobody", "9001")
    detect.detect(MORNING)
    monkeypatch.setattr(detect, "SIGNALS_VERSION", "another")
    assert detect.detect(MORNING) == detect.Detected(compared=1, found=1, new=1)


def test_more_suspects_are_no_more_queries(place: Province) -> None:
    people.observation("郑州発布", "nobody", "9001")
    with CaptureQueriesContext(connection) as before:
        detect.detect(MORNING)
    for number in range(5):
        people.observation("开封発布", f"nobody{number}", f"91{number}")
    with CaptureQueriesContext(connection) as after:
        assert detect.detect(MORNING).new == 5
    assert len(after) == len(before)
