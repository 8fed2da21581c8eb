import json
import subprocess
import sys
from pathlib import Path

import pytest

from config import cli
from detection.compare import AccountName
from detection.match import MatchInputError, account, read_names, read_register

REGISTER = (
    "platform_uid,handle,name,unit_division\n1,zhengzhou_fabu,郑州发布,410100\n2,pingan_zz,平安郑州,410100\n"
)


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "registry.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


def test_it_prints_matches_with_their_reasons(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["match", str(register), "郑洲发布", "小猫", "郑\u200b州发布"]) == 0
    out = capsys.readouterr().out
    assert "homophone" in out
    assert "洲 U+6D32" in out
    assert "郑[U+200B]州发布" in out
    assert "\u200b" not in out
    assert "小猫" in out


def test_it_speaks_english_when_asked(register: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["match", str(register), "郑洲发布", "--language", "en"]) == 0
    assert "sounds the same" in capsys.readouterr().out


def test_json_has_one_object_a_line_in_both_languages(
    register: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["match", str(register), "郑洲发布", "平安正州", "--json", "--limit", "1"]) == 0
    first, second = map(json.loads, capsys.readouterr().out.splitlines())
    assert first["matches"][0]["uid"] == "1"
    assert set(first["matches"][0]["reasons"][0]) == {"code", "points", "zh", "en"}
    assert second["matches"][0]["official_name"] == "平安郑州"


def test_a_file_of_names_may_have_handles(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = tmp_path / "names.txt"
    names.write_text("\ufeff小猫\tzhengzhou_fabu_\n\n@pinganzz\n", encoding="utf-8")
    assert read_names(names) == [AccountName("小猫", "zhengzhou_fabu_"), AccountName("", "@pinganzz")]
    assert cli.main(["match", str(register), "--file", str(names)]) == 0
    assert capsys.readouterr().out.count("handle_tricks") == 2


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"handle\nx\n", "one of them: name"),
        (b"name\n\n", "no row has a name"),
        (b"", "one of them: name"),
        (b"name\n\xff\xfe\n", "UTF-8"),
        (b"name\n" + b"x" * 2000 + b"\n", "line 2"),
    ],
)
def test_an_unusable_register_is_named_with_the_mend(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "registry.csv"
    path.write_bytes(content)
    with pytest.raises(MatchInputError, match=words) as caught:
        read_register(path)
    assert str(path) in str(caught.value)


def test_bad_input_ends_with_two_and_a_clear_word(
    register: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["match", str(tmp_path / "none.csv"), "x"]) == 2
    assert cli.main(["match", str(register)]) == 2
    assert cli.main(["match", str(register), "--file", str(tmp_path)]) == 2
    assert "no name to compare" in capsys.readouterr().err


def test_a_name_too_long_is_refused() -> None:
    with pytest.raises(MatchInputError, match="longer than 1000"):
        account("郑" * 1001, "name 1")


@pytest.mark.parametrize("limit", ["0", "-1", "x"])
def test_a_senseless_limit_is_refused(register: Path, limit: str) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["match", str(register), "x", "--limit", limit])
    assert caught.value.code == 2


def test_match_and_evaluate_start_without_django(register: Path, tmp_path: Path) -> None:
    (tmp_path / "accounts.jsonl").write_text('{"uid": "9", "handle": "a", "name": "b"}\n', encoding="utf-8")
    (tmp_path / "answers.csv").write_text("uid,label,kind,target_uid,note\n9,ordinary,,,\n", encoding="utf-8")
    code = (
        "import sys; from config import cli;"
        f"assert cli.main(['match', {str(register)!r}, 'x']) == 0;"
        f"assert cli.main(['evaluate', {str(tmp_path)!r}]) == 0;"
        "assert not [m for m in sys.modules if m.partition('.')[0] in ('django', 'scrapy', 'elasticsearch')]"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, timeout=60)
