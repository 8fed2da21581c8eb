"""Numbers on the command line: a wrong one is bad input, never an internal error."""

import argparse

import pytest

from config import arguments, cli


@pytest.mark.parametrize(("text", "number"), [("0", 0), ("8700", 8700), ("65535", 65535)])
def test_a_port_is_taken(text: str, number: int) -> None:
    assert arguments.port(text) == number


@pytest.mark.parametrize("text", ["65536", "-1", "many", "", "８７００", "1.5"])
def test_what_is_no_port_is_refused(text: str) -> None:
    with pytest.raises(argparse.ArgumentTypeError, match="from 0 to 65535"):
        arguments.port(text)


@pytest.mark.parametrize(
    "words",
    [
        ["serve", "--port", "65536"],
        ["run", "--port", "-1"],
        ["demo", "--port", "x"],
        ["scan", "--limit", "0"],
        ["match", "--registry", "register.csv", "--top", "0"],
        ["platforms", "enable", "mastodon", "--by", "x", "--budget", "0"],
    ],
)
def test_commands_refuse_numbers_they_cannot_use(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        cli.main(words)
    assert ended.value.code == cli.BAD_INPUT
    assert "is not a " in capsys.readouterr().err
