from datetime import date
from pathlib import Path

import pytest
from django.db import IntegrityError, transaction

from audit_logs.models import Event
from common import clock
from names.history import all_former
from registry import divisions
from registry.contact_import import ContactOptions, import_contacts
from registry.divisions import add_account_kind, load_divisions, shipped
from registry.kinds import ACCOUNT_KINDS
from registry.models import AccountKind, Division
from registry.outcome import Outcome
from tests.registry.contacts import contact, contacts

pytestmark = pytest.mark.django_db
ACTOR = "system:test"
ALL = 3351 + len(all_former())


def test_all_rows_are_loaded_with_their_paths() -> None:
    assert load_divisions(ACTOR, clock.now()) == ALL + len(ACCOUNT_KINDS)
    assert Division.objects.count() == ALL
    assert Division.objects.filter(valid_to=None).count() == 3351
    district = Division.objects.get(code="410105")
    assert (district.name, district.level, district.path) == ("金水区", "county", "/CN/410000/410100/410105/")
    assert district.parent_id == "410100"


def test_a_code_that_stands_in_two_levels_gives_two_rows() -> None:
    load_divisions(ACTOR, clock.now())
    paths = dict(Division.objects.filter(name="东莞市", valid_to=None).values_list("code", "path"))
    assert paths == {
        "441900": "/CN/440000/441900/",
        "441900-county": "/CN/440000/441900/441900-county/",
    }


def test_placeholders_and_statistical_zones_are_marked() -> None:
    load_divisions(ACTOR, clock.now())
    assert Division.objects.get(code="110100").is_placeholder
    assert Division.objects.get(code="410171").is_statistical_zone
    assert not Division.objects.get(code="411402").is_statistical_zone


def test_every_path_continues_the_path_of_the_parent() -> None:
    rows = {division.code: division for division in shipped()}
    for division in rows.values():
        above = rows[division.parent_id].path if division.parent_id else "/CN/"
        assert division.path == f"{above}{division.code}/"


def test_loading_again_touches_nothing_and_records_nothing() -> None:
    load_divisions(ACTOR, clock.now())
    assert load_divisions(ACTOR, clock.now()) == 0
    assert Event.objects.count() == 1


def test_a_row_that_differs_from_the_table_is_corrected() -> None:
    load_divisions(ACTOR, clock.now())
    Division.objects.filter(code="410105").update(name="旧名", path="/CN/410105/", parent_id=None)
    assert load_divisions(ACTOR, clock.now()) == 1
    district = Division.objects.get(code="410105")
    assert (district.name, district.path, district.parent_id) == (
        "金水区",
        "/CN/410000/410100/410105/",
        "410100",
    )
    assert Event.objects.latest("pk").details["corrected"] == 1


def test_a_row_that_is_no_longer_shipped_stays() -> None:
    Division.objects.create(code="410199", name="旧区", level="county", path="/CN/410199/")
    load_divisions(ACTOR, clock.now())
    assert Division.objects.filter(code="410199").exists()


def test_an_account_kind_renamed_here_keeps_its_name() -> None:
    load_divisions(ACTOR, clock.now())
    AccountKind.objects.filter(platform="weibo").update(title_zh="新浪微博")
    AccountKind.objects.filter(platform="douyin").delete()
    assert load_divisions(ACTOR, clock.now()) == 1
    assert AccountKind.objects.get(platform="weibo").title_zh == "新浪微博"


def test_the_core_kinds_are_weibo_wechat_and_the_app() -> None:
    load_divisions(ACTOR, clock.now())
    core = AccountKind.objects.filter(is_core=True).values_list("platform", flat=True)
    assert set(core) == {"weibo", "wechat_oa", "client_app"}


def take(folder: Path, *, dry_run: bool = False) -> Outcome:
    path = folder / "file"
    path.write_bytes(contacts(contact()))
    return import_contacts(path, "a.csv", ACTOR, clock.now(), ContactOptions(dry_run=dry_run))


def test_a_dry_run_of_an_import_needs_no_rows_and_loads_none(tmp_path: Path) -> None:
    assert take(tmp_path, dry_run=True).counts["contacts_added"] == 1
    assert [model.objects.count() for model in (Division, AccountKind, Event)] == [0, 0, 0]


def test_an_import_loads_them_where_they_are_missing(tmp_path: Path) -> None:
    assert take(tmp_path).counts["contacts_added"] == 1
    assert Division.objects.count() == ALL


def test_a_division_that_ended_is_a_row_below_the_one_that_followed() -> None:
    load_divisions(ACTOR, clock.now())
    county, city = Division.objects.get(code="410728"), Division.objects.get(code="410783")
    assert (county.name, county.parent, county.successors) == ("长垣县", city, ["410783"])
    assert county.path == f"{city.path}410728/"
    assert county.valid_to == date(2023, 5, 31)
    assert city.valid_from == date(2023, 6, 1)
    assert (city.valid_to, city.successors) == (None, [])


def test_a_division_shared_out_or_gone_without_a_trace_lies_where_it_lay() -> None:
    load_divisions(ACTOR, clock.now())
    shared, gone = Division.objects.get(code="142500"), Division.objects.get(code="110103")
    assert (shared.name, shared.parent_id, shared.successors) == (
        "晋东南地区",
        "140000",
        ["140400", "140500"],
    )
    assert (gone.name, gone.parent_id, gone.successors) == ("崇文区", "110100", [])


def test_without_its_event_nothing_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise RuntimeError("no log")

    monkeypatch.setattr(divisions, "record", refuse)
    with pytest.raises(RuntimeError, match="no log"):
        load_divisions(ACTOR, clock.now())
    assert not Division.objects.exists()


@pytest.mark.parametrize("path", ["", "/CN", "/CN/410000", "CN/410000/"])
def test_the_database_refuses_a_path_without_its_slashes(path: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Division.objects.create(code="1", name="x", level="county", path=path)


def test_a_kind_is_added_once_and_told_to_the_log() -> None:
    assert add_account_kind(ACTOR, "plaza", "广场", clock.now())
    assert not add_account_kind(ACTOR, "plaza", "另一个", clock.now())
    assert AccountKind.objects.get(platform="plaza").title_zh == "广场"
    assert Event.objects.filter(action="registry.account_kind").count() == 1
