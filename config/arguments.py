"""The command line's parser, and its words that must be numbers; a bad word is exit code 2."""

import shutil
from argparse import Action, ArgumentParser, ArgumentTypeError, RawDescriptionHelpFormatter
from collections.abc import Iterable
from typing import Any, NoReturn

HIGHEST_PORT = 65535
WIDEST = 100  # columns of help text


class Help(RawDescriptionHelpFormatter):
    """Descriptions as written; the options in two columns, wide enough not to break every line."""

    def __init__(self, prog: str) -> None:
        columns = shutil.get_terminal_size((WIDEST, 24)).columns
        super().__init__(prog, max_help_position=26, width=min(columns, WIDEST))

    def add_arguments(self, actions: Iterable[Action]) -> None:
        """As argparse does, but it forgets that names of sub-commands are indented and breaks the longest."""
        super().add_arguments(actions)
        self._action_max_length += self._indent_increment


class Parser(ArgumentParser):
    """The parser of `zhenwei` and, as argparse makes them of the same class, of every word below it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"formatter_class": Help} | kwargs)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong and where the help is, and end with exit code 2."""
        super().error(f"{message}\n{self.prog} --help 查看用法 explains it")


def port(text: str) -> int:
    """A TCP port; 0 lets the system choose a free one."""
    if not text.isascii() or not text.isdecimal() or int(text) > HIGHEST_PORT:
        raise ArgumentTypeError(f"{text!r} is not a port, a number from 0 to {HIGHEST_PORT}")
    return int(text)


def positive(text: str) -> int:
    """A count of at least one."""
    if not text.isascii() or not text.isdecimal() or int(text) < 1:
        raise ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)
