"""The one door: exit codes, help that is true, and what a command may load."""

import argparse
import logging
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from common.datafolder import CHECKOUT
from config import cli
from config.cli import BAD_INPUT, COMMANDS, DONE, INTERNAL

HENAN = CHECKOUT / "examples" / "henan"


def zhenwei(folder: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run `zhenwei WORDS` on a data folder in a process of its own."""
    inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZHENWEI_")}
    return subprocess.run(
        [sys.executable, "-m", "config.cli", *words],
        cwd=CHECKOUT,
        env=inherited | {"ZHENWEI_VAR": str(folder)} | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def refusal(folder: Path, *words: str, **environment: str) -> str:
    """Why a command was refused: one line on standard error, exit code 2, no traceback."""
    done = zhenwei(folder, *words, **environment)
    assert done.returncode == BAD_INPUT, done.stderr
    assert done.stdout == ""
    assert "Traceback" not in done.stderr
    return done.stderr


# -- help


def parsers(parser: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """A parser and those of its sub-commands."""
    groups = [action for action in parser._actions if isinstance(action, argparse._SubParsersAction)]
    return [parser, *(below for group in groups for sub in group.choices.values() for below in parsers(sub))]


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(["--help"])
    assert ended.value.code == DONE
    shown = capsys.readouterr().out
    for name, command in COMMANDS.items():
        assert re.search(rf"^    {name}\s+{re.escape(command.summary[:40])}", shown, re.MULTILINE), name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_of_a_command_is_its_own_and_names_only_options_it_has(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main([name, "--help"])
    assert ended.value.code == DONE
    shown = capsys.readouterr().out
    module = cli._load(name)
    assert module.HELP.strip().splitlines()[0] in shown
    parser = argparse.ArgumentParser(prog=name)
    module.add_arguments(parser)
    known = {option for one in parsers(parser) for option in one._option_string_actions}
    assert set(re.findall(r"--[a-z][a-z-]*", module.HELP)) <= known


@pytest.mark.parametrize("words", [[], ["nonsense"], ["scan", "--nonsense"], ["scan", "--limit", "many"]])
def test_a_call_nobody_understands_is_bad_input(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == BAD_INPUT
    assert "usage: zhenwei" in capsys.readouterr().err


def test_an_unknown_command_is_answered_with_the_known_ones(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        cli.main(["skan"])
    assert "'scan'" in capsys.readouterr().err


# -- errors


def test_an_internal_error_is_three_and_keeps_its_traceback(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    def fail(args: argparse.Namespace) -> int:
        raise ZeroDivisionError("by design")

    monkeypatch.setattr(cli._load("platforms"), "run", fail)
    with caplog.at_level(logging.ERROR):
        assert cli.main(["platforms", "list"]) == INTERNAL
    assert "ZeroDivisionError: by design" in caplog.text
    assert "Traceback" in caplog.text
    assert "internal error" in capsys.readouterr().err


def test_an_interrupt_is_told_by_its_exit_code(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(args: argparse.Namespace) -> int:
        raise KeyboardInterrupt

    monkeypatch.setattr(cli._load("platforms"), "run", interrupted)
    assert cli.main(["platforms", "list"]) == 130


def test_a_reader_that_goes_away_is_no_error(tmp_path: Path) -> None:
    # So many bytes of help do not fit into a pipe that nobody reads.
    command = f"{sys.executable} -m config.cli platforms show mastodon | true; exit ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=CHECKOUT,
        env=os.environ | {"ZHENWEI_VAR": str(tmp_path)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "Traceback" not in done.stderr
    assert done.returncode == DONE


@pytest.mark.parametrize(
    ("name", "value", "mend"),
    [
        ("ZHENWEI_HTTPS", "perhaps", "write on or off"),
        ("ZHENWEI_PROXIES", "9", "from 0 to 5"),
        ("ZHENWEI_SECRET_KEY_FILE", "/nowhere/key", "cannot be read"),
        ("ZHENWEI_LOG_LEVEL", "loud", "DEBUG"),
    ],
)
def test_a_bad_setting_stops_the_start_and_says_what_to_write(
    tmp_path: Path, name: str, value: str, mend: str
) -> None:
    said = refusal(tmp_path / "var", "detect", **{name: value})
    assert name in said
    assert mend in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("ZHENWEI_LOOPBACK_ADDRESSES", "127.0.0.1:8080"), ("ZHENWEI_LOOPBACK_POLITENESS", "off")],
)
def test_an_offices_installation_refuses_what_is_for_loopback(tmp_path: Path, name: str, value: str) -> None:
    assert "unset" in refusal(tmp_path / "var", "detect", **{name: value})
    assert not (tmp_path / "var" / "zhenwei.sqlite3").exists()


def test_a_data_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="ascii")
    for path in (tmp_path / "file", tmp_path / "file" / "below"):
        assert str(path) in refusal(path, "detect")


def test_an_unknown_mode_is_refused(tmp_path: Path) -> None:
    (tmp_path / "MODE").write_text("tset\n", encoding="ascii")
    assert "'tset'" in refusal(tmp_path, "detect")


def test_any_command_may_be_the_first(tmp_path: Path) -> None:
    done = zhenwei(tmp_path / "new" / "var", "detect")
    assert (done.returncode, done.stderr) == (DONE, "")
    assert "0 strangers compared" in done.stdout
    assert (tmp_path / "new" / "var").stat().st_mode & 0o777 == 0o700


# -- what is loaded

LISTING = """
import sys
from config import cli
code = cli.main(sys.argv[1:])
found = sorted({"django", "scrapy", "twisted"} & {name.split(".")[0] for name in sys.modules})
sys.exit(f"exit code {code}, loaded {found}" if code or found else 0)
"""


@pytest.mark.parametrize(
    "words",
    [
        ["match", "--registry", str(HENAN / "registry.csv"), "郑洲发布"],
        ["platforms", "list"],
        ["platforms", "check", "mastodon"],
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_commands_that_need_no_database_load_no_framework(words: list[str], tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LISTING, *words],
        cwd=CHECKOUT,
        env=os.environ | {"ZHENWEI_VAR": str(tmp_path / "nowhere")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert not (tmp_path / "nowhere").exists()
