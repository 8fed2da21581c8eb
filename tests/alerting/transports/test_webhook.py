"""What a webhook receiver gets, when it is believed to have it, and whom we do not call."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from django.conf import LazySettings
from standardwebhooks import Webhook as Verifier

from alerting import webhooks
from alerting.envelope import Envelope, Unsendable
from alerting.models import Webhook
from alerting.sealing import sealer
from alerting.transports.webhook.signing import new_secret
from alerting.transports.webhook.transport import Transport, judge
from common import clock
from common.egress import Egress
from common.http import Answer
from tests import cast
from tests.alerting import outbox
from tests.common.hostile_tcp import Line, serving

NOW = datetime(2026, 11, 24, 1, 0, tzinfo=UTC)
BODY = '{"data": {"名称": "郑州发布"}, "type": "zhenwei.alert.confirmed"}'.encode()
SECRET = new_secret()
ID = "5" * 40


def answer(status: int = 200, body: bytes = b"", kind: str = "", **headers: str) -> Answer:
    listed = [("Content-Type", kind)] if kind else []
    listed += [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Answer(status, tuple(listed), body, True)


def test_a_receiver_verifies_what_it_gets_with_the_foreign_library() -> None:
    asked = []

    def script(line: Line) -> None:
        asked.append(line.read_request())
        line.say(b"HTTP/1.1 204 No Content\r\n\r\n")

    with serving(script) as server:
        transport = Transport(Egress.of(loopback=[server.pair]))
        envelope = Envelope(ID, f"http://{server.pair}/hook", BODY, (new_secret(), SECRET))
        outcome = transport.send(envelope)
    assert (outcome.kind, outcome.code) == ("delivered", "HTTP 204")
    head, _, body = asked[0].partition(b"\r\n\r\n")
    assert body == BODY
    headers = dict(line.split(": ", 1) for line in head.decode("ascii").split("\r\n")[1:])
    assert Verifier(SECRET).verify(body, headers) == json.loads(BODY)
    assert headers["webhook-id"] == ID
    assert headers["Content-Type"] == "application/cloudevents+json; charset=utf-8"


def test_every_try_has_a_timestamp_of_its_own_over_the_same_bytes() -> None:
    asked: list[bytes] = []
    moments = iter([NOW, NOW + timedelta(minutes=5)])

    def script(line: Line) -> None:
        asked.append(line.read_request())
        line.say(b"HTTP/1.1 500 X\r\nContent-Length: 0\r\n\r\n")

    with serving(script) as server:
        transport = Transport(Egress.of(loopback=[server.pair]), now=lambda: next(moments))
        for _ in range(2):
            transport.send(Envelope(ID, f"http://{server.pair}/", BODY, (SECRET,)))
    stamps = [line for request in asked for line in request.split(b"\r\n") if b"webhook-timestamp" in line]
    assert stamps == [b"webhook-timestamp: 1795482000", b"webhook-timestamp: 1795482300"]
    assert all(b"webhook-id: " + ID.encode() in request and request.endswith(BODY) for request in asked)


@pytest.mark.parametrize(
    "received",
    [
        answer(204),
        answer(202, b"queued", "text/plain"),
        answer(200, b"", "application/json"),
        answer(200, b"{}", "application/json"),
        answer(200, b'{"errcode": 0, "errmsg": "ok"}', "application/json; charset=utf-8"),
        answer(200, b'{"code": 200, "success": true}', "application/json"),
        answer(200, b'{"code": "0000"}', "application/problem+json"),
        answer(200, b'{"code": "SUCCESS"}', "application/json"),
        answer(200, b'{"code": null, "ok": true}', "application/json"),
        answer(200, b"[1]", "application/json"),
        answer(201, b"success", "text/plain"),
        answer(200, b'\xef\xbb\xbf {"ErrCode": "0", "ret": 0, "StatusCode": 0, "code": "ok"}', "text/plain"),
        answer(200, '{"errcode": 0}'.encode("utf-16"), "text/plain"),
        answer(200, b'{"error": null, "errors": [], "status": "ok", "state": 1}', "application/json"),
        answer(200, b'{"success": "true", "result": 200}', "application/json"),
    ],
)
def test_a_receipt_is_a_receipt(received: Answer) -> None:
    assert judge(received, NOW).kind == "delivered"


@pytest.mark.parametrize(
    "received",
    [
        answer(200, b'{"errcode": 1}', "application/json"),
        answer(200, b'{"errcode": "310000"}', "application/json"),
        answer(200, b'{"code": 500}', "application/json"),
        answer(200, b'{"code": -1}', "APPLICATION/JSON"),
        answer(200, b'{"success": false}', "application/json"),
        answer(200, b'{"ok": false, "code": 0}', "application/vnd.x+json"),
        answer(200, b"\xff\xfe", "application/json"),
        answer(200, b"[" * 99_999, "application/json"),
        answer(200, b"NaN,", "application/json"),
        answer(200, b'{"errcode": 1', "text/plain"),
        answer(200, b'{"errcode": 40001}', "text/plain"),
        answer(200, b'\xef\xbb\xbf{"errcode": 40001}'),
        answer(200, b'\n{"ErrCode": 40001}', "text/plain"),
        answer(200, '{"errcode": 1}'.encode("utf-16"), "text/plain"),
        answer(200, b'{"errcode": 200}', "application/json"),
        answer(200, b'{"err_code": null}', "application/json"),
        answer(200, b'{"ret": -1}', "application/json"),
        answer(200, b'{"ret": false}', "application/json"),
        answer(200, b'{"StatusCode": 9499}', "application/json"),
        answer(200, b'{"code": "INVALID_SIGN"}', "application/json"),
        answer(200, b'{"code": true}', "application/json"),
        answer(200, b'{"Success": "false"}', "application/json"),
        answer(200, b'{"error": {"message": "x"}}', "application/json"),
        answer(200, b'{"error": "no such robot"}', "application/json"),
        answer(200, b'{"status": "FAILED"}', "application/json"),
        answer(200, b'{"status": 500}', "application/json"),
        answer(200, b'[{"code": 0}, {"errcode": 1}]', "application/json"),
        answer(200, b"<xml><return_code>FAIL</return_code></xml>", "text/xml"),
        answer(200, b"\xef\xbb\xbf\r\n<div>", "text/plain"),
        answer(203, b"ok"),
        answer(206, b"ok"),
        answer(200, b" \n<!doctype HTML>", "text/plain"),
        answer(200, b"<HTML lang=zh>"),
        answer(200, b"", "application/xhtml+xml"),
        answer(300),
        answer(304),
        answer(401),
        answer(404),
        answer(408),
        answer(503),
        answer(101),
        answer(999),
    ],
)
def test_in_doubt_it_is_tried_again(received: Answer) -> None:
    assert judge(received, NOW).kind == "retry"


@pytest.mark.parametrize("status", [301, 308, 400, 405, 410, 413, 414, 415, 422, 431])
def test_what_no_repetition_mends_is_permanent(status: int) -> None:
    outcome = judge(answer(status, b"why"), NOW)
    assert (outcome.kind, outcome.code, outcome.is_gone) == ("permanent", f"HTTP {status}", status == 410)


@pytest.mark.parametrize("status", [429, 502, 504])
def test_who_asks_for_less_haste_gets_a_minute_or_what_it_says(status: int) -> None:
    assert judge(answer(status), NOW).wait == timedelta(minutes=1)
    assert judge(answer(status, Retry_After="7"), NOW).wait == timedelta(seconds=7)
    assert judge(answer(503, Retry_After="Tue, 24 Nov 2026 01:30:00 GMT"), NOW).wait == timedelta(minutes=30)
    assert judge(answer(503), NOW).wait is None


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1:6379/",
        "https://169.254.169.254/",
        "http://hook.example/",
        "https://[::1]/",
        "file:///",
    ],
)
def test_a_closed_address_is_not_called(url: str) -> None:
    transport = Transport(Egress(), look_up=lambda *_: ["10.0.0.1"])
    outcome = transport.send(Envelope(ID, url, BODY, (SECRET,)))
    assert (outcome.kind, outcome.why) == ("permanent", "address")


def test_a_name_that_leads_inside_is_not_called() -> None:
    transport = Transport(Egress(), look_up=lambda *_: ["93.184.216.34", "10.0.0.5"])
    outcome = transport.send(Envelope(ID, "https://hook.example/", BODY, (SECRET,)))
    assert (outcome.kind, outcome.why) == ("permanent", "address")
    assert "10.0.0.5" in outcome.text


def test_no_secret_is_shown() -> None:
    envelope = Envelope(ID, "https://hook.example/", BODY, (SECRET,))
    assert SECRET not in repr(envelope)
    assert "名称" not in repr(envelope)


def test_settings_open_what_they_name(settings: LazySettings) -> None:
    settings.WEBHOOK_ALLOW, settings.LOOPBACK_ADDRESSES = ["10.1.2.0/24:8443"], ["127.0.0.1:4123"]
    egress = Transport.from_settings().egress
    assert egress.check_url("http://10.1.2.3:8443/").port == 8443
    assert egress.check_url("http://127.0.0.1:4123/").port == 4123


@pytest.mark.django_db
class TestSealing:
    """From a row to an envelope."""

    def test_the_secrets_of_an_endpoint_sign_both_while_one_is_replaced(self, place: cast.Province) -> None:
        endpoint, old = outbox.endpoint(place)
        new = webhooks.rotate(endpoint, "system:test", clock.now())
        endpoint.refresh_from_db()
        message = outbox.delivery(
            outbox.alert(cast.case(place.zhengzhou_account)), webhook=endpoint, body=BODY
        )
        envelope = Transport(Egress()).seal(message)
        assert envelope == Envelope(message.pk, endpoint.url, BODY, (new, old))

    def test_nothing_is_sent_to_an_endpoint_that_is_off(self, place: cast.Province) -> None:
        endpoint, _ = outbox.endpoint(place)
        webhooks.disable(endpoint, "test", "system:test", clock.now())
        endpoint.refresh_from_db()
        message = outbox.delivery(outbox.alert(cast.case(place.zhengzhou_account)), webhook=endpoint)
        with pytest.raises(Unsendable, match="disabled"):
            Transport(Egress()).seal(message)

    def test_a_secret_that_cannot_sign_is_told(self, place: cast.Province) -> None:
        endpoint, _ = outbox.endpoint(place)
        Webhook.objects.filter(pk=endpoint.pk).update(sealed_secret=sealer().seal("whsec_c2hvcnQ="))
        endpoint.refresh_from_db()
        message = outbox.delivery(outbox.alert(cast.case(place.zhengzhou_account)), webhook=endpoint)
        with pytest.raises(Unsendable, match="24 to 64"):
            Transport(Egress()).seal(message)

    def test_a_secret_under_another_master_key_is_told_and_not_shown(self, place: cast.Province) -> None:
        endpoint, secret = outbox.endpoint(place)
        endpoint.sealed_secret = bytes(endpoint.sealed_secret)[:-4] + b"AAAA"
        message = outbox.delivery(outbox.alert(cast.case(place.zhengzhou_account)), webhook=endpoint)
        message.recipient.webhook = endpoint
        with pytest.raises(Unsendable, match="master key") as caught:
            Transport(Egress()).seal(message)
        assert secret not in str(caught.value)
