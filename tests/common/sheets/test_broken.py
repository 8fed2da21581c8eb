"""Every broken or hostile file ends in words, at the right place, in bounded time and memory."""

import subprocess
import sys
import time
from pathlib import Path

import pytest

from common.sheets.kinds import KINDS, NO_HEADER
from tests.common.sheets.broken import FILES, broken_files
from tests.common.sheets.reading import read

ADDRESSES = 700 << 20
"""Bytes of address space of the child."""
RESIDENT = 250 << 10
"""KiB of memory that it may have used at most."""
BOMBS = [
    "gzip bomb",
    "zip bomb",
    "zip bomb that lies",
    "zip of a million entries",
    "a line of 100 MB",
    "billion laughs",
    "a cell of 1 GB",
    "a cell of 60 MB",
    "a tag of 60 MB",
    "a shared text of 3 MB",
    "sheet bomb of 10 GB",
    "six million cells in one place",
    "a cell far away",
    "a text in 200,000 cells",
    "a merge over every cell",
    "a merge many times",
    "a million sheets",
    "JSON nested without end",
]


@pytest.mark.parametrize("name", FILES)
def test_it_is_told(name: str, tmp_path: Path) -> None:
    make, file_name, kind, line = FILES[name]
    data = make()
    began = time.monotonic()
    result = read(tmp_path, data, file_name)
    assert time.monotonic() - began < 20
    first = result.faults[0]
    assert (first.kind, first.place.line) == (kind, line)
    assert first.kind in KINDS
    for language in ("zh", "en"):
        sentence = first.sentence(language)
        assert sentence.isprintable() and len(sentence) < 400


def test_there_are_at_least_sixty_and_no_two_alike() -> None:
    files = [(data, file_name) for _, data, file_name, _, _ in broken_files()]
    assert len(files) > 60
    assert len(set(files)) == len(files)


def test_every_kind_of_fault_is_shown_by_a_file() -> None:
    assert {kind for _, _, kind, _ in FILES.values()} == set(KINDS) - {NO_HEADER}


_CHILD = """
import resource, sys
from pathlib import Path
from common.faults import BadFile, Faults
from common.sheets.opening import opened
resource.setrlimit(resource.RLIMIT_AS, (int(sys.argv[3]),) * 2)
faults = Faults()
try:
    with opened(Path(sys.argv[1]), sys.argv[2], faults) as file:
        for table in file.tables:
            for row in table.rows:
                pass
    print(next(iter(faults.kinds)))
except BadFile as error:
    print(error.faults[0].kind)
print(*(line.split()[1] for line in open("/proc/self/status") if line.startswith("VmHWM")))
"""


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_does_not_fill_the_memory(name: str, tmp_path: Path) -> None:
    make, file_name, kind, _ = FILES[name]
    data = make()
    path = tmp_path / "bomb"
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    command = [sys.executable, "-c", _CHILD, str(path), file_name, str(ADDRESSES)]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert ran.returncode == 0, ran.stderr[-500:]
    told, resident = ran.stdout.split()
    assert told == kind
    assert int(resident) < RESIDENT
