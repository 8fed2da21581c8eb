"""The resolver: one inner answer spoils a name, and what was judged is what is dialled."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from crawlers.middlewares import egress
from crawlers.middlewares.egress import GuardResolver


def resolver(*answers: list[str] | Exception, loopback: tuple[str, ...] = ()) -> GuardResolver:
    """A guard whose look-ups give `answers` one after another, the last one for ever."""
    left = list(answers)

    async def look_up(name: str) -> list[str]:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return GuardResolver(None, loopback, look_up)


def ask(guard: GuardResolver, name: str = "evil.example", port: int = 443) -> list[str]:
    return asyncio.run(guard.addresses(name, port))


@pytest.mark.parametrize(
    "answers",
    [
        ["127.0.0.1"],
        ["::1"],
        ["93.184.216.34", "10.0.0.5"],
        ["203.0.113.9", "10.0.0.5"],
        ["169.254.169.254"],
        ["100.100.100.200"],
        ["::ffff:169.254.169.254"],
        ["64:ff9b::a9fe:a9fe"],
        ["0.0.0.0"],  # noqa: S104
    ],
    ids=" ".join,
)
def test_a_name_with_an_inner_answer_is_not_dialled_and_the_reason_kept(answers: list[str]) -> None:
    guard = resolver(answers)
    assert ask(guard) == []
    assert "which is not public" in guard.refusals["evil.example"]


def test_a_name_that_rebinds_is_dialled_where_it_was_judged() -> None:
    guard = resolver(["93.184.216.34"], ["127.0.0.1"])
    assert [ask(guard), ask(guard)] == [["93.184.216.34"], ["93.184.216.34"]]


def test_a_name_that_rebinds_after_the_cache_is_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(egress, "CACHE_S", -1.0)
    guard = resolver(["93.184.216.34"], ["127.0.0.1"])
    assert [ask(guard), ask(guard)] == [["93.184.216.34"], []]


def test_literals_pass_the_same_judgement() -> None:
    async def literal(name: str) -> list[str]:
        return [name]

    guard = GuardResolver(None, (), literal)
    assert ask(guard, "127.0.0.1", 80) == []
    assert ask(guard, "8.8.8.8") == ["8.8.8.8"]


def test_loopback_is_dialled_at_its_exact_port_only() -> None:
    guard = resolver(["127.0.0.1"], loopback=("127.0.0.1:4123",))
    assert ask(guard, "127.0.0.1", 4123) == ["127.0.0.1"]
    assert ask(guard, "127.0.0.1", 4124) == []
    assert ask(guard, "localhost", 4123) == []


def test_a_thousand_answers_are_all_judged_and_eight_used() -> None:
    many = [f"8.8.{n // 250}.{n % 250}" for n in range(1000)]
    assert ask(resolver(many)) == many[:8]
    assert ask(resolver([*many, "10.0.0.1"])) == []


def test_a_failed_or_endless_look_up_is_no_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    async def endless(name: str) -> list[str]:
        await asyncio.sleep(60)
        return []

    monkeypatch.setattr(egress, "LOOK_UP_S", 0.01)
    lookups: list[Callable[[str], Awaitable[list[str]]]] = [endless, resolver(OSError())._look_up]
    for look_up in lookups:
        guard = GuardResolver(None, (), look_up)
        assert (ask(guard), guard.refusals) == ([], {})
