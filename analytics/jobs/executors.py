"""Where partitions are computed: on the cores of this machine, or elsewhere."""

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
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

    def __init__(self, workers: int | None = None) -> None:
        """``workers``: threads; None: one a core."""
        self._workers = workers or os.cpu_count() or 1

    def map(
        self, function: Callable[[Payload], Result], payloads: Iterable[Payload]
    ) -> Iterator[Result]:
        """See Executor. While payloads are computed, one more is drawn; memory is bounded by these."""
        drawing, running = iter(payloads), deque[Future[Result]]()
        with (
            ThreadPoolExecutor(1, "draw") as drawer,
            ThreadPoolExecutor(self._workers, "partition") as pool,
        ):
            drawn = drawer.submit(next, drawing, None)
            while (payload := drawn.result()) is not None:
                drawn = drawer.submit(next, drawing, None)
                running.append(pool.submit(function, payload))
                while len(running) > self._workers or (running and running[0].done()):
                    yield running.popleft().result()
            while running:
                yield running.popleft().result()
