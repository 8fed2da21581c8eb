"""Who acts at the shell, where nobody has signed in."""

import os
import pwd
from contextlib import AbstractContextManager

from audit_logs.circumstances import under


def at_the_shell() -> AbstractContextManager[None]:
    """Whatever is recorded inside says who ran the command: `os_user` in its details."""
    return under(os_user=os_user())


def os_user() -> str:
    """The name of the account this process runs under, its number if it has none.

    As the system knows it: LOGNAME and USER are whatever somebody sets them to.
    """
    number = os.getuid()
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
