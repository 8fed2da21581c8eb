"""The pinned settings are Scrapy's own names; what a running child checks is tried in test_child."""

from scrapy.settings import default_settings

from crawlers import settings
from tests.crawlers import child


def test_every_pinned_setting_is_one_scrapy_reads() -> None:
    assert [name for name in settings.PINNED if not hasattr(default_settings, name)] == []


def test_nothing_dangerous_that_scrapy_switches_on_by_default_stays_on() -> None:
    for name in ("REMOTE_CONTROL_ENABLED", "TELNETCONSOLE_ENABLED", "HTTPPROXY_ENABLED", "COOKIES_ENABLED"):
        assert settings.PINNED[name] is False
    assert settings.PINNED["DOWNLOAD_VERIFY_CERTIFICATES"] is True


def test_slots_do_not_wait_a_second_time() -> None:
    plan = child.plan({"127.0.0.1:1": [("search", "x")]}, spec=child.spec())
    assert settings.for_plan(plan)["DOWNLOAD_SLOTS"] == {
        "127.0.0.1:1": {"delay": 0, "concurrency": 1, "jitter": 0}
    }
