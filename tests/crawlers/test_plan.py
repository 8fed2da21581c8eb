"""Plans: what is written is read again, and what must not be carried out is refused with its place."""

import json
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crawlers import plan as plans
from crawlers.plan import PlanError
from tests.crawlers import child

PAIR = "127.0.0.1:4123"
GOOD = child.plan({PAIR: [("search", "郑州发布"), ("posts", "110")]}, spec=child.spec(), timeout_s=2)
DOCUMENT = json.loads(plans.to_json(GOOD))


def changed(change: Callable[[dict[str, Any]], object]) -> bytes:
    document = json.loads(plans.to_json(GOOD))
    change(document)
    return json.dumps(document).encode()


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    plans.write(GOOD, path)
    found = plans.read(path)
    assert plans.to_json(found) == plans.to_json(GOOD)
    assert found.tasks == tuple(GOOD.tasks)
    assert (path.stat().st_mode & 0o777, list(tmp_path.iterdir())) == (0o600, [path])


REFUSED: list[tuple[Callable[[dict[str, Any]], object], str]] = [
    (lambda d: d.update(format=2), "plan.format"),
    (lambda d: d.update(run="../../etc"), "plan.run"),
    (lambda d: d.update(user_agent="Mozilla/5.0"), "plan.user_agent"),
    (lambda d: d.update(user_agent="Zhenwei/1\r\nHost: x"), "plan.user_agent"),
    (lambda d: d.update(extra=1), "plan.extra: unknown key"),
    (lambda d: d.pop("tasks"), "plan.tasks"),
    (lambda d: d.update(timeout_s=16), "plan.timeout_s: 16, must be from 0.1 to 15"),
    (lambda d: d.update(timeout_s=True), "plan.timeout_s"),
    (lambda d: d["loopback"].update(addresses=["8.8.8.8:80"]), "plan.loopback.addresses"),
    (lambda d: d["loopback"].update(addresses=["127.0.0.1"]), "plan.loopback.addresses"),
    (lambda d: d["loopback"].update(addresses=[]), "plan.sources[0].base_url: port 4123 is not|not a public"),
    (lambda d: d["loopback"].update(politeness_off="yes"), "plan.loopback.politeness_off"),
    (lambda d: d["sources"][0].update(base_url="http://good.example"), "https address"),
    (lambda d: d["sources"][0].update(base_url="https://10.0.0.1"), "not a public address"),
    (lambda d: d["sources"][0].update(base_url="https://good.example/?a=b"), "without parameters"),
    (lambda d: d["sources"][0].update(platform="other"), "the spec is for testing"),
    (lambda d: d["sources"][0].update(instance="a b"), "plan.sources[0].instance"),
    (lambda d: d["sources"][0].update(budget=-1), "plan.sources[0].budget"),
    (lambda d: d["sources"][0]["spec"].update(version=0), "version — 0, must be at least 1"),
    (lambda d: d["sources"].append(d["sources"][0]), "plan.sources: one is given twice"),
    (lambda d: d["tasks"][1].update(task=0), "plan.tasks: one is given twice"),
    (lambda d: d["tasks"][0].update(source="nowhere"), "is not among the sources"),
    (lambda d: d["tasks"][0].update(stage="profile"), "the spec has no stage 'profile'"),
    (lambda d: d["tasks"][0].update(value="x" * 1001), "plan.tasks[0].value"),
    (lambda d: d["tasks"][0].update(value="\ud800"), "half a character"),
]


@pytest.mark.parametrize(("change", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_it_refuses_and_says_where(change: Callable[[dict[str, Any]], object], sentence: str) -> None:
    with pytest.raises(PlanError) as caught:
        plans.parse(changed(change))
    assert any(part in str(caught.value) for part in sentence.split("|")), caught.value


def test_a_spec_for_one_host_is_not_sent_to_another() -> None:
    def elsewhere(document: dict[str, Any]) -> None:
        source = document["sources"][0]
        source["spec"].update(base_url="https://good.example")
        del source["spec"]["instances"]
        source.update(base_url="https://evil.example")

    with pytest.raises(PlanError, match=r"the spec names https://good\.example"):
        plans.parse(changed(elsewhere))


def test_too_many_hosts_at_once_are_refused() -> None:
    hosts = {f"127.0.0.1:{port}": [("search", "x")] for port in range(5000, 5065)}
    with pytest.raises(PlanError, match="65 hosts"):
        plans.parse(plans.to_json(child.plan(hosts, spec=child.spec())))


def test_a_missing_file_is_a_plan_error(tmp_path: Path) -> None:
    with pytest.raises(PlanError, match="No such file"):
        plans.read(tmp_path / "none")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=5), inner, max_size=2),
    max_leaves=4,
)


@given(st.binary(max_size=50))
def test_whatever_the_file_holds_there_is_one_family_of_errors(data: bytes) -> None:
    with pytest.raises(PlanError):
        plans.parse(data)


@given(st.sampled_from(sorted(DOCUMENT)), VALUES)
def test_whatever_stands_at_a_key_it_is_read_or_refused(key: str, value: Any) -> None:
    with suppress(PlanError):
        plans.parse(changed(lambda document: document.update({key: value})))
