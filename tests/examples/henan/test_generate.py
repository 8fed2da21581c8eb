"""The committed example says what it claims to say, and comes out of its generator byte for byte."""

import ast
import csv
import json
import unicodedata
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from detection.kinds import KINDS
from examples.henan import generate, places
from examples.henan.draft import LAST_DAY
from examples.henan.units import NEVER, PAUSED, SHUT_DOWN, SILENT, SLOW

FOLDER = places.FOLDER
UNIT_KINDS = {
    "government_office", "township_government", "department", "institution", "enterprise", "vertical",
}  # fmt: skip
Row = dict[str, Any]


def table(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def accounts() -> dict[str, Row]:
    lines = (FOLDER / "accounts.jsonl").read_text(encoding="utf-8").splitlines()
    return {row["uid"]: row for row in map(json.loads, lines)}


@pytest.fixture(scope="module")
def answers() -> list[Row]:
    return table("answers.csv")


@pytest.fixture(scope="module")
def registry() -> list[Row]:
    return table("registry.csv")


def test_the_committed_files_are_what_the_generator_makes() -> None:
    for name, content in generate.files().items():
        assert (FOLDER / name).read_bytes() == content, (
            f"run python -m examples.henan.generate: {name} differs"
        )


def test_it_writes_the_four_files_into_a_folder(tmp_path: Path) -> None:
    generate.write(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "accounts.jsonl",
        "answers.csv",
        "contacts.csv",
        "registry.csv",
    ]


def test_it_imports_nothing_of_the_product_it_judges() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            own = {
                "audit_logs",
                "config",
                "console",
                "crawlers",
                "detection",
                "names",
                "observations",
                "registry",
                "watch",
            }
            assert not own & {name.split(".")[0] for name in names}, path.name


def test_every_account_is_there_once(accounts: dict[str, Row], answers: list[Row]) -> None:
    assert len(accounts) == generate.ACCOUNTS
    assert len({row["handle"].lower() for row in accounts.values()}) == generate.ACCOUNTS
    assert [row["uid"] for row in answers] == list(accounts)
    assert list(accounts) == sorted(accounts, key=int)


def test_the_labels_come_in_the_promised_numbers(answers: list[Row]) -> None:
    labels = Counter(row["label"] for row in answers)
    assert labels == {"registered": 150, "counterfeit": 40, "hard_negative": 100, "ordinary": 1710}


def test_counterfeits_are_of_many_kinds_that_the_product_knows(answers: list[Row]) -> None:
    kinds = Counter(row["kind"] for row in answers if row["label"] == "counterfeit")
    assert set(kinds) <= set(KINDS)
    assert len(kinds) >= 10 and max(kinds.values()) <= 6


def test_every_counterfeit_has_a_registered_target(answers: list[Row], registry: list[Row]) -> None:
    registered = {row["platform_uid"] for row in registry}
    for row in answers:
        if row["label"] == "counterfeit" or row["target_uid"]:
            assert row["target_uid"] in registered, row
        assert row["label"] in ("counterfeit", "hard_negative") or not row["target_uid"]


def test_a_name_is_shared_with_an_official_account_only_where_the_kind_says_so(
    accounts: dict[str, Row], answers: list[Row]
) -> None:
    labels = {row["uid"]: row["label"] for row in answers}
    official = {row["name"] for uid, row in accounts.items() if labels[uid] == "registered"}
    assert len(official) == 150
    for row in answers:
        if row["label"] != "registered":
            says_so = row["kind"] in ("identical", "legit_homonym")
            name = unicodedata.normalize("NFKC", accounts[row["uid"]]["name"])
            assert (name in official) == says_so, row


def test_invisible_characters_stand_in_the_file_as_escapes() -> None:
    text = (FOLDER / "accounts.jsonl").read_text(encoding="utf-8")
    assert not [letter for letter in text if unicodedata.category(letter) == "Cf"]
    assert "\\u200b" in text and "\\u202d" in text


def one_changed(mine: str, theirs: str) -> bool:
    return len(mine) == len(theirs) and sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1


def test_the_kinds_do_to_a_name_what_they_are_called(accounts: dict[str, Row], answers: list[Row]) -> None:
    for row in answers:
        if row["label"] != "counterfeit":
            continue
        name, genuine = accounts[row["uid"]]["name"], accounts[row["target_uid"]]["name"]
        handles = accounts[row["uid"]]["handle"], accounts[row["target_uid"]]["handle"]
        match row["kind"]:
            case "identical":
                assert unicodedata.normalize("NFKC", name) == genuine
            case "hidden_characters":
                assert "".join(c for c in name if unicodedata.category(c) != "Cf") == genuine != name
            case "extended":
                assert genuine in name and genuine != name
            case "reordered":
                assert sorted(name) == sorted(genuine) and name != genuine
            case "homophone" | "traditional":
                assert len(name) == len(genuine) and name != genuine
            case "look_alike":
                assert one_changed(name, genuine) or one_changed(*handles)
            case "decorated":
                assert handles[0].strip("_") == handles[1] != handles[0]
            case "scope_changed":
                assert name[:2] in ("全国", "中华") and genuine.endswith(name[2:])


def test_a_registry_row_tells_the_same_as_the_account(accounts: dict[str, Row], registry: list[Row]) -> None:
    assert len({row["unit"] for row in registry}) == 115
    for row in registry:
        account = accounts[row["platform_uid"]]
        assert (row["platform"], row["instance"]) == ("mastodon", "example")
        assert (row["handle"], row["name"]) == (account["handle"], account["name"])
        assert row["opened_on"] == account["created_at"]
        assert row["certified_subject"] == row["unit"]
        assert row["home_url"] == f"https://mastodon.example/@{row['handle']}"


def test_units_have_existing_divisions_and_one_kind(registry: list[Row]) -> None:
    known = places.read()
    kinds: dict[str, str] = {}
    for row in registry:
        assert row["unit_division"] in known
        assert row["unit_division"].startswith("41")
        assert row["unit_kind"] in UNIT_KINDS
        assert kinds.setdefault(row["unit"], row["unit_kind"]) == row["unit_kind"]


def test_every_city_government_and_its_police_are_registered(registry: list[Row]) -> None:
    known = places.read().values()
    cities = {p for p in known if p.parent == "410000"}
    assert len(cities) == 18
    names = {row["name"] for row in registry}
    for city in cities:
        assert {f"{city.stem}发布", f"平安{city.stem}"} <= names


def test_states_and_silences_are_mixed_as_the_dormancy_rules_need(
    accounts: dict[str, Row], registry: list[Row]
) -> None:
    uids = {row["handle"]: row["platform_uid"] for row in registry}
    states = Counter(row["state"] for row in registry)
    assert states == {"in_service": 143, "paused": len(PAUSED), "shut_down": len(SHUT_DOWN)}
    for handle, days in SILENT.items():
        assert accounts[uids[handle]]["posts_hours_ago"][0] // 24 == days
    assert sorted(set(SILENT.values())) == [11, 13, 15, 40]
    for handle in NEVER:
        assert accounts[uids[handle]]["posts_hours_ago"] == []
    for handle in SLOW:
        hours = accounts[uids[handle]]["posts_hours_ago"]
        assert all(12.9 * 24 < b - a < 14 * 24 for a, b in pairwise(hours))


def test_the_other_official_accounts_are_lively(accounts: dict[str, Row], registry: list[Row]) -> None:
    still = {*SILENT, *NEVER, *SLOW, *PAUSED, *SHUT_DOWN}
    for row in registry:
        hours = accounts[row["platform_uid"]]["posts_hours_ago"]
        if row["handle"] not in still:
            assert hours[0] < 48
            assert all(older - newer < 7 * 24 / 3 for newer, older in pairwise(hours))


def test_nobody_posts_before_being_there(accounts: dict[str, Row]) -> None:
    for account in accounts.values():
        created, hours = date.fromisoformat(account["created_at"]), account["posts_hours_ago"]
        assert created <= LAST_DAY
        assert hours == sorted(set(hours))
        assert not hours or hours[-1] <= (LAST_DAY - created).days * 24


def test_a_common_word_finds_more_than_one_answer_can_hold(accounts: dict[str, Row]) -> None:
    for word in ("郑州", "河南", "洛阳"):
        assert sum(word in account["name"] for account in accounts.values()) > 80


def test_bystanders_of_other_places_stand_outside_or_are_not_registered(
    answers: list[Row], registry: list[Row]
) -> None:
    known, registered = places.read(), {row["unit_division"] for row in registry}
    seen = Counter[str]()
    for row in answers:
        if row["label"] == "hard_negative" and row["note"]:
            name, code = row["note"].rsplit(" ", 1)
            assert name.endswith(known[code].name)
            inside = code.startswith("41")
            assert inside == (row["kind"] == "same_organ_other_henan")
            assert code not in registered
            seen[row["kind"]] += 1
    assert seen == {
        "same_organ_other_place": 18, "same_organ_other_henan": 12, "legit_homonym": 6, "repeated_county": 7,
    }  # fmt: skip
