"""The promise one acknowledges with."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation

from alerting.escalation import promise_limit
from common.clock import BEIJING
from console.promises import OFFERED, PromiseForm

NOW = datetime(2026, 11, 24, 6, 0, 30, tzinfo=UTC)  # 14:00:30 in Beijing
GOOD = {"promise": "check", "text": "", "until": "2026-11-24T15:00"}


def form(severity: str = "S1", **changes: str) -> PromiseForm:
    """A form sent in at NOW."""
    return PromiseForm(GOOD | changes, severity, NOW)


def test_a_promise_is_a_sentence_and_a_moment_in_beijing() -> None:
    sent = form(text="已联系平台")
    assert sent.is_valid()
    assert sent.cleaned_data["until"] == datetime(2026, 11, 24, 15, tzinfo=BEIJING)
    with translation.override("zh-hans"):
        assert sent.sentence() == "核实情况并反馈 – 已联系平台"
    with translation.override("en"):
        assert form(text="已联系平台").is_valid()
        assert sent.sentence() == "We look at it and answer – 已联系平台"


def test_something_else_says_what() -> None:
    assert form(promise="other", text=" ").errors["text"]
    sent = form(promise="other", text="联系平台")
    assert sent.is_valid()
    assert sent.sentence() == "联系平台"


@pytest.mark.parametrize(
    "wrong",
    [
        {"promise": ""},
        {"promise": "nothing"},
        {"text": "x" * 401},
        {"text": "a\0b"},
        {"until": ""},
        {"until": "tomorrow"},
        {"until": "2026-11-24T14:00"},
        {"until": "2026-11-24T16:01"},
        {"until": "9999-12-31T23:59"},
        {"until": "0001-01-01T00:00"},
    ],
)
def test_what_is_no_promise_is_refused_at_its_field(wrong: dict[str, str]) -> None:
    assert list(form(**wrong).errors) == list(wrong)


@pytest.mark.parametrize("severity", ["S1", "S2", "S3", "S4"])
def test_what_is_offered_can_be_taken(severity: str) -> None:
    offered = PromiseForm(None, severity, NOW)["until"].value()
    sent = offered.astimezone(BEIJING).strftime("%Y-%m-%dT%H:%M")
    assert form(severity, until=sent).is_valid()
    assert OFFERED[severity] <= promise_limit(severity, NOW) - NOW


def test_the_field_says_its_bounds_to_the_browser() -> None:
    written = str(PromiseForm(None, "S1", NOW)["until"])
    assert 'min="2026-11-24T14:00"' in written
    assert 'max="2026-11-24T16:00"' in written
    assert 'value="2026-11-24T15:00"' in written
    assert timedelta(hours=2) == promise_limit("S1", NOW) - NOW
