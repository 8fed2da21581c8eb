"""How `zhenwei import` takes a file of each kind."""

import argparse
import shutil
import tempfile
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

from common.clock import BEIJING
from common.faults import Text, visible
from config.progress import Progress
from observations.handin import HandinOptions, import_observations
from registry import imports, profiles
from registry.contact_import import ContactOptions, import_contacts
from registry.contacts import LINES
from registry.errors import Refused, one_of
from registry.models import Contact, FileImport
from registry.offices import ending
from registry.outcome import Outcome
from registry.register_import import RegisterOptions, import_register

ACTOR = "system:import"
Options = Callable[[argparse.Namespace, Mapping[str, str]], Any]


class Kind(NamedTuple):
    """The importer of a kind of file, and its options from the words of a command line."""

    importer: Callable[..., Outcome]
    options: Options


def _registry(args: argparse.Namespace, mapping: Mapping[str, str]) -> RegisterOptions:
    return RegisterOptions(
        mapping=mapping,
        skip_bad=args.skip_bad,
        retire_missing=args.retire_missing,
        retire_confirmed=args.confirm_retired,
        moving=args.moving,
        dry_run=args.dry_run,
    )


def _contacts(args: argparse.Namespace, mapping: Mapping[str, str]) -> ContactOptions:
    return ContactOptions(mapping=mapping, skip_bad=args.skip_bad, dry_run=args.dry_run)


def _observations(args: argparse.Namespace, mapping: Mapping[str, str]) -> HandinOptions:
    return HandinOptions(
        platform=args.platform,
        instance=args.instance,
        mapping=mapping,
        statement=args.statement,
        covers=args.covers,
        exported_at=args.exported_at,
        skip_bad=args.skip_bad,
        dry_run=args.dry_run,
    )


KINDS: Mapping[str, Kind] = {
    "registry": Kind(import_register, _registry),
    "contacts": Kind(import_contacts, _contacts),
    "observations": Kind(import_observations, _observations),
}


def offices_ending(now: datetime) -> list[Text]:
    """Contacts who soon leave their office to nobody."""
    soon = ending(Contact.objects.select_related("division", "unit"), now.astimezone(BEIJING).date())
    return [
        Text(
            f"{_post(contact)} 任期至 {contact.valid_to}，无人接替",
            f"{_post(contact)} ends on {contact.valid_to}, and nobody follows",
        )
        for contact in soon
    ]


def _post(contact: Contact) -> str:
    return f"{LINES[contact.line].zh} {contact.division or contact.unit} {contact.person}"


def take(args: argparse.Namespace, now: datetime) -> Outcome:
    """Take the file of a command line. Raises BadFile, OSError, Refused and ImportLost."""
    mapping = _mapping(args)
    kind = KINDS[args.what]
    options = kind.options(args, mapping)
    with (
        _job(args, options, now) as job,
        _reasons(args.errors) as reasons_to,
        Progress(args.file.name) as bar,
    ):

        def tell(done: int) -> None:
            bar.at(done, None)
            imports.report_progress(job, done, None)

        outcome = kind.importer(
            args.file, args.file.name, ACTOR, now, options, job=job, progress=tell, reasons_to=reasons_to
        )
    if args.save_profile and not args.dry_run:
        profiles.save(args.what, args.save_profile, mapping, ACTOR, now)
    return outcome


def _job(args: argparse.Namespace, options: Any, now: datetime) -> AbstractContextManager[FileImport | None]:
    """The announcement of the work; a dry run has none: it can break off without anybody missing it."""
    if args.dry_run:
        return nullcontext()
    return imports.announced(args.what, args.file, args.file.name, ACTOR, asdict(options), now)


def _mapping(args: argparse.Namespace) -> dict[str, str]:
    """What the columns mean by the profile, and before that by the words of the command line."""
    if not args.profile:
        return dict(args.map)
    kept = profiles.columns(args.what, args.profile)
    if kept is None:
        names = profiles.names(args.what)
        mend = one_of(args.profile, names) if names else "none is kept yet, see --save-profile"
        raise Refused(f"no profile is called “{visible(args.profile)}”: {mend}")
    return kept | dict(args.map)


class _reasons(AbstractContextManager[Path | None]):
    """Where an importer may write the copy with reasons; it comes to `wanted` when the work is over.

    The copy has the ending of its format, whatever `wanted` ends with.
    """

    def __init__(self, wanted: Path | None) -> None:
        self._wanted = wanted
        self._scratch = tempfile.TemporaryDirectory(prefix="zhenwei-") if wanted else None

    def __enter__(self) -> Path | None:
        return Path(self._scratch.name) / "reasons" if self._scratch else None

    def __exit__(self, *_: object) -> None:
        if self._scratch and self._wanted:
            for written in Path(self._scratch.name).iterdir():
                shutil.move(written, self._wanted.with_suffix(written.suffix))
            self._scratch.cleanup()
