import pytest
from django.db import IntegrityError, transaction

from audit_logs.models import Event
from common import clock
from registry import divisions
from registry.divisions import add_account_kind, load_divisions, shipped
from registry.importers import import_register
from registry.kinds import ACCOUNT_KINDS
from registry.models import AccountKind, Division
from tests.registry.register import register, row

pytestmark = pytest.mark.django_db
ACTOR = "system:test"


def test_all_rows_are_loaded_with_their_paths() -> None:
    assert load_divisions(ACTOR, clock.now()) == 3351 + len(ACCOUNT_KINDS)
    assert Division.objects.count() == 3351
    district = Division.objects.get(code="410105")
    assert (district.name, district.level, district.path) == ("金水区", "county", "/CN/410000/410100/410105/")
    assert district.parent_id == "410100"


def test_a_code_that_stands_in_two_levels_gives_two_rows() -> None:
    load_divisions(ACTOR, clock.now())
    paths = dict(Division.objects.filter(name="东莞市").values_list("code", "path"))
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


def test_a_dry_run_of_an_import_needs_no_rows_and_loads_none() -> None:
    assert import_register(register(row()), ACTOR, clock.now(), dry_run=True).added == 1
    assert [model.objects.count() for model in (Division, AccountKind, Event)] == [0, 0, 0]


def test_an_import_loads_them_where_they_are_missing() -> None:
    assert import_register(register(row()), ACTOR, clock.now()).added == 1
    assert Division.objects.count() == 3351


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
