"""The two little languages of a platform spec, compiled with errors a person can use: JMESPath and RE2."""

from collections.abc import Mapping
from typing import Any, Protocol, cast

import jmespath
import re2
from jmespath.exceptions import JMESPathError
from jmespath.functions import Functions

_QUIET = re2.Options()
_QUIET.log_errors = False
_UNSUPPORTED = {
    "(?=": "look-ahead",
    "(?!": "look-ahead",
    "(?<=": "look-behind",
    "(?<!": "look-behind",
    "(?>": "an atomic group",
}


class ExpressionError(Exception):
    """An expression that cannot be compiled or evaluated; the text is one sentence without its place."""


class Expression:
    """A compiled JMESPath expression."""

    def __init__(self, text: str) -> None:
        """Raises ExpressionError with the parser's message and the position."""
        try:
            self._compiled = jmespath.compile(text)
        except JMESPathError as error:
            raise ExpressionError(f"JMESPath: {_one_line(error)}") from error
        unknown = _functions(cast(Mapping[str, Any], self._compiled.parsed)) - Functions.FUNCTION_TABLE.keys()
        if unknown:
            raise ExpressionError(f"JMESPath: no function {min(unknown)}()")
        self.text = text

    def search(self, document: Any) -> Any:
        """The expression's value on `document`. Raises ExpressionError if a function refuses its argument."""
        try:
            return self._compiled.search(document)
        except (JMESPathError, TypeError, ValueError, RecursionError) as error:
            # jmespath lets Python's own errors through, for example when it compares a number with text.
            raise ExpressionError(f"JMESPath: {_one_line(error)}") from error


class Found(Protocol):
    """A match of a pattern."""

    def group(self, number: int) -> str | None: ...


class Pattern:
    """A compiled RE2 pattern: linear in the length of the text, whatever the text is."""

    def __init__(self, text: str, groups: int | None = None) -> None:
        """Raises ExpressionError; `groups`, if given, is the number of groups the pattern must have."""
        for sign, name in _UNSUPPORTED.items():
            if sign in text:
                raise ExpressionError(f"RE2 only: {name} is not supported (position {text.index(sign) + 1})")
        try:
            self._compiled = re2.compile(text, _QUIET)
        except re2.error as error:
            reason = error.args[0] if error.args else b""
            words = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
            raise ExpressionError(f"RE2: {words}") from error
        if groups is not None and self._compiled.groups != groups:
            raise ExpressionError("needs exactly one group" if groups == 1 else f"needs {groups} groups")

    def search(self, text: str) -> Found | None:
        """The first match in `text` (without lone surrogates)."""
        return cast(Found | None, self._compiled.search(text))

    def fullmatch(self, text: str) -> bool:
        """Whether the whole of `text` (without lone surrogates) matches."""
        return self._compiled.fullmatch(text) is not None

    def replace(self, replacement: str, text: str) -> str:
        """`text` with every match replaced."""
        return cast(str, self._compiled.sub(replacement, text))


def _functions(node: Mapping[str, Any]) -> set[str]:
    """The names of all functions called in a parsed expression."""
    found = {node["value"]} if node.get("type") == "function_expression" else set()
    return found.union(*(_functions(child) for child in node.get("children", ()) if isinstance(child, dict)))


def _one_line(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
