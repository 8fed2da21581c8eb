"""200,000 accounts of 60,000 units into an empty register, from CSV and from XLSX, each as a whole command.

`zhenwei import registry` starts, reads, checks, compares, writes and ends; another process meanwhile asks for
the database's write lock over and over, and the longest it waited is how long others stand still. Rivals read
the same files and do nothing else: openpyxl in its read-only mode, and Python's csv module.

    python -m bench.imports_registry openpyxl|csv|write FILE        one run of a rival, or makes a file
"""

import csv
import os
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
import xlsxwriter  # type: ignore[import-untyped]

from common.datafolder import CHECKOUT, folder
from common.table import render
from names.divisions import all_divisions
from registry.uscc import check_digit

ACCOUNTS, ROUNDS = 200_000, 3
ENDINGS = ("csv", "xlsx")
WANTED_S = {"csv": 30, "xlsx": 45}
WANTED_MIB = 500
DATABASE = "zhenwei.sqlite3"
COLUMNS = (
    "主办单位",
    "行政区划代码",
    "单位类别",
    "统一社会信用代码",
    "联系人",
    "联系电话",
    "平台",
    "账号ID",
    "账号标识",
    "账号名称",
    "认证主体",
    "主页地址",
    "开通时间",
    "运行状态",
)
BODIES = (
    *("教育", "公安", "民政", "司法", "财政", "水利", "审计", "统计", "税务", "商务"),
    *("应急管理", "交通运输", "市场监督管理", "自然资源", "农业农村", "文化和旅游", "生态环境"),
    *("住房和城乡建设", "人力资源和社会保障", "退役军人事务", "科学技术", "体育"),
)
PLATFORMS = ("微博", "微信公众号", "抖音", "快手")


class Run(NamedTuple):
    """Seconds and greatest memory of a whole process, and the longest somebody waited for the write lock."""

    seconds: float
    peak_mib: float
    waited_s: float = 0.0


def run(keep: Callable[[str, dict[str, Any]], None]) -> None:
    """Measure, print, and keep the figures as the part `registry`."""
    from config.database import prepare  # Django first

    prepare()
    with tempfile.TemporaryDirectory(prefix="zhenwei-bench-", dir=folder()) as scratch:
        files = {ending: Path(scratch, f"register.{ending}") for ending in ENDINGS}
        for file in files.values():
            _process([*_SELF, "write", str(file)])
        results = {name: _median(runs) for name, runs in _rounds(files, Path(scratch, "var")).items()}
    rows = [
        (name, f"{r.seconds:.1f}", f"{r.peak_mib:.0f}", f"{r.waited_s:.1f}") for name, r in results.items()
    ]
    print(f"\nregistry: {ACCOUNTS:,} accounts\n{render(('', 'seconds', 'MiB', 'others waited, s'), rows)}")
    wanted = {"seconds": WANTED_S, "peak_mib": WANTED_MIB}
    figures = {name: result._asdict() for name, result in results.items()}
    keep("registry", {"accounts": ACCOUNTS, "rounds": ROUNDS, "wanted": wanted, "results": figures})


def _rounds(files: dict[str, Path], var: Path) -> dict[str, list[Run]]:
    runs: dict[str, list[Run]] = {}
    for number in range(ROUNDS):
        for ending, file in files.items():
            _fresh(var)
            for name in (f"zhenwei {ending}", f"zhenwei {ending}, again"):
                runs.setdefault(name, []).append(_import(file, var))
        if not number:  # the slow rival once
            runs["openpyxl, read only"] = [_process([*_SELF, "openpyxl", str(files["xlsx"])])]
        runs.setdefault("csv.reader", []).append(_process([*_SELF, "csv", str(files["csv"])]))
    return runs


def _median(runs: list[Run]) -> Run:
    return Run(*map(statistics.median, zip(*runs, strict=True)))


def _fresh(var: Path) -> None:
    """An installation with an empty register."""
    shutil.rmtree(var, ignore_errors=True)
    var.mkdir()
    for name in ("MODE", DATABASE):
        shutil.copy(folder() / name, var / name)


def _import(file: Path, var: Path) -> Run:
    waiting = _Waiting(var / DATABASE)
    with waiting:
        done = _process([sys.executable, "-m", "config.cli", "import", "registry", str(file)], var)
    with closing(sqlite3.connect(var / DATABASE)) as database:
        (count,) = database.execute("SELECT count(*) FROM registry_account").fetchone()
    if count != ACCOUNTS:
        raise SystemExit(f"{count} accounts were taken, {ACCOUNTS} are in the file")
    return done._replace(waited_s=waiting.longest_s)


def _process(command: list[str], var: Path | None = None) -> Run:
    env = os.environ | {"ZHENWEI_VAR": str(var or folder())}
    start = time.perf_counter()
    with subprocess.Popen(command, env=env, cwd=CHECKOUT, stdout=subprocess.DEVNULL) as process:
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    seconds = time.perf_counter() - start
    if process.returncode:
        raise SystemExit(f"{' '.join(command)} ended with {process.returncode}")
    return Run(seconds, usage.ru_maxrss / 1024)


@dataclass
class _Waiting:
    """Asks for the write lock twenty times a second, as a person does who saves something."""

    database: Path
    longest_s: float = 0.0

    def __enter__(self) -> None:
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._ask)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _ask(self) -> None:
        with closing(sqlite3.connect(self.database, timeout=120, isolation_level=None)) as database:
            while not self._ended.wait(0.05):
                start = time.perf_counter()
                database.execute("BEGIN IMMEDIATE")
                database.execute("ROLLBACK")
                self.longest_s = max(self.longest_s, time.perf_counter() - start)


def register() -> Iterator[tuple[str, ...]]:
    """Units with three or four accounts each, all over the country."""
    places = [one for one in all_divisions() if one.level == "county" and not one.valid_to]
    places = [one for one in places if not (one.is_placeholder or one.is_statistical_zone or one.is_stand_in)]
    number = 0
    for order, (body, place) in enumerate(product(BODIES, places)):
        unit = f"{place.name}{body}局"
        code = f"11{place.key}{order:09d}"
        front = unit, place.key, "政府部门", code + check_digit(code), f"王{order % 90}", "0371-60000000"
        for platform in PLATFORMS[: 3 + order % 3 // 2]:
            if number == ACCOUNTS:
                return
            uid = f"gh_{number:012x}" if platform == "微信公众号" else str(5 * 10**9 + number * 7)
            day = f"20{15 + number % 9}-{1 + number % 12:02d}-{1 + number % 28:02d}"
            name, home = f"{place.name}{body}", f"https://social.example/u/{uid}"
            yield *front, platform, uid, f"zhengwu_{number}", name, unit, home, day, "在用"
            number += 1


def _write(path: Path) -> None:
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows([COLUMNS, *register()])
        return
    with xlsxwriter.Workbook(str(path), {"strings_to_urls": False}) as workbook:
        sheet = workbook.add_worksheet("台账")
        for line, row in enumerate([COLUMNS, *register()]):
            sheet.write_row(line, 0, row)


def _openpyxl(path: Path) -> None:
    for sheet in openpyxl.load_workbook(path, read_only=True):
        for row in sheet.iter_rows(values_only=True):
            dict(zip(COLUMNS, row, strict=True))


def _csv(path: Path) -> None:
    with path.open(encoding="utf-8-sig", newline="") as file:
        for row in csv.reader(file):
            dict(zip(COLUMNS, row, strict=True))


_SELF = [sys.executable, "-m", "bench.imports_registry"]

if __name__ == "__main__":
    {"openpyxl": _openpyxl, "csv": _csv, "write": _write}[sys.argv[1]](Path(sys.argv[2]))
