"""docs/add-a-platform.md is true: its example loads and its fixtures come out, its refusals are refused."""

import re
from pathlib import Path
from textwrap import dedent

import pytest
import yaml

from common.datafolder import CHECKOUT
from crawlers import fixtures, spec_rules, specs

GUIDE = (CHECKOUT / "docs" / "add-a-platform.md").read_text(encoding="utf-8")
FILES = {
    name: dedent(text)
    for name, text in re.findall(r"^`(\S+)`.*\n\n((?: {4}.*\n|\n(?= {4}))+)", GUIDE, re.MULTILINE)
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The platform as the guide builds it."""
    for name, text in FILES.items():
        file = tmp_path / "plaza" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text, encoding="utf-8")
    return tmp_path / "plaza"


def test_the_example_is_right_and_its_fixtures_come_out(folder: Path) -> None:
    spec = specs.load_file(folder / specs.FILE_NAME)
    assert len(FILES) == 1 + len({fixture.file for fixture in spec.fixtures})
    assert fixtures.check(spec, folder / fixtures.FOLDER) == []


def test_every_field_is_read_by_a_converter_the_guide_names() -> None:
    row = next(line for line in GUIDE.splitlines() if line.startswith("| `fields` |"))
    usable = {name for kinds in spec_rules.ACCOUNT_TARGETS.values() for name in kinds}
    usable |= {name for kinds in spec_rules.POST_TARGETS.values() for name in kinds}
    assert usable <= set(re.findall(r"`(\w+)`", row))


def test_the_example_of_an_export_is_right_and_comes_out(tmp_path: Path) -> None:
    text = GUIDE.split("## 6.")[1].split("    id: square")[1].split("\n| part")[0]
    spec = specs.parse(yaml.safe_load(dedent(f"    id: square{text}")))
    rows = "用户ID,昵称,粉丝数,注册时间\n1,郑州发布,1.2万,2019年8月1日\n2,甲,-,昨天 12:30\n,乙,,\n"
    (tmp_path / "export.csv").write_text(rows, encoding="utf-8")
    assert fixtures.check(spec, tmp_path) == []


@pytest.mark.parametrize(
    ("where", "written"),
    [
        ("search.format", "html"),
        ("search.request.method", "POST"),
        ("access", "partner"),
        ("politeness.robots", "api_terms"),
        ("politeness.robots_reason", "because"),
        ("credentials", {}),
        ("search.request.headers", {"Authorization": "x"}),
        ("search.request.params.access_token", "x"),
        ("search.batch", 20),
        ("search.batch_join", ","),
        ("search.request.params.q", "{handles}"),
        ("search.request.params.q", "{since}"),
        ("search.empty_if", [{"text": "nothing"}]),
        ("checks", []),
    ],
)
def test_what_the_guide_calls_refused_is_refused(where: str, written: object) -> None:
    document = yaml.safe_load(FILES[specs.FILE_NAME])
    *above, key = where.split(".")
    place = document
    for name in above:
        place = place[name]
    place[key] = written
    with pytest.raises(specs.SpecError) as refused:
        specs.parse(document)
    assert where.split(".")[0] in str(refused.value)
