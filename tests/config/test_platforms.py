"""`zhenwei platforms`: what an operator sees, and the exit codes scripts rely on."""

import json
import shutil
from pathlib import Path

import pytest

from config.cli import BAD_INPUT, DONE, FOUND_WRONG, main
from crawlers import specs
from registry.models import Account
from tests.registry.reference import quick_hashes, reference_rows, started  # noqa: F401  (fixtures)
from tests.registry.register import register, row


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the Mastodon spec as the operator's own platform `mine`."""
    monkeypatch.setenv("ZHENWEI_VAR", str(tmp_path))
    folder = tmp_path / "platforms" / "mine"
    shutil.copytree(specs.SHIPPED / "mastodon", folder)
    file = folder / specs.FILE_NAME
    file.write_text(file.read_text(encoding="utf-8").replace("id: mastodon", "id: mine"), encoding="utf-8")
    return file


def test_list_shows_shipped_and_own_specs(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", "list"]) == DONE
    listed = [line.split()[0] for line in capsys.readouterr().out.splitlines()]
    assert {"mastodon", "mine", "weibo", "douyin"} <= {*listed}
    assert listed == sorted(listed)


def test_list_names_a_spec_that_cannot_be_used(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own.write_text("id: mine\nversion: zero\naccess: official_api\n", encoding="utf-8")
    assert main(["platforms", "list"]) == FOUND_WRONG
    assert "version" in capsys.readouterr().out


def test_show_puts_terms_and_limits_before_the_spec(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", "show", "mastodon"]) == DONE
    out = capsys.readouterr().out
    assert out.index("docs.joinmastodon.org") < out.index("id: mastodon")
    assert "2 s" in out


def test_show_of_an_unknown_platform_lists_the_known(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", "show", "nowhere"]) == BAD_INPUT
    assert "mastodon" in capsys.readouterr().err


def test_check_passes_the_shipped_specs(capsys: pytest.CaptureFixture[str]) -> None:
    for spec_id in specs.available():
        assert main(["platforms", "check", spec_id]) == DONE


def test_check_says_where_and_what_to_write_instead(own: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = own.read_text(encoding="utf-8").replace("followers:", "fans:").replace("limit:", "limmit:")
    own.write_text(text.replace("delay_s: 2", "delay_s: 0.2"), encoding="utf-8")
    assert main(["platforms", "check", str(own)]) == BAD_INPUT
    out = capsys.readouterr().out
    line = next(
        n for n, text in enumerate(own.read_text(encoding="utf-8").splitlines(), 1) if "delay_s" in text
    )
    assert f"{own}:{line}:" in out
    assert "politeness.delay_s — 0.2, must be at least 1" in out


def test_check_finds_a_fixture_that_comes_out_otherwise(
    own: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own.write_text(own.read_text(encoding="utf-8").replace("rows: 3", "rows: 4"), encoding="utf-8")
    assert main(["platforms", "check", "mine", "--json"]) == FOUND_WRONG
    report = json.loads(capsys.readouterr().out)
    assert report["problems"][0]["path"] == "fixtures[0]"
    assert report["problems"][0]["text"] == "expected 4 rows, got 3 (state ok)"


def test_check_of_nothing_is_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["platforms", "check", "no/such/file.yaml"]) == BAD_INPUT
    assert "no/such/file.yaml" in capsys.readouterr().err


ENABLE = ["platforms", "enable", "mine", "--instance", "gov", "--base-url", "https://social.example"]


@pytest.mark.django_db
@pytest.mark.usefixtures("quick_hashes", "reference_rows", "started")
def test_accounts_on_an_own_platform_are_registered_once_it_is_enabled(
    own: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "register.csv"
    file.write_bytes(register(row(platform="mine", instance="gov")))
    assert main(["users", "add", "li.ming", "--role", "reviewer", "--scope", "410000"]) == DONE
    assert main(["import", "registry", str(file)]) == BAD_INPUT
    assert main([*ENABLE, "--by", "li.ming"]) == BAD_INPUT
    assert "--accept-terms" in capsys.readouterr().err
    assert main([*ENABLE, "--by", "li.ming", "--accept-terms"]) == DONE
    assert main(["import", "registry", str(file)]) == DONE
    assert Account.objects.get().platform == "mine"
