"""What is typed finds the units and accounts it should, the best first."""

from typing import Any

import pytest
from django.db.models import QuerySet

from registry.models import Account, Unit
from registry.searching import forms, matching, refill
from tests import cast as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def province() -> people.Province:
    """Zhengzhou, Kaifeng and Guangdong, and two bodies of Zhengzhou under other names."""
    place = people.province()
    health = people.unit("郑州市卫生健康委员会", place.zhengzhou)
    people.account("健康郑州", "zz_health", health, uid="2001")
    people.account("开封卫健委", "kf_health", people.unit("开封市卫生健康委员会", place.kaifeng), uid="2002")
    people.account("大河之声", "dahe", people.unit("郑州博物馆", place.zhengzhou), uid="gh_4a7b")
    refill()
    return place


def accounts(typed: str) -> list[str]:
    return [account.name for account in matching(Account.objects.all(), typed)]


def units(typed: str) -> list[str]:
    return [unit.name for unit in matching(Unit.objects.all(), typed)]


@pytest.mark.parametrize(
    "typed", ["郑州发布", "鄭州發布", "郑州　发布", "zhengzhou fabu", "zzfb", "@zhengzhou", "1001"]
)
def test_an_account_is_found_first_by_name_handle_or_number(typed: str, province: people.Province) -> None:
    assert accounts(typed)[0] == "郑州发布"
    assert "开封发布" not in accounts(typed)


def test_a_body_is_found_by_its_short_and_by_its_long_name(province: people.Province) -> None:
    assert units("郑州卫健委") == units("zzwjw") == ["郑州市卫生健康委员会"]
    assert accounts("开封市卫生健康委员会") == ["开封卫健委"]


def test_a_place_finds_what_lies_below_it(province: people.Province) -> None:
    for typed in ("郑州", "郑州市", "410100", "zhengzhou"):
        assert set(accounts(typed)) == {"郑州发布", "健康郑州", "大河之声"}
    assert set(accounts("河南")) == {"郑州发布", "健康郑州", "大河之声", "开封发布", "开封卫健委"}
    assert units("广东") == ["广东省人民政府办公厅"]


def test_an_account_is_found_by_the_name_of_its_unit(province: people.Province) -> None:
    assert accounts("博物馆") == ["大河之声"]


def test_every_word_must_be_found(province: people.Province) -> None:
    assert accounts("郑州 卫健") == ["健康郑州"]
    assert accounts("郑州 dahe") == ["大河之声"]
    assert accounts("郑州 广东") == []


def test_the_exact_name_comes_before_what_begins_with_it(province: people.Province) -> None:
    for number, name in enumerate(("今日郑州发布", "郑州发布厅", "郑州发布")):
        people.account(name, "", people.unit(f"单位{number}", province.guangdong), uid=f"30{number}")
    refill()
    assert accounts("郑州发布") == ["郑州发布", "郑州发布", "郑州发布厅", "今日郑州发布"]


def test_a_name_that_is_exact_in_short_comes_before_a_shorter_one_that_begins_so(
    province: people.Province,
) -> None:
    people.unit("郑州发布厅", province.zhengzhou)
    refill()
    assert units("郑州发布") == ["郑州市人民政府办公厅", "郑州发布厅"]


def test_nothing_typed_keeps_all_and_nothing_readable_none(province: people.Province) -> None:
    assert len(accounts(" ")) == Account.objects.count()
    assert accounts("%") == accounts("_") == []


def test_a_wildcard_stands_for_nothing(province: people.Province) -> None:
    assert accounts("郑%布") == accounts("郑_布") == accounts("fa%bu_x") == []


def test_what_is_not_in_the_rows_given_is_not_found(province: people.Province) -> None:
    here: QuerySet[Account] = Account.objects.filter(unit__line_division=province.kaifeng)
    assert list(matching(here, "郑州发布")) == []
    assert [account.name for account in matching(here, "发布")] == ["开封发布"]


def test_forms_are_lines_with_a_break_at_both_ends() -> None:
    lines = forms("郑州发布", "@zz_fabu", "gh_4A7B")
    assert lines == "\n郑州发布\nzhengzhoufabu\nzzfb\n@zzfabu\ngh4a7b\n"
    assert forms("\u200b") == ""


def test_refilling_mends_what_is_out_of_line_and_writes_nothing_else(
    province: people.Province, django_assert_num_queries: Any
) -> None:
    Account.objects.filter(name="健康郑州").update(search="")
    refill()
    assert "健康郑州" in accounts("健康郑州")
    with django_assert_num_queries(4):  # for either model: one batch, and that there is no other
        refill()
