"""Reads the tables beside the code: UTF-8, tabs, comment lines with `#`, then the column names."""

from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(__file__).parent / "tables"


def rows(name: str, folder: Path = FOLDER) -> Iterator[list[str]]:
    """The rows of `NAME.tsv` in a folder of tables without comments and headings, each a list of cells."""
    lines = (folder / f"{name}.tsv").read_text(encoding="utf-8").splitlines()
    content = (line for line in lines if not line.startswith("#"))
    next(content)
    return (line.split("\t") for line in content)
