"""The secrets of endpoints: rows sealed under the installation's master key."""

from django.conf import settings

from alerting.models import Webhook
from common.secrets import Sealer


def sealer() -> Sealer:
    """The sealer of this installation. Raises common.secrets.SecretError."""
    return Sealer(settings.MASTER_KEYS)


def secrets_of(endpoint: Webhook) -> tuple[str, ...]:
    """The secrets that sign for `endpoint`: the current one, and the former until its rotation is ended.

    Raises common.secrets.SecretError if one cannot be opened.
    """
    keys = sealer()
    sealed = (endpoint.sealed_secret, endpoint.sealed_former)
    return tuple(keys.open(bytes(each)) for each in sealed if each is not None)
