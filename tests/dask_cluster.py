"""A Dask cluster for tests: a scheduler and workers, each a process of its own on 127.0.0.1."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.servers import HOST, free_port
from tests.waiting import until

_ROOT = Path(__file__).parents[1]


class Cluster:
    """A running scheduler, to which workers can be added."""

    def __init__(self, folder: Path, stack: ExitStack) -> None:
        self.address = f"tcp://{HOST}:{free_port()}"
        self._folder = folder
        self._log = folder / "log.txt"
        self._stack = stack
        port = self.address.rpartition(":")[2]
        self._scheduler = self._start("scheduler", "--host", HOST, "--port", port, "--no-dashboard")
        # A client that finds nobody waits long before it asks again.
        until(lambda: _accepts(int(port)), "the scheduler must take connections")

    def add_worker(self, name: str, *options: str) -> "subprocess.Popen[bytes]":
        """Start a worker of one thread; it joins by itself."""
        return self._start(
            "worker", self.address, "--name", name, "--nthreads", "1", "--no-nanny",
            "--no-dashboard", "--local-directory", str(self._folder / name), *options,
        )  # fmt: skip

    @contextmanager
    def joined(self, name: str, *options: str) -> Iterator[None]:
        """A further worker, which has joined, until the body ends."""
        before = self._joined()
        worker = self.add_worker(name, *options)
        try:
            self.wait_for(before + 1)
            yield
        finally:
            worker.kill()
            worker.wait()

    def kill_scheduler(self) -> None:
        """End the scheduler the hard way."""
        self._scheduler.kill()
        self._scheduler.wait()

    def wait_for(self, workers: int) -> None:
        """Until so many workers have joined, those that are lost meanwhile included."""
        # As they say themselves: a client to ask the scheduler is slow to start, and starts a thread.
        until(lambda: self._joined() >= workers, f"{workers} workers must join")

    def _joined(self) -> int:
        return self._log.read_text().count("Registered to:")

    def _start(self, *arguments: str) -> "subprocess.Popen[bytes]":
        log = self._stack.enter_context(self._log.open("ab"))
        process = subprocess.Popen(
            [sys.executable, "-m", "dask", *arguments],
            stdout=log,
            stderr=log,
            cwd=self._folder,
            env={**os.environ, "PYTHONPATH": str(_ROOT)},
        )
        self._stack.callback(process.wait)
        self._stack.callback(process.kill)
        return process


def _accepts(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex((HOST, port)) == 0


@contextmanager
def run_cluster(folder: Path, workers: int) -> Iterator[Cluster]:
    """A scheduler with so many workers, until the body ends."""
    with ExitStack() as stack:
        cluster = Cluster(folder, stack)
        for number in range(workers):
            cluster.add_worker(f"worker-{number}")
        if workers:
            cluster.wait_for(workers)
        yield cluster
