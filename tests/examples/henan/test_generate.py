"""The committed example says what it claims to say, and comes out of its generator byte for byte."""

import ast
import csv
import io
import json
import unicodedata
import zipfile
from collections import Counter
from datetime import date
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from detection.kinds import KINDS
from examples.henan import generate, ledger, places
from examples.henan.draft import LAST_DAY
from examples.henan.matrix import WITHOUT_ACCOUNT
from examples.henan.units import NEVER, PAUSED, SHUT_DOWN, SILENT, SLOW

FOLDER = places.FOLDER
UNIT_KINDS = {
    "government_office", "township_government", "department", "institution", "enterprise", "vertical",
}  # fmt: skip
# Kinds of the handbook that say how an imitator comes to a name, not what was done to one.
KINDS_BESIDE_THE_NAME = {
    "affiliation_claim", "dissolved_body", "generic_claim", "profile_copied", "released_handle",
    "rename_takeover", "service_name", "unit_invented", "vacant_slot",
}  # fmt: skip
BEARS_THE_NAME = {"identical", "vacant_slot", "rename_takeover", "dissolved_body"}
Row = dict[str, Any]


def table(name: str) -> list[Row]:
    with (FOLDER / name).open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


@pytest.fixture(scope="module")
def made() -> dict[str, bytes]:
    return generate.files()


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


@pytest.fixture(scope="module")
def names(province: generate.Province) -> dict[str, str]:
    """The name of everybody by id; ids of different platforms are never equal."""
    seen = {account.uid: account.draft.name for account in province.seen}
    return seen | {uid: official.draft.name for uid, official in province.registered}


def on_mastodon(rows: list[Row]) -> list[Row]:
    return [row for row in rows if row["platform"] == "mastodon" and row.get("state") != "deregistered"]


def unpacked(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def test_the_committed_files_are_what_the_generator_makes(made: dict[str, bytes]) -> None:
    for name, content in made.items():
        committed = (FOLDER / name).read_bytes()
        # Libraries that compress differ between systems, what they compress does not.
        same = unpacked(committed) == unpacked(content) if name.endswith(".xlsx") else committed == content
        assert same, f"run python -m examples.henan.generate: {name} differs"


def test_a_second_run_writes_the_same_bytes_into_a_folder_and_they_stay_small(
    made: dict[str, bytes], tmp_path: Path
) -> None:
    generate.write(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == made
    assert len(made) == 7
    assert sum(map(len, made.values())) < 8_000_000


def test_it_imports_nothing_of_the_product_it_judges() -> None:
    for path in FOLDER.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            modules = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            modules += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            own = {
                "audit_logs",
                "common",
                "config",
                "console",
                "crawlers",
                "detection",
                "names",
                "observations",
                "registry",
                "watch",
            }
            assert not own & {name.split(".")[0] for name in modules}, path.name


def test_everybody_on_the_platform_is_there_once(accounts: dict[str, Row], answers: list[Row]) -> None:
    assert len({row["handle"].lower() for row in accounts.values()}) == len(accounts)
    assert [row["uid"] for row in on_mastodon(answers)] == list(accounts)
    assert [row["created_at"] for row in accounts.values()] == sorted(
        row["created_at"] for row in accounts.values()
    )


def test_an_id_is_one_account_of_one_platform(registry: list[Row], answers: list[Row]) -> None:
    who = {(row["platform"], row["instance"], row["platform_uid"]) for row in registry}
    who |= {(row["platform"], row["instance"], row["uid"]) for row in answers}
    assert len({uid for _, _, uid in who}) == len(who)


def test_the_labels_come_in_the_promised_numbers(answers: list[Row]) -> None:
    labels = Counter(row["label"] for row in answers)
    assert labels["counterfeit"] == 150
    assert labels["hard_negative"] == 500
    assert labels["ordinary"] == 20_000
    places = Counter(row["platform"] for row in answers if row["label"] == "counterfeit")
    assert set(places) == {"mastodon", "weibo", "douyin"} and min(places.values()) >= 40


def test_the_register_covers_the_province_on_six_platforms(registry: list[Row]) -> None:
    assert len(registry) >= 1_500
    platforms = Counter(row["platform"] for row in registry)
    assert len(platforms) == 6 and min(platforms.values()) >= 150
    known = places.read()
    counties = {
        code
        for code, place in known.items()
        if code[:2] == "41" and place.level == "county" and code[4] != "7" and code != "419001"
    }
    registered = {row["unit_division"] for row in registry}
    assert counties - registered == set(WITHOUT_ACCOUNT)
    assert not [code for code in registered if code[4] == "7"]


def test_a_unit_has_one_account_on_a_platform_under_each_name(registry: list[Row]) -> None:
    slots = Counter((row["platform"], row["unit"], row["unit_division"], row["name"]) for row in registry)
    assert set(slots.values()) == {1}
    bodies: dict[str, set[str]] = {}
    for row in registry:
        bodies.setdefault(row["name"], set()).add(row["unit"])
    assert {len(units) for units in bodies.values()} == {1}


def test_counterfeits_are_of_every_kind_of_the_handbook(answers: list[Row]) -> None:
    kinds = Counter(row["kind"] for row in answers if row["label"] == "counterfeit")
    assert set(kinds) == {*KINDS, *KINDS_BESIDE_THE_NAME} - {"office_claim"}
    assert max(kinds.values()) <= 15


def test_every_counterfeit_has_a_registered_target(answers: list[Row], registry: list[Row]) -> None:
    registered = {(row["platform"], row["platform_uid"]) for row in registry}
    for row in answers:
        if row["label"] == "counterfeit" or row["target_uid"]:
            assert (row["target_platform"], row["target_uid"]) in registered, row
        assert row["label"] in ("counterfeit", "hard_negative") or not row["target_uid"]


def test_a_name_is_shared_with_an_official_account_only_where_the_kind_says_so(
    names: dict[str, str], answers: list[Row], registry: list[Row]
) -> None:
    official = {row["name"] for row in registry}
    for row in answers:
        if row["label"] != "registered":
            says_so = row["kind"] in BEARS_THE_NAME or row["kind"] == "legit_homonym"
            name = unicodedata.normalize("NFKC", names[row["uid"]])
            assert (name in official) == says_so or name == "洛阳环保局", row


def test_on_weibo_a_name_is_given_once(province: generate.Province) -> None:
    borne = Counter(account.draft.name for account in province.on("weibo"))
    assert max(borne.values()) == 1


def test_invisible_characters_stand_in_the_file_as_escapes() -> None:
    text = (FOLDER / "accounts.jsonl").read_text(encoding="utf-8")
    assert not [letter for letter in text if unicodedata.category(letter) == "Cf"]
    assert "\\u200b" in text and "\\u202d" in text


def one_changed(mine: str, theirs: str) -> bool:
    return len(mine) == len(theirs) and sum(a != b for a, b in zip(mine, theirs, strict=True)) == 1


def test_the_kinds_do_to_a_name_what_they_are_called(province: generate.Province) -> None:
    genuine = {uid: official.draft for uid, official in province.registered}
    seen = 0
    for account in province.seen:
        draft = account.draft
        if draft.label != "counterfeit":
            continue
        target = genuine[province.genuine[draft.target]]
        name, real, handles = draft.name, target.name, (draft.handle, target.handle)
        match draft.kind:
            case "identical" | "vacant_slot" | "rename_takeover":
                assert unicodedata.normalize("NFKC", name) == real
            case "hidden_characters":
                assert "".join(c for c in name if unicodedata.category(c) != "Cf") == real != name
            case "extended":
                assert real in name and real != name
            case "reordered":
                assert sorted(name) == sorted(real) and name != real
            case "homophone" | "traditional":
                assert len(name) == len(real) and name != real
            case "look_alike":
                assert one_changed(name, real) or one_changed(*handles)
            case "handle_look_alike":
                assert handles[0] != handles[1] and len(handles[0]) == len(handles[1])
                assert name != real
            case "decorated":
                is_handle = handles[0].strip("_") == handles[1] != handles[0]
                assert is_handle or "".join(c for c in name if c.isalnum()) == real != name
            case "scope_changed":
                assert name[:2] in ("全国", "中华") and real.endswith(name[2:])
            case "released_handle":
                assert handles[0] == handles[1] and not set(name) & set(real)
            case "profile_copied":
                assert draft.bio == target.bio and draft.has_targets_picture and name not in real
            case "dissolved_body":
                assert real in name
            case _:
                seen -= 1
        seen += 1
    assert seen > 100


def test_handles_are_released_only_by_deregistered_accounts(province: generate.Province) -> None:
    states = {uid: official.state for uid, official in province.registered}
    for account in province.seen:
        if account.draft.kind in ("released_handle", "dissolved_body"):
            assert states[province.genuine[account.draft.target]] == "deregistered"


def test_a_vacant_slot_is_one_where_the_unit_has_no_account(
    answers: list[Row], registry: list[Row], names: dict[str, str]
) -> None:
    taken = {(row["platform"], row["name"]) for row in registry}
    vacant = [row for row in answers if row["kind"] == "vacant_slot"]
    assert len(vacant) == 6
    for row in vacant:
        assert (row["platform"], names[row["uid"]]) not in taken


def test_a_registry_row_tells_the_same_as_the_account(accounts: dict[str, Row], registry: list[Row]) -> None:
    for row in on_mastodon(registry):
        account = accounts[row["platform_uid"]]
        assert row["instance"] == "example"
        assert (row["handle"], row["name"]) == (account["handle"], account["name"])
        assert row["opened_on"] == account["created_at"]
        assert row["certified_subject"] == row["unit"]
        assert row["home_url"] == f"https://mastodon.example/@{row['handle']}"


def test_every_address_lies_where_nobody_lives(registry: list[Row]) -> None:
    assert all(".example/" in row["home_url"] for row in registry if row["platform"] != "wechat_oa")


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
    for platform in ("mastodon", "weibo", "wechat_oa", "douyin", "kuaishou", "toutiao"):
        borne = {row["name"] for row in registry if row["platform"] == platform}
        for city in cities:
            assert {f"{city.stem}发布", f"平安{city.stem}"} <= borne


def test_states_and_silences_are_mixed_as_the_dormancy_rules_need(
    accounts: dict[str, Row], registry: list[Row]
) -> None:
    uids = {row["handle"]: row["platform_uid"] for row in on_mastodon(registry)}
    states = Counter(row["state"] for row in on_mastodon(registry))
    assert states == {"in_service": 143, "paused": len(PAUSED), "shut_down": len(SHUT_DOWN)}
    everywhere = Counter(row["state"] for row in registry)
    assert everywhere["deregistered"] > 30 and everywhere["paused"] > 20
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
    for row in on_mastodon(registry):
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
    answers: list[Row], registry: list[Row], names: dict[str, str]
) -> None:
    known, registered = places.read(), {row["name"] for row in registry}
    seen = Counter[str]()
    for row in answers:
        if row["label"] == "hard_negative" and row["note"]:
            name, code = row["note"].rsplit(" ", 1)
            assert name.endswith(known[code].name)
            inside = code.startswith("41")
            assert inside == (row["kind"] == "same_organ_other_henan")
            assert names[row["uid"]] not in registered or row["kind"] == "legit_homonym"
            seen[row["kind"]] += 1
    assert seen == {
        "same_organ_other_place": 130, "same_organ_other_henan": 68, "legit_homonym": 9,
        "repeated_county": 23, "other_province": 48,
    }  # fmt: skip


def test_the_ledger_has_every_account_and_units_that_have_none(province: generate.Province) -> None:
    text = unpacked((FOLDER / ledger.FILE).read_bytes())["xl/sharedStrings.xml"].decode()
    for uid, official in province.registered:
        assert f">{uid}<" in text
        assert f">{official.unit.name}<" in text
    assert ">新密市人民政府办公室<" in text
