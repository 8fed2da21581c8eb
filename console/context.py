"""What every template may say about this installation and the person in front of it."""

from functools import cache
from importlib.metadata import version
from typing import Any

from django.conf import settings
from django.http import HttpRequest

from common import clock
from console import permissions, words
from registry.models import User


def installation(request: HttpRequest) -> dict[str, Any]:
    """The mode (for the banner), version, moment of the request, and the menu of this person."""
    user = getattr(request, "user", None)
    common = {"mode": settings.MODE, "version": _version(), "now": clock.now()}
    if not isinstance(user, User):
        return common | {"menu": [], "role": ""}
    return common | {
        "menu": _menu(user),
        "role": words.role(user.role),
        "mail_is_missing": _mail_is_missing(user),
    }


def _menu(user: User) -> list[tuple[str, object]]:
    """The pages this person may open; the first is a shift only for those who watch accounts."""
    titles = words.PAGES | ({} if permissions.may_open(user, "coverage") else {"start": words.START})
    pages = [page for page in permissions.MENU if page != "mailbox" or settings.MODE == "demo"]
    return [(page, titles[page]) for page in pages if permissions.may_open(user, page)]


def _mail_is_missing(user: User) -> bool:
    """Whether this person should see to it that mail can leave: there is no server for it."""
    return not settings.SMTP_HOST and user.role in permissions.MENDING


@cache
def _version() -> str:
    return version("zhenwei")
