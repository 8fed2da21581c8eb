"""`zhenwei contacts missing`: whom an alert cannot reach."""

import json

import pytest

from config.cli import main
from registry.models import Contact
from tests.cast import Province


def test_offices_and_units_without_a_contact_are_listed(
    place: Province, capsys: pytest.CaptureFixture[str]
) -> None:
    Contact.objects.all().delete()
    assert main(["contacts", "missing"]) == 1
    out = capsys.readouterr().out
    assert "网信 cyberspace office 410100 郑州市" in [" ".join(line.split()[:5]) for line in out.splitlines()]
    assert place.zhengzhou_account.unit.name in out
    assert "Nobody can be told at" in out.splitlines()[-1]


def test_a_scope_leaves_out_what_lies_beside_and_above(
    place: Province, capsys: pytest.CaptureFixture[str]
) -> None:
    Contact.objects.all().delete()
    assert main(["contacts", "missing", "--scope", "410100", "--json"]) == 1
    found = json.loads(capsys.readouterr().out)
    assert {row["division"] for row in found} == {"410100"}
    assert {row["of"] for row in found} == {"division", "unit"}
    assert all(row["lacks"] == "contact" for row in found)


def test_where_everybody_can_be_told_it_says_so(place: Province, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contacts", "missing", "--scope", "420000"]) == 0
    assert "Everybody can be told" in capsys.readouterr().out


def test_an_unknown_scope_is_refused(place: Province, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["contacts", "missing", "--scope", "999999"]) == 2
    assert "unknown division" in capsys.readouterr().err
