import json
from pathlib import Path

import pytest

from examples.henan import places
from examples.henan.places import Place, stem


@pytest.mark.parametrize(
    ("name", "spoken"),
    [
        ("郑州市", "郑州"),
        ("鼓楼区", "鼓楼"),
        ("杞县", "杞县"),
        ("顺河回族区", "顺河回族"),
        ("河南省", "河南省"),
    ],
)
def test_the_spoken_name_drops_the_level_but_never_leaves_one_character(name: str, spoken: str) -> None:
    assert stem(name) == spoken


def test_the_committed_places_are_in_order_and_hang_together() -> None:
    known = places.read()
    assert list(known) == sorted(known)
    for place in known.values():
        assert len(place.code) == 6
        assert (place.level == "province") == (place.parent == "")
        assert not place.parent or place.parent in known
        assert place.name not in places.PLACEHOLDERS
    assert known["419001"] == Place("419001", "济源市", "county", "410000")
    assert sum(place.stem == "鼓楼" for place in known.values()) == 4


def test_selecting_keeps_henan_and_its_namesakes_and_skips_placeholders(tmp_path: Path) -> None:
    write(tmp_path, "provinces", [{"code": "41", "name": "河南省"}, {"code": "35", "name": "福建省"}])
    write(
        tmp_path,
        "cities",
        [
            {"code": "4102", "name": "开封市", "provinceCode": "41"},
            {"code": "4190", "name": "省直辖县级行政区划", "provinceCode": "41"},
            {"code": "3501", "name": "福州市", "provinceCode": "35"},
        ],
    )
    county = ("code", "name", "cityCode", "provinceCode")
    rows = [
        ("419001", "济源市", "4190", "41"),
        ("410204", "鼓楼区", "4102", "41"),
        ("350102", "鼓楼区", "3501", "35"),
        ("350103", "台江区", "3501", "35"),
    ]
    write(tmp_path, "areas", [dict(zip(county, row, strict=True)) for row in rows])
    kept = {place.code: place for place in places.select(tmp_path)}
    assert list(kept) == ["350000", "350100", "350102", "410000", "410200", "410204", "419001"]
    assert kept["419001"].parent == "410000"
    assert (
        places.table(list(kept.values()))
        .decode()
        .startswith("code,name,level,parent\n350000,福建省,province,\n")
    )


def write(folder: Path, name: str, rows: list[dict[str, str]]) -> None:
    (folder / f"{name}.json").write_text(json.dumps(rows), encoding="utf-8")
