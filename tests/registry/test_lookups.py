from datetime import UTC, date, datetime

import pytest

from registry import lookups
from registry.errors import Refused
from registry.models import Division, Unit, User
from registry.roles import Role

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def rows() -> None:
    beijing = Division.objects.create(code="110000", name="北京市", level="province", path="/CN/110000/")
    Division.objects.create(
        code="110100", name="市辖区", level="prefecture", parent=beijing, path="/CN/110000/110100/",
        is_placeholder=True,
    )  # fmt: skip
    hubei = Division.objects.create(code="420000", name="湖北省", level="province", path="/CN/420000/")
    for name, place in (("教育局", beijing), ("教育局", hubei), ("北京市大数据局", beijing)):
        Unit.objects.create(
            name=name, kind="department", line_division=place, created_at=datetime(2026, 1, 1, tzinfo=UTC)
        )
    User.objects.create(username="li.na", role=Role.AUDITOR)


def test_what_exists_is_found() -> None:
    assert lookups.role("auditor") is Role.AUDITOR
    assert lookups.division("110000").name == "北京市"
    assert lookups.unit("北京市大数据局").line_division_id == "110000"
    assert lookups.unit("教育局", "420000").line_division_id == "420000"
    assert lookups.user("li.na").role == Role.AUDITOR


def refusal(look: object, *words: str) -> str:
    with pytest.raises(Refused) as caught:
        look(*words)  # type: ignore[operator]
    return str(caught.value)


def test_an_ended_division_names_what_followed() -> None:
    beijing = Division.objects.get(code="110000")
    ended = {"level": "county", "parent": beijing, "valid_to": date(2015, 10, 31)}
    for code, name, followed in (("110228", "密云县", ["110118"]), ("110103", "崇文区", [])):
        path = f"/CN/110000/{code}/"
        Division.objects.create(code=code, name=name, path=path, successors=followed, **ended)
    assert refusal(lookups.division, "110228").endswith("has ended: use 110118")
    assert refusal(lookups.division, "110103").endswith("has ended: use what it lies in now")


def test_an_unknown_role_names_the_nearest() -> None:
    assert refusal(lookups.role, "revewer") == "unknown role “revewer”: did you mean reviewer?"
    assert "use one of reviewer, duty_officer" in refusal(lookups.role, "zzz")


def test_an_unknown_division_shows_what_a_code_looks_like() -> None:
    assert "as 410100 for 郑州市" in refusal(lookups.division, "41")


def test_a_placeholder_is_no_place_to_watch() -> None:
    assert "use 110000" in refusal(lookups.division, "110100")


def test_a_name_borne_by_several_units_asks_for_the_division() -> None:
    assert "--unit-division (110000, 420000)" in refusal(lookups.unit, "教育局")


def test_an_unknown_unit_names_the_nearest() -> None:
    assert "did you mean 北京市大数据局?" in refusal(lookups.unit, "北京大数据局")
    assert "import the register first" in refusal(lookups.unit, "zzz")
    assert "in 110000" in refusal(lookups.unit, "zzz", "110000")


def test_an_unknown_person_names_the_nearest() -> None:
    assert "did you mean li.na?" in refusal(lookups.user, "lina")
    assert "users list" in refusal(lookups.user, "\x1bzzz")
    assert "\x1b" not in refusal(lookups.user, "\x1bzzz")


@pytest.mark.parametrize(
    "text", ["", "2027-02-30", "20271231", "2027-W01-1", "31.12.2027", "2027-12-31 ", "明天"]
)
def test_a_day_is_written_in_one_way_only(text: str) -> None:
    assert "write it as 2027-12-31" in refusal(lookups.day, text)
    assert lookups.day("2027-12-31") == date(2027, 12, 31)
