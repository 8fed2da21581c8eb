"""A progress bar on the terminal for work over two seconds; silent where nobody watches."""

import sys
from types import TracebackType
from typing import Self

from tqdm import tqdm


class Progress:
    """Counts up to `total` (None: unknown) under a label. Use as a context manager."""

    def __init__(self, label: str, total: int | None = None) -> None:
        # delay: nothing is drawn for work that ends sooner; disable=None: nothing but on a terminal
        self._bar = tqdm(
            desc=label, total=total, delay=2, disable=None, file=sys.stderr, leave=False, dynamic_ncols=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.close()

    def at(self, done: int, total: int | None) -> None:
        """`done` of `total` are done."""
        self._bar.total = total
        self._bar.update(done - self._bar.n)
