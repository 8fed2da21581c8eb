"""What templates need: foreign text, marked differences, words for codes, times, links."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from django import template
from django.template import Context
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from common.clock import isoformat
from console import chain, filters, outcomes, times, words
from detection.difference import Span, characters, describe, visible
from names import divisions
from registry.models import Division

register = template.Library()


@register.simple_tag
def foreign(text: str) -> SafeString:
    """Text that strangers wrote: isolated, so its direction marks move nothing, hidden characters shown."""
    return format_html("<bdi>{}</bdi>", _shown(text, plain="\n")) if text else _nothing()


@register.simple_tag
def marked(spans: Sequence[Span], side: str) -> SafeString:
    """The text of one `side` ("candidate" or "official") with its differing pieces marked."""
    pieces = format_html_join("", "{}", ((_piece(span, side),) for span in spans))
    return format_html("<bdi>{}</bdi>", pieces) if pieces else _nothing()


@register.filter
def differing(spans: Sequence[Span]) -> list[dict[str, Any]]:
    """What differs, piece by piece, with the name and code point of every character."""
    return [
        {
            "op": span.op,
            "candidate": [describe(char) for char in characters(span.candidate)],
            "official": [describe(char) for char in characters(span.official)],
        }
        for span in spans
        if span.op != "equal"
    ]


@register.simple_tag(takes_context=True)
def when(context: Context, moment: datetime | None) -> SafeString:
    """A moment in Beijing time to the minute, with its age beside it."""
    if moment is None:
        return _nothing()
    return format_html(
        '<time datetime="{}" title="{} UTC">{}</time> <span class="age">{}</span>',
        isoformat(moment),
        moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S"),
        times.beijing(moment)[:16],
        times.age(moment, context["now"]),
    )


@register.simple_tag(takes_context=True)
def until(context: Context, moment: datetime) -> SafeString:
    """How long from now until a moment, which stands in Beijing time under the pointer."""
    said, at = times.until(moment, context["now"]), times.beijing(moment)
    return format_html('<time datetime="{}" title="{}">{}</time>', isoformat(moment), at, said)


@register.filter
def beijing(moment: datetime) -> str:
    """A moment in Beijing time to the second."""
    return times.beijing(moment)


@register.filter
def utc(moment: datetime) -> str:
    """A moment as it is stored: UTC with microseconds."""
    return isoformat(moment)


@register.filter
def hexadecimal(value: bytes) -> str:
    """A hash as people compare it."""
    return bytes(value).hex()


@register.filter
def lasted_until(start: datetime, end: datetime) -> str:
    """How long it took from `start` to `end`."""
    return times.lasted(start, end)


@register.filter
def word(code: str, table: str) -> Any:
    """The word for `code` in one of the tables of `console.words`; the code itself if it is not listed."""
    return getattr(words, table).get(code, code)


@register.filter
def spoken(reason: dict[str, Any] | None) -> str:
    """The sentence of a reason {zh, en} in the language of the page."""
    return str((reason or {}).get("zh" if words.chinese() else "en", ""))


@register.filter
def places(reason: dict[str, Any]) -> str:
    """Which characters a reason is about, counted from one: `2` or `3–4, 7`; nothing where it is all."""
    spans = reason.get("at", [])
    if spans == [[0, len(reason.get("detail", {}).get("candidate", ""))]]:
        return ""
    return ", ".join(f"{start + 1}–{end}" if end - start > 1 else str(end) for start, end in spans)


@register.simple_tag
def said(both: words.Both) -> SafeString:
    """A sentence that is there in both languages, in that of the page; it may name what strangers wrote."""
    return foreign(words.spoken(both))


@register.filter
def in_words(both: words.Both) -> str:
    """The same as plain text, for places that take no mark-up."""
    return words.spoken(both)


@register.filter
def kind_title(kind: str, listing: outcomes.Listing) -> str:
    """What the faults of a `kind` are called."""
    return outcomes.title_of_kind(kind, listing)


@register.simple_tag
def reason_words(what: str, key: str) -> str:
    """The words of a reason `key` for an outcome or move."""
    return chain.reason(what, key)


@register.simple_tag
def source_name(platform: str, instance: str) -> str:
    """`mastodon/example`, or the platform alone where it has one host."""
    return f"{platform}/{instance}" if instance else platform


@register.filter
def place_name(division: Division) -> str:
    """A division with what it takes to tell it from others of its name: 郑州市金水区."""
    known = divisions.by_key(division.code)
    return divisions.display_name(known) if known else division.name


@register.filter
def titled(platform: str, titles: Mapping[str, str]) -> str:
    """The title of a platform; the platform itself where it has none."""
    return titles.get(platform, platform)


@register.simple_tag(takes_context=True)
def with_filter(context: Context, **changes: str | int) -> str:
    """This address's filters with `changes`; an empty value takes a filter out."""
    return filters.address(context["request"].GET, **{k: v if v != "" else None for k, v in changes.items()})


def _piece(span: Span, side: str) -> SafeString:
    text = span.candidate if side == "candidate" else span.official
    if span.op == "equal":
        return _shown(text)
    if not text:
        return format_html('<mark class="gap" title="{}"></mark>', _("nothing here"))
    return format_html("<mark>{}</mark>", _shown(text))


def _shown(text: str, plain: str = "") -> SafeString:
    """`text` with its hidden characters as code points; those of `plain` stay as they are."""
    runs = groupby(text, key=lambda char: char in plain or visible(char) == char)
    return format_html_join("", "{}", ((_run("".join(chars), as_is),) for as_is, chars in runs))


def _run(chars: str, as_is: bool) -> SafeString | str:
    hidden = ((visible(char),) for char in chars)
    return chars if as_is else format_html_join("", '<span class="hidden">{}</span>', hidden)


def _nothing() -> SafeString:
    return format_html('<span class="none">{}</span>', _("not given"))
