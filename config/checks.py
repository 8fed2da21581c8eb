"""System checks of this installation; `zhenwei doctor` and every start print what they find.

E001 the database's journal mode is not what this SQLite needs · E002 a secret file is readable by others ·
E003 channels and their folders differ · W001 no HTTPS although other hosts are allowed · W002 no contact
address for platforms to write to · W003 no mail server · W004 mail without an address for its links · W005
the holidays of a year are not known.
"""

import stat
from collections.abc import Iterable, Sequence
from pathlib import Path

from django.apps import AppConfig
from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register
from django.db import connection

from alerting import transports
from alerting.channels import TRANSPORTS
from common import clock
from registry.calendar import unpublished
from review import clocks

TRANSPORTS_FOLDER = Path(transports.__path__[0])


@register
def key_files(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """Keys are for their owner only."""
    return [
        Error(f"{path} is readable by others", hint=f"chmod 600 {path}", id="zhenwei.E002")
        for path in _keys(settings.DATA_FOLDER / "keys")
        if stat.S_IMODE(path.stat().st_mode) & 0o077
    ]


@register
def outward(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """What an installation that is no demo owes to others."""
    found: list[CheckMessage] = []
    if settings.MODE != "production":
        return found
    if len(settings.ALLOWED_HOSTS) > len(settings.OWN_HOSTS) and not settings.HTTPS:
        hint = "put a proxy with TLS in front and set ZHENWEI_HTTPS=on"
        found.append(Warning("other hosts are allowed, but HTTPS is off", hint=hint, id="zhenwei.W001"))
    if settings.CONTACT_URL.endswith(".invalid/contact"):
        hint = "set ZHENWEI_CONTACT_URL to a page or mailto: of your office"
        found.append(Warning("platforms have no address to write to", hint=hint, id="zhenwei.W002"))
    if not settings.SMTP_HOST:
        hint = "set ZHENWEI_SMTP_HOST and ZHENWEI_MAIL_FROM"
        found.append(
            Warning("no mail server: alerts wait and reach nobody by mail", hint=hint, id="zhenwei.W003")
        )
    elif not settings.PUBLIC_URL:
        hint = "set ZHENWEI_PUBLIC_URL to the console as other offices reach it"
        found.append(Warning("alerts carry no link to acknowledge by", hint=hint, id="zhenwei.W004"))
    return found


@register
def holidays(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """Due dates of a year without its calendar are guesses, and nothing is overdue by them."""
    year = unpublished(clocks.today(clock.now()))
    if year is None or settings.MODE != "production":
        return []
    text = f"the holidays of {year} are not known: due dates in it are guesses, nothing is overdue by them"
    hint = "once the State Council has published them, upgrade the package chinesecalendar and restart"
    return [Warning(text, hint=hint, id="zhenwei.W005")]


@register
def channels(app_configs: Sequence[AppConfig] | None, **_: object) -> list[CheckMessage]:
    """Every folder of transports is a registered channel, and the other way round."""
    folders = {path.parent.name for path in TRANSPORTS_FOLDER.glob("*/transport.py")}
    return [
        Error(
            f"the channel {name} is registered or has a folder, but not both",
            hint=f"alerting/transports/{name}/transport.py needs its line in alerting/channels.py",
            id="zhenwei.E003",
        )
        for name in sorted(folders ^ TRANSPORTS.keys())
    ]


def journal_mode() -> list[CheckMessage]:
    """WAL on a SQLite with the WAL-reset defect can lose commits; asked by `doctor`, needs the database."""
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA journal_mode")
        mode = str(cursor.fetchone()[0]).upper()
    if mode == settings.JOURNAL_MODE:
        return []
    return [Error(f"the database is in journal mode {mode}, not {settings.JOURNAL_MODE}", id="zhenwei.E001")]


def _keys(folder: Path) -> Iterable[Path]:
    return [path for path in folder.glob("*") if path.suffix != ".vkey"] if folder.exists() else []
