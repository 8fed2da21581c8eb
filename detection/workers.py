"""The same work on batch after batch, spread over processes; answers come in order, whoever is first.

Each process has one batch at a time, from a pipe of its own. Forked processes share what was built before;
where there is no fork each builds its own. A process that dies, an error or an interrupt ends all of them at
once: nothing hangs, nothing is silently left out.
"""

import gc
import multiprocessing
import os
import signal
import traceback
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping
from contextlib import contextmanager
from multiprocessing.connection import Connection
from multiprocessing.context import ForkContext, SpawnContext
from multiprocessing.process import BaseProcess
from typing import Any, NamedTuple, TypeVar

from common import parent

Batch = TypeVar("Batch")
Answer = TypeVar("Answer")

_ENDS_US = {signal.SIGINT, signal.SIGTERM}


class WorkerDied(Exception):
    """A process ended in the middle of its work, as one does that the system kills for want of memory."""


class WorkFailed(Exception):
    """The work itself raised an error; the text is the traceback."""


class _Worker(NamedTuple):
    process: BaseProcess
    pipe: Connection


def available() -> int:
    """How many processors this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not every system tells
        return os.cpu_count() or 1


def in_order(
    make: Callable[[], Callable[[Batch], Answer]], batches: Iterable[Batch], workers: int
) -> Generator[Answer, None, None]:
    """What the function that `make` returns answers to each batch, in order; in this process for one worker.

    Without fork `make` must be picklable, and is called in each process. Raises WorkerDied, WorkFailed, and
    what `batches` raises.
    """
    if workers == 1:
        yield from map(make(), batches)
        return
    crew: list[_Worker] = []
    try:
        _hire(crew, make, workers)
        yield from _answers(crew, batches)
    finally:
        for worker in crew:
            worker.process.kill()
            worker.process.join()
            worker.pipe.close()


def _hire(crew: list[_Worker], make: Callable[[], Callable[[Any], Any]], workers: int) -> None:
    """Start the processes; `crew` knows of each as soon as it runs."""
    context: ForkContext | SpawnContext = multiprocessing.get_context("spawn")
    if "fork" in multiprocessing.get_all_start_methods():
        context = multiprocessing.get_context("fork")
        work = make()
        make = lambda: work  # noqa: E731
    with _signals_held():
        for _ in range(workers):
            ours, theirs = context.Pipe()
            process = context.Process(target=_serve, args=(make, theirs, parent.environment()), daemon=True)
            process.start()
            theirs.close()  # or its end would not be noticed
            crew.append(_Worker(process, ours))


@contextmanager
def _signals_held() -> Iterator[None]:
    """What is started meanwhile never hears Ctrl-C or SIGTERM: to end it is the business of this process."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDS_US)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _answers(crew: list[_Worker], batches: Iterable[Batch]) -> Iterator[Any]:
    idle, busy = deque(crew), deque[_Worker]()
    for batch in batches:
        answers = [] if idle else [_answer(busy[0])]
        worker = idle.popleft() if idle else busy.popleft()
        _give(worker, batch)
        busy.append(worker)
        yield from answers
    yield from map(_answer, busy)


def _give(worker: _Worker, batch: object) -> None:
    try:
        worker.pipe.send(batch)
    except OSError as error:
        raise _died(worker) from error


def _answer(worker: _Worker) -> Any:
    try:
        has_failed, answer = worker.pipe.recv()
    except (EOFError, OSError) as error:
        raise _died(worker) from error
    if has_failed:
        raise WorkFailed(answer)
    return answer


def _died(worker: _Worker) -> WorkerDied:
    worker.process.join()
    how = f"exit code {worker.process.exitcode}"
    return WorkerDied(
        f"a process that compared ended ({how}), perhaps for want of memory; try again with fewer --workers"
    )


def _serve(
    make: Callable[[], Callable[[Any], Any]], pipe: Connection, environment: Mapping[str, str]
) -> None:
    """In a process of its own: answer batches until the other end is gone."""
    os.environ.update(environment)
    parent.die_with_parent()
    # What is shared would be copied if it were looked through for garbage, and the work makes no cycles.
    gc.disable()
    try:
        work = make()
        while True:
            pipe.send((False, work(pipe.recv())))
    except EOFError:
        return
    except Exception:
        pipe.send((True, traceback.format_exc()))
