"""Signatures that others verify: the published vector, the foreign library, and every change refused."""

import base64
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from standardwebhooks import Webhook, WebhookVerificationError

from alerting.transports.webhook.signing import BadSecret, check_secrets, new_secret, signature

SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
ID = "msg_p5jXN8AQM9LWM0D4loKWxJek"
BODY = '{"测试": "郑州发布"}'.encode()
STALE_S = 6 * 60  # the library takes five minutes


def headers(keys: list[str], body: bytes = BODY, at: int | None = None) -> dict[str, str]:
    timestamp = int(time.time()) if at is None else at
    return {
        "webhook-id": ID,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": signature(ID, timestamp, body, keys),
    }


def test_the_published_vector() -> None:
    said = signature(ID, 1614265330, b'{"test": 2432232314}', [SECRET])
    assert said == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_the_foreign_library_accepts_ours() -> None:
    secret = new_secret()
    assert Webhook(secret).verify(BODY, headers([secret])) == {"测试": "郑州发布"}


def test_while_a_secret_is_replaced_both_are_accepted_and_no_third() -> None:
    new, old, other = new_secret(), new_secret(), new_secret()
    both = headers([new, old])
    for secret in (new, old):
        Webhook(secret).verify(BODY, both)
    with pytest.raises(WebhookVerificationError):
        Webhook(other).verify(BODY, both)


def change(text: str, place: int = 0) -> str:
    """Another letter at `place`."""
    return text[:place] + ("A" if text[place] != "A" else "B") + text[place + 1 :]


@pytest.mark.parametrize("what", ["id", "body", "time", "signature", "stale", "early"])
def test_whatever_is_changed_the_foreign_library_refuses(what: str) -> None:
    good, body = headers([SECRET]), BODY
    if what == "body":
        body = BODY.replace(b"\xe5", b"\xe4", 1)
    elif what in ("stale", "early"):
        good = headers([SECRET], at=int(time.time()) + (STALE_S if what == "early" else -STALE_S))
    elif what == "time":
        good["webhook-timestamp"] = str(int(good["webhook-timestamp"]) + 1)
    elif what == "signature":
        good["webhook-signature"] = change(good["webhook-signature"], 3)
    else:
        good["webhook-id"] = change(ID)
    with pytest.raises(WebhookVerificationError):
        Webhook(SECRET).verify(body, good)


@given(st.binary(max_size=100), st.integers(0, 99), st.integers(1, 255))
def test_any_changed_byte_changes_the_signature(body: bytes, place: int, by: int) -> None:
    changed = bytearray(body + b"\0")
    changed[place % len(changed)] ^= by
    assert signature(ID, 1, bytes(changed), [SECRET]) != signature(ID, 1, body + b"\0", [SECRET])


def test_every_new_secret_is_its_own_and_long_enough() -> None:
    secrets = {new_secret() for _ in range(100)}
    assert len(secrets) == 100
    check_secrets(secrets)


def of_length(number: int) -> str:
    return "whsec_" + base64.b64encode(b"k" * number).decode("ascii")


@pytest.mark.parametrize(
    "secret", ["", "whsec_", SECRET[6:], of_length(23), of_length(65), SECRET + "!", SECRET + "\u00e9"]
)
def test_what_is_no_secret_signs_nothing_and_is_not_repeated(secret: str) -> None:
    with pytest.raises(BadSecret) as caught:
        signature(ID, 1, BODY, [secret])
    assert secret == "" or secret[6:] == "" or secret[6:] not in str(caught.value)


@pytest.mark.parametrize("number", ["", "a.b"])
def test_an_id_that_would_blur_what_is_signed_is_refused(number: str) -> None:
    with pytest.raises(ValueError, match="full stop"):
        signature(number, 1, BODY, [SECRET])
