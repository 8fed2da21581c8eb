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
    menu = [(page, words.PAGES[page]) for page in permissions.MENU if permissions.may_open(user, page)]
    return common | {"menu": menu, "role": words.role(user.role)}


@cache
def _version() -> str:
    return version("zhenwei")
