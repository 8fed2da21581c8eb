"""Rows from files of every format, and what is said of those that cannot be used."""

import csv
import gzip
import io
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detection.rowfiles import (
    FORMATS,
    MOST_CHARACTERS,
    Format,
    MatchInputError,
    Row,
    format_of,
    rows_in,
    rows_of,
)

NAME = (("name",),)
# Every code point: NUL, controls, lone surrogates, U+2028 and U+0085 among them.
ANY = st.text(st.characters(), max_size=12)


def rows(content: bytes, form: Format) -> list[Row]:
    return list(rows_in(io.BytesIO(content), form, NAME, "file"))


def names(content: bytes, form: Format) -> list[str]:
    return [row.text("name") for row in rows(content, form)]


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def paired(text: str) -> str:
    """Two surrogates that happen to make a pair are one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def table(names: list[str], delimiter: str) -> bytes:
    file = io.StringIO(newline="")
    writer = csv.writer(file, delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writerows([["id", "name"], *([str(at), name] for at, name in enumerate(names))])
    return encoded(file.getvalue())


# -- what is read


@given(st.lists(ANY))
def test_text_gives_back_any_name_that_fits_on_a_line(texts: list[str]) -> None:
    written = [paired(text.replace("\n", "").rstrip("\r").lstrip("\ufeff")) for text in texts]
    assert names(b"".join(encoded(text) + b"\n" for text in written), "txt") == written


@pytest.mark.parametrize(("form", "delimiter"), [("csv", ","), ("tsv", "\t")])
@given(texts=st.lists(ANY))
def test_tables_give_back_any_name(form: Format, delimiter: str, texts: list[str]) -> None:
    assert names(table(texts, delimiter), form) == [paired(text) for text in texts]


@given(st.lists(ANY), st.booleans())
def test_json_lines_give_back_any_name(texts: list[str], ascii_only: bool) -> None:
    lines = [json.dumps({"name": text}, ensure_ascii=ascii_only) for text in texts]
    assert names(encoded("".join(f"{line}\n" for line in lines)), "jsonl") == [paired(text) for text in texts]


def test_text_is_split_at_line_feeds_alone() -> None:
    content = encoded("a\u2028b\u0085c\x0bd\re\r\n,\tf\n\ng")
    assert names(content, "txt") == ["a\u2028b\u0085c\x0bd\re", ",\tf", "", "g"]


def test_a_pair_of_surrogates_is_the_character_it_stands_for_and_a_lone_one_stays() -> None:
    assert names(b"\xed\xa0\xbd\xed\xb8\x80\xed\xa0\xbd\n", "txt") == ["\U0001f600\ud83d"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_byte_order_mark_is_dropped_once(form: Format) -> None:
    written = {
        "txt": "\ufeffx",
        "csv": "name\n\ufeffx",
        "tsv": "name\n\ufeffx",
        "jsonl": '{"name": "\ufeffx"}',
    }
    assert names(encoded("\ufeff" + written[form]), form) == ["\ufeffx"]


@pytest.mark.parametrize("form", FORMATS)
def test_a_file_of_a_byte_order_mark_alone_is_empty(form: Format) -> None:
    if form in ("csv", "tsv"):
        with pytest.raises(MatchInputError, match="first line"):
            rows(b"\xef\xbb\xbf", form)
    else:
        assert rows(b"\xef\xbb\xbf", form) == []


def test_rows_are_counted_from_one_the_header_aside() -> None:
    assert [row.number for row in rows(b'name\n"a\nb"\n\nc\n', "csv")] == [1, 2]
    assert [row.number for row in rows(b'{"name": ""}\n\n{"name": ""}\n', "jsonl")] == [1, 3]
    assert [row.number for row in rows(b"a\n\nc", "txt")] == [1, 2, 3]


def test_columns_may_stand_in_any_order_and_case_with_others_between() -> None:
    (row,) = rows("\u3000Note, NAME ,id\nx,郑州发布,7\n".encode(), "csv")
    assert (row.text("name"), row.identity("id"), row.text("handle")) == ("郑州发布", "7", "")


def test_a_row_cut_short_has_no_text_in_the_columns_left_out() -> None:
    (row,) = rows(b"name,handle\nx\n", "csv")
    assert row.text("handle") == ""


def test_the_ending_tells_the_format(tmp_path: Path) -> None:
    told = [format_of(Path(name)) for name in ("a.TSV", "a.csv.gz", "a.b.jsonl", "a.gz", "csv", "a.xlsx")]
    assert told == ["tsv", "csv", "jsonl", None, None, None]


def test_a_file_is_decompressed_when_its_name_says_so(tmp_path: Path) -> None:
    path = tmp_path / "names.txt.gz"
    path.write_bytes(gzip.compress(b"a\nb\n"))
    assert [row.text("name") for row in rows_of(path, "txt", NAME)] == ["a", "b"]


def test_a_name_with_quotation_marks_of_its_own_does_not_end_a_table_with_tabs() -> None:
    content = b'id\tname\n1\t"Bobby" Scott\n2\t"a\tb"\n3\tx\n'
    assert names(content, "tsv") == ['"Bobby" Scott', "a\tb", "x"]


# -- what cannot be read


@pytest.mark.parametrize(
    ("form", "content", "words"),
    [
        ("csv", b"", "first line must name the columns; missing there: name"),
        ("csv", b"id;name\n1;x\n", "missing there: name"),
        ("csv", b"name,Name\nx,y\n", "names the column name twice"),
        ("csv", b"id,name\n1,a,b\n", "line 2: 3 cells, but the first line names 2"),
        ("csv", b'id,name\n1,"a\n', "line 2: unexpected end of data"),
        ("csv", b'id,name\n1,"Bobby" Scott\n', "line 2: .*; quote a cell"),
        ("csv", b"name\n" + b"x" * 200_000, "line 2: field larger than"),
        ("txt", b"a\n\xb9\xe3\xb6\xab\n", "line 2: byte 0 is not UTF-8 .*GB18030"),
        ("txt", "郑州".encode("utf-16"), "line 1: byte 0 is not UTF-8 .*UTF-16"),
        ("txt", b"x" * (1 << 24) + b"yz", "line 1: longer than 16,777,216 bytes"),
        ("jsonl", b'{"name": "a"}\n{"name"\n', "line 2: not JSON"),
        ("jsonl", b'["a"]\n', "line 1: not a JSON object"),
        ("jsonl", b"[" * 100_000, "line 1: not JSON"),
        ("jsonl", b'{"name": ' + b"1" * 5000 + b"}", "line 1: not JSON"),
        ("jsonl", b'{"name": 7}\n', "line 1: name must be a text"),
        ("txt", b"x" * (MOST_CHARACTERS + 1), "line 1: name is longer than 10,000 characters"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(form: Format, content: bytes, words: str) -> None:
    with pytest.raises(MatchInputError, match=f"^file.*{words}"):
        names(content, form)


@pytest.mark.parametrize(("value", "identity"), [("x", "x"), (7, 7), (None, None), ("", "")])
def test_an_id_is_a_text_or_a_whole_number(value: object, identity: object) -> None:
    assert Row(1, "file, line 1", {"id": value}).identity("id") == identity


@pytest.mark.parametrize("value", [True, 1.5, [], {}])
def test_any_other_id_is_refused(value: object) -> None:
    with pytest.raises(MatchInputError, match=r"^file, line 1: id must be"):
        Row(1, "file, line 1", {"id": value}).identity("id")


@pytest.mark.parametrize("cut", [0, 5, 15, 25])
def test_a_damaged_archive_is_said_to_be_one(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "names.txt.gz"
    whole = gzip.compress("\n".join(f"{number * 7919}" for number in range(99)).encode())
    path.write_bytes((whole[:cut] + b"\xff" * 9 + whole[cut + 9 :])[: -cut or None])
    with pytest.raises(MatchInputError, match=r"names.txt.gz, line \d+: "):
        list(rows_of(path, "txt", NAME))


def test_what_is_no_file_is_said_to_be_none(tmp_path: Path) -> None:
    for path in (tmp_path, tmp_path / "none.csv"):
        with pytest.raises(MatchInputError, match="cannot be read"):
            list(rows_of(path, "csv", NAME))


@pytest.mark.parametrize("form", FORMATS)
@given(content=st.binary(), start=st.sampled_from([b"", b"name\n", b"name,id\n", b'{"name": "', b"\x1f\x8b"]))
def test_bytes_of_any_kind_are_read_or_refused(form: Format, content: bytes, start: bytes) -> None:
    try:
        for row in rows(start + content, form):
            row.text("name")
            row.identity("id")
    except MatchInputError as error:
        assert str(error).startswith("file")
