import csv
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from names.divisions import all_divisions
from registry import columns
from registry.entries import COLUMNS, Entry, parse
from registry.errors import BadRegister
from registry.kinds import STATES, UNIT_KINDS
from tests.registry.register import KNOWN, SOUND, register, row

BAD = Path(__file__).parent.parent / "data" / "bad_registry"
EXPECTED = {
    name: (int(total), first)
    for name, total, first in csv.reader(
        (BAD / "expected.tsv").read_text(encoding="utf-8").splitlines(), "excel-tab", quoting=csv.QUOTE_NONE
    )
}


def test_every_bad_file_has_its_expected_fault() -> None:
    assert {path.stem for path in BAD.glob("*.csv")} == set(EXPECTED)


@pytest.mark.parametrize("defect", sorted(EXPECTED))
def test_a_bad_file_is_refused_with_place_and_mend(defect: str) -> None:
    with pytest.raises(BadRegister) as caught:
        parse((BAD / f"{defect}.csv").read_bytes(), KNOWN)
    assert (caught.value.total, str(caught.value.faults[0])) == EXPECTED[defect]


def test_a_sound_row_becomes_an_entry() -> None:
    (entry,) = parse(register(row()), KNOWN)
    assert entry == Entry(line=2, **{**SOUND, "opened_on": date(2019, 8, 1)})  # type: ignore[arg-type]
    assert entry.account_key == ("weibo", "", "1903424")
    assert entry.unit_key == ("郑州市人民政府办公厅", "410100")


def test_optional_values_may_be_empty() -> None:
    (entry,) = parse(register(row(handle="", certified_subject="", home_url="", opened_on="")), KNOWN)
    assert (entry.handle, entry.home_url, entry.opened_on) == ("", "", None)


def test_a_planned_account_may_open_in_the_future() -> None:
    (entry,) = parse(register(row(state="planned", opened_on="2031-01-01")), KNOWN)
    assert entry.opened_on == date(2031, 1, 1)


def test_an_account_may_open_today() -> None:
    assert parse(register(row(opened_on=KNOWN.today.isoformat())), KNOWN)


def test_a_unit_may_lie_in_a_statistical_zone() -> None:
    assert parse(register(row(unit_division="410171")), KNOWN)


def test_a_code_that_stands_in_two_levels_is_the_prefecture() -> None:
    (entry,) = parse(register(row(unit_division="441900")), KNOWN)
    assert entry.unit_division == "441900"
    with pytest.raises(BadRegister):
        parse(register(row(unit_division="441900-county")), KNOWN)


def test_a_division_that_ended_takes_no_unit(monkeypatch: pytest.MonkeyPatch) -> None:
    ending = replace(all_divisions()[0], valid_to=KNOWN.today.isoformat())
    monkeypatch.setattr(columns, "by_key", lambda _: ending)
    assert parse(register(row()), KNOWN)
    monkeypatch.setattr(columns, "by_key", lambda _: replace(ending, valid_to="2026-11-23"))
    with pytest.raises(BadRegister, match="ended on 2026-11-23"):
        parse(register(row()), KNOWN)


def test_one_uid_may_stand_on_two_instances_and_two_platforms() -> None:
    rows = [
        row(),
        row(platform="douyin"),
        row(platform="mastodon", instance="a"),
        row(platform="mastodon", instance="b"),
    ]
    assert len(parse(register(*rows), KNOWN)) == 4


def test_two_units_of_one_name_in_two_divisions_may_differ_in_kind() -> None:
    rows = [row(), row(platform_uid="2", unit_division="410200", unit_kind="department")]
    assert len(parse(register(*rows), KNOWN)) == 2


def test_all_faults_are_collected_in_file_order() -> None:
    with pytest.raises(BadRegister) as caught:
        parse(register(row(state="x", name=""), row(platform_uid="2"), row(unit_kind="y")), KNOWN)
    assert [(fault.line, fault.column) for fault in caught.value.faults] == [
        (2, "name"),
        (2, "state"),
        (4, "unit_kind"),
    ]


def test_one_bad_row_among_many_refuses_the_whole_file() -> None:
    rows = [row(platform_uid=str(number)) for number in range(500)]
    with pytest.raises(BadRegister) as caught:
        parse(register(*rows, row(state="gone")), KNOWN)
    assert caught.value.total == 1


HOSTILE = st.text(max_size=12) | st.sampled_from(
    [*STATES, *UNIT_KINDS, *SOUND.values(), "441900", "9999-12-31", "1E+5"]
)


@given(st.lists(st.dictionaries(st.sampled_from(list(COLUMNS)), HOSTILE, max_size=3), max_size=4))
def test_whatever_the_values_it_gives_all_entries_or_raises_its_own_error(
    changes: list[dict[str, str]],
) -> None:
    data = register(*(row(**change) for change in changes)).decode("utf-8", "surrogatepass")
    try:
        taken = parse(data.encode("utf-8", "surrogatepass"), KNOWN)
    except BadRegister as error:
        assert error.total >= len(error.faults) >= 1
        assert all(fault.problem and fault.mend for fault in error.faults)
    else:
        assert len({entry.account_key for entry in taken}) == len(taken)
        assert all(entry.name and entry.unit and entry.state in STATES for entry in taken)


@given(st.binary(max_size=200), st.integers(0, 400), st.integers(0, 40))
def test_damaged_bytes_never_raise_anything_else(junk: bytes, start: int, length: int) -> None:
    sound = register(row(), row(platform_uid="2"))
    try:
        parse(sound[:start] + junk + sound[start + length :], KNOWN)
    except BadRegister as error:
        assert error.faults
