"""Which role may open which page: one closed table. A page that is not in it cannot be routed at all.

A role opens the page; which rows are on it is the business of `registry.scope`, on every page again.
"""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from audit_logs.record import record
from registry.models import User
from registry.roles import BLIND_ROLES, WATCHING_ROLES, Role
from review.moves import JUDGES, REPORTERS

View = Callable[..., HttpResponseBase]

EVERYBODY = frozenset(Role)
WATCHING = EVERYBODY - BLIND_ROLES
# A contractor runs accounts: findings and coverage of its unit are all it needs; no case, alert or contact.
CASE_READERS = WATCHING - {Role.CONTRACTOR}
# Told when mail cannot leave or a calendar is missing: who waits for alerts and dates, and who can mend it.
MENDING = frozenset({Role.REVIEWER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.SYSTEM_ADMIN})

# Who brings files in, by what they hold. Nobody who judges cases may change the register: a counterfeit
# entered as official would never be found. What a platform exported is evidence, and theirs who judge.
BRINGERS = {
    "registry": frozenset({Role.SUPERVISOR}),
    "contacts": frozenset({Role.SUPERVISOR}),
    "observations": JUDGES,
}
BRINGING = BRINGERS["registry"] | BRINGERS["contacts"] | BRINGERS["observations"]

# Opened before anybody has signed in.
PUBLIC = frozenset({"sign_in", "language", "health", "acknowledge"})
PAGES: dict[str, frozenset[Role]] = {
    "start": EVERYBODY,
    "password": EVERYBODY,
    "sign_out": EVERYBODY,
    "cases": CASE_READERS,
    "case": CASE_READERS,
    "decide": JUDGES,
    "countersign": REPORTERS,
    "advance": CASE_READERS - {Role.PSB_OFFICER, Role.PUBLICITY},
    "sheet": CASE_READERS - {Role.PUBLICITY},
    "suspect": CASE_READERS,
    "findings": WATCHING,
    "coverage": WATCHING,
    "alerts": CASE_READERS,
    "alert": CASE_READERS,
    "ack_here": CASE_READERS,
    "resend": JUDGES,
    "contacts": CASE_READERS,
    "registry": WATCHING,
    "unit": WATCHING,
    "account": WATCHING,
    "missing": WATCHING_ROLES,
    "registry_export": frozenset({Role.REVIEWER, Role.DUTY_OFFICER, Role.SUPERVISOR, Role.CAC_OFFICER}),
    "imports": BRINGING,
    "import": BRINGING,
    "import_reasons": BRINGING,
    "import_again": BRINGING,
    "import_take": BRINGING,
    "import_withdraw": BRINGING,
    **{f"bring_{kind}": roles for kind, roles in BRINGERS.items()},
    # The demo's alone, and everybody's mail at once: for those who see every line.
    "mailbox": JUDGES,
}
MENU = ("start", "cases", "alerts", "findings", "coverage", "registry", "contacts", "imports", "mailbox")


def may_open(user: User, page: str) -> bool:
    """Whether the role of `user` opens `page`. KeyError for a page that is not in the table."""
    return Role(user.role) in PAGES[page]


def brings(user: User) -> list[str]:
    """The kinds of files `user` brings in, and sees the imports of."""
    return [kind for kind in BRINGERS if may_open(user, f"bring_{kind}")]


def sees_rules(user: User) -> bool:
    """Whether `user` is shown how the rules work: scores, points, versions: not those outside."""
    return Role(user.role) not in (Role.SPONSOR, Role.PUBLICITY)


def sees_originals(user: User) -> bool:
    """Whether `user` is shown the proof itself (number, addresses, capture) and what reviewers noted.

    Publicity is not: it must know that an account is false, and need not lead anybody there.
    """
    return Role(user.role) != Role.PUBLICITY


def guarded(page: str, view: View) -> View:
    """`view`, opened only by the roles of the table; a refusal is recorded. KeyError for an unknown page."""
    if page in PUBLIC:
        return login_not_required(view)
    roles = PAGES[page]

    @wraps(view)
    def guard(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        user = signed_in(request)
        if Role(user.role) not in roles:
            refused(user, ("page", page))
            raise PermissionDenied(_("Your role does not open this page."))
        return view(request, *args, **kwargs)

    return guard


def signed_in(request: HttpRequest) -> User:
    """The person who asks. PermissionDenied for anybody else, whatever the middleware let through."""
    if not isinstance(request.user, User):
        raise PermissionDenied
    return request.user


def refused(user: User, subject: tuple[str, str]) -> None:
    """Put on record that `user` asked for `subject` and did not get it."""
    with transaction.atomic():
        record(f"user:{user.pk}", "access.refused", subject, {"role": user.role})
