"""What a platform spec must mean, once its shape is right. Pure.

Every rule is a small generator of `(path, sentence)`; a sentence says what is wrong and what to write
instead. A key that this version does not carry out yet is refused, never ignored: a spec that loads does
what it says.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from string import Formatter
from typing import Any
from zoneinfo import ZoneInfo

from common.addresses import AddressRefused, check_url, split_origin
from crawlers.expressions import Expression, ExpressionError, Pattern
from crawlers.spec_shape import Complaint, meant
from crawlers.spec_source import Path

Values = Mapping[str, Any]

STAGES = ("search", "lookup", "profile", "posts")
_PAGED = ("page", "offset")
ASKED = {"search": "keyword", "lookup": "handle", "profile": "id", "posts": "id"}
"""What each stage is asked with, and so the placeholder its request must hold."""
_PLACEHOLDERS = {
    "search": ("keyword", *_PAGED, "instance"),
    "lookup": ("handle", "instance"),
    "profile": ("id", "instance"),
    "posts": ("id", *_PAGED, "instance"),
}
_NOT_YET = ("handles", "since")

ACCOUNT_TARGETS: Mapping[str, tuple[str, ...]] = {
    "id": ("text", "lower"),
    "handle": ("text", "lower"),
    "name": ("text", "html_text"),
    "bio": ("text", "html_text"),
    "avatar_url": ("url",),
    "profile_url": ("url", "text"),
    "verified": ("bool",),
    "verified_type": ("text", "lower"),
    "verified_subject": ("text", "html_text"),
    "followers": ("int", "count"),
    "posts_count": ("int", "count"),
    "created_at": ("datetime", "epoch_s", "epoch_ms"),
    "last_post_at": ("datetime", "epoch_s", "epoch_ms"),
    "location": ("text", "html_text"),
    "links": ("url", "text"),
    "bot": ("bool",),
    "parody": ("bool",),
    "suspended": ("bool",),
    "moved_to": ("text", "lower"),
}
"""The fields of an account and the converters each may use, the usual one first."""
IMPORT_TARGETS: Mapping[str, tuple[str, ...]] = {
    **{target: ways for target, ways in ACCOUNT_TARGETS.items() if target != "links"},
    "followers": ("count", "int"),
    "posts_count": ("count", "int"),
    "query": ("text",),
    "rank": ("int",),
    "seen_at": ("datetime", "epoch_s", "epoch_ms"),
}
"""The fields a row of an export may have: the search it answers, its place there, when it was seen, too."""
POST_TARGETS: Mapping[str, tuple[str, ...]] = {
    "id": ("text",),
    "time": ("datetime", "epoch_s", "epoch_ms"),
    "url": ("url", "text"),
}
_SECRET_HEADERS = re.compile(r"(?i)authorization|cookie|proxy-authorization|x-.*(key|token|secret|auth).*")
_OWN_HEADERS = frozenset(
    "accept-encoding connection content-length host te transfer-encoding upgrade user-agent".split()  # noqa: SIM905
)
_SECRET_PARAMS = frozenset(
    ("access_token", "api_key", "apikey", "client_secret", "password", "secret", "token")
)


def asking(spec: Values) -> Iterator[Complaint]:
    """Everything that makes no sense in how `spec`, whose shape must be right, asks its platform."""
    yield from _not_yet(spec)
    yield from _address(spec)
    yield from _politeness(spec)
    yield from _stages(spec)
    for name in ("not_found", "blocked_if", "errors"):
        for n, rule in enumerate(spec.get(name, ())):
            yield from _rule(rule, (name, n))


def every(spec: Values) -> Iterator[Complaint]:
    """What makes no sense in the keys of any platform, asked or not."""
    if "handle_regex" in spec:
        yield from compiles(Pattern, spec["handle_regex"], ("handle_regex",))
    for n, fixture in enumerate(spec.get("fixtures", ())):
        if fixture["stage"] not in spec:
            yield ("fixtures", n, "stage"), f"the spec has no stage {fixture['stage']}"


def _not_yet(spec: Values) -> Iterator[Complaint]:
    """Keys of the format that this version does not carry out."""
    for key in ("credentials", "checks"):
        if key in spec:
            yield (key,), "not supported by this version; remove it"
    if spec["access"] == "partner":
        yield ("access",), "partner is not supported by this version; use official_api or public_page"


def _address(spec: Values) -> Iterator[Complaint]:
    base = spec.get("base_url")
    if base is None:
        yield ("base_url",), "required"
    elif base == "{instance}":
        if "instances" not in spec:
            yield ("instances",), 'required with base_url "{instance}"; write [] if there is none yet'
    else:
        yield from _origin(base, ("base_url",))
        if "instances" in spec:
            yield ("instances",), 'only with base_url "{instance}"'
    for n, instance in enumerate(spec.get("instances", ())):
        yield from _origin(instance, ("instances", n))
    if spec.get("enabled") and "terms_url" not in spec:
        yield ("terms_url",), "required before the platform can be enabled"


def _origin(url: str, path: Path) -> Iterator[Complaint]:
    """A fixed address must be an https origin, with a path in front of all requests at most."""
    if not url.startswith("https://"):
        yield path, "https required"
        return
    try:
        origin = split_origin(url)
        check_url(url, ports={80, 443, origin.port})
    except AddressRefused as refused:
        yield path, f"{refused}"
    if url.endswith("/") or set(url) & set("?#{}"):
        yield path, "an origin with a path prefix at most; no /, ? or # at the end"


def _politeness(spec: Values) -> Iterator[Complaint]:
    rules = spec.get("politeness")
    if rules is None:
        yield ("politeness",), "required: robots, delay_s and daily_budget"
    elif rules["robots"] == "api_terms":
        if spec["access"] == "public_page":
            yield ("politeness", "robots"), "api_terms is not allowed for public_page; write obey"
        else:
            yield ("politeness", "robots"), "api_terms is not supported by this version; write obey"
    elif "robots_reason" in rules:
        yield ("politeness", "robots_reason"), "only with api_terms; remove it"


def _stages(spec: Values) -> Iterator[Complaint]:
    named = [name for name in STAGES if name in spec]
    if not named:
        yield (), "at least one of search, lookup, profile, posts is required"
    for name in named:
        stage = spec[name]
        yield from _stage(name, stage, (name,))
        yield from _fields(name, stage["fields"], (name, "fields"), spec)


def _stage(name: str, stage: Values, path: Path) -> Iterator[Complaint]:
    if stage["format"] != "json":
        yield (*path, "format"), f"{stage['format']} is not supported by this version; only json is"
    for key in ("batch", "batch_join"):
        if key in stage:
            yield (*path, key), "not supported by this version, one handle is asked at a time; remove it"
    if "empty_if" in stage:
        yield (*path, "empty_if"), "only with html and xml: an empty JSON list speaks for itself; remove it"
    rows = stage.get("list")
    if isinstance(rows, str):
        yield from compiles(Expression, rows, (*path, "list"))
    elif rows is not None:
        yield (*path, "list"), "css and xpath work on html only; write a JMESPath text"
    yield from _request(name, stage, (*path, "request"))
    yield from _paginate(stage, (*path, "paginate"))


def _request(name: str, stage: Values, path: Path) -> Iterator[Complaint]:
    request = stage["request"]
    if request["method"] != "GET" or "json" in request:
        yield (*path, "method"), "POST is not supported by this version; only GET is"
    used: set[str] = set()
    places = [("path", request["path"]), *request.get("params", {}).items()]
    for key, text in places:
        place = (*path, "path") if key == "path" and text == request["path"] else (*path, "params", key)
        for word in placeholders(text):
            used.add(word or "")
            yield from _placeholder(name, word, place)
    if ASKED[name] not in used:
        yield path, f"{{{ASKED[name]}}} is used nowhere, so every answer would be the same"
    kind = stage.get("paginate", {}).get("type", "none")
    for word in _PAGED:
        if (word in used) != (kind == word):
            yield path, f"{{{word}}} and paginate type {word} belong together"
    yield from _path(request["path"], (*path, "path"))
    yield from _headers(request, path)


def placeholders(text: str) -> list[str | None]:
    """The words in braces; None for braces that do not pair."""
    try:
        return [word for _, word, form, turn in Formatter().parse(text) if word is not None or form or turn]
    except ValueError:
        return [None]


def _placeholder(stage: str, word: str | None, path: Path) -> Iterator[Complaint]:
    allowed = _PLACEHOLDERS[stage]
    names = " ".join(f"{{{name}}}" for name in allowed)
    every = {name for names in _PLACEHOLDERS.values() for name in names}
    if word is None:
        yield path, f"a brace without its partner; allowed: {names}"
    elif word in _NOT_YET:
        yield path, f"{{{word}}} is not supported by this version; allowed: {names}"
    elif word in every - set(allowed):
        yield path, f"{{{word}}} is not available in {stage}; use {{{ASKED[stage]}}}"
    elif word not in allowed:
        yield path, f"unknown placeholder {{{word}}}; allowed: {names}"


def _path(text: str, path: Path) -> Iterator[Complaint]:
    segments = text.split("/")
    if not re.fullmatch(r"/[!-~]*", text) or set(text) & set("?#\\%") or {"", "."} & set(segments[1:-1]):
        yield path, "must start with / and stay on base_url; parameters go into params"
    elif ".." in segments or text.startswith("//"):
        yield path, "must start with / and stay on base_url"


def _headers(request: Values, path: Path) -> Iterator[Complaint]:
    for name, value in request.get("headers", {}).items():
        place = (*path, "headers", name)
        if _SECRET_HEADERS.fullmatch(name):
            yield place, "put the value in the secret store and name it in credentials"
        elif name.lower() in _OWN_HEADERS:
            yield place, "set by the crawler itself; remove it"
        elif not re.fullmatch(r"[A-Za-z0-9-]+", name) or not re.fullmatch(r"[ -~]*", value):
            yield place, "only printable ASCII in a header"
    for name in request.get("params", {}):
        if name.lower() in _SECRET_PARAMS:
            yield (*path, "params", name), "put the value in the secret store and name it in credentials"


_NEEDS = {"cursor": ("param", "next"), "params": ("next",), "next_url": ("next",), "offset": ("step",)}
_TAKES = {
    "none": ("page_size",),
    "page": ("start", "step", "more", "page_size", "max_pages"),
    "offset": ("start", "step", "more", "page_size", "max_pages"),
    "cursor": ("param", "next", "more", "page_size", "max_pages"),
    "params": ("next", "more", "page_size", "max_pages"),
    "link_header": ("more", "page_size", "max_pages"),
    "next_url": ("next", "more", "page_size", "max_pages"),
}


def _paginate(stage: Values, path: Path) -> Iterator[Complaint]:
    rules = stage.get("paginate", {"type": "none"})
    kind = rules["type"]
    for key in rules:
        if key not in ("type", *_TAKES[kind]):
            yield (*path, key), f"has no meaning with type {kind}; remove it"
    needed = _NEEDS.get(kind, ()) if kind == "none" else (*_NEEDS.get(kind, ()), "max_pages")
    for key in needed:
        if key not in rules:
            yield (*path, key), f"required with type {kind}"
    if "next" in rules:
        yield from compiles(Expression, rules["next"], (*path, "next"))
    if "more" in rules:
        yield from _rule(rules["more"], (*path, "more"))


# -- fields and rules


def _fields(stage: str, fields: Values, path: Path, spec: Values) -> Iterator[Complaint]:
    targets = POST_TARGETS if stage == "posts" else ACCOUNT_TARGETS
    seen: list[str] = []
    for target, field in fields.items():
        place = (*path, target)
        if target not in targets:
            yield place, f"unknown field{meant(target, list(targets))}"
            continue
        yield from _field(field if isinstance(field, dict) else {"jmes": field}, place, seen, spec)
        yield from converter(field, targets[target], place)
        seen.append(target)
    if stage == "posts" and "time" not in fields:
        yield path, "a post without time says nothing; add time"
    if stage != "posts" and ("name" not in fields or not {"id", "handle"} & set(fields)):
        yield path, "an account needs name, and id or handle"


def _field(field: Values, path: Path, seen: list[str], spec: Values) -> Iterator[Complaint]:
    for key in ("css", "xpath"):
        if key in field:
            yield (*path, key), "works on html only, which this version does not support; use jmes"
    if ("jmes" in field) == ("template" in field) and not {"css", "xpath"} & set(field):
        yield path, "write either jmes or template"
    if "jmes" in field:
        yield from compiles(Expression, field["jmes"], (*path, "jmes"))
    if "regex" in field:
        yield from compiles(lambda text: Pattern(text, groups=1), field["regex"], (*path, "regex"))
    for word in placeholders(field.get("template", "")):
        if word not in seen:
            yield (*path, "template"), f"{{{word}}} is not one of the fields above it: {' '.join(seen)}"
    if "map" in field and "verified_map" not in spec:
        yield (*path, "map"), "there is no verified_map in this spec"
    if field.get("as") == "exists":
        yield (*path, "as"), "exists works on css and xpath only; use bool"
    if "tz" in field:
        yield from zone(field["tz"], (*path, "tz"))


def converter(field: Any, allowed: tuple[str, ...], path: Path) -> Iterator[Complaint]:
    """Whether `field` is converted to what its target holds."""
    chosen = field.get("as", "text") if isinstance(field, dict) else "text"
    plain = isinstance(field, dict) and "template" in field
    if chosen not in allowed and chosen != "exists" and not (plain and "as" not in field):
        yield path, f"as: {chosen} does not give what this field holds; write as: {' or '.join(allowed)}"


def zone(name: str, path: Path) -> Iterator[Complaint]:
    """Whether `name` is a time zone."""
    try:
        ZoneInfo(name)
    except (ValueError, OSError, KeyError):
        yield path, f"{name!r} is not a time zone; write for example Asia/Shanghai"


def _rule(rule: Values, path: Path) -> Iterator[Complaint]:
    if "css" in rule:
        yield (*path, "css"), "works on html only, which this version does not support"
    if set(rule) <= {"message"}:
        yield path, "at least one of status, url_contains, jmes, text is required"
    for key in ("jmes", "message"):
        if key in rule:
            yield from compiles(Expression, rule[key], (*path, key))


def compiles(compile_: Callable[[str], object], text: str, path: Path) -> Iterator[Complaint]:
    """Whether `compile_` takes `text`, in its own words if not."""
    try:
        compile_(text)
    except ExpressionError as error:
        yield path, str(error)
