from datetime import date
from email.headerregistry import Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registry.columns import Known
from registry.contact_entries import COLUMNS, ContactEntry, parse
from registry.contacts import HOURS, LINES
from registry.errors import BadRegister
from tests.registry.contacts import SOUND, SPONSOR, contact, contacts

KNOWN = Known(date(2026, 11, 24))


def faults(*rows: str) -> list[str]:
    with pytest.raises(BadRegister) as caught:
        parse(contacts(*rows), KNOWN)
    return [str(fault) for fault in caught.value.faults]


def test_a_sound_row_becomes_an_entry() -> None:
    (entry,) = parse(contacts(contact(valid_to="2026-12-31")), KNOWN)
    values = {**SOUND, "rank": 1, "valid_from": date(2026, 1, 1), "valid_to": date(2026, 12, 31)}
    assert entry == ContactEntry(file_line=2, **values)  # type: ignore[arg-type]
    assert entry.key == ("cac", "410100", None, "周晓", date(2026, 1, 1))


def test_a_contact_of_a_unit_is_known_by_its_unit() -> None:
    (entry,) = parse(contacts(contact(**SPONSOR)), KNOWN)
    assert entry.unit_key == ("郑州市人民政府办公厅", "410100")


@pytest.mark.parametrize("reach", [{"phone": ""}, {"email": ""}])
def test_a_phone_or_an_e_mail_address_is_enough(reach: dict[str, str]) -> None:
    assert parse(contacts(contact(**reach)), KNOWN)


def test_a_contact_may_have_ended_or_begin_later() -> None:
    rows = contact(valid_from="2020-01-01", valid_to="2020-01-01"), contact(valid_from="2031-01-01")
    assert len(parse(contacts(*rows), KNOWN)) == 2


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"line": "网信"}, "line, “网信”: unknown line; use one of sponsor, supervision, cac"),
        ({"line": "polics"}, "line, “polics”: unknown line; did you mean police?"),
        ({"line": ""}, "line: is empty; this column needs a value"),
        ({"division": "郑州市"}, "division, “郑州市”: not a division code; write 410100 for 郑州市"),
        ({"division": "419000"}, "only groups districts"),
        ({"division": "410171"}, "郑州经济技术开发区 has no offices of its own; write 410100"),
        ({"division": ""}, "division: no place is given; write a division, or unit and unit_division"),
        ({"unit": "某局"}, "“410100”: a contact belongs to a division or to a unit; leave one empty"),
        ({"division": "", "unit": "某局", "unit_division": "410100"}, "cac is an office of a division"),
        ({**SPONSOR, "unit_division": ""}, "fill unit and unit_division"),
        ({**SPONSOR, "unit": ""}, "fill unit and unit_division"),
        ({"line": "sponsor"}, "division, “410100”: a sponsor is a unit; write unit and unit_division"),
        ({"office": ""}, "office: is empty"),
        ({"person": "\u200b"}, "person, “<U+200B>”: contains a blank or mark that cannot be seen"),
        ({"person": "周\u200b晓"}, "person, “周<U+200B>晓”: contains a blank or mark that cannot be seen"),
        ({"office": "办\u202e公室"}, "office, “办<U+202E>公室”: contains a control character"),
        ({"phone": "", "email": ""}, "phone: neither phone nor e-mail; give at least one of them"),
        ({"phone": "(0371)6000"}, "phone, “(0371)6000”: not a phone number; write digits with -"),
        ({"phone": "１１０"}, "not a phone number"),
        ({"phone": "12"}, "not a phone number"),
        ({"phone": "1" * 21}, "not a phone number"),
        ({"phone": "110;postd=1"}, "not a phone number"),
        ({"email": "zhou"}, "email, “zhou”: not an e-mail address; write one address alone"),
        ({"email": "a@henan.example b@henan.example"}, "not an e-mail address"),
        ({"email": "周晓 <a@henan.example>"}, "not an e-mail address"),
        ({"email": "a\tb@henan.example"}, "contains a control character"),
        ({"email": "a\u2028Bcc:x@henan.example"}, "contains a control character"),
        ({"email": f"{'a' * 65}@henan.example"}, "not an e-mail address"),
        ({"email": "a..b@henan.example"}, "not an e-mail address"),
        ({"email": "ａ@henan.example"}, "not an e-mail address"),
        ({"email": "a@henan"}, "“a@henan”: not a domain that mail can be sent to; correct what"),
        ({"email": "a@henan.example."}, "not a domain"),
        ({"email": "a@henan.example>"}, "not a domain"),
        ({"email": "a@henan.example;b"}, "not a domain"),
        ({"email": "a@[192.0.2.1]"}, "not a domain"),
        ({"email": "a@192.0.2.1"}, "not a domain"),
        ({"email": "a@-henan.example"}, "not a domain"),
        ({"email": "a@xn--a.example"}, "not a domain"),
        ({"email": "a@郑州.政务"}, "write the domain as xn--6rt074i.xn--zfr164b"),
        ({"rank": "0"}, "rank, “0”: not a rank; write 1 for who is told first"),
        ({"rank": "100"}, "not a rank"),
        ({"rank": "一"}, "not a rank"),
        ({"rank": ""}, "rank: is empty"),
        ({"hours": "day"}, "hours, “day”: unknown hours"),
        ({"valid_from": ""}, "valid_from: is empty"),
        ({"valid_from": "2026/1/1"}, "“2026/1/1”: not a date as it is kept here; write 2026-01-01"),
        ({"valid_to": "2026-02-30"}, "valid_to, “2026-02-30”: there is no such day"),
        ({"valid_to": "2025-12-31"}, "valid_to, “2025-12-31”: lies before the first day 2026-01-01"),
    ],
)  # fmt: skip
def test_a_bad_value_is_refused_with_place_and_mend(changes: dict[str, str], told: str) -> None:
    (fault,) = faults(contact(**changes))
    assert fault.startswith("line 2, ")
    assert told in fault


def test_a_name_that_only_looks_filled_is_refused() -> None:
    (fault,) = faults(contact(person="\u115f"))  # a filler of Hangul, a letter to every program
    assert "nothing of this name can be seen" in fault


def test_the_same_contact_twice_is_refused() -> None:
    assert faults(contact(), contact(phone="110")) == [
        "line 3, person, “周晓”: this contact stands in line 2 already; keep one of the two"
    ]


def test_one_person_may_hold_several_posts() -> None:
    rows = [contact(), contact(line="police"), contact(division="410200"), contact(**SPONSOR)]
    assert len(parse(contacts(*rows), KNOWN)) == 4


def test_all_faults_are_collected_in_file_order() -> None:
    told = faults(contact(rank="x", hours="y"), contact(person="吴涛"), contact(phone="", email=""))
    assert [fault.split(": ")[0] for fault in told] == [
        "line 2, rank, “x”", "line 2, hours, “y”", "line 4, phone",
    ]  # fmt: skip


HOSTILE = st.text(max_size=12) | st.sampled_from(
    [*LINES, *HOURS, *SOUND.values(), "410171", "441900", "9999-12-31", "a@b.c", "１", "²", "٣"]
)


@given(st.lists(st.dictionaries(st.sampled_from(list(COLUMNS)), HOSTILE, max_size=3), max_size=4))
def test_whatever_the_values_it_gives_all_entries_or_raises_its_own_error(
    changes: list[dict[str, str]],
) -> None:
    data = contacts(*(contact(**change) for change in changes)).decode("utf-8", "surrogatepass")
    try:
        taken = parse(data.encode("utf-8", "surrogatepass"), KNOWN)
    except BadRegister as error:
        assert error.total >= len(error.faults) >= 1
        assert all(fault.problem and fault.mend for fault in error.faults)
    else:
        assert len({entry.key for entry in taken}) == len(taken)
        assert all(entry.phone or entry.email for entry in taken)
        assert all(bool(entry.division) is not bool(entry.unit) for entry in taken)


MARKS = st.text("ab1@.-+<>\"'(),:;\\ \r\n\0x\u200b。＠州", max_size=16)


@given(MARKS | st.builds("{}@henan.example".format, MARKS) | st.builds("a@b{}".format, MARKS))
def test_an_address_that_is_taken_is_one_plain_address_for_the_mail_library_too(address: str) -> None:
    problem = COLUMNS["email"].problem(address.strip(), KNOWN)
    if problem is None and address.strip():
        read = Address(addr_spec=address.strip())
        assert read.addr_spec == address.strip()
        assert read.addr_spec.isascii()
        assert not set(read.addr_spec) & set('\r\n\0 "<>(),:;\\')


@given(st.text("0123456789+- ()#;,", max_size=24))
def test_a_phone_number_that_is_taken_holds_digits_and_single_blanks(number: str) -> None:
    if COLUMNS["phone"].problem(number, KNOWN) is None and number:
        digits = number.removeprefix("+").replace("-", " ").split(" ")
        assert all(group.isdigit() for group in digits)
        assert 3 <= sum(map(len, digits)) <= 20
