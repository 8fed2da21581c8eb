"""Rows read but not yet written: a file without a name, so that whoever dies leaves nothing behind."""

import marshal
import tempfile
from collections.abc import Iterator
from types import TracebackType
from typing import Any, Self

from common.datafolder import folder

BATCH = 10_000
Staged = tuple[Any, ...]
"""Texts, whole numbers, bytes and None."""


class Stage:
    """Takes rows one by one and gives them back in batches, in the same order."""

    def __init__(self) -> None:
        self._file = tempfile.TemporaryFile(dir=folder())  # noqa: SIM115 -- closed by __exit__
        self._batch: list[Staged] = []
        self.rows = 0

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()

    def add(self, row: Staged) -> None:
        """Keep `row` behind all others."""
        self._batch.append(row)
        if len(self._batch) == BATCH:
            self._flush()

    def batches(self) -> Iterator[list[Staged]]:
        """All rows, from the first; can be asked for again."""
        self._flush()
        self._file.seek(0)
        while size := self._file.read(8):
            # Written by this process into a file that no other can open.
            yield marshal.loads(self._file.read(int.from_bytes(size)))  # noqa: S302
        self._file.seek(0, 2)

    def _flush(self) -> None:
        if self._batch:
            data = marshal.dumps(self._batch)
            self._file.write(len(data).to_bytes(8) + data)
            self.rows += len(self._batch)
            self._batch = []
