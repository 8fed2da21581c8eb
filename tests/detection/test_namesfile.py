"""The names to compare, from files, standard input and the command line."""

import io
import os
import threading
from pathlib import Path

import pytest

from detection.compare import AccountName
from detection.namesfile import Candidate, names_given, names_in, names_of
from detection.rowfiles import MatchInputError


def test_a_name_of_text_is_the_whole_line() -> None:
    found = list(names_in(io.BytesIO("郑州发布,官方\t号 \r\n\n@zz_fabu\n".encode())))
    assert found == [
        Candidate(1, "郑州发布,官方\t号 ", AccountName("郑州发布,官方\t号 ")),
        Candidate(2, "", AccountName("")),
        Candidate(3, "@zz_fabu", AccountName("", "zz_fabu"), handle_from=1),
    ]
    assert [candidate.is_blank for candidate in found] == [False, True, False]


@pytest.mark.parametrize("text", ["", "\r", " \t\u3000", "@", "@ "])
def test_a_line_without_a_name_is_blank(text: str) -> None:
    (candidate,) = names_in(io.BytesIO(f"{text}\n".encode()))
    assert candidate.is_blank


def test_tables_have_ids_handles_and_platforms(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("id,name,handle,platform\n7,小猫,@cat,weibo\n,@dog,,\n8,@a,b,\n", encoding="utf-8")
    assert list(names_of(path)) == [
        Candidate(1, "小猫", AccountName("小猫", "cat"), "7", "weibo", 1),
        Candidate(2, "@dog", AccountName("", "dog"), "", "", 1),
        Candidate(3, "@a", AccountName("@a", "b"), "8"),
    ]


def test_ids_are_passed_through_as_they_are() -> None:
    lines = b'{"name": "a", "id": 7}\n{"name": "b", "id": "7"}\n{"name": "c"}\n{"name": "d", "id": null}\n'
    assert [candidate.id for candidate in names_in(io.BytesIO(lines), "jsonl")] == [7, "7", None, None]


def test_the_format_given_outranks_the_ending(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text("a,b\n", encoding="utf-8")
    assert [candidate.name for candidate in names_of(path, "txt")] == ["a,b"]


def test_an_ending_nobody_knows_asks_for_the_format(tmp_path: Path) -> None:
    path = tmp_path / "names.xlsx"
    path.write_bytes(b"x")
    with pytest.raises(MatchInputError, match=r"does not end in \.txt, .*; name its --format"):
        names_of(path)


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(MatchInputError, match="names: cannot be read: No such file"):
        list(names_of(tmp_path / "names"))


def test_a_pipe_is_text(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_bytes, args=(b"a,b\n",))
    writer.start()
    assert [candidate.name for candidate in names_of(pipe)] == ["a,b"]
    writer.join()


def test_names_are_read_one_at_a_time() -> None:
    names = names_in(io.BytesIO(b"first\n\xff\n"))
    assert next(names).name == "first"
    with pytest.raises(MatchInputError, match="standard input, line 2"):
        next(names)


def test_names_given_one_by_one_are_counted() -> None:
    assert list(names_given(["小猫", "@cat"])) == [
        Candidate(1, "小猫", AccountName("小猫")),
        Candidate(2, "@cat", AccountName("", "cat"), handle_from=1),
    ]
    with pytest.raises(MatchInputError, match=r"^name 2: "):
        list(names_given(["x", "x" * 10_001]))


@pytest.mark.parametrize(
    ("form", "content"), [("csv", b"id,name\n7\n"), ("jsonl", b'{"handle": "x"}\n'), ("jsonl", b"{}\n")]
)
def test_a_row_must_have_a_name(form: str, content: bytes) -> None:
    with pytest.raises(MatchInputError, match=r"line \d: no name"):
        list(names_in(io.BytesIO(content), form))  # type: ignore[arg-type]
