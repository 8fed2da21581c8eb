import json
from pathlib import Path

from names import tablefiles
from names.tables import build


def package(folder: Path, files: dict[str, object]) -> Path:
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return folder


def test_division_codes_are_filled_up_and_levels_kept(tmp_path: Path) -> None:
    source = package(
        tmp_path,
        {
            "dist/provinces.json": [{"code": "44", "name": "广东省"}],
            "dist/cities.json": [
                {"code": "4419", "name": "东莞市", "provinceCode": "44"},
                {"code": "4490", "name": "省直辖县级行政区划", "provinceCode": "44"},
            ],
            "dist/areas.json": [
                {"code": "441900", "name": "东莞市", "cityCode": "4419"},
                {"code": "440171", "name": "某开发区", "cityCode": "4419"},
            ],
        },
    )
    rows = [line.split("\t") for line in build.divisions(source).splitlines()[2:]]
    assert [row[:6] for row in rows] == [
        ["440000", "广东省", "province", "", "0", "0"],
        ["441900", "东莞市", "prefecture", "440000", "0", "0"],
        ["449000", "省直辖县级行政区划", "prefecture", "440000", "1", "0"],
        ["441900", "东莞市", "county", "441900", "0", "0"],
        ["440171", "某开发区", "county", "441900", "0", "1"],
    ]


def test_a_letter_takes_the_look_of_its_capital_too(tmp_path: Path) -> None:
    listed = {"\u0442": [{"c": "\u1d1b"}], "\u0422": [{"c": "T"}], "\u0430": [{"c": "a"}]}
    table = build.confusables(package(tmp_path, {"confusables.json": listed}))
    assert table.splitlines()[2:] == ["\u0430\ta", "\u0442\tt"]


def test_readings_lose_their_tones_and_rare_ones(tmp_path: Path) -> None:
    listed = {"发": "fā,fà,bō", "绿": "lǜ,lù", "半": "bàn,pàn", "单": "dān,chán,shàn", "畐": "fú,bī,x"}
    phrases = {"发绿": [["fā"], ["lǜ"]], "绿林": [["lù"], ["lín"]], "半半": [["bàn"], ["bàn"]]}
    phrases |= {"半绿": [["bàn"], ["lǜ"]], "绿绿": [["lù"], ["lǜ"]], "单单": [["dān"], ["dān"]]}
    files: dict[str, object] = {
        "pinyin_dict.json": {str(ord(one)): sounds for one, sounds in listed.items()},
        "phrases_dict.json": phrases,
    }
    pinyin = package(tmp_path / "p", files)
    opencc = package(tmp_path / "o", {"dictionary/TSCharacters.txt": "發\t发\n"})
    assert build.readings(pinyin, opencc) == {
        "发": ["fa"],
        "绿": ["lv", "lu"],
        "半": ["ban"],
        "单": ["dan", "shan"],  # 单县
        "畐": ["fu", "bi"],
    }
    assert build.polyphones(pinyin, opencc).splitlines()[2:] == ["单\tdan shan", "畐\tfu bi", "绿\tlv lu"]
    assert build.pinyin(pinyin, opencc).splitlines()[2] == "ban\t半"


def test_the_committed_readings_hold_those_of_places() -> None:
    sounds = {(one, syllable) for syllable, read_so in tablefiles.rows("pinyin") for one in read_so}
    for place, syllables in tablefiles.rows("place_readings"):
        for character, syllable in zip(place, syllables.split(" "), strict=True):
            assert (character, syllable) in sounds, place


def test_every_generated_table_names_its_source() -> None:
    for name in (
        "divisions",
        "former_divisions",
        "successions",
        "polyphones",
        "traditional",
        "to_traditional",
        "pinyin",
        "confusables",
        "lookalikes_pycorrector",
    ):
        first = (build.HERE / f"{name}.tsv").read_text(encoding="utf-8").partition("\n")[0]
        assert first.startswith("# ")
        assert "SOURCES.md" in first
        assert f"`{name}.tsv`" in (build.HERE / "SOURCES.md").read_text(encoding="utf-8")
