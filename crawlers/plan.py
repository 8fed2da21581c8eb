"""The plan of one crawl run: what the parent wants asked, as one JSON file that only its owner can read.

A plan is checked as a whole before the first request: every task has a known source and stage, every source a
valid spec and an address the spec allows, and whatever is opened or relaxed for tests names loopback
addresses.
"""

import json
import os
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from common.addresses import AddressRefused, Origin, check_url, loopback_origin, split_origin
from crawlers import asking, specs
from crawlers.specs import Spec, SpecError

FORMAT = 1
MAX_BYTES = 64 * 2**20
MAX_HOSTS = 64  # each may hold a 5 MiB answer in memory at the same time
MAX_TIMEOUT_S = 15
MAX_DEADLINE_S = 24 * 3600
_NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,99}")
_INSTANCE = re.compile(r"|[a-z0-9][a-z0-9_.:-]{0,252}")  # empty for platforms of one host
_USER_AGENT = re.compile(r"Zhenwei/[ -~]{1,200}")
_RUN = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")


class PlanError(Exception):
    """The plan cannot be carried out as it stands; the text says where and why."""


class PlannedTask(NamedTuple):
    """One question: `stage` of `source`, asked with `value` (a keyword, a handle or a platform id)."""

    task: int
    source: str
    stage: str
    value: str


@dataclass(frozen=True)
class PlannedSource:
    """One instance of a platform: where it is, how it is read, and how many requests may be made today."""

    source: str
    platform: str
    instance: str
    base_url: str
    spec: Spec
    budget: int

    @property
    def origin(self) -> Origin:
        """Where all its requests go."""
        return split_origin(self.base_url)


@dataclass(frozen=True)
class Loopback:
    """The exact `address:port` pairs of this machine that may be asked, and whether without delays."""

    politeness_off: bool = False
    addresses: Collection[str] = ()


@dataclass(frozen=True)
class Plan:
    """One run. `timeout_s` bounds each request, `deadline_s` the whole run."""

    run: str
    user_agent: str
    sources: Sequence[PlannedSource]
    tasks: Sequence[PlannedTask]
    loopback: Loopback = field(default_factory=Loopback)
    timeout_s: float = MAX_TIMEOUT_S
    deadline_s: float = 3600

    def source(self, name: str) -> PlannedSource:
        """The source called `name`."""
        return next(source for source in self.sources if source.source == name)


def to_json(plan: Plan) -> bytes:
    """The plan as the child reads it."""
    document = {
        "format": FORMAT,
        "run": plan.run,
        "user_agent": plan.user_agent,
        "loopback": {
            "politeness_off": plan.loopback.politeness_off,
            "addresses": sorted(plan.loopback.addresses),
        },
        "timeout_s": plan.timeout_s,
        "deadline_s": plan.deadline_s,
        "sources": [_source_json(source) for source in plan.sources],
        "tasks": [task._asdict() for task in plan.tasks],
    }
    return json.dumps(document, separators=(",", ":"), allow_nan=False).encode("ascii")


def _source_json(source: PlannedSource) -> dict[str, Any]:
    return {
        "source": source.source,
        "platform": source.platform,
        "instance": source.instance,
        "base_url": source.base_url,
        "spec": source.spec.document,
        "budget": source.budget,
    }


def write(plan: Plan, path: Path) -> None:
    """Put the plan at `path`, whole or not at all, readable by its owner alone."""
    draft = path.with_name(path.name + ".new")
    handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(to_json(plan))
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read(path: Path) -> Plan:
    """The plan in file `path`. Raises PlanError."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise PlanError(f"{path}: {error.strerror}") from error
    return parse(data)


def parse(data: bytes) -> Plan:
    """The plan in `data`. Raises PlanError."""
    if len(data) > MAX_BYTES:
        raise PlanError(f"a plan has at most {MAX_BYTES} bytes")
    try:
        document = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise PlanError(f"not JSON: {str(error)[:200]}") from error
    return _plan(_Values(document, "plan"))


class _Values:
    """A JSON object whose keys are taken one by one, by type; what nobody took is unknown."""

    def __init__(self, values: Any, where: str) -> None:
        if not isinstance(values, dict):
            raise PlanError(f"{where}: an object is wanted")
        self._left, self.where = dict(values), where

    def take(self, key: str, kind: type | tuple[type, ...], default: Any = None) -> Any:
        value = self._left.pop(key, default)
        if not isinstance(value, kind) or (isinstance(value, bool) and kind is not bool):
            raise PlanError(f"{self.where}.{key}: missing or of the wrong type")
        return value

    def text(self, key: str, pattern: re.Pattern[str] | None = None, *, longest: int = 2000) -> str:
        value: str = self.take(key, str)
        if len(value) > longest or (pattern is not None and not pattern.fullmatch(value)):
            raise PlanError(f"{self.where}.{key}: {value[:80]!r} does not fit")
        if not value.isascii() and not _encodable(value):
            raise PlanError(f"{self.where}.{key}: holds half a character (lone surrogate)")
        return value

    def number(self, key: str, low: float, high: float, default: float | None = None) -> float:
        value: float = self.take(key, (int, float), default)
        if not low <= value <= high:
            raise PlanError(f"{self.where}.{key}: {value}, must be from {low} to {high}")
        return value

    def whole(self, key: str, low: int, high: int) -> int:
        value: int = self.take(key, int)
        if not low <= value <= high:
            raise PlanError(f"{self.where}.{key}: {value}, must be from {low} to {high}")
        return value

    def done(self) -> None:
        if self._left:
            raise PlanError(f"{self.where}.{min(self._left)}: unknown key")


def _encodable(text: str) -> bool:
    try:
        text.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _plan(values: _Values) -> Plan:
    if values.whole("format", 0, 10**6) != FORMAT:
        raise PlanError(f"plan.format: this version reads format {FORMAT} only")
    loopback = _loopback(_Values(values.take("loopback", dict, {}), "plan.loopback"))
    sources = [
        _source(_Values(item, f"plan.sources[{n}]"), loopback)
        for n, item in enumerate(values.take("sources", list))
    ]
    names = {source.source: source for source in sources}
    tasks = [
        _task(_Values(item, f"plan.tasks[{n}]"), names) for n, item in enumerate(values.take("tasks", list))
    ]
    plan = Plan(
        run=values.text("run", _RUN),
        user_agent=values.text("user_agent", _USER_AGENT),
        sources=tuple(sources),
        tasks=tuple(tasks),
        loopback=loopback,
        timeout_s=values.number("timeout_s", 0.1, MAX_TIMEOUT_S, MAX_TIMEOUT_S),
        deadline_s=values.number("deadline_s", 1, MAX_DEADLINE_S, 3600),
    )
    values.done()
    _check(plan)
    return plan


def _loopback(values: _Values) -> Loopback:
    addresses = values.take("addresses", list, [])
    try:
        pairs = frozenset(loopback_origin(str(pair)).pair for pair in addresses)
    except AddressRefused as refused:
        raise PlanError(f"{values.where}.addresses: {refused}") from refused
    loopback = Loopback(values.take("politeness_off", bool, False), pairs)
    values.done()
    return loopback


def _source(values: _Values, loopback: Loopback) -> PlannedSource:
    try:
        spec = specs.parse(values.take("spec", dict), f"{values.where}.spec")
    except SpecError as error:
        raise PlanError(str(error)) from error
    source = PlannedSource(
        source=values.text("source", longest=200),
        platform=values.text("platform", _NAME),
        instance=values.text("instance", _INSTANCE),
        base_url=values.text("base_url"),
        spec=spec,
        budget=values.whole("budget", 0, 10**6),
    )
    values.done()
    if source.platform != spec.id:
        raise PlanError(f"{values.where}.platform: {source.platform}, but the spec is for {spec.id}")
    _check_base(source, loopback, values.where)
    return source


def _check_base(source: PlannedSource, loopback: Loopback, where: str) -> None:
    """https to the place the spec names; plain http only to the loopback addresses opened for this run."""
    try:
        origin = split_origin(source.base_url)
        if origin.pair in loopback.addresses:
            return
        check_url(source.base_url, ports={80, 443, origin.port})
    except AddressRefused as refused:
        raise PlanError(f"{where}.base_url: {refused}") from refused
    parts = urlsplit(source.base_url)
    if origin.scheme != "https" or parts.query or parts.fragment:
        raise PlanError(f"{where}.base_url: an https address without parameters is wanted")
    if source.spec.base_url not in ("{instance}", source.base_url):
        raise PlanError(f"{where}.base_url: the spec names {source.spec.base_url}")


def _task(values: _Values, sources: Mapping[str, PlannedSource]) -> PlannedTask:
    task = PlannedTask(
        task=values.whole("task", 0, 2**63 - 1),
        source=values.text("source", longest=200),
        stage=values.text("stage"),
        value=values.text("value", longest=asking.MAX_VALUE),
    )
    values.done()
    if task.source not in sources:
        raise PlanError(f"{values.where}.source: {task.source[:80]!r} is not among the sources")
    if task.stage not in sources[task.source].spec.stages:
        raise PlanError(f"{values.where}.stage: the spec has no stage {task.stage[:40]!r}")
    return task


def _check(plan: Plan) -> None:
    for what, names in (
        ("tasks", [task.task for task in plan.tasks]),
        ("sources", [source.source for source in plan.sources]),
    ):
        if len(set(names)) != len(names):
            raise PlanError(f"plan.{what}: one is given twice")
    hosts = {source.origin.pair for source in plan.sources}
    if len(hosts) > MAX_HOSTS:
        raise PlanError(f"plan.sources: {len(hosts)} hosts; split the run, at most {MAX_HOSTS} at once")
