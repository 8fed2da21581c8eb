"""`python -m bench [NAME…]`: speed figures, each against named rivals in the same run."""

import os
import sys
import tempfile
from pathlib import Path

from common.datafolder import folder, mark
from config import boot

NAMES = ("match", "audit", "imports")


def main(names: list[str]) -> int:
    """Run the named measurements, or all. Databases are made in a folder that is removed at the end."""
    unknown = [name for name in names if name not in NAMES]
    if unknown:
        print(
            f"bench: no such measurement: {', '.join(unknown)}; there are {', '.join(NAMES)}", file=sys.stderr
        )
        return 2
    results = folder() / "bench"
    with tempfile.TemporaryDirectory(prefix="zhenwei-bench-") as scratch:
        os.environ["ZHENWEI_VAR"] = scratch
        mark("test")
        boot.django()
        _run(names or list(NAMES), results)
    return 0


def _run(names: list[str], results: Path) -> None:
    from bench import audit, imports, match  # they read the database, which exists only now

    for name in names:
        {"match": match, "audit": audit, "imports": imports}[name].run(results)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
