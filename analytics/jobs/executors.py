"""Where partitions are computed: on the cores of this machine, or elsewhere."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from multiprocessing import get_context, parent_process
from multiprocessing.process import BaseProcess
from queue import Queue
from threading import Event, Semaphore, Thread
from typing import Protocol, TypeVar

from quotawatt.errors import StoreError

Payload = TypeVar("Payload")
Result = TypeVar("Result")


class Executor(Protocol):
    """Runs a pure function over payloads."""

    def map(
        self, function: Callable[[Payload], Result], payloads: Iterable[Payload]
    ) -> Iterator[Result]:
        """The results in the order of the payloads (never None), drawn only a few ahead of the results.

        Payloads may be drawn by another thread than the caller's.
        """


class LocalExecutor:
    """Threads of this process: what is computed on large arrays runs outside of the interpreter's lock."""

    def __init__(self, workers: int | None = None, ahead: int = 16) -> None:
        """Set how much goes on at once.

        workers
            Threads; None: one a core.
        ahead
            Payloads that are drawn and computed while the caller is busy with a result; these bound the
            memory.
        """
        self._workers = workers or os.cpu_count() or 1
        self._ahead = ahead

    def map(
        self, function: Callable[[Payload], Result], payloads: Iterable[Payload]
    ) -> Iterator[Result]:
        """See Executor. Drawing and computing go on while the caller uses a result."""
        room, stopped = Semaphore(self._ahead), Event()
        running: Queue[Future[Result] | None] = Queue()
        with (
            ThreadPoolExecutor(self._workers, "partition") as pool,
            ThreadPoolExecutor(1, "draw") as drawer,
        ):

            def draw() -> None:
                try:
                    for payload in payloads:
                        running.put(pool.submit(function, payload))
                        room.acquire()
                        if stopped.is_set():
                            return
                finally:
                    running.put(None)

            drawn = drawer.submit(draw)
            try:
                while (future := running.get()) is not None:
                    yield future.result()
                    room.release()
                drawn.result()
            finally:
                stopped.set()
                room.release()


class ProcessExecutor:
    """Processes of this machine, for what holds the interpreter's lock; what goes to them is pickled."""

    def __init__(self, workers: int | None = None) -> None:
        """``workers``: processes; None: one a core."""
        self._workers = workers or os.cpu_count() or 1

    def map(
        self, function: Callable[[Payload], Result], payloads: Iterable[Payload]
    ) -> Iterator[Result]:
        """See Executor. One payload more than there are processes is drawn before the first result.

        Raises StoreError where a process is lost.
        """
        running: deque[Future[Result]] = deque()
        spawned = get_context("spawn")  # of a process that has threads no fork is safe
        with ProcessPoolExecutor(self._workers, spawned, _end_with_parent) as pool:
            try:
                for payload in payloads:
                    running.append(pool.submit(function, payload))
                    if len(running) > self._workers:
                        yield running.popleft().result()
                while running:
                    yield running.popleft().result()
            except BrokenProcessPool as error:
                raise StoreError("a process that computed was lost; try again") from error
            finally:
                for future in running:
                    future.cancel()


def _end_with_parent() -> None:
    """Let this process end when the one that started it is killed: nobody else would tell it."""
    parent = parent_process()
    if parent is not None:
        Thread(target=_end_after, args=(parent,), daemon=True).start()


def _end_after(parent: BaseProcess) -> None:
    parent.join()
    os._exit(1)
