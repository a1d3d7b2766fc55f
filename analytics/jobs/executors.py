"""Where partitions are computed: on the cores of this machine, or elsewhere."""

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from queue import Queue
from threading import Event, Semaphore
from typing import Protocol, TypeVar

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
