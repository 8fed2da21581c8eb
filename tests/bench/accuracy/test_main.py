"""The whole run on a tiny folder, whose figures are worked out by hand."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bench.accuracy.__main__ import main
from bench.accuracy.measures import MEASURES
from common.datafolder import CHECKOUT
from tests.bench.accuracy.standin import Said, told

FILES = {
    "registry.tsv": (
        "id\tname\thandle\tregion\nR1\t郑州发布\t\t4101\nR2\t平安洛阳\t\t4103\nR3\t人民日报\tpd\t\n"
    ),
    "attacks.tsv": (
        "target_id\ttarget\tvariant\tgenerator\ttechnique\n"
        "R1\t郑州发布\t郑洲发布\tg\thomophone\nR1\t郑州发布\t发布\tg\tdelete\n"
    ),
    "real_pairs.tsv": "names\tcounterfeit\tlikeness\n人民日报\t人民曰报\tyes\n人民日报\t某\u202e社\tno\n",
    "real_negatives.tsv": "genuine_a\tgenuine_b\n@a_care\t@a\n",
    "background_social.tsv": "name\tkind\tofficial\n小鸟\tweibo\tno\n洛阳公安\tweibo\tyes\n",
    "background.tsv": "name\tkind\n大鸟\tcompany\n",
    "siblings.tsv": "name\tdivision\n开封发布\t410200\n",
}
SAID: dict[str, list[Said]] = {
    "郑洲发布": [("郑州发布", "homophone", 0.95)],
    "人民曰报": [("人民日报", "look_alike", 0.96)],
    "a_care": [("a", "extended", 0.9)],
    "大鸟": [("郑州发布", "edited", 0.85)],
    "洛阳公安": [("平安洛阳", "same_body", 0.9)],
    "平安洛阳": [("郑州发布", "edited", 0.85)],
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path / "var"))
    source = tmp_path / "bench"
    source.mkdir()
    for name, text in FILES.items():
        (source / name).write_text(text, encoding="utf-8", newline="")
    return source


def _run(folder: Path, *words: str) -> int:
    return main([str(folder), "--workers", "0", *words], build=told(SAID))


def _figures(folder: Path) -> dict[str, dict[str, object]]:
    text = (folder.parent / "var" / "evaluate" / "figures.json").read_text(encoding="utf-8")
    return {figure["code"]: figure for figure in json.loads(text)["figures"]}


def test_every_figure_stands_beside_its_goal(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert _run(folder) == 0
    measured = {
        code: (one["value"], one["verdict"])
        for code, one in _figures(folder).items()
        if one["value"] is not None
    }
    assert measured == {
        "attacks.found": (50.0, "missed"),
        "attacks.mean_of_techniques": (50.0, ""),
        "attacks.han": (50.0, ""),
        "attacks.given": (100.0, "reached"),
        "real.alike": (100.0, "reached"),
        "real.not_alike": (0.0, ""),
        "genuine.all": (1, "reached"),
        "social.likeness": (0.0, "reached"),
        "social.identical": (0.0, ""),
        "social.office_claim": (0.0, ""),
        "social.same_body": (0.0, ""),
        "background.likeness": (10_000.0, "missed"),
        "background.identical": (0.0, ""),
        "background.office_claim": (0.0, ""),
        "background.same_body": (0.0, ""),
        "left_out.mean": (measured["left_out.mean"][0], "missed"),
        "left_out.worst": (1000.0, "missed"),
        "siblings.flagged": (0.0, ""),
        **{code: value for code, value in measured.items() if code == "search.recall"},
    }
    out = capsys.readouterr().out
    assert "attacks: target in the first three" in out
    assert "missed" in out
    assert "reached" in out


def test_the_lists_hold_what_went_wrong_and_nothing_that_moves_a_cursor(folder: Path) -> None:
    _run(folder)
    results = folder.parent / "var" / "evaluate"
    misses = (results / "misses.tsv").read_text(encoding="utf-8").splitlines()
    assert misses[0].split("\t")[:4] == ["measure", "group", "name", "wanted"]
    assert {line.split("\t")[2] for line in misses[1:] if line.startswith(("attacks", "real"))} == {
        "发布",
        "某[U+202E]社",
    }
    alarms = (results / "false_alarms.tsv").read_text(encoding="utf-8").splitlines()
    assert {line.split("\t")[2] for line in alarms[1:]} == {"@a_care", "大鸟", "洛阳公安", "平安洛阳"}
    assert all(len(line.split("\t")) == 8 for line in misses)
    assert all(len(line.split("\t")) == 7 for line in alarms)


def test_the_document_names_rules_date_and_file_hashes(folder: Path) -> None:
    _run(folder)
    text = (folder.parent / "var" / "evaluate" / "figures.json").read_text(encoding="utf-8")
    document = json.loads(text)
    assert document["rules_version"]
    assert document["measured_at"].endswith("Z")
    assert set(document["files"]) == set(FILES)
    assert all(len(value) == 64 for value in document["files"].values())


@pytest.mark.parametrize("missing", [None, *FILES])
def test_a_missing_file_is_not_measured_and_passes_nothing(folder: Path, missing: str | None) -> None:
    if missing:
        (folder / missing).unlink()
    assert _run(folder) == 0
    figures = _figures(folder)
    for measure in MEASURES:
        files = {f"{need}.tsv".replace("social.", "background_social.") for need in measure.needs}
        is_there = files <= set(FILES) - {missing}
        for figure in measure.figures:
            if not is_there:
                assert figures[figure.code]["value"] is None
                assert figures[figure.code]["verdict"] == "not measured"
                assert "not in the folder" in str(figures[figure.code]["counts"])
            else:
                assert "not in the folder" not in str(figures[figure.code]["counts"])


def test_one_measure_alone_can_be_taken(folder: Path) -> None:
    assert _run(folder, "--only", "genuine") == 0
    assert set(_figures(folder)) == {"genuine.han", "genuine.all"}


def test_the_documentation_names_every_measure_and_file() -> None:
    text = (CHECKOUT / "docs" / "accuracy.md").read_text(encoding="utf-8")
    assert [measure.name for measure in MEASURES if f"`{measure.name}`" not in text] == []
    assert [file for file in FILES if f"`{file}`" not in text] == []


def test_bad_data_ends_with_two_and_writes_nothing(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "attacks.tsv").write_text("target\n", encoding="utf-8")
    assert _run(folder) == 2
    assert "attacks.tsv, line 1" in capsys.readouterr().err
    assert not (folder.parent / "var" / "evaluate").exists()


def test_without_a_folder_it_is_the_example_province(
    folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("ZHENWEI_BENCH_DATA", raising=False)
    assert main([]) == 0
    assert "hard_negative" in capsys.readouterr().out
    results = folder.parent / "var" / "evaluate"
    document = json.loads((results / "figures.json").read_text(encoding="utf-8"))
    assert document["recall"]["all"]["whole"] == 150
    missed = (results / "misses.tsv").read_text(encoding="utf-8").splitlines()
    assert len(missed) - 1 == len(document["missed"])


def test_it_runs_with_the_real_engine_and_two_workers(folder: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.accuracy"],
        cwd=CHECKOUT,
        env={**os.environ, "ZHENWEI_BENCH_DATA": str(folder)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert _figures(folder)["attacks.han"]["value"] == 50.0
