"""Platform specs: one YAML file says how a platform is asked and how its answers are read.

`load` reads a file by its id, `parse` a spec that came as JSON inside a plan; both give a frozen `Spec`
with every expression compiled, or raise SpecError with all problems at once.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from common.datafolder import folder
from crawlers import import_rules, mapping, spec_rules, spec_shape, spec_source
from crawlers.expressions import Expression, Pattern
from crawlers.mapping import ImportMapping
from crawlers.spec_shape import Complaint
from crawlers.spec_source import Problem, Source, dotted

SHIPPED = Path(__file__).parent / "platforms"
FILE_NAME = "platform.yaml"
DEFAULT_STOP_ON = (401, 403, 451)
DEFAULT_PAUSE_H = 12
EXPECTED = ("rows", "refused", "next", "first", "state")
GENERIC = "generic"
"""The spec whose mapping reads exports of platforms that have none of their own."""
IMPORT_QUESTIONS = ("search", "profile")
"""What an export can answer: which accounts a search shows, and how an account looks."""


class SpecError(Exception):
    """A spec that cannot be used; `problems` holds everything found, the text one line for each."""

    def __init__(self, name: str, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.within(name) for problem in problems))


@dataclass(frozen=True)
class Rule:
    """A description of an answer; all parts that are given must hold."""

    status: int | None
    url_contains: str | None
    text: str | None
    jmes: Expression | None
    message: Expression | None

    @property
    def reads_body(self) -> bool:
        """Whether the body is needed to decide."""
        return self.jmes is not None or self.text is not None


@dataclass(frozen=True)
class Field:
    """How one target field is read: a value by `jmes` or `template`, narrowed, looked up, converted."""

    target: str
    jmes: Expression | None
    template: str | None
    join: str | None
    regex: Pattern | None
    table: Mapping[str, str] | None
    convert: str
    tz: str | None


@dataclass(frozen=True)
class Paginate:
    """How the next page is reached; `page_size` is the number of rows of a full page, if known."""

    type: str
    start: int
    step: int
    param: str | None
    next: Expression | None
    more: Rule | None
    page_size: int | None
    max_pages: int


@dataclass(frozen=True)
class Request:
    """What is asked: path (behind the base URL), parameters and headers, with placeholders."""

    path: str
    params: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True)
class Stage:
    """One kind of question: what is asked, how pages follow, where the rows lie, how fields are read."""

    name: str
    request: Request
    paginate: Paginate
    rows: Expression | None
    fields: Sequence[Field]


@dataclass(frozen=True)
class Politeness:
    """How gently the platform is asked: seconds between starts, requests a day, when to stop and how long."""

    delay_s: float
    daily_budget: int
    stop_on: frozenset[int]
    pause_h: float


NEVER = Politeness(delay_s=0.0, daily_budget=0, stop_on=frozenset(), pause_h=0.0)
"""Of a platform that is not asked at all."""


@dataclass(frozen=True)
class Fixture:
    """A recorded or made-up answer or export, and what must come out of it."""

    stage: str
    file: str
    status: int
    url: str | None
    exported_at: str | None
    expected: Mapping[str, Any]


@dataclass(frozen=True)
class Spec:
    """A platform, ready to be asked or to have its exports read.

    `document` is the plain JSON it was made from. With `access: import_only` there is no base URL and no
    stage; others may have a `mapping` of their exports too.
    """

    id: str
    version: int
    title: str
    access: str
    enabled: bool
    terms_url: str | None
    notes: str | None
    base_url: str
    instances: Sequence[str]
    politeness: Politeness
    handle_regex: Pattern | None
    stages: Mapping[str, Stage]
    not_found: Sequence[Rule]
    blocked_if: Sequence[Rule]
    errors: Sequence[Rule]
    mapping: ImportMapping | None
    fixtures: Sequence[Fixture]
    document: Mapping[str, Any]

    @property
    def is_import_only(self) -> bool:
        """Whether nothing may be asked there: only files that people bring answer questions."""
        return self.access == "import_only"

    @property
    def questions(self) -> tuple[str, ...]:
        """The kinds of question that can be answered, by asking or by a file."""
        return IMPORT_QUESTIONS if self.is_import_only else tuple(self.stages)


def load(spec_id: str) -> Spec:
    """The spec called `spec_id`, shipped or the operator's own. Raises SpecError, also if there is none."""
    paths = available()
    if spec_id not in paths:
        text = f"there is no platform {spec_id!r}; known: {', '.join(paths)}"
        raise SpecError(spec_id, [Problem(0, 0, "", text)])
    return load_file(paths[spec_id])


def for_import(platform: str) -> Spec:
    """The spec by which exports of `platform` are read: its own, or the generic one under its name."""
    spec = load(platform) if platform in available() else replace(load(GENERIC), id=platform, title=platform)
    return spec if spec.mapping else replace(spec, mapping=load(GENERIC).mapping)


def load_file(path: Path) -> Spec:
    """The spec in file `path`. Raises SpecError."""
    try:
        with path.open("rb") as file:
            source = spec_source.read(file.read(spec_source.MAX_BYTES + 1))
    except OSError as error:
        raise SpecError(str(path), [Problem(0, 0, "", str(error.strerror))]) from error
    problems = list(source.problems) or _problems(source)
    if not problems and path.name == FILE_NAME and source.value["id"] != path.parent.name:
        text = f'"{source.value["id"]}" but the folder is {path.parent.name}; rename one'
        problems = [Problem(*source.place(("id",)), "id", text)]
    if problems:
        raise SpecError(str(path), problems)
    return _spec(source.value)


def parse(document: Any, name: str = "spec") -> Spec:
    """The spec whose plain JSON is `document`. Raises SpecError (without lines)."""
    problems = _problems(Source(document, {}))
    if problems:
        raise SpecError(name, problems)
    return _spec(document)


def available() -> dict[str, Path]:
    """The spec files by id: those of the data folder's `platforms/`, and the shipped ones, which win."""
    own = folder() / "platforms"
    found = {path.parent.name: path for path in sorted(own.glob(f"*/{FILE_NAME}"))}
    return dict(sorted((found | {path.parent.name: path for path in SHIPPED.glob(f"*/{FILE_NAME}")}).items()))


def _problems(source: Source) -> list[Problem]:
    complaints = list(spec_shape.shape(source.value)) or list(_meaning(source.value))
    return sorted({Problem(*source.place(path), dotted(path), text) for path, text in complaints})


def _meaning(document: Mapping[str, Any]) -> Iterator[Complaint]:
    is_asked = document["access"] != "import_only"
    yield from spec_rules.asking(document) if is_asked else import_rules.import_only(document)
    yield from spec_rules.every(document)
    if "import" in document:
        yield from import_rules.section(document)


def _spec(document: Mapping[str, Any]) -> Spec:
    """Build from values already found right."""
    table = document.get("verified_map")
    names = [name for name in spec_rules.STAGES if name in document]
    pattern = document.get("handle_regex")
    return Spec(
        id=document["id"],
        version=document["version"],
        title=document.get("title", document["id"]),
        access=document["access"],
        enabled=document.get("enabled", False),
        terms_url=document.get("terms_url"),
        notes=document.get("notes"),
        base_url=document.get("base_url", ""),
        instances=tuple(document.get("instances", ())),
        politeness=_politeness(document["politeness"]) if "politeness" in document else NEVER,
        handle_regex=None if pattern is None else Pattern(pattern),
        stages={name: _stage(name, document[name], table) for name in names},
        not_found=_rules(document.get("not_found", ())),
        blocked_if=_rules(document.get("blocked_if", ())),
        errors=_rules(document.get("errors", ())),
        mapping=mapping.build(document["import"], table) if "import" in document else None,
        fixtures=tuple(_fixture(fixture) for fixture in document.get("fixtures", ())),
        document=document,
    )


def _politeness(rules: Mapping[str, Any]) -> Politeness:
    return Politeness(
        delay_s=float(rules["delay_s"]),
        daily_budget=rules["daily_budget"],
        stop_on=frozenset(rules.get("stop_on", DEFAULT_STOP_ON)),
        pause_h=float(rules.get("pause_h", DEFAULT_PAUSE_H)),
    )


def _stage(name: str, stage: Mapping[str, Any], table: Mapping[str, str] | None) -> Stage:
    request = stage["request"]
    return Stage(
        name=name,
        request=Request(request["path"], request.get("params", {}), request.get("headers", {})),
        paginate=_paginate(stage.get("paginate", {"type": "none"})),
        rows=_expression(stage.get("list")),
        fields=tuple(_field(target, field, table) for target, field in stage["fields"].items()),
    )


def _paginate(rules: Mapping[str, Any]) -> Paginate:
    return Paginate(
        type=rules["type"],
        start=rules.get("start", 1 if rules["type"] == "page" else 0),
        step=rules.get("step", 1),
        param=rules.get("param"),
        next=_expression(rules.get("next")),
        more=_rule(rules["more"]) if "more" in rules else None,
        page_size=rules.get("page_size"),
        max_pages=rules.get("max_pages", 1),
    )


def _field(target: str, given: Any, table: Mapping[str, str] | None) -> Field:
    field = given if isinstance(given, dict) else {"jmes": given}
    regex = field.get("regex")
    return Field(
        target=target,
        jmes=_expression(field.get("jmes")),
        template=field.get("template"),
        join=field.get("join"),
        regex=None if regex is None else Pattern(regex, groups=1),
        table=table if "map" in field else None,
        convert=field.get("as", "text"),
        tz=field.get("tz"),
    )


def _rules(rules: Sequence[Mapping[str, Any]]) -> tuple[Rule, ...]:
    return tuple(_rule(rule) for rule in rules)


def _rule(rule: Mapping[str, Any]) -> Rule:
    return Rule(
        status=rule.get("status"),
        url_contains=rule.get("url_contains"),
        text=rule.get("text"),
        jmes=_expression(rule.get("jmes")),
        message=_expression(rule.get("message")),
    )


def _fixture(fixture: Mapping[str, Any]) -> Fixture:
    expected = {key: fixture[key] for key in EXPECTED if key in fixture}
    status, url = fixture.get("status", 200), fixture.get("url")
    return Fixture(fixture["stage"], fixture["file"], status, url, fixture.get("exported_at"), expected)


def _expression(text: str | None) -> Expression | None:
    return None if text is None else Expression(text)
