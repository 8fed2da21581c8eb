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


HEAD = "platform,instance,uid,label,kind,target_platform,target_uid,note\n"


@pytest.fixture
def platforms(tmp_path: Path) -> Path:
    """郑州发布 on Mastodon and Weibo; on Douyin somebody took its name, as an export shows."""
    (tmp_path / "registry.csv").write_text(
        "platform,instance,platform_uid,handle,name,unit_division\n"
        "mastodon,example,1,zhengzhou_fabu,郑州发布,410100\nweibo,,2,,郑州发布,410100\n",
        encoding="utf-8",
    )
    (tmp_path / "accounts.jsonl").write_text(
        '{"uid": "1", "handle": "zhengzhou_fabu", "name": "郑州发布"}\n'
        '{"uid": "7", "handle": "x", "name": "今日好彩头"}\n',
        encoding="utf-8",
    )
    (tmp_path / "douyin-export.csv").write_text(
        "用户UID,抖音号,昵称,粉丝数\r\n7,zzfb,郑州发布,6335.7万\r\n8,nobody,小鸟,-\r\n", encoding="gb18030"
    )
    (tmp_path / "answers.csv").write_text(
        f"{HEAD}mastodon,example,1,registered,,,,\n"
        "mastodon,example,7,counterfeit,profile_copied,mastodon,1,\n"
        "douyin,,7,counterfeit,vacant_slot,weibo,2,\ndouyin,,8,ordinary,,,,\n",
        encoding="utf-8",
    )
    return tmp_path


def test_exports_are_read_by_the_mapping_of_their_platform(platforms: Path) -> None:
    result = evaluate(platforms)
    assert result.platforms["douyin"].recall["vacant_slot"] == Share(1, 1)
    assert result.platforms["douyin"].labels == {"counterfeit": 1, "ordinary": 1}
    assert result.recall["all"] == Share(1, 2)


def test_one_id_on_two_platforms_is_two_accounts(platforms: Path) -> None:
    missed = evaluate(platforms).missed
    assert [(one.platform, one.uid, one.name) for one in missed] == [("mastodon/example", "7", "今日好彩头")]


def test_a_kind_that_no_name_shows_is_printed_with_its_reason(platforms: Path) -> None:
    text = as_text(evaluate(platforms))
    assert "profile_copied: 0/1. 要比对头像，而头像尚未抓取；needs avatars, which are not fetched yet" in text
    assert "mastodon/example" in text and "douyin" in text


def test_an_export_that_cannot_be_read_is_named(platforms: Path) -> None:
    (platforms / "douyin-export.csv").write_bytes(b"\0\1\2")
    with pytest.raises(EvaluateInputError, match=r"douyin-export\.csv"):
        evaluate(platforms)


def test_a_row_of_an_export_without_an_id_is_named(platforms: Path) -> None:
    (platforms / "douyin-export.csv").write_text("用户UID,抖音号,昵称\n,zzfb,郑州发布\n", encoding="utf-8")
    with pytest.raises(EvaluateInputError, match="line 2: no id"):
        evaluate(platforms)
