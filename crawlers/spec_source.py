"""Reads the YAML of a platform spec into plain values, remembering where each one stands in the file.

Only what a spec needs passes: at most 64 KiB of UTF-8, plain values, text keys, no key twice, at most 20
aliases and no merge keys. Everything found wrong is a `Problem` with its line and column.
"""

from dataclasses import dataclass
from itertools import accumulate
from typing import Any

import yaml

MAX_BYTES = 64 * 1024
MAX_ALIASES = 20
MAX_DEPTH = 50  # brackets open at a time; PyYAML takes 25 seconds for 5,000 of them
MAX_VALUES = 20_000  # aliases of aliases multiply: twenty of them could stand for a million values

Path = tuple[str | int, ...]
Place = tuple[int, int]

_PLAIN_TAGS = frozenset(f"tag:yaml.org,2002:{name}" for name in ("null", "bool", "int", "float", "str"))


@dataclass(frozen=True, order=True)
class Problem:
    """One thing wrong in a spec: where (from 1; 0 = unknown), at which key, what, and the mend."""

    line: int
    column: int
    path: str
    text: str

    def __str__(self) -> str:
        return f"{self.path} — {self.text}" if self.path else self.text

    def within(self, name: str) -> str:
        """The problem as a line of a terminal, with the place in the file called `name` if it has one."""
        return f"{name}:{self.line}:{self.column} {self}" if self.line else f"{name}: {self}"


@dataclass(frozen=True)
class Source:
    """The values of a spec file and where each stands; or None and the `problems` with reading it."""

    value: Any
    places: dict[Path, Place]
    problems: tuple[Problem, ...] = ()

    def place(self, path: Path) -> Place:
        """Line and column of the value at `path`, or of the nearest one around it."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, (0, 0))


def dotted(path: Path) -> str:
    """`("fixtures", 1, "file")` as `fixtures[1].file`."""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".")


def read(data: bytes) -> Source:
    """The values in `data`. Never raises: what is wrong stands in `problems`."""
    if len(data) > MAX_BYTES:
        return _unreadable(f"{len(data)} bytes; a platform spec has at most {MAX_BYTES}")
    try:
        text = data.decode("utf-8")
        if _depth(text) > MAX_DEPTH:
            return _unreadable("nested too deeply")
        aliases = sum(isinstance(event, yaml.AliasEvent) for event in yaml.parse(text, yaml.SafeLoader))
        if aliases > MAX_ALIASES:
            return _unreadable(f"{aliases} aliases; use at most {MAX_ALIASES}")
        return _Reader(text).read()
    except UnicodeDecodeError as error:
        return _unreadable(f"not UTF-8 at byte {error.start}; save the file as UTF-8")
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else (0, 0)
        return _unreadable(f"not YAML: {error.problem or error.context}", place)
    except yaml.YAMLError as error:
        return _unreadable(f"not YAML: {error}")
    except RecursionError:
        return _unreadable("nested too deeply")


def _depth(text: str) -> int:
    """The most brackets open at a time, those in texts counted too: an upper bound."""
    steps = (1 if character in "[{" else -1 for character in text if character in "[]{}")
    return max(accumulate(steps), default=0)


def _unreadable(text: str, place: Place = (0, 0)) -> Source:
    return Source(None, {}, (Problem(*place, "", text),))


class _Reader:
    """Walks the YAML node graph; a node reached through an alias is read again at each place."""

    def __init__(self, text: str) -> None:
        self._loader = yaml.SafeLoader(text)
        self._places: dict[Path, Place] = {}
        self._problems: list[Problem] = []
        self._left = MAX_VALUES

    def read(self) -> Source:
        node = self._loader.get_single_node()
        if node is None:
            return _unreadable("empty file")
        value = self._value(node, (), ())
        if self._left < 0:
            return _unreadable(f"more than {MAX_VALUES} values once its aliases are put in")
        if not isinstance(value, dict):
            self._complain(node, (), "a platform spec is a mapping of keys to values")
        if self._problems:
            return Source(None, {}, tuple(sorted(self._problems)))
        return Source(value, self._places)

    def _value(self, node: yaml.Node, path: Path, around: tuple[int, ...]) -> Any:
        self._places[path] = _place(node)
        self._left -= 1
        if self._left < 0:
            return None
        if id(node) in around:
            return self._complain(node, path, "an alias to itself")
        inside = (*around, id(node))
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, inside)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, n), inside) for n, item in enumerate(node.value)]
        if node.tag not in _PLAIN_TAGS:
            return self._complain(node, path, f"{node.value!r} is not plain text; put it in quotes")
        return self._scalar(node, path)

    def _scalar(self, node: yaml.Node, path: Path) -> Any:
        try:
            return self._loader.construct_object(node)
        except (ValueError, yaml.YAMLError) as error:
            return self._complain(node, path, f"unreadable value: {error}")

    def _mapping(self, node: yaml.MappingNode, path: Path, inside: tuple[int, ...]) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key_node, value_node in node.value:
            key = self._key(key_node, path)
            if key is None:
                continue
            if key in found:
                self._complain(key_node, (*path, key), "key given twice; keep one")
            found[key] = self._value(value_node, (*path, key), inside)
            self._places[(*path, key)] = _place(key_node)
        return found

    def _key(self, node: yaml.Node, path: Path) -> str | None:
        if node.tag == "tag:yaml.org,2002:str":
            return str(node.value)
        if node.tag == "tag:yaml.org,2002:merge":
            self._complain(node, path, "merge keys (<<) are not read; alias the whole value instead")
        elif isinstance(node, yaml.ScalarNode):
            kind = "number" if node.tag.endswith((":int", ":float")) else node.tag.rpartition(":")[2]
            self._complain(node, path, f'key {node.value} is a {kind}; write "{node.value}"')
        else:
            self._complain(node, path, "a key is a word, not a list or mapping")
        return None

    def _complain(self, node: yaml.Node, path: Path, text: str) -> None:
        self._problems.append(Problem(*_place(node), dotted(path), text))


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1
