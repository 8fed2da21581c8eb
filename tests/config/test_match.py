"""`zhenwei match` as analysts and scripts call it."""

import argparse
import gzip
import io
import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.datafolder import CHECKOUT
from config import cli
from config.commands import match
from detection import match as flow
from detection import workers
from detection.kinds import KINDS

REGISTER = """\
id,name,handle,platform,region
R1,郑州发布,zhengzhou_fabu,weibo,410100
R1,郑州市人民政府,,weibo,410100
R2,平安郑州,,weibo,US-VA
"""
KEYS = ["row", "name", "id", "rules", "matches"]

Run = Callable[..., tuple[int, list[dict[str, Any]], str]]


@pytest.fixture
def register(tmp_path: Path) -> Path:
    path = tmp_path / "registry.csv"
    path.write_text(REGISTER, encoding="utf-8")
    return path


@pytest.fixture
def run(register: Path, capfdbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run `zhenwei match` on the register: exit code, objects on standard output, text on standard error."""

    def of(*words: object) -> tuple[int, list[dict[str, Any]], str]:
        code = cli.main(["match", "--registry", str(register), *map(str, words)])
        said = capfdbinary.readouterr()
        return code, [json.loads(line) for line in said.out.splitlines()], said.err.decode()

    return of


def feed(monkeypatch: pytest.MonkeyPatch, content: bytes) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(content)))


def file(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_bytes(gzip.compress(content.encode()) if name.endswith(".gz") else content.encode())
    return path


# -- what comes out


def test_standard_output_has_an_object_for_each_row_that_matches(run: Run, tmp_path: Path) -> None:
    names = file(tmp_path, "names.txt", "郑洲发布\n\n小猫\n@zhengzhou_fabu_\n郑洲发布\n")
    code, told, said = run("--names", names)
    assert code == 0
    assert [(one["row"], one["name"]) for one in told] == [
        (1, "郑洲发布"),
        (4, "@zhengzhou_fabu_"),
        (5, "郑洲发布"),
    ]
    assert all(list(one) == KEYS for one in told)
    assert {one["matches"][0]["id"] for one in told} == {"R1"}
    assert "4 of 5 rows compared (1 blank); 3 matched" in said
    assert "1 row with a region that is no division code, ignored, the first: 'US-VA'" in said
    assert len(said.splitlines()) == 2


def test_nothing_found_is_no_error(run: Run) -> None:
    code, told, said = run("小猫")
    assert (code, told) == (0, [])
    assert "1 of 1 rows compared (0 blank); 0 matched" in said


@pytest.mark.parametrize("name", ["names.txt", "names.csv", "names.tsv.gz", "names.jsonl", "names.jsonl.gz"])
def test_names_of_every_format_are_told_alike(run: Run, tmp_path: Path, name: str) -> None:
    content = {
        "txt": "小猫\n郑洲发布\n",
        "csv": "name\n小猫\n郑洲发布\n",
        "tsv": "name\tid\n小猫\t\n郑洲发布\t\n",
        "jsonl": '{"name": "小猫"}\n{"name": "郑洲发布"}\n',
    }
    names = file(tmp_path, name, content[name.split(".")[1]])
    (one,) = run("--names", names)[1]
    assert one["row"] == 2
    assert one["matches"] == run("郑洲发布")[1][0]["matches"]


def test_standard_input_is_text(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, "name,id\n郑洲发布\n".encode())
    assert [one["row"] for one in run("--names", "-")[1]] == [2]


def test_standard_input_may_have_another_format(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    feed(monkeypatch, "id,name\n7,郑洲发布\n".encode())
    assert [(one["row"], one["id"]) for one in run("--names", "-", "--format", "csv")[1]] == [(1, "7")]


def test_a_registered_account_itself_gives_no_output(run: Run, tmp_path: Path) -> None:
    names = file(tmp_path, "names.csv", "id,platform,name\nR1,weibo,郑州发布\nX,weibo,郑州发布\n")
    told = run("--names", names)[1]
    assert [(one["row"], [match["kind"] for match in one["matches"]]) for one in told] == [(2, ["identical"])]


def test_the_result_may_go_to_a_file(run: Run, tmp_path: Path) -> None:
    out = tmp_path / "out.jsonl"
    code, told, _ = run("郑洲发布", "--out", out)
    assert (code, told) == (0, [])
    assert [json.loads(line)["name"] for line in out.read_bytes().splitlines()] == ["郑洲发布"]


def test_top_and_threshold_are_kept(run: Run) -> None:
    (one,) = run("郑洲发布", "--threshold", "0", "--top", "1")[1]
    assert {match["id"] for match in one["matches"]} == {"R1"}
    everything = run("郑洲发布", "--threshold", "0")[1][0]["matches"]
    assert {match["id"] for match in everything} >= {"R1"}
    assert run("郑洲发布", "--threshold", "1")[1] == []


@pytest.mark.parametrize(("language", "words"), [("zh", "相似度"), ("en", "official name")])
def test_people_get_a_table(
    register: Path, capfd: pytest.CaptureFixture[str], language: str, words: str
) -> None:
    given = ["郑洲发布", "--table", "--language", language]
    assert cli.main(["match", "--registry", str(register), *given]) == 0
    shown = capfd.readouterr().out
    assert words in shown.splitlines()[0]
    assert "郑州发布" in shown
    assert cli.main(["match", "--registry", str(register), "小猫", "--table"]) == 0
    assert capfd.readouterr().out == ""


# -- what goes wrong


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "give either --names FILE"),
        (["--names", "names.txt", "小猫"], "give either --names FILE"),
        (["--names", "none.txt"], "none.txt: cannot be read"),
        (["--names", "names.xlsx"], "name its --format"),
        (["--names", "bad.txt"], "bad.txt, line 2: byte 0 is not UTF-8"),
        (["--names", "names.txt", "--format", "csv"], "missing there: name"),
        (["--names", "names.txt", "--out", "none/out.jsonl"], "cannot be written"),
        (["--names", "names.txt", "--out", "names.txt"], "is read here"),
        (["--names", "names.txt", "--out", "registry.csv"], "is read here"),
    ],
)
def test_bad_input_is_two_with_nothing_written(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    file(tmp_path, "names.txt", "郑洲发布\n")
    file(tmp_path, "names.xlsx", "郑洲发布\n")
    Path("bad.txt").write_bytes("郑洲发布\n".encode() + b"\xff\n")
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    code, told, err = run(*words)
    assert (code, told) == (2, [])
    assert said in err
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_bad_row_in_the_middle_leaves_the_earlier_file(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(flow, "BATCH", 1)
    out = file(tmp_path, "out.jsonl", "before\n")
    names = file(tmp_path, "names.jsonl", '{"name": "郑洲发布"}\n' * 9 + '{"name": 1}\n')
    code, told, err = run("--names", names, "--out", out)
    assert (code, told) == (2, [])
    assert "names.jsonl, line 10: name must be a text" in err
    assert out.read_text() == "before\n"
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize(
    "words", [["--top", "0"], ["--threshold", "1.1"], ["--threshold", "nan"], ["--format", "x"]]
)
def test_a_senseless_option_is_refused(register: Path, words: list[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        cli.main(["match", "--registry", str(register), "x", *words])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (workers.WorkerDied("one of the processes ended"), "one of the processes ended; nothing was written"),
        (KeyboardInterrupt(), "interrupted; nothing was written"),
        (OSError(28, "No space left on device"), "No space left on device"),
    ],
)
def test_an_end_halfway_is_three(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: BaseException, said: str
) -> None:
    def fail(*_: object) -> None:
        raise error

    monkeypatch.setattr(workers, "in_order", fail)
    code, told, err = run("郑洲发布", "--out", tmp_path / "out.jsonl")
    assert (code, told) == (3, [])
    assert said in err
    assert not list(tmp_path.glob("*out*"))


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_it_with_nothing_left(register: Path, tmp_path: Path, sign: signal.Signals) -> None:
    names, out = tmp_path / "names", tmp_path / "out.jsonl"
    os.mkfifo(names)
    words = ["match", "--registry", str(register), "--names", str(names), "--out", str(out)]
    with (
        subprocess.Popen(
            [sys.executable, "-m", "config.cli", *words], cwd=CHECKOUT, stderr=subprocess.PIPE, text=True
        ) as process,
        names.open("w", encoding="utf-8") as file,
    ):
        file.write("郑洲发布\n" * 5000)
        file.flush()
        deadline = time.monotonic() + 20
        while not list(tmp_path.glob(".out.jsonl.*.part")):
            assert time.monotonic() < deadline
            time.sleep(0.02)
        time.sleep(0.3)
        process.send_signal(sign)
        _, said = process.communicate(timeout=20)
    assert process.returncode == 3
    assert said.splitlines()[-1] == "zhenwei match: interrupted; nothing was written"
    assert "Traceback" not in said
    assert not list(tmp_path.glob("*out*"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=30)
@given(
    register=st.binary(max_size=60),
    names=st.binary(max_size=60),
    form=st.sampled_from(["txt", "csv", "tsv", "jsonl"]),
)
def test_files_of_any_bytes_end_well_or_with_two(
    tmp_path: Path, capfd: pytest.CaptureFixture[str], register: bytes, names: bytes, form: str
) -> None:
    (tmp_path / "registry.csv").write_bytes(b"id,name\n1,\xe9\x83\x91\xe5\xb7\x9e\n2," + register)
    (tmp_path / "names").write_bytes((b"name\n" if form in ("csv", "tsv") else b"") + names)
    words = [
        "--registry",
        str(tmp_path / "registry.csv"),
        "--names",
        str(tmp_path / "names"),
        "--format",
        form,
    ]
    assert cli.main(["match", *words, "--threshold", "0"]) in (0, 2)
    assert "Traceback" not in capfd.readouterr().err


# -- what is written about it

PLACES = ("docs/match.md", "README.md", "README.zh-CN.md")
EXAMPLES = [
    line.strip()
    for text in (match.HELP, *((CHECKOUT / place).read_text(encoding="utf-8") for place in PLACES))
    for line in text.splitlines()
    if line.startswith(" ") and "zhenwei match --" in line
]


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_example_can_be_called(example: str) -> None:
    words = shlex.split(example.partition(" < ")[0])[2:]
    parser = argparse.ArgumentParser()
    match.add_arguments(parser)
    args = parser.parse_args(words)
    assert bool(args.names) != bool(args.given)


def test_the_documentation_names_every_key_and_option(run: Run) -> None:
    told = (CHECKOUT / "docs" / "match.md").read_text(encoding="utf-8")
    (one,) = run("郑洲发布")[1]
    parser = argparse.ArgumentParser(add_help=False)
    match.add_arguments(parser)
    for word in (*one, *one["matches"][0], *one["matches"][0]["reasons"][0]):
        assert f'"{word}": ' in told
    for option in parser._option_string_actions:
        assert option in told


def test_the_door_is_documented_with_every_kind() -> None:
    told = (CHECKOUT / "docs" / "match.md").read_text(encoding="utf-8").split("## Kinds\n", 1)[1]
    assert re.findall(r"^\| `([a-z_]+)` \|", told, re.MULTILINE) == list(KINDS)


# -- what it needs

SCRIPT = """
import sys
from config import cli
from detection import match
match.BATCH = 2
code = cli.main(sys.argv[1:])
loaded = {"django", "scrapy", "twisted"} & {name.partition(".")[0] for name in sys.modules}
sys.exit(f"exit code {code}, loaded {loaded}" if code or loaded else 0)
"""


def test_it_needs_no_django_and_no_data_folder(register: Path, tmp_path: Path) -> None:
    names = file(tmp_path, "names.txt", "郑洲发布\n" * 9)
    words = ["match", "--registry", str(register), "--names", str(names), "--workers", "2"]
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, *words],
        cwd=CHECKOUT,
        env=os.environ | {"ZHENWEI_VAR": str(tmp_path / "var"), "PYTHONPATH": str(CHECKOUT)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("\n") == 9
    assert not (tmp_path / "var").exists()
