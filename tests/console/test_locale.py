"""Everything the console says is there in Chinese, and what is shipped is what was compiled."""

import re

import pytest
from babel.messages.catalog import Catalog
from django.urls import reverse
from django.utils import translation

from console import words
from console.locale import compile as catalogue
from registry.roles import CHINESE, Role
from tests import cast as people
from tests.cast import Cast, Province
from tests.console.conftest import SignedIn


@pytest.fixture(scope="module")
def kept() -> Catalog:
    """The committed catalogue."""
    return catalogue.read()


def ids(catalog: Catalog) -> set[str]:
    """Everything the catalogue knows."""
    return {str(message.id) for message in catalog if message.id}


def test_the_catalogue_holds_exactly_what_is_said(kept: Catalog) -> None:
    assert ids(kept) == {str(sentence) for sentence in catalogue.said()}


def test_nothing_is_without_chinese(kept: Catalog) -> None:
    assert catalogue.missing(kept) == []


def test_translations_keep_the_places_to_fill(kept: Catalog) -> None:
    for message in kept:
        said = message.id if isinstance(message.id, str) else message.id[0]
        chinese = message.string if isinstance(message.string, str) else "".join(message.string or ())
        holes = r"%\(\w+\)[sd]"
        assert set(re.findall(holes, said)) == set(re.findall(holes, chinese)), said


def test_the_compiled_catalogue_is_that_of_the_text(kept: Catalog) -> None:
    assert catalogue.compiled(kept) == catalogue.MO.read_bytes(), "run python -m console.locale.compile"


def test_a_catalogue_without_chinese_is_noticed() -> None:
    catalog = Catalog(locale="zh_Hans")
    catalog.add("said", "")
    catalog.add(("one", "many"), ("",))
    assert catalogue.missing(catalog) == ["said", "('one', 'many')"]


PLAIN = ["start", "cases", "alerts", "contacts", "findings", "coverage", "password", "registry", "missing"]


@pytest.mark.parametrize("page", [*PLAIN, "case", "sheet", "suspect", "alert", "unit", "account"])
def test_no_page_in_chinese_says_anything_in_english(
    page: str, kept: Catalog, place: Province, everybody: Cast, signed_in: SignedIn
) -> None:
    case = people.case(place.zhengzhou_account, "warned", severity="S1")
    people.case(place.kaifeng_account, uid="9002")
    people.contact("sponsor", place.zhengzhou_account.unit)
    objects = {"suspect": case.suspect_id, "alert": people.alert(case).pk}
    objects |= {"unit": case.target.unit_id, "account": case.target_id}
    people.coverage(place.zhengzhou_account, "failed")
    people.finding(place.zhengzhou_account)
    people.run()
    address = reverse(page, args=[] if page in PLAIN else [objects.get(page, case.pk)])
    answer = signed_in(everybody.reviewer, "zh-hans").get(address)
    text = re.sub(r"<[^>]+>", "\n", answer.content.decode())
    lines = {line.strip() for line in text.splitlines()}
    english = {sentence for sentence in ids(kept) if not re.search("[一-鿿]", sentence)}
    same_in_both = {"SHA-256", "S1", "S2", "S3", "S4"}
    assert lines & english - same_in_both == set()
    assert '<html lang="zh-Hans">' in answer.content.decode()


@pytest.mark.parametrize("role", list(Role))
def test_every_role_has_a_title_in_both_languages(role: Role) -> None:
    with translation.override("zh-hans"):
        assert words.role(role) == CHINESE[role]
    with translation.override("en"):
        assert words.role(role) == role.replace("_", " ")
