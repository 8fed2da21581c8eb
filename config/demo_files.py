"""The files of the example province, brought in as an office brings in its own. Safe to repeat."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from config.demo import HENAN
from observations.handin import HandinOptions, import_observations
from registry import imports
from registry.contact_import import ContactOptions, import_contacts
from registry.models import FileImport
from registry.register_import import RegisterOptions, import_register

ACTOR = "system:demo"
LEDGER, CONTACTS = HENAN / "政务新媒体台账.xlsx", HENAN / "联系人.csv"
EXPORTS = {"weibo": HENAN / "weibo-export.xlsx", "douyin": HENAN / "douyin-export.csv"}
STATEMENT = "示例：数据服务商按合同提供的检索结果 example: search results of a data vendor under contract"
COVERS = {"weibo": "", "douyin": "all"}
"""What was searched. Each row from Weibo names its search word; of Douyin the vendor says: all names."""
Importer = Callable[..., Any]


class Brought(NamedTuple):
    """A file that is in, and its counts; none where it was brought in at an earlier start."""

    path: Path
    counts: Mapping[str, int]


def register(now: datetime) -> Brought:
    """The ledger with its units and accounts."""
    return _bring("registry", LEDGER, import_register, RegisterOptions(), now)


def contacts(now: datetime) -> Brought:
    """Who answers for offices and units."""
    return _bring("contacts", CONTACTS, import_contacts, ContactOptions(), now)


def exports(now: datetime) -> list[Brought]:
    """What a vendor found on the platforms that may not be asked, dated by the moment it comes in."""
    return [
        _bring(
            "observations",
            path,
            import_observations,
            HandinOptions(platform, statement=STATEMENT, covers=COVERS[platform]),
            now,
        )
        for platform, path in EXPORTS.items()
    ]


def _bring(kind: str, path: Path, importer: Importer, options: Any, now: datetime) -> Brought:
    """Import `path` unless these very bytes are in: what somebody changed since in the demo stays."""
    digest = imports.sha256_of(path)
    if FileImport.objects.filter(kind=kind, sha256=digest, state="taken").exists():
        return Brought(path, {})
    with imports.announced(kind, path, path.name, ACTOR, asdict(options), now) as job:
        outcome = importer(path, path.name, ACTOR, now, options, job=job)
    return Brought(path, outcome.counts)
