from collections.abc import Mapping
from datetime import date
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.faults import BadFile, Fault, Faults
from common.sheets.model import Row, Table
from registry.contact_cells import email, rules
from registry.contact_reading import ContactRecord, read
from registry.contacts import HOURS, LINES
from registry.known import Known
from registry.problems import Problem
from tests.registry.contacts import SOUND, SPONSOR, contact

KNOWN = Known(date(2026, 11, 24))
COLUMNS = tuple(SOUND)


def read_rows(
    *rows: Mapping[str, object], columns: tuple[str, ...] = COLUMNS, sheet: str = "", **mapping: str
) -> tuple[list[ContactRecord], list[Fault], list[Fault]]:
    """Records, faults and notices of a table, whose header stands in line 1."""
    faults, notices = Faults(), Faults()
    table = Table(sheet, columns, 1, (Row(at, row) for at, row in enumerate(rows, start=2)))
    records = list(read([table], mapping, KNOWN, faults, notices))
    return records, faults.kept, notices.kept


def sound(*rows: Mapping[str, object]) -> list[ContactRecord]:
    records, faults, _ = read_rows(*rows)
    assert faults == []
    return records


def faults(*rows: Mapping[str, object]) -> list[str]:
    return [fault.sentence("en") for fault in read_rows(*rows)[1]]


def test_a_sound_row_becomes_a_record() -> None:
    (record,) = sound(contact(valid_to="2026-12-31"))
    assert record.row == ("", 2)
    assert (record.line, record.division, record.unit, record.unit_division) == ("cac", "410100", "", "")
    assert (record.office, record.person) == ("郑州市委网信办", "周晓")
    assert (record.phone, record.email) == ("000-4101-0001", "zhou.xiao@henan.example")
    assert (record.rank, record.hours) == (1, "always")
    assert (record.valid_from, record.valid_to) == (date(2026, 1, 1), date(2026, 12, 31))


def test_chinese_headings_and_words_mean_the_same() -> None:
    heads = (
        "条线", "行政区划", "单位名称", "单位行政区划代码", "办公室", "联系人", "联系电话", "电子邮箱",
        "顺序", "值守时间", "生效日期", "失效日期（可空）",
    )  # fmt: skip
    words = {
        **SOUND,
        "line": "网信办",
        "division": "郑州市",
        "hours": "7×24小时",
        "valid_from": "2026年1月1日",
    }
    row = dict(zip(heads, (words[column] for column in COLUMNS), strict=True))
    records, found, notices = read_rows(row, columns=heads)
    assert (found, notices) == ([], [])
    (plain,) = sound(contact())
    names = [name for name in ContactRecord.__slots__ if name != "spot"]
    assert [getattr(records[0], name) for name in names] == [getattr(plain, name) for name in names]


def test_a_contact_of_a_unit_is_known_by_its_unit() -> None:
    (record,) = sound(contact(**SPONSOR))
    assert (record.division, record.unit_key) == ("", ("郑州市人民政府办公厅", "410100"))


def test_beside_a_sponsor_the_column_of_divisions_means_the_units() -> None:
    (record,) = sound(contact(**{**SPONSOR, "division": "410100", "unit_division": ""}))
    assert (record.division, record.unit_key) == ("", ("郑州市人民政府办公厅", "410100"))


@pytest.mark.parametrize("reach", [{"phone": ""}, {"email": ""}])
def test_a_phone_or_an_e_mail_address_is_enough(reach: dict[str, str]) -> None:
    assert sound(contact(**reach))


def test_a_contact_may_have_ended_or_begin_later() -> None:
    rows = contact(valid_from="2020-01-01", valid_to="2020-01-01"), contact(valid_from="2031-01-01")
    assert len(sound(*rows)) == 2


@pytest.mark.parametrize(
    ("changes", "kind", "told"),
    [
        ({"line": "水利"}, "line_unknown", "“水利”: this word is not known; write one of: sponsor"),
        ({"line": "polics"}, "line_unknown", "did you mean “police”?"),
        ({"line": ""}, "value_empty", "is empty; this column needs a value"),
        ({"division": "419000"}, "division_placeholder", "only groups others"),
        ({"division": "鼓楼区"}, "division_ambiguous", "divisions are called 鼓楼区"),
        ({"division": "410728"}, "division_ended", "410783"),
        ({"division": "410171"}, "division_without_offices", "has no offices of its own; write 410100"),
        ({"division": ""}, "place_missing", "no place is given; write a division, or a unit"),
        ({"unit": "某局"}, "place_twice", "a contact belongs to a division or to a unit; leave one"),
        ({"division": "", "unit": "某局", "unit_division": "410100"}, "place_not_unit", "of a division"),
        ({**SPONSOR, "unit": ""}, "unit_unnamed", "no name; fill in its name"),
        ({"line": "sponsor"}, "place_not_division", "“410100”: a sponsor is a unit; write the unit"),
        ({"office": ""}, "value_empty", "column “office”: is empty"),
        ({"person": "\u200b"}, "name_empty", "“<U+200B>”: nothing of this name can be seen"),
        ({"person": "周\u200b晓"}, "value_hidden_mark", "“周<U+200B>晓”: contains a blank or mark"),
        ({"office": "办\u202e公室"}, "value_control_character", "“办<U+202E>公室”: contains the control"),
        ({"person": "周" * 61}, "value_too_long", "61 characters, at most 60 are kept"),
        ({"phone": "", "email": ""}, "contact_unreachable", "column “phone”: neither phone nor e-mail"),
        ({"phone": "(0371)6000"}, "phone_shape", "“(0371)6000”: not a phone number; write one number"),
        ({"phone": "１１０"}, "phone_shape", "not a phone number"),
        ({"phone": "12"}, "phone_shape", "not a phone number"),
        ({"phone": "1" * 21}, "phone_shape", "not a phone number"),
        ({"phone": "110;postd=1"}, "phone_shape", "not a phone number"),
        ({"email": "zhou"}, "email_shape", "“zhou”: not an e-mail address; write one address alone"),
        ({"email": "a@henan.example b@henan.example"}, "email_shape", "not an e-mail address"),
        ({"email": "周晓 <a@henan.example>"}, "email_shape", "not an e-mail address"),
        ({"email": "a\tb@henan.example"}, "value_control_character", "contains the control character"),
        ({"email": "a\u2028Bcc:x@henan.example"}, "value_control_character", "contains the control"),
        ({"email": f"{'a' * 65}@henan.example"}, "email_shape", "not an e-mail address"),
        ({"email": "a..b@henan.example"}, "email_shape", "not an e-mail address"),
        ({"email": "ａ@henan.example"}, "email_shape", "not an e-mail address"),
        ({"email": "a@henan"}, "email_domain", "not a domain that mail can be sent to; correct what"),
        ({"email": "a@henan.example."}, "email_domain", "not a domain"),
        ({"email": "a@henan.example>"}, "email_domain", "not a domain"),
        ({"email": "a@[192.0.2.1]"}, "email_domain", "not a domain"),
        ({"email": "a@192.0.2.1"}, "email_domain", "not a domain"),
        ({"email": "a@-henan.example"}, "email_domain", "not a domain"),
        ({"email": "a@xn--a.example"}, "email_domain", "not a domain"),
        ({"email": "a@郑州.政务"}, "email_domain", "write the domain as xn--6rt074i.xn--zfr164b"),
        ({"rank": "0"}, "rank_shape", "“0”: not a rank; write 1 for who is told first"),
        ({"rank": "100"}, "rank_shape", "not a rank"),
        ({"rank": "一"}, "rank_shape", "not a rank"),
        ({"rank": ""}, "value_empty", "column “rank”: is empty"),
        ({"hours": "day"}, "hours_unknown", "“day”: this word is not known"),
        ({"valid_from": ""}, "value_empty", "column “valid_from”: is empty"),
        ({"valid_from": "1/2/2026"}, "day_unclear", "not clear which day is meant"),
        ({"valid_to": "2026-02-30"}, "day_impossible", "“2026-02-30”: there is no such day"),
        ({"valid_to": "2025-12-31"}, "span_reversed", "“2025-12-31”: lies before the first day 2026-01-01"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_place_and_mend(changes: dict[str, str], kind: str, told: str) -> None:
    _, (fault,), _ = read_rows(contact(**changes))
    assert fault.kind == kind
    assert fault.sentence("en").startswith("line 2, column ")
    assert told in fault.sentence("en")


def test_every_fault_is_told_in_chinese_too() -> None:
    _, (fault,), _ = read_rows(contact(email="a@郑州.政务"))
    assert fault.sentence("zh") == (
        "第2行 “email”列 “a@郑州.政务”：@ 后面不是能收信的域名；域名请写成 xn--6rt074i.xn--zfr164b"
    )


def test_the_same_contact_twice_is_refused() -> None:
    assert faults(contact(), contact(phone="110")) == [
        "line 3, column “person”, “周晓”: this contact stands in line 2 already; keep one of the two"
    ]


def test_one_person_may_hold_several_posts() -> None:
    rows = [contact(), contact(line="police"), contact(division="410200"), contact(**SPONSOR)]
    assert len(sound(*rows)) == 4


def test_a_row_with_a_fault_is_left_out_and_the_rest_read_on() -> None:
    records, found, _ = read_rows(
        contact(rank="x", hours="y"), contact(person="吴涛"), contact(phone="", email="")
    )
    assert [record.person for record in records] == ["吴涛"]
    assert [(fault.place.line, fault.place.column) for fault in found] == [
        (2, "rank"),
        (2, "hours"),
        (4, "phone"),
    ]


def test_what_a_file_leaves_out_is_told_and_not_said() -> None:
    columns = ("line", "division", "office", "person", "phone")
    records, found, notices = read_rows(contact(), columns=columns)
    (record,) = records
    assert found == []
    assert (record.rank, record.hours, record.valid_from, record.email) == (None, None, None, None)
    assert (record.valid_to, record.has_valid_to) == (None, False)
    assert [notice.kind for notice in notices] == ["valid_from_assumed", "rank_assumed", "hours_assumed"]


@pytest.mark.parametrize(
    ("left_out", "missing"),
    [
        (("line",), "line"),
        (("office",), "office"),
        (("person",), "person"),
        (("division", "unit"), "division"),
        (("phone", "email"), "phone"),
    ],
)
def test_a_table_without_a_needed_column_is_refused_with_its_headings(
    left_out: tuple[str, ...], missing: str
) -> None:
    columns = tuple(column for column in COLUMNS if column not in left_out)
    with pytest.raises(BadFile) as caught:
        read_rows(contact(), columns=columns)
    (fault,) = caught.value.faults
    assert (fault.kind, fault.place.line) == ("column_missing", 1)
    assert missing in fault.said("en")


def test_a_heading_that_nobody_knows_can_be_mapped() -> None:
    row = {**contact(), "负责同志": "周晓"}
    columns = (*(column for column in COLUMNS if column != "person"), "负责同志")
    (record,), found, _ = read_rows(row, columns=columns, 负责同志="person")
    assert (record.person, found) == ("周晓", [])
    with pytest.raises(BadFile, match="no field"):
        read_rows(row, columns=columns, 负责同志="nobody")


def test_a_sheet_of_something_else_is_passed_over() -> None:
    faults_, notices = Faults(), Faults()
    other = Table("说明", ("标题", "内容"), 1, iter([]))
    mine = Table("联系人", COLUMNS, 3, iter([Row(4, contact())]))
    records = list(read([other, mine], {}, KNOWN, faults_, notices))
    assert [record.row for record in records] == [("联系人", 4)]
    assert "sheet_passed_over" in notices.kinds
    with pytest.raises(BadFile, match="no table"):
        list(read([Table("说明", ("标题", "内容"), 1, iter([]))], {}, KNOWN, Faults(), Faults()))


def test_json_objects_are_read_one_by_one() -> None:
    bare = {key: value for key, value in contact(person="吴涛").items() if key not in ("rank", "hours")}
    rows: list[Mapping[str, object]] = [
        {**contact(), "rank": 2},
        bare,
        {**contact(), "person": ["x"]},
        {"line": "cac"},
    ]
    records, found, notices = read_rows(*rows, columns=())
    assert [(record.person, record.rank) for record in records] == [("周晓", 2), ("吴涛", None)]
    assert [(fault.kind, fault.place.line) for fault in found] == [
        ("value_not_text", 4), *[("column_missing", 5)] * 4,
    ]  # fmt: skip
    assert [notice.kind for notice in notices] == ["rank_assumed", "hours_assumed"]


HOSTILE = st.text(max_size=12) | st.sampled_from(
    [*LINES, *HOURS, *SOUND.values(), "410171", "441900", "410728", "9999-12-31", "a@b.c", "１", "²", "٣"]
)


@given(st.lists(st.dictionaries(st.sampled_from(COLUMNS), HOSTILE, max_size=3), max_size=4))
def test_whatever_the_values_it_gives_a_record_or_a_fault_for_each_row(changes: list[dict[str, str]]) -> None:
    records, found, _ = read_rows(*(contact(**change) for change in changes))
    rows = {fault.place.line for fault in found} | {record.row[1] for record in records}
    assert rows == set(range(2, 2 + len(changes)))
    assert not {fault.place.line for fault in found} & {record.row[1] for record in records}
    assert all(record.phone or record.email for record in records)
    assert all(bool(record.division) is not bool(record.unit) for record in records)
    assert all(fault.said("zh") and fault.said("en") for fault in found)


MARKS = st.text("ab1@.-+<>\"'(),:;\\ \r\n\0x\u200b。＠州", max_size=16)


@given(MARKS | st.builds("{}@henan.example".format, MARKS) | st.builds("a@b{}".format, MARKS))
def test_an_address_that_is_taken_is_one_plain_address_for_the_mail_library_too(address: str) -> None:
    if email(address) is None:
        read_so = Address(addr_spec=address)
        assert read_so.addr_spec == address
        assert address.isascii()
        assert not set(address) & set('\r\n\0 "<>(),:;\\')


@given(st.text("0123456789+- ()#;,", min_size=1, max_size=24))
def test_a_phone_number_that_is_taken_holds_digits_and_single_blanks(number: str) -> None:
    taken = rules(KNOWN)["phone"][number]
    if not isinstance(taken, Problem):
        digits = number.removeprefix("+").replace("-", " ").split(" ")
        assert all(group.isdigit() for group in digits)
        assert 3 <= sum(map(len, digits)) <= 20
