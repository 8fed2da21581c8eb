import json
from pathlib import Path

import pytest

from config import cli
from detection.answerfiles import EvaluateInputError
from detection.evaluate import Share, as_text, evaluate

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


def test_it_counts_recall_by_the_answers_kind_and_precision_by_the_rules_kind(folder: Path) -> None:
    result = evaluate(folder)
    assert result.recall == {"homophone": Share(1, 2), "theme": Share(0, 1), "all": Share(1, 3)}
    assert result.precision == {"extended": Share(0, 1), "homophone": Share(2, 2), "all": Share(2, 3)}


def test_a_share_of_nothing_has_no_value() -> None:
    assert Share(0, 0).value is None
    assert Share(1, 4).value == 0.25


def test_an_equal_name_of_an_innocent_is_counted_apart_and_is_no_false_alarm(folder: Path) -> None:
    for file, line in (
        ("accounts.jsonl", '\n{"uid": "17", "handle": "swan", "name": "郑州发布"}'),
        ("answers.csv", "17,hard_negative,,,\n"),
    ):
        with (folder / file).open("a", encoding="utf-8") as opened:
            opened.write(line)
    result = evaluate(folder)
    assert result.apart == {"hard_negative": 2}  # 杭州发布 claims an office that nobody holds
    assert result.flagged == {"counterfeit": 2, "hard_negative": 1}
    assert [one.uid for one in result.false_alarms] == ["14"]


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
    assert figures["recall"]["all"]["value"] == pytest.approx(1 / 3)


@pytest.mark.parametrize(
    ("file", "content", "words"),
    [
        ("registry.csv", "platform_uid,handle,name\n1,a,b\n", "column unit_division"),
        ("registry.csv", "platform_uid,handle,name,unit_division\n", "no account is registered"),
        ("registry.csv", "platform_uid,handle,name,unit_division\n1,,,\n", "line 2: neither name"),
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
    with pytest.raises(EvaluateInputError, match=words):
        evaluate(folder)
    assert cli.main(["evaluate", str(folder)]) == 2
    assert file in capsys.readouterr().err


@pytest.mark.parametrize("file", ["registry.csv", "accounts.jsonl", "answers.csv"])
def test_a_missing_file_is_named(folder: Path, file: str) -> None:
    (folder / file).unlink()
    with pytest.raises(EvaluateInputError, match=file):
        evaluate(folder)
