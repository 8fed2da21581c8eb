"""Signatures of Standard Webhooks 1.0.0, symmetric scheme (v1). Pure.

Signed are the bytes `<id>.<timestamp>.<body>` with HMAC-SHA256; the timestamp is in whole Unix seconds, the
id has no full stop. A secret is `whsec_` and the base64 of 24 to 64 random bytes. While a new secret is
brought in, the header lists a signature by each, and the receiver accepts any it knows.
"""

import base64
import binascii
import hashlib
import hmac
import secrets
from collections.abc import Iterable

PREFIX = "whsec_"
SHORTEST, LONGEST, USUAL = 24, 64, 32  # bytes


class BadSecret(Exception):
    """Not a signing secret; the text does not hold it."""


def new_secret() -> str:
    """A fresh secret, as the receiver needs it."""
    return PREFIX + base64.b64encode(secrets.token_bytes(USUAL)).decode("ascii")


def check_secrets(keys: Iterable[str]) -> None:
    """Raises BadSecret if one of `keys` cannot sign."""
    for secret in keys:
        _key(secret)


def signature(message_id: str, timestamp: int, body: bytes, keys: Iterable[str]) -> str:
    """The header `webhook-signature`: one signature by each of `keys`. Raises BadSecret, ValueError."""
    if not message_id or "." in message_id:
        raise ValueError("a webhook-id is not empty and holds no full stop")
    signed = f"{message_id}.{timestamp}.".encode("ascii") + body
    return " ".join(f"v1,{_mac(_key(secret), signed)}" for secret in keys)


def _mac(key: bytes, signed: bytes) -> str:
    return base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode("ascii")


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except (binascii.Error, ValueError):
        raise BadSecret("a signing secret is whsec_ and base64") from None
    if not secret.startswith(PREFIX) or not SHORTEST <= len(key) <= LONGEST:
        raise BadSecret(f"a signing secret is whsec_ and the base64 of {SHORTEST} to {LONGEST} bytes")
    return key
