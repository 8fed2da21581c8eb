import json
from pathlib import Path
from typing import Any

import pytest

from examples.henan.places import FOLDER
from examples.platform.data import DataError, load

GOOD: dict[str, Any] = {
    "uid": "110000000000000001",
    "handle": "momo",
    "name": "郑州发布",
    "bio": "",
    "created_at": "2023-02-01",
    "followers": 3,
    "bot": False,
    "posts_hours_ago": [1, 2.5],
}


def lines(folder: Path, *rows: object) -> Path:
    path = folder / "accounts.jsonl"
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_the_example_province_loads() -> None:
    assert len(load(FOLDER / "accounts.jsonl")) == 5306


def test_a_good_line_becomes_an_account(tmp_path: Path) -> None:
    (account,) = load(lines(tmp_path, GOOD))
    assert (account.uid, account.posts, account.created.year) == ("110000000000000001", (1.0, 2.5), 2023)


@pytest.mark.parametrize(
    "change",
    [
        {"uid": 110}, {"uid": "1" * 20}, {"uid": "１１"}, {"handle": "a b"}, {"handle": "a" * 31},
        {"handle": "名"}, {"name": None}, {"name": "\ud800"}, {"bio": 3}, {"created_at": "2023-13-01"},
        {"followers": "3"}, {"followers": True}, {"bot": 1}, {"posts_hours_ago": 3},
        {"posts_hours_ago": [2, 1]}, {"posts_hours_ago": [1, 1]}, {"posts_hours_ago": [-1, 1]},
        {"posts_hours_ago": ["1"]}, {"posts_hours_ago": [-1]}, {"posts_hours_ago": [float("nan")]},
        {"posts_hours_ago": [1e300]}, {"posts_hours_ago": [True]}, {"name": "长" * 100_000},
    ],
)  # fmt: skip
def test_an_unfit_line_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    other = {**GOOD, "uid": "2", "handle": "other"}
    with pytest.raises(DataError, match=r"accounts\.jsonl line 2 "):
        load(lines(tmp_path, other, {**GOOD, **change}))


@pytest.mark.parametrize("row", [[], "text", 3, None, {}])
def test_what_is_no_account_is_named(tmp_path: Path, row: object) -> None:
    with pytest.raises(DataError, match="line 1"):
        load(lines(tmp_path, row))


@pytest.mark.parametrize(
    ("change", "what"), [({"handle": "Other"}, "uid"), ({"uid": "2", "handle": "MOMO"}, "handle")]
)
def test_an_id_or_handle_may_not_repeat(tmp_path: Path, change: dict[str, Any], what: str) -> None:
    with pytest.raises(DataError, match=f"the {what} .* twice"):
        load(lines(tmp_path, GOOD, {**GOOD, **change}))


def test_a_missing_or_garbled_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="nowhere"):
        load(tmp_path / "nowhere")
    (tmp_path / "garbled").write_bytes(b"\xff\xfe")
    with pytest.raises(DataError, match="UTF-8"):
        load(tmp_path / "garbled")
    (tmp_path / "deep").write_text("[" * 60_000, encoding="utf-8")
    with pytest.raises(DataError, match="line 1"):
        load(tmp_path / "deep")
