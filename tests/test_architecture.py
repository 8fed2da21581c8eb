"""The house as it is told: README, layers, command table, versions. Imports are checked by `make lint`."""

import ast
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from django.apps import apps
from django.db import models
from django.db.migrations.loader import MigrationLoader

from common.datafolder import CHECKOUT
from config.cli import COMMANDS

PROJECT = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))
README = (CHECKOUT / "README.md").read_text(encoding="utf-8")
CHINESE = (CHECKOUT / "README.zh-CN.md").read_text(encoding="utf-8")
# From the floor up; packages in one tuple are siblings and may not point at each other.
FLOORS = (
    ("audit_logs",),
    ("registry",),
    ("observations",),
    ("detection", "watch"),
    ("review",),
    ("alerting",),
    ("console",),
    ("config",),
)


def packages() -> set[str]:
    return {path.parent.name for path in CHECKOUT.glob("*/__init__.py")}


def table(heading: str, text: str = README) -> list[str]:
    """First column of the table under a heading of the README."""
    part = text.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([a-z_]+)` \|", part, re.MULTILINE)


def test_the_readme_names_every_package_and_no_other() -> None:
    assert set(table("The house")) == packages()


def test_the_readme_names_every_command_with_its_summary() -> None:
    assert table("The one door") == list(COMMANDS)
    for name, command in COMMANDS.items():
        assert f"| `{name}` | {command.summary} |" in README


def test_the_chinese_readme_names_the_same_packages_and_commands() -> None:
    assert table("代码结构", CHINESE) == table("The house")
    assert table("命令总表", CHINESE) == list(COMMANDS)
    for name, command in COMMANDS.items():
        assert f"| `{name}` | {command.chinese} |" in CHINESE


def test_every_command_has_its_module_and_every_module_its_command() -> None:
    modules = {path.stem for path in (CHECKOUT / "config/commands").glob("*.py")} - {"__init__"}
    assert modules == {command.module for command in COMMANDS.values()}


def test_the_build_installs_every_package_of_the_product() -> None:
    assert set(PROJECT["tool"]["setuptools"]["packages"]) == packages() - {"tests"}


def test_package_init_files_are_empty() -> None:
    filled = [p for p in CHECKOUT.glob("*/**/__init__.py") if p.stat().st_size and ".venv" not in p.parts]
    assert filled == []


def floor(label: str) -> int | None:
    return next((number for number, labels in enumerate(FLOORS) if label in labels), None)


def is_below(lower: str, upper: str) -> bool:
    """Whether `upper` may point at `lower`: Django's own apps lie below everything."""
    low, high = floor(lower), floor(upper)
    return low is None or lower == upper or (high is not None and low < high)


def relations() -> list[tuple[str, str, str]]:
    own = [model for model in apps.get_models() if floor(model._meta.app_label) is not None]
    return [
        (f"{model.__name__}.{field.name}", model._meta.app_label, field.related_model._meta.app_label)
        for model in own
        for field in model._meta.get_fields(include_hidden=True)
        if isinstance(field, models.ForeignKey | models.ManyToManyField)
        and isinstance(field.related_model, type)
    ]


def test_relations_point_downward() -> None:
    assert len(relations()) > 20
    assert [name for name, upper, lower in relations() if not is_below(lower, upper)] == []


def test_migrations_depend_downward() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    wrong = [
        (label, name, dependency)
        for (label, name), migration in loader.disk_migrations.items()
        for dependency in migration.dependencies
        if floor(label) is not None and not is_below(dependency[0], label)
    ]
    assert wrong == []


def test_nothing_is_deleted_by_a_cascade() -> None:
    cascades = [
        f"{model.__name__}.{field.name}"
        for model in apps.get_models()
        if floor(model._meta.app_label) is not None and not model._meta.auto_created
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey) and field.remote_field.on_delete is not models.PROTECT
    ]
    assert cascades == []


def test_models_and_migrations_agree() -> None:
    command = [sys.executable, "manage.py", "makemigrations", "--check", "--dry-run"]
    ran = subprocess.run(command, cwd=CHECKOUT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout + ran.stderr


@pytest.mark.parametrize(
    "path", sorted((CHECKOUT / "requirements").glob("*.txt")), ids=lambda path: path.name
)
def test_pinned_requirements_have_hashes_and_name_no_index(path: Path) -> None:
    text = path.read_text(encoding="ascii")
    assert "://" not in text
    assert "--index" not in text
    blocks = re.split(r"\n(?=\S)", text.strip())
    assert all("==" in block and "--hash=sha256:" in block for block in blocks)


def test_every_direct_dependency_has_its_reason() -> None:
    reasons = (CHECKOUT / "docs/dependencies.md").read_text(encoding="utf-8").lower()
    lines = (CHECKOUT / "requirements/run.in").read_text(encoding="ascii").lower().splitlines()
    names = [re.split(r"[~=<>]", line)[0].strip() for line in lines if line and not line.startswith("#")]
    assert [name for name in names if f"| {name}" not in reasons] == []


def imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found = {
        node.module.split(".")[0]
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        if node.module
    }
    return found | {
        a.name.split(".")[0] for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names
    }


def test_the_example_province_is_made_without_the_matcher() -> None:
    """Counterfeits made with the code that finds them would prove nothing."""
    makers = list((CHECKOUT / "examples").rglob("*.py"))
    assert makers
    used = set().union(*map(imports, makers)) & packages()
    assert used <= {"examples", "common"}
