"""`zhenwei platforms`: the specs that say how each platform is asked."""

import argparse
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import yaml

from config.arguments import positive
from config.cli import BAD_INPUT, DONE, FOUND_WRONG
from config.shell import at_the_shell
from crawlers import fixtures, specs
from crawlers.spec_source import Problem
from crawlers.specs import Spec, SpecError

HELP = """\
平台规范：每个平台一个文件，说明如何查询、如何读取回答。
Platform specs: one file for each platform says how it is asked and how its answers are read.
Shipped specs lie in crawlers/platforms/, your own in the data folder under platforms/<id>/platform.yaml."""


class Action(NamedTuple):
    """One word after `zhenwei platforms`: what it does, its arguments, and whether it needs the database."""

    summary: str
    arguments: Callable[[argparse.ArgumentParser], None]
    run: Callable[[argparse.Namespace], int]
    needs_django: bool = False


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions and their arguments."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, action in ACTIONS.items():
        action.arguments(actions.add_parser(name, help=action.summary, description=action.summary))


def needs_django(args: argparse.Namespace) -> bool:
    """Whether the chosen action reads or writes the database."""
    return ACTIONS[args.action].needs_django


def run(args: argparse.Namespace) -> int:
    """Carry out the chosen action."""
    return ACTIONS[args.action].run(args)


def _list(args: argparse.Namespace) -> int:
    """One line for each spec; one that cannot be read is named with its first problem."""
    outcome = DONE
    for spec_id, path in specs.available().items():
        try:
            spec = specs.load_file(path)
        except SpecError as error:
            first, count = error.problems[0], len(error.problems)
            print(f"{spec_id:<16} cannot be used, {count} problems in {path}, the first: {first}")
            outcome = FOUND_WRONG
        else:
            does = " ".join(spec.mapping.formats if spec.is_import_only and spec.mapping else spec.stages)
            print(f"{spec.id:<16} v{spec.version}  {spec.access:<12} {does}  {spec.title}")
    return outcome


def _show(args: argparse.Namespace) -> int:
    """What an operator has to know before switching the platform on, then the spec itself."""
    try:
        spec = specs.load(args.id)
    except SpecError as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    for label, text in _facts(spec).items():
        print(f"{label}：{text}")
    print()
    print(yaml.safe_dump(dict(spec.document), allow_unicode=True, sort_keys=False, width=110), end="")
    return DONE


def _facts(spec: Spec) -> dict[str, str]:
    facts = {
        "平台 platform": f"{spec.title} ({spec.id} v{spec.version}, {spec.access})",
        "条款 terms": spec.terms_url or "-",
        "说明 notes": spec.notes or "-",
    }
    return facts | (_imported(spec) if spec.is_import_only else _asked(spec))


def _asked(spec: Spec) -> dict[str, str]:
    politeness = spec.politeness
    stop_on = " ".join(str(status) for status in sorted(politeness.stop_on))
    return {
        "地址 address": "按实例 per instance" if spec.base_url == "{instance}" else spec.base_url,
        "环节 stages": " ".join(spec.stages),
        "间隔 delay": f"{politeness.delay_s:g} s",
        "每日上限 daily budget": f"{politeness.daily_budget}",
        "停止 stops on": f"HTTP {stop_on}; {politeness.pause_h:g} h",
    }


def _imported(spec: Spec) -> dict[str, str]:
    assert spec.mapping is not None  # noqa: S101
    return {
        "查询 asked": "不查询，只读取导出文件 nothing is asked, only exports are read",
        "格式 formats": " ".join(spec.mapping.formats),
        "导入 import": f"zhenwei import observations --platform {spec.id} FILE",
    }


def _check(args: argparse.Namespace) -> int:
    """Read the spec and try its fixtures; nothing is fetched."""
    path = _file(args.spec)
    if not path.is_file():
        known = ", ".join(specs.available())
        print(f"{args.spec}: neither a file nor a platform; known: {known}", file=sys.stderr)
        return BAD_INPUT
    try:
        spec = specs.load_file(path)
    except SpecError as error:
        _report(path, list(error.problems), args.json)
        return BAD_INPUT
    problems = fixtures.check(spec, path.parent / fixtures.FOLDER)
    _report(path, problems, args.json)
    if not problems and not args.json:
        print(
            f"{path}: {spec.id} v{spec.version} is right, {len(spec.fixtures)} fixtures come out as it says"
        )
    return FOUND_WRONG if problems else DONE


def _file(spec: str) -> Path:
    """The file meant by an id or a path; a path holds a slash or a dot."""
    return Path(spec) if {"/", "."} & set(spec) else specs.available().get(spec, Path(spec))


def _report(path: Path, problems: list[Problem], as_json: bool) -> None:
    if as_json:
        found = [{"line": p.line, "column": p.column, "path": p.path, "text": p.text} for p in problems]
        print(json.dumps({"file": str(path), "problems": found}, ensure_ascii=False))
        return
    for problem in problems:
        print(problem.within(str(path)))


def _no_arguments(parser: argparse.ArgumentParser) -> None:
    """This action takes none."""


def _show_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a platform's id, as listed")


def _check_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("spec", metavar="FILE_OR_ID", help="a spec file, or the id of a platform as listed")
    parser.add_argument("--json", action="store_true", help="print one JSON object for programs")


def _switch_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("id", metavar="ID", help="a platform's id, as listed")
    parser.add_argument(
        "--instance", default="", metavar="NAME", help="your short name for the instance, as in the register"
    )
    parser.add_argument("--by", required=True, metavar="NAME", help="who decides; must be able to sign in")


def _enable_arguments(parser: argparse.ArgumentParser) -> None:
    _switch_arguments(parser)
    parser.add_argument(
        "--base-url",
        default="",
        metavar="URL",
        help="address of the instance, such as https://social.example",
    )
    parser.add_argument("--budget", type=positive, metavar="N", help="requests a day (default: the spec's)")
    parser.add_argument("--accept-terms", action="store_true", help="you have read the terms and notes")


def _switch(args: argparse.Namespace) -> int:
    """Switch a platform on or off: a row with who, when and which terms."""
    from config import platforms  # needs Django, which most actions do not

    try:
        with at_the_shell():
            print(platforms.enable(args) if args.action == "enable" else platforms.disable(args))
    except (platforms.PlatformError, SpecError) as error:
        print(error, file=sys.stderr)
        return BAD_INPUT
    return DONE


ACTIONS = {
    "list": Action("all specs, one a line", _no_arguments, _list),
    "show": Action("terms, limits and the whole spec of one platform", _show_arguments, _show),
    "check": Action("a spec and its fixtures, offline", _check_arguments, _check),
    "enable": Action("switch an instance on, once its terms are accepted", _enable_arguments, _switch, True),
    "disable": Action("switch an instance off", _switch_arguments, _switch, True),
}
