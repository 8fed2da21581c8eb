"""The catalogue of the console: collects what is said in English, keeps the Chinese beside it, compiles it.

    python -m console.locale.compile

adds new sentences to `django.po` with an empty translation, drops those nobody says any more, and writes
`django.mo`. Needs Babel (development requirements); the product reads only `django.mo`.
"""

import io
import os
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import cast

import django
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.template import engines
from django.template.backends.django import DjangoTemplates
from django.template.base import Node, Template
from django.templatetags.i18n import BlockTranslateNode, TranslateNode

CONSOLE = Path(__file__).resolve().parent.parent
PO = CONSOLE / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.po"
MO = PO.with_suffix(".mo")
WRITTEN = datetime(2026, 1, 1, tzinfo=UTC)

Said = str | tuple[str, str]
KEYWORDS = {"_": None, "gettext": None, "gettext_lazy": None, "ngettext": (1, 2)}


def said() -> dict[Said, list[str]]:
    """Every sentence the console says (a pair where there is a plural), with the files that say it."""
    found: dict[Said, list[str]] = {}
    for place, sentence in [*_in_python(), *_in_templates()]:
        places = found.setdefault(sentence, [])
        if place not in places:
            places.append(place)
    return found


def updated(old: Catalog) -> Catalog:
    """A catalogue of exactly what is said, with the translations of `old`."""
    new = _empty()
    for sentence, places in sorted(said().items(), key=str):
        known = old.get(sentence if isinstance(sentence, str) else sentence[0])
        new.add(sentence, known.string if known else "", locations=[(place, 0) for place in places])
    return new


def read() -> Catalog:
    """The committed catalogue; an empty one if there is none."""
    if not PO.exists():
        return _empty()
    with PO.open("rb") as file:
        return read_po(file, locale="zh_Hans")


def compiled(catalog: Catalog) -> bytes:
    """The bytes of `django.mo`: the same catalogue gives the same bytes."""
    spoken = _empty()
    for message in catalog:
        if message.id:
            spoken.add(message.id, message.string)
    stream = io.BytesIO()
    write_mo(stream, spoken)
    return stream.getvalue()


def missing(catalog: Catalog) -> list[str]:
    """The sentences of `catalog` that have no Chinese."""
    return [str(message.id) for message in catalog if message.id and not _is_translated(message)]


def _is_translated(message: Message) -> bool:
    texts = message.string if isinstance(message.string, (tuple, list)) else [message.string]
    return all(texts)


def _empty() -> Catalog:
    # Dates in the header would make every compilation a different file.
    return Catalog(
        locale="zh_Hans",
        header_comment="# Chinese of the console. Kept by python -m console.locale.compile",
        project="Zhenwei",
        version="1",
        msgid_bugs_address="-",
        last_translator="-",
        language_team="-",
        creation_date=WRITTEN,
        revision_date=WRITTEN,
        fuzzy=False,
    )


def _in_python() -> Iterator[tuple[str, Said]]:
    for path in sorted(CONSOLE.rglob("*.py")):
        with path.open("rb") as file:
            for _line, message, _comments, _context in extract("python", file, keywords=KEYWORDS):
                said_here = tuple(message) if isinstance(message, (tuple, list)) else message
                yield path.relative_to(CONSOLE.parent).as_posix(), cast(Said, said_here)


def _in_templates() -> Iterator[tuple[str, Said]]:
    engine = cast(DjangoTemplates, engines["django"]).engine
    for path in sorted((CONSOLE / "templates").rglob("*.html")):
        template = Template(path.read_text(encoding="utf-8"), engine=engine)
        place = path.relative_to(CONSOLE.parent).as_posix()
        for node in template.nodelist.get_nodes_by_type(Node):
            if isinstance(node, TranslateNode):
                yield place, str(node.filter_expression.var.literal)
            elif isinstance(node, BlockTranslateNode):
                yield place, _block(node)


def _block(node: BlockTranslateNode) -> Said:
    single, _variables = node.render_token_list(node.singular)
    if not node.plural:
        return single
    plural, _variables = node.render_token_list(node.plural)
    return single, plural


def main() -> None:
    """Update the catalogue and compile it; say what has no translation yet."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    catalog = updated(read())
    with PO.open("wb") as file:
        write_po(file, catalog, width=110, no_location=False, omit_header=False, sort_output=True)
    MO.write_bytes(compiled(catalog))
    for sentence in missing(catalog):
        print(f"no Chinese yet: {sentence}")  # noqa: T201 (a tool at the command line)


if __name__ == "__main__":
    main()
