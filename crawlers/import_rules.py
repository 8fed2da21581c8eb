"""What the `import` section of a platform spec must mean, once its shape is right. Pure."""

from collections.abc import Iterator, Mapping
from typing import Any

from crawlers.expressions import Pattern
from crawlers.mapping import folded
from crawlers.spec_rules import IMPORT_TARGETS, compiles, converter, placeholders, zone
from crawlers.spec_shape import Complaint, meant
from crawlers.spec_source import Path

Values = Mapping[str, Any]

ALLOWED = frozenset({
    "id", "version", "title", "access", "terms_url", "notes", "handle_regex", "verified_map", "fixtures",
    "import",
})  # fmt: skip
"""The keys of a platform of which nothing is asked."""
_DATES = ("created_at", "last_post_at", "seen_at")
_IN_URL = ("id", "handle")


def import_only(spec: Values) -> Iterator[Complaint]:
    """What does not belong in a spec with `access: import_only`, and what is missing there."""
    for key in spec:
        if key not in ALLOWED:
            yield (key,), "not allowed with import_only"
    if "import" not in spec:
        yield ("import",), "required with import_only: formats and columns"
    if "notes" not in spec:
        yield ("notes",), "required with import_only: say what has to be settled before exports are used"


def section(spec: Values) -> Iterator[Complaint]:
    """Everything that makes no sense in the section `import`."""
    given, path = spec["import"], ("import",)
    yield from _columns(given["columns"], (*path, "columns"))
    for target, way in given.get("convert", {}).items():
        place = (*path, "convert", target)
        if target not in given["columns"]:
            yield place, "there is no column for it in columns"
        elif target in IMPORT_TARGETS:
            yield from _way(target, way, place, spec)
    for target in _DATES:
        if target in given["columns"] and not _has_zone(given.get("convert", {}).get(target, {})):
            yield (
                (*path, "convert", target),
                "no time zone in most exports; add tz (for example Asia/Shanghai)",
            )
    yield from _profile_url(given, (*path, "profile_url"))


def _columns(columns: Values, path: Path) -> Iterator[Complaint]:
    owner: dict[str, str] = {}
    for target, names in columns.items():
        if target not in IMPORT_TARGETS:
            yield (*path, target), f"unknown field{meant(target, list(IMPORT_TARGETS))}"
        for n, name in enumerate(names):
            other = owner.setdefault(folded(name), target)
            if other != target:
                yield (*path, target, n), f"{name} also stands under {other}; keep one"
    if "name" not in columns or not {"id", "handle"} & set(columns):
        yield path, "an account needs name, and id or handle"


def _way(target: str, way: Values, path: Path, spec: Values) -> Iterator[Complaint]:
    yield from converter({"as": IMPORT_TARGETS[target][0], **way}, IMPORT_TARGETS[target], path)
    if way.get("as") == "exists":
        yield (*path, "as"), "exists works on css and xpath only; use bool"
    if "tz" in way:
        yield from zone(way["tz"], (*path, "tz"))
    if "regex" in way:
        yield from compiles(lambda text: Pattern(text, groups=1), way["regex"], (*path, "regex"))
    if "map" in way and "verified_map" not in spec:
        yield (*path, "map"), "there is no verified_map in this spec"


def _has_zone(way: Values) -> bool:
    return "tz" in way or way.get("as", "datetime") != "datetime"


def _profile_url(given: Values, path: Path) -> Iterator[Complaint]:
    url = given.get("profile_url")
    if url is None:
        return
    words = placeholders(url)
    if not url.startswith("https://"):
        yield path, "https required"
    if len(words) != 1:
        yield path, "one placeholder: {id} or {handle}; without one every account would have the same address"
    for word in words:
        if word not in _IN_URL or word not in given["columns"]:
            yield path, f"unknown placeholder {{{word}}}; allowed: {{id}} {{handle}}, where columns has them"
