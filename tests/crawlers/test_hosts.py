"""The pace of one host, on a clock of our own."""

from crawlers.hosts import Host


def test_starts_are_a_delay_apart_however_late_one_asks() -> None:
    host = Host("a:1", delay_s=2)
    assert [host.take_turn(100), host.take_turn(100), host.take_turn(101)] == [0, 2, 3]
    assert host.take_turn(200) == 0


def test_a_crawl_delay_only_ever_slows_down() -> None:
    host = Host("a:1", delay_s=2)
    host.want_delay(1)
    assert host.delay_s == 2
    host.want_delay(30)
    host.take_turn(100)
    assert host.take_turn(100) == 30


def test_a_very_long_crawl_delay_gives_one_page_a_run() -> None:
    host = Host("a:1", delay_s=2)
    host.take_turn(100)  # robots.txt, which then asks for 500 s
    host.want_delay(500)
    assert host.refusal(100) is None
    assert host.take_turn(100) == 2
    assert host.refusal(102) == "robots.txt asks for 500 s between requests: one page a run"


def test_a_relaxed_host_has_no_delay_but_keeps_its_pauses() -> None:
    host = Host("127.0.0.1:1", delay_s=2, relaxed=True)
    host.want_delay(500)
    assert [host.take_turn(100), host.take_turn(100)] == [0, 0]
    host.pause(30, 100)
    assert host.take_turn(100) == 30


def test_a_short_pause_is_waited_for_and_a_long_one_is_not() -> None:
    host = Host("a:1", delay_s=0)
    host.pause(60, 100)
    assert host.refusal(100) is None
    host.pause(61, 100)
    assert host.refusal(100) == "host asked us to wait another 61 s"
    assert host.refusal(102) is None


def test_a_shorter_pause_does_not_end_a_longer_one() -> None:
    host = Host("a:1", delay_s=0)
    host.pause(50, 100)
    host.pause(1, 100)
    assert host.take_turn(100) == 50


def test_without_a_date_pauses_double_up_to_an_hour() -> None:
    host = Host("a:1", delay_s=0)
    assert [host.fallback_s() for _ in range(8)] == [60, 120, 240, 480, 960, 1920, 3600, 3600]


def test_three_failures_in_a_row_make_it_unreachable() -> None:
    host = Host("a:1", delay_s=0)
    host.failed()
    host.failed()
    host.answered()
    host.failed()
    host.failed()
    assert host.refusal(100) is None
    host.failed()
    assert host.refusal(100) == "host unreachable: 3 connections in a row failed"
