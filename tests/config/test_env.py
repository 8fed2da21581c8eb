"""Secrets that are made once, whoever comes first."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from uuid import uuid4

import pytest

from config import env


def test_of_two_that_make_a_secret_at_once_the_first_one_stays(tmp_path: Path) -> None:
    path = tmp_path / "keys" / "secret"
    mine = env.kept(path, lambda: env.kept(path, lambda: "theirs") and "mine")
    assert mine == path.read_text(encoding="ascii").strip() == "theirs"
    assert [each.name for each in path.parent.iterdir()] == ["secret"]


def test_everybody_reads_the_same_secret(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        read = pool.map(lambda _: env.kept(tmp_path / "secret", lambda: uuid4().hex), range(200))
    assert len(set(read)) == 1


def test_the_spelling_of_a_choice_is_the_listed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLOUR", " Red ")
    assert env.one_of("COLOUR", "blue", ("blue", "red")) == "red"


@pytest.mark.parametrize(("content", "said"), [(b" \n", "is empty"), (b"\xff", "not UTF-8")])
def test_a_secret_file_must_hold_a_secret(
    content: bytes, said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_bytes(content)
    monkeypatch.setenv("KEY_FILE", str(tmp_path / "file"))
    with pytest.raises(env.SettingError, match=f"KEY_FILE: .* {said}"):
        env.secret("KEY")
