"""What `zhenwei platforms enable` and `disable` do. Each returns what to print, or raises PlatformError."""

import argparse
import re
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction

from common import clock
from common.addresses import AddressRefused, check_url
from crawlers import specs
from crawlers.specs import Spec
from observations import sources
from observations.models import Source
from registry.divisions import add_account_kind
from registry.models import AccountKind, User

INSTANCE = re.compile(r"[a-z0-9][a-z0-9-]{0,63}")


IMPORT = "zhenwei import observations --platform {} FILE"


class PlatformError(Exception):
    """The platform cannot be switched as asked; the text says why and what to write."""


def enable(args: argparse.Namespace) -> str:
    """Switch an instance on, once a person has accepted its terms."""
    spec = _spec(args.id)
    person = _person(args.by)
    instance, base_url = _place(spec, args.instance, args.base_url)
    budget = 0 if spec.is_import_only else args.budget or spec.politeness.daily_budget
    if not args.accept_terms:
        raise PlatformError(
            f"{sources.terms(spec)}\n\nRead the above and repeat the command with --accept-terms; the name "
            f"{person.username}, the time and a digest of this text are kept."
        )
    now = clock.now()
    with transaction.atomic():
        add_account_kind(f"user:{person.pk}", spec.id, spec.title, now)
        source = sources.enable(spec, instance, base_url, budget, person, now)
    if spec.is_import_only:
        return f"{source} is on: nothing is asked there. Bring its exports: {IMPORT.format(spec.id)}"
    return f"{source} is on: {base_url}, {budget} requests a day. The next scan asks it."


def disable(args: argparse.Namespace) -> str:
    """Switch an instance off; what was seen stays."""
    source = Source.objects.filter(platform=args.id, instance=args.instance, enabled=True).first()
    if source is None:
        on = ", ".join(str(source) for source in Source.objects.filter(enabled=True)) or "none"
        raise PlatformError(f"{args.id} {args.instance} is not on; on are: {on}".replace("  ", " "))
    sources.disable(source, _person(args.by), clock.now())
    return f"{source} is off."


def _spec(platform: str) -> Spec:
    """Its own spec; the generic one for a platform that only has accounts in the register."""
    if platform == specs.GENERIC:
        raise PlatformError(
            f"{platform} is no platform: it reads exports of those that have no spec of their own"
        )
    has_accounts = AccountKind.objects.filter(platform=platform).exists()
    if platform not in specs.available() and has_accounts:
        return specs.for_import(platform)
    return specs.load(platform)


def _person(name: str) -> User:
    person = User.objects.filter(username=name, is_active=True).first()
    if person is None:
        raise PlatformError(f"--by {name}: nobody of that name signs in here (zhenwei users list)")
    return person


def _place(spec: Spec, instance: str, base_url: str) -> tuple[str, str]:
    """Instance key and address, checked: only public https addresses, in the demo and tests loopback too."""
    if spec.is_import_only and (instance or base_url):
        raise PlatformError(f"nothing is asked at {spec.id}: leave --instance and --base-url out")
    if spec.base_url != "{instance}":
        if instance or base_url:
            raise PlatformError(
                f"{spec.id} has one address, {spec.base_url}: leave --instance and --base-url out"
            )
        return "", spec.base_url
    if not INSTANCE.fullmatch(instance):
        raise PlatformError("--instance: a short name of your own for it, of a-z, 0-9 and -, such as gov")
    try:
        origin = check_url(base_url, allowed_loopback=settings.LOOPBACK_ADDRESSES)
    except AddressRefused as error:
        raise PlatformError(f"--base-url {base_url}: {error}") from None
    if origin.scheme != "https" and origin.pair not in settings.LOOPBACK_ADDRESSES:
        raise PlatformError(f"--base-url {base_url}: https is required")
    if urlsplit(base_url).query or urlsplit(base_url).fragment:
        raise PlatformError("--base-url: scheme, host and path only, such as https://social.example")
    return instance, base_url.rstrip("/")
