"""Every transport folder is a channel, and every outcome has words."""

import re

from django.conf import LazySettings

from alerting.channels import TRANSPORTS, load
from alerting.envelope import WHY
from common import dial
from common.datafolder import CHECKOUT

CODES_OF_DIAL = ("timeout", "tls", "dns", "refused", "reset", "network")
CODES_OF_HTTP = ("cut", "protocol")


def test_the_folders_are_the_channels() -> None:
    folders = {path.parent.name for path in (CHECKOUT / "alerting/transports").glob("*/transport.py")}
    assert folders == set(TRANSPORTS)


def test_a_channel_that_is_not_set_up_is_left_out(settings: LazySettings) -> None:
    settings.SMTP_HOST = ""
    assert list(load()) == ["webhook"]
    settings.SMTP_HOST, settings.MAIL_FROM = "127.0.0.1", "alerts@zhenwei.example"
    assert list(load()) == ["mail", "webhook"]


def test_every_outcome_has_words_and_every_word_an_outcome() -> None:
    sources = [path for path in (CHECKOUT / "alerting").rglob("*.py") if path.name != "envelope.py"]
    written = "".join(path.read_text(encoding="utf-8") for path in sources)
    used = {word for word in WHY if re.search(rf'"{word}"', written)}
    assert used | {*CODES_OF_DIAL, *CODES_OF_HTTP} == set(WHY)


def test_every_network_error_has_a_code_with_words() -> None:
    errors = (TimeoutError(), ConnectionRefusedError(), ConnectionResetError(), OSError(113, "No route"))
    assert {dial.explain(error)[0] for error in errors} <= set(WHY)
