import json
from pathlib import Path

import pytest

from config import cli
from detection.evaluate import as_text, evaluate
from detection.match import MatchInputError

REGISTRY = (
    "platform_uid,handle,name,unit_division\n1,zhengzhou_fabu,郑州发布,410100\n2,pingan_zz,平安郑州,410100\n"
)
ACCOUNTS = [
    ("1", "zhengzhou_fabu", "郑州发布"),
    ("11", "cat", "郑洲发布"),
    ("12", "dog", "郑州城市宣讲"),
    ("13", "wolf", "平安正州"),
    ("14", "zhengzhou", "官方郑州发布"),
    ("15", "bird", "小鸟"),
    ("16", "hangzhou", "杭州发布"),
]
ANSWERS = """uid,label,kind,target_uid,note
1,registered,,,
11,counterfeit,homophone,1,
12,counterfeit,theme,1,
13,counterfeit,homophone,1,the rules say account 2
14,hard_negative,,,
15,ordinary,,,
16,hard_negative,,,
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "registry.csv").write_text(REGISTRY, encoding="utf-8")
    lines = (json.dumps({"uid": uid, "handle": handle, "name": name}) for uid, handle, name in ACCOUNTS)
    (tmp_path / "accounts.jsonl").write_text("\n".join(lines), encoding="utf-8")
    (tmp_path / "answers.csv").write_text(ANSWERS, encoding="utf-8")
    return tmp_path


def test_it_counts_recall_by_target_and_precision_by_label(folder: Path) -> None:
    result = evaluate(folder)
    homophone, affix = result.kinds["homophone"], result.kinds["affix"]
    assert (homophone.known, homophone.found, homophone.said, homophone.right) == (2, 1, 2, 2)
    assert (homophone.recall, homophone.precision) == (0.5, 1.0)
    assert (affix.known, affix.recall, affix.precision) == (0, None, 0.0)
    assert (result.total.known, result.total.found, result.total.said, result.total.right) == (3, 1, 3, 2)


def test_what_was_missed_and_what_was_wrong_is_listed(folder: Path) -> None:
    result = evaluate(folder)
    assert [one.uid for one in result.missed] == ["12", "13"]
    assert [one.uid for one in result.false_alarms] == ["14"]
    text = as_text(result)
    assert "郑州城市宣讲" in text
    assert "官方郑州发布" in text


def test_a_registered_account_is_not_asked_about(folder: Path) -> None:
    result = evaluate(folder)
    assert result.labels["registered"] == 1
    assert "registered" not in result.flagged


def test_the_command_prints_tables_or_json_and_ends_well(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["evaluate", str(folder)]) == 0
    assert "recall" in capsys.readouterr().out
    assert cli.main(["evaluate", str(folder), "--json"]) == 0
    figures = json.loads(capsys.readouterr().out)
    assert figures["kinds"]["all"]["recall"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("answers.csv", "uid,label,kind\n", "column target_uid"),
        ("answers.csv", "uid,label,kind,target_uid\n11,fake,,\n", "line 2: the label"),
        ("answers.csv", "uid,label,kind,target_uid\n99,ordinary,,\n", "no such account"),
        ("accounts.jsonl", "{}\n", "line 1"),
        ("accounts.jsonl", "\n[]\n", "line 2"),
        ("accounts.jsonl", '{"uid": 1, "name": "a", "handle": "b"}\n', "must be texts"),
    ],
)
def test_an_unusable_file_is_named_with_its_line(
    folder: Path, file: str, content: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / file).write_text(content, encoding="utf-8")
    with pytest.raises(MatchInputError, match=words):
        evaluate(folder)
    assert cli.main(["evaluate", str(folder)]) == 2
    assert file in capsys.readouterr().err


@pytest.mark.parametrize("file", ["registry.csv", "accounts.jsonl", "answers.csv"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(MatchInputError, match=file):
        evaluate(folder)
