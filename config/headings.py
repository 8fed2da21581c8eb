"""Which columns a file has and what they are understood as, for a person to say otherwise."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import cast

from common.faults import BadFile, Faults
from common.sheets.opening import opened
from crawlers import mapping, specs
from registry import headers, uploads
from registry.headers import PASSED_OVER, FileKind
from registry.models import FileImport
from registry.uploads import Column

MOST = 200


def headings(job: FileImport) -> list[Column]:
    """The columns of the file of `job`, each name once; none where it names none or cannot be read so far."""
    understood = _understood(job)
    found: dict[str, Column] = {}
    try:
        with opened(
            uploads.folder_of(job.key) / uploads.FILE, job.file_name, Faults(1), is_header=_is_header(job)
        ) as file:
            for table in file.tables:
                for name in filter(str.strip, table.columns):
                    found.setdefault(name, Column(name, table.name, understood(name)))
    except BadFile:
        return []
    return list(found.values())[:MOST]


def _is_header(job: FileImport) -> Callable[[Sequence[str]], bool] | None:
    if job.kind == "observations":
        return None
    kind = cast(FileKind, job.kind)
    return partial(headers.is_header, kind=kind, mapping=job.options.get("mapping", {}))


def _understood(job: FileImport) -> Callable[[str], str]:
    """Heading → the field it means by the words that are known; "-" where that is none or not clear."""
    if job.kind == "observations":
        return partial(_target, _targets(job.options["platform"]))
    return partial(_field, cast(FileKind, job.kind))


def _targets(platform: str) -> dict[str, str]:
    columns = getattr(specs.for_import(platform).mapping, "columns", ())
    return {name: column.target for column in columns for name in column.names}


def _target(targets: dict[str, str], heading: str) -> str:
    return targets.get(mapping.folded(heading), PASSED_OVER)


def _field(kind: FileKind, heading: str) -> str:
    meant = headers.meanings(heading, kind)
    return meant[0] if len(meant) == 1 else PASSED_OVER
