"""A register as somebody wrote it down."""

import gzip
import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.datafolder import CHECKOUT
from detection.compare import AccountName
from detection.registryfile import Official, read_register
from detection.rowfiles import MatchInputError


def register(folder: Path, content: str, name: str = "registry.csv") -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_ids_may_repeat_and_a_handle_may_stand_alone(tmp_path: Path) -> None:
    path = register(
        tmp_path,
        "id,name,handle,platform,region,sponsor,colour\n"
        "1,郑州发布,@zhengzhou,weibo,410100,郑州市人民政府办公厅,red\n"
        "1,郑州市人民政府,,,,,\n"
        "2,,pingan_zz\n",
    )
    assert read_register(path) == [
        Official("1", AccountName("郑州发布", "zhengzhou", "410100"), "weibo", "@zhengzhou"),
        Official("1", AccountName("郑州市人民政府")),
        Official("2", AccountName("", "pingan_zz"), "", "pingan_zz"),
    ]


def test_names_are_kept_as_written(tmp_path: Path) -> None:
    path = register(tmp_path, "id,name\n1, 郑州\u200b发布\u3000\n")
    assert read_register(path)[0].name.name == " 郑州\u200b发布\u3000"


@pytest.mark.parametrize("name", ["registry.tsv", "registry.tsv.gz", "registry.jsonl", "registry.JSONL.GZ"])
def test_the_same_register_in_another_format(tmp_path: Path, name: str) -> None:
    rows = [{"id": "1", "name": "郑州发布"}, {"id": "2", "name": None, "handle": "zz"}]
    lines = (
        [json.dumps(row) for row in rows]
        if "json" in name.lower()
        else ["id\tname\thandle", "1\t郑州发布\t", "2\t\tzz"]
    )
    content = "\n".join(lines).encode()
    (tmp_path / name).write_bytes(gzip.compress(content) if name.lower().endswith(".gz") else content)
    expected = [Official("1", AccountName("郑州发布")), Official("2", AccountName("", "zz"), "", "zz")]
    assert read_register(tmp_path / name) == expected


def test_the_register_of_the_product_serves_as_it_is() -> None:
    heard: list[str] = []
    found = read_register(CHECKOUT / "examples" / "henan" / "registry.csv", heard.append)
    assert (
        Official(
            "108719228865587445",
            AccountName("郑州发布", "zhengzhou_fabu", "410100"),
            "mastodon",
            "zhengzhou_fabu",
        )
        in found
    )
    assert heard == []


def test_a_number_as_id_stays_one_and_is_a_text_too(tmp_path: Path) -> None:
    (official,) = read_register(register(tmp_path, '{"id": 7, "name": "x"}', "registry.jsonl"))
    assert (official.id, official.uid) == (7, "7")


def test_odd_regions_are_told_once_and_ignored(tmp_path: Path) -> None:
    path = register(
        tmp_path,
        "id,name,region\n1,a,410100\n2,b,US-VA\n3,c,999999\n4,d, 441900-county \n5,e,\n",
    )
    heard: list[str] = []
    found = read_register(path, heard.append)
    assert [official.name.division for official in found] == ["410100", "", "", "441900-county", ""]
    assert heard == [
        f"2 rows with a region that is no division code, ignored, the first: 'US-VA' in {path}, line 3"
    ]


def test_rows_that_protect_nothing_are_told_once(tmp_path: Path) -> None:
    path = register(tmp_path, "id,name,handle\n1,a,\n2,,\n3, ,\n")
    heard: list[str] = []
    assert len(read_register(path, heard.append)) == 1
    assert heard == [f"2 rows passed over, with neither name nor handle, the first: {path}, line 3"]


@pytest.mark.parametrize(
    ("region", "division"),
    [("41", "410000"), ("4101", "410100"), ("410100", "410100"), ("41010", ""), ("99", "")],
)
def test_a_division_code_may_lack_the_zeros_at_its_end(tmp_path: Path, region: str, division: str) -> None:
    (official,) = read_register(register(tmp_path, f"id,name,region\n1,a,{region}\n"))
    assert official.name.division == division


def test_a_region_in_json_may_be_a_number_or_nonsense(tmp_path: Path) -> None:
    path = register(
        tmp_path, '{"id": 1, "name": "a", "region": 410100}\n{"id": 2, "name": "b", "region": [1]}', "r.jsonl"
    )
    assert [official.name.division for official in read_register(path)] == ["410100", ""]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("name\nx\n", "missing there: id or platform_uid"),
        ("id,handle\n1,x\n", "missing there: name"),
        ("id,name\n", "no row has a name or a handle"),
        ("id,name\n1,\n", "no row has a name or a handle"),
        ("id,name\n,x\n", "line 2: no id"),
        ("id,name\n1,a\n2,b,c\n", "line 3: 3 cells"),
    ],
)
def test_an_unusable_register_is_named_with_the_mend(tmp_path: Path, content: str, words: str) -> None:
    path = register(tmp_path, content)
    with pytest.raises(MatchInputError, match=words) as caught:
        read_register(path)
    assert str(path) in str(caught.value)


@pytest.mark.parametrize("name", ["registry.txt", "registry", "registry.xlsx"])
def test_a_register_of_no_known_format_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(MatchInputError, match=r"ends in \.csv, \.tsv or \.jsonl"):
        read_register(register(tmp_path, "id,name\n1,x\n", name))


@pytest.mark.parametrize("ending", ["csv", "tsv", "jsonl", "csv.gz"])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(),
    start=st.sampled_from([b"", b"id,name\n1,", b"id\tname\n1\t", b'{"id": "', b"\x1f\x8b\x08"]),
)
def test_bytes_of_any_kind_are_a_register_or_refused(
    tmp_path: Path, ending: str, content: bytes, start: bytes
) -> None:
    path = tmp_path / f"registry.{ending}"
    path.write_bytes(start + content)
    try:
        assert read_register(path)
    except MatchInputError as error:
        assert str(path) in str(error)
