"""The channels by which messages leave: every folder of `alerting/transports`, by name."""

from collections.abc import Mapping

from django.utils.module_loading import import_string

from alerting.envelope import Transport

TRANSPORTS = {
    "mail": "alerting.transports.mail.transport.Transport",
    "webhook": "alerting.transports.webhook.transport.Transport",
}


def load() -> Mapping[str, Transport]:
    """Every channel this installation has set up."""
    found = {name: import_string(path).from_settings() for name, path in TRANSPORTS.items()}
    return {name: transport for name, transport in found.items() if transport is not None}
