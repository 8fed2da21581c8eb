from pathlib import Path

import numpy as np
import pytest

from names import tablefiles
from names.tables import draw
from names.tables.draw import Drawn


def pictures(**drawn: list[float]) -> Drawn:
    rows = np.array(list(drawn.values()), dtype=np.float32)
    return Drawn(list(drawn), rows / np.linalg.norm(rows, axis=1, keepdims=True))


def test_common_characters_are_those_of_gb_2312() -> None:
    common = draw.common_characters()
    assert (len(common), common[0], common[3754], common[-1]) == (6763, "啊", "座", "齄")


def test_only_what_is_alike_enough_is_listed_and_never_the_character_itself() -> None:
    drawn = pictures(国=[10, 1], 固=[10, 2], 山=[1, 10], 囯=[10, 1])
    assert list(draw.drawn_alike(drawn, ["国", "固", "山"])) == [("国", "固", "99"), ("固", "国", "99")]
    assert list(draw.rare_alike(drawn, ["国", "固", "山"])) == [("国", "囯", "99"), ("固", "囯", "99")]


def test_characters_that_share_a_part_need_less_and_those_that_share_none_are_not_alike() -> None:
    drawn = pictures(沙=[10, 8], 吵=[8, 10], 少=[3, 10], 山=[10, 9])
    made_of = {"沙": ("a", "氵", "少"), "吵": ("a", "口", "少")}
    listed = {one: likes for one, likes, _ in draw.parts_alike(drawn, ["沙", "吵", "少", "山"], made_of)}
    assert listed == {"沙": "吵少", "吵": "沙少", "少": "吵沙"}


def test_decompositions_are_read_with_parts_said_once_or_twice(tmp_path: Path) -> None:
    file = tmp_path / "lib" / "data" / "cjk-decomp.txt.js"
    file.parent.mkdir(parents=True)
    file.write_text(
        "module.exports = `10001:ra(丨)\n林:ra(木)\n街:a(彳,圭,亍)\n明:a(日,月)\n李:d(木,子)\n`;",
        encoding="utf-8",
    )
    made_of = draw.decompositions(tmp_path)
    assert made_of == {"林": ("a", "木", "木"), "明": ("a", "日", "月"), "李": ("d", "木", "子")}


@pytest.mark.parametrize(
    ("character", "alike", "table"),
    [
        ("国", "固", "lookalikes_drawn"),
        ("未", "末", "lookalikes_drawn"),
        ("国", "囯", "lookalikes_rare"),
        ("沙", "吵", "lookalikes_parts"),
        ("州", "洲", "lookalikes_parts"),
        ("检", "捡", "lookalikes_parts"),
    ],
)
def test_known_pairs_are_in_the_tables_both_ways(character: str, alike: str, table: str) -> None:
    likes = {one: others for one, others, _ in tablefiles.rows(table)}
    assert alike in likes[character]
    assert table == "lookalikes_rare" or character in likes[alike]


@pytest.mark.parametrize(("one", "other"), [("国", "公"), ("郑", "州"), ("河", "法"), ("京", "津")])
def test_unrelated_characters_are_not_alike(one: str, other: str) -> None:
    for table in ("lookalikes_drawn", "lookalikes_rare", "lookalikes_parts"):
        assert other not in {first: others for first, others, _ in tablefiles.rows(table)}.get(one, "")


@pytest.mark.parametrize("table", ["lookalikes_drawn", "lookalikes_rare", "lookalikes_parts"])
def test_likes_are_ranked_and_each_has_a_strength(table: str) -> None:
    for character, likes, strengths in tablefiles.rows(table):
        ranked = list(map(int, strengths.split(" ")))
        assert len(ranked) == len(likes) == len(set(likes))
        assert ranked == sorted(ranked, reverse=True)
        assert character not in likes
        assert max(ranked) < 100


def test_a_character_is_split_side_by_side_only() -> None:
    written = dict(tablefiles.rows("split"))
    assert {written[one] for one in "林明好"} == {"木木", "日月", "女子"}
    assert "卓月" in written["朝"].split(" ")
    assert not written.keys() & set("李国员")
    assert all(len(pair) == 2 for pairs in written.values() for pair in pairs.split(" "))
