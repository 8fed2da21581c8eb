"""Bad specs: every defect is named at its place with the mend, and nothing unsupported is let through."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from crawlers import fixtures, spec_source, specs
from crawlers.specs import SpecError
from tests.crawlers.child import DOCUMENT

Change = Callable[[dict[str, Any]], None]


def put(path: str, value: Any) -> Change:
    """Set the value at a dotted path."""

    def change(document: dict[str, Any]) -> None:
        *way, last = path.split("/")
        for part in way:
            document = document[part]
        document[last] = value

    return change


def drop(path: str) -> Change:
    def change(document: dict[str, Any]) -> None:
        *way, last = path.split("/")
        for part in way:
            document = document[part]
        del document[last]

    return change


SHAPES: list[tuple[Change, str]] = [
    (drop("version"), "version — required"),
    (put("id", "Weibo!"), 'id — "Weibo!" does not fit; write 2 to 32 of a-z, 0-9 and _, a letter first'),
    (put("requst", {}), "requst — unknown key; known: "),
    (put("fixturs", []), 'fixturs — unknown key; did you mean "fixtures"?'),
    (put("search/requst", {}), 'search.requst — unknown key; did you mean "request"?'),
    (put("version", "1"), 'version — "1" is not integer'),
    (put("access", "offical_api"), "access — 'offical_api': unknown value; use official_api"),
    (put("politeness/delay_s", 0.2), "politeness.delay_s — 0.2, must be at least 1"),
    (put("search/paginate/max_pages", 21), "search.paginate.max_pages — 21, must be at most 20"),
    (drop("politeness/daily_budget"), "politeness.daily_budget — required"),
    (
        put("search/fields/name", {"jmes": "n", "as": "date"}),
        "search.fields.name.as — unknown converter; use datetime",
    ),
    (
        put("search/request/params", {"limit": 40}),
        "search.request.params.limit — 40 is not string; write text; put numbers in quotes",
    ),
    (put("not_found", [{}]), "not_found[0] — {} does not fit; write at least one of"),
]
MEANINGS: list[tuple[Change, str]] = [
    (
        put("access", "partner"),
        "access — partner is not supported by this version; use official_api or public_page",
    ),
    (put("credentials", []), "credentials — not supported by this version; remove it"),
    (put("checks", []), "checks — not supported by this version; remove it"),
    (drop("base_url"), "base_url — required"),
    (put("base_url", "http://a.example"), "base_url — https required"),
    (put("base_url", "https://10.0.0.1"), "base_url — 10.0.0.1 is not a public address"),
    (
        put("base_url", "https://a.example/x?y=1"),
        "base_url — an origin with a path prefix at most; no /, ? or # at the end",
    ),
    (drop("instances"), 'instances — required with base_url "{instance}"; write [] if there is none yet'),
    (put("instances", ["https://127.0.0.1"]), "instances[0] — 127.0.0.1 is not a public address"),
    (put("enabled", True), "terms_url — required before the platform can be enabled"),
    (
        put("politeness/robots", "api_terms"),
        "politeness.robots — api_terms is not supported by this version; write obey",
    ),
    (put("politeness/robots_reason", "x"), "politeness.robots_reason — only with api_terms; remove it"),
    (put("search/format", "html"), "search.format — html is not supported by this version; only json is"),
    (
        put("search/request/method", "POST"),
        "search.request.method — POST is not supported by this version; only GET is",
    ),
    (
        put("search/batch", 25),
        "search.batch — not supported by this version, one handle is asked at a time; remove it",
    ),
    (
        put("search/empty_if", [{"text": "x"}]),
        "search.empty_if — only with html and xml: an empty JSON list speaks for itself",
    ),
    (
        put("search/list", {"css": "li"}),
        "search.list — css and xpath work on html only; write a JMESPath text",
    ),
    (
        put("search/list", "accounts["),
        "search.list — JMESPath: Invalid jmespath expression: Incomplete",
    ),
    (put("search/list", "find(accounts)"), "search.list — JMESPath: no function find()"),
    (
        put("search/request/params/q", "{keywrod}"),
        "search.request.params.q — unknown placeholder {keywrod}; allowed: {keyword}",
    ),
    (
        put("search/request/params/q", "{keyword"),
        "search.request.params.q — a brace without its partner; allowed: {keyword}",
    ),
    (
        put("search/request/params/h", "{handle}"),
        "search.request.params.h — {handle} is not available in search; use {keyword}",
    ),
    (
        put("search/request/params/s", "{since}"),
        "search.request.params.s — {since} is not supported by this version; allowed: {keyword}",
    ),
    (
        put("search/request/params/q", "x"),
        "search.request — {keyword} is used nowhere, so every answer would be the same",
    ),
    (
        put("search/request/params/p", "{page}"),
        "search.request — {page} and paginate type page belong together",
    ),
    (
        put("search/request/path", "search"),
        "search.request.path — must start with / and stay on base_url; parameters go into params",
    ),
    (
        put("search/request/path", "//evil.example/"),
        "search.request.path — must start with / and stay on base_url; parameters go into params",
    ),
    (put("search/request/path", "/a/../b"), "search.request.path — must start with / and stay on base_url"),
    (
        put("search/request/headers", {"Authorization": "Bearer x"}),
        "search.request.headers.Authorization — put the value in the secret store and name it in credentials",
    ),
    (
        put("search/request/headers", {"User-Agent": "Mozilla"}),
        "search.request.headers.User-Agent — set by the crawler itself; remove it",
    ),
    (
        put("search/request/headers", {"X-A": "b\r\nHost: c"}),
        "search.request.headers.X-A — only printable ASCII in a header",
    ),
    (
        put("search/request/params/access_token", "x"),
        "search.request.params.access_token — put the value in the secret store and name it in credentials",
    ),
    (drop("search/paginate/next"), "search.paginate.next — required with type cursor"),
    (drop("search/paginate/max_pages"), "search.paginate.max_pages — required with type cursor"),
    (put("search/paginate/step", 2), "search.paginate.step — has no meaning with type cursor; remove it"),
    (
        put("search/paginate/more", {"css": "a"}),
        "search.paginate.more.css — works on html only, which this version does not support",
    ),
    (put("search/fields/fans", "f"), 'search.fields.fans — unknown field; did you mean "followers"?'),
    (
        put("search/fields/followers", "f"),
        "search.fields.followers — as: text does not give what this field holds; write as: int or count",
    ),
    (
        put("search/fields/verified", {"jmes": "v", "as": "exists"}),
        "search.fields.verified.as — exists works on css and xpath only; use bool",
    ),
    (
        put("search/fields/bio", {"css": "p"}),
        "search.fields.bio.css — works on html only, which this version does not support; use jmes",
    ),
    (put("search/fields/bio", {"regex": "(a)"}), "search.fields.bio — write either jmes or template"),
    (
        put("search/fields/bio", {"jmes": "b", "regex": "(?=a)(b)"}),
        "search.fields.bio.regex — RE2 only: look-ahead is not supported (position 1)",
    ),
    (
        put("search/fields/bio", {"jmes": "b", "regex": "b"}),
        "search.fields.bio.regex — needs exactly one group",
    ),
    (
        put("search/fields/bio", {"template": "{location}"}),
        "search.fields.bio.template — {location} is not one of the fields above it: id handle name",
    ),
    (
        put("search/fields/bio", {"jmes": "b", "map": "verified_map"}),
        "search.fields.bio.map — there is no verified_map in this spec",
    ),
    (
        put("search/fields/bio", {"jmes": "b", "tz": "Mars/Base"}),
        "search.fields.bio.tz — 'Mars/Base' is not a time zone; write for example Asia/Shanghai",
    ),
    (drop("search/fields/name"), "search.fields — an account needs name, and id or handle"),
    (
        put("posts/fields", {"url": {"jmes": "u", "as": "url"}}),
        "posts.fields — a post without time says nothing; add time",
    ),
    (put("handle_regex", r"(a)\1"), r"handle_regex — RE2: invalid escape sequence: \1"),
    (
        put("errors", [{"message": "x"}]),
        "errors[0] — at least one of status, url_contains, jmes, text is required",
    ),
    (
        put("fixtures", [{"stage": "profile", "file": "x.json"}]),
        "fixtures[0].stage — the spec has no stage profile",
    ),
]


def problems(document: Any) -> list[str]:
    try:
        specs.parse(document)
    except SpecError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_the_test_platform_is_right() -> None:
    assert problems(DOCUMENT) == []


@pytest.mark.parametrize(
    ("change", "sentence"), SHAPES + MEANINGS, ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_defect_is_named_with_its_mend(change: Change, sentence: str) -> None:
    document = copy.deepcopy(DOCUMENT)
    change(document)
    found = problems(document)
    assert any(problem.startswith(sentence) for problem in found), found


def test_a_stage_is_required() -> None:
    document = {key: value for key, value in DOCUMENT.items() if key not in ("search", "lookup", "posts")}
    assert problems(document) == ["at least one of search, lookup, profile, posts is required"]


def test_public_pages_always_obey_robots() -> None:
    document = {
        **DOCUMENT,
        "access": "public_page",
        "politeness": {**DOCUMENT["politeness"], "robots": "api_terms"},
    }
    assert problems(document) == ["politeness.robots — api_terms is not allowed for public_page; write obey"]


def test_all_problems_come_at_once_with_line_and_column(tmp_path: Path) -> None:
    file = tmp_path / "testing" / specs.FILE_NAME
    file.parent.mkdir()
    text = yaml.safe_dump(DOCUMENT, allow_unicode=True, sort_keys=False)
    text = text.replace("delay_s: 1", "delay_s: 0").replace("max_pages: 3", "max_pages: 99")
    file.write_text(text, encoding="utf-8")
    with pytest.raises(SpecError) as caught:
        specs.load_file(file)
    lines = text.splitlines()
    for problem, word in zip(sorted(caught.value.problems), ("delay_s: 0", "max_pages: 99"), strict=True):
        assert lines[problem.line - 1][problem.column - 1 :].startswith(word)
    assert f"{file}:" in str(caught.value)


def test_the_folder_must_bear_the_id(tmp_path: Path) -> None:
    file = tmp_path / "wb" / specs.FILE_NAME
    file.parent.mkdir()
    file.write_text(yaml.safe_dump(DOCUMENT), encoding="utf-8")
    with pytest.raises(SpecError, match='id — "testing" but the folder is wb; rename one'):
        specs.load_file(file)


def test_an_unknown_platform_lists_the_known() -> None:
    with pytest.raises(SpecError, match=r"there is no platform 'nowhere'; known: .*mastodon"):
        specs.load("nowhere")


DOUBLED = f"x0: &x0 [{'1,' * 900}]\n" + "".join(f"x{n}: &x{n} [*x{n - 1}, *x{n - 1}]\n" for n in range(1, 10))
YAML: list[tuple[str, str]] = [
    ("", "empty file"),
    ("a: [", "not YAML"),
    ("- a", "a platform spec is a mapping"),
    ("a: 1\na: 2", "a — key given twice; keep one"),
    ("1: a", 'key 1 is a number; write "1"'),
    ("yes: a", 'key yes is a bool; write "yes"'),
    ("[a]: b", "a key is a word"),
    ("a: 2026-11-24", "'2026-11-24' is not plain text; put it in quotes"),
    ("a: !!python/object:os.system x", "is not plain text"),
    ("a: !!int x", "unreadable value"),
    ("a: &a {b: 1}\nc: {<<: *a}", "merge keys"),
    ("a: &a [*a]", "an alias to itself"),
    ("a: &a 1\nb: [" + "*a, " * 21 + "]", "21 aliases; use at most 20"),
    ("a: \x01", "not YAML"),
    ("[" * 5000, "nested too deeply"),
    ("a" * 70_000, "a platform spec has at most 65536"),
    (DOUBLED, "once its aliases are put in"),
]


@pytest.mark.parametrize(("text", "sentence"), YAML, ids=lambda value: value[:20])
def test_yaml_that_is_more_than_plain_values_is_refused(text: str, sentence: str) -> None:
    source = spec_source.read(text.encode())
    assert source.value is None
    assert any(sentence in str(problem) for problem in source.problems), source.problems


@given(st.binary(max_size=60) | st.text(alphabet="ab:{}[]-&*!|>\n \"'?#%<1.", max_size=60).map(str.encode))
def test_whatever_the_file_holds_it_is_read_or_refused(data: bytes) -> None:
    source = spec_source.read(data)
    assert (source.value is None) == bool(source.problems)
    if isinstance(source.value, dict):
        problems(source.value)


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=6) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=5,
)
PLACES = [
    path
    for stage in ("search", "lookup", "posts")
    for path in (
        f"{stage}/request",
        f"{stage}/request/path",
        f"{stage}/paginate",
        f"{stage}/list",
        f"{stage}/fields",
    )
] + [
    "politeness",
    "not_found",
    "blocked_if",
    "errors",
    "verified_map",
    "fixtures",
    "base_url",
    "instances",
    "id",
]


@given(st.sampled_from(PLACES), VALUES)
def test_whatever_stands_at_a_key_a_spec_is_used_or_refused(path: str, value: Any) -> None:
    document = copy.deepcopy(DOCUMENT)
    put(path, value)(document)
    problems(document)


def test_the_shipped_specs_come_out_as_they_say() -> None:
    for spec_id, path in specs.available().items():
        assert fixtures.check(specs.load(spec_id), path.parent / fixtures.FOLDER) == []


def test_every_fixture_file_is_used() -> None:
    for path in specs.available().values():
        named = {fixture.file for fixture in specs.load_file(path).fixtures}
        kept = {file.name for file in (path.parent / fixtures.FOLDER).iterdir()}
        assert kept - {"README.md"} == named


def test_a_fixture_that_is_missing_or_comes_out_otherwise_is_said(tmp_path: Path) -> None:
    (tmp_path / "a.json").write_text(
        '{"accounts": [{"id": "1", "name": "x"}], "cursor": "c"}', encoding="utf-8"
    )
    given = [
        {"stage": "search", "file": "gone.json"},
        {"stage": "search", "file": "a.json", "rows": 2, "next": False, "first": {"name": "y"}},
        {"stage": "search", "file": "a.json", "state": "empty"},
    ]
    found = [str(p) for p in fixtures.check(specs.parse({**DOCUMENT, "fixtures": given}), tmp_path)]
    assert found == [
        "fixtures[0] — gone.json: No such file or directory",
        "fixtures[1] — expected 2 rows, got 1 (state ok)",
        "fixtures[1] — expected no further page, found one",
        "fixtures[1] — first row: name is 'x', not 'y'",
        "fixtures[2] — expected state empty, got ok",
        "fixtures — stage lookup has none",
        "fixtures — stage posts has none",
    ]
