"""Many rows in one transaction, each apart: one that cannot be dealt with holds up no other."""

import logging
from collections.abc import Callable
from typing import TypeVar

from django.db import OperationalError, transaction

log = logging.getLogger("zhenwei.review")
T = TypeVar("T")


def apart(what: str, act: Callable[[], T]) -> T | None:
    """What `act` gives; None if it failed: it alone is undone then, and the log says that `what` is left out.

    Inside the caller's transaction. A database that fails as a whole is no row's fault: OperationalError.
    """
    try:
        with transaction.atomic():
            return act()
    except OperationalError:
        raise
    except Exception:
        log.exception("%s is left out this time, the rest goes on", what)
        return None
