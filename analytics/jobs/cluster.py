"""Partitions on a Dask cluster that is there already: workers compute, and know of no store.

What goes out is pickled, with tables as Parquet; the wiring goes once, as a task of its own, so that the
scheduler can have it made again where the worker that held it is lost. What is lost with a worker is
computed anew by another one.
"""

from __future__ import annotations

import io
import pickle
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from analytics.consumption.points import Wiring
from analytics.jobs.build import Build, build_here
from quotawatt.errors import StateError, StoreError
from quotawatt.register.model import Register
from quotawatt.register.rows import records_of

if TYPE_CHECKING:
    from distributed import Client, Future

Payload = TypeVar("Payload")
Result = TypeVar("Result")

_WAIT_S = 10.0
_WIRING = "wiring"
_STARTS = 3
# A partition travels with its task, so that the scheduler can give it to another worker.
_LARGE = {"distributed.admin.large-graph-warning-threshold": "1GiB"}


class ClusterExecutor:
    """An Executor on the workers of a Dask scheduler. Close it, or use it in a ``with`` statement."""

    def __init__(self, address: str, wait_s: float = _WAIT_S) -> None:
        """Connect to the scheduler at ``address`` (``tcp://HOST:PORT``).

        wait_s
            How long to wait for the scheduler, and for a worker where it has none.

        Raises StoreError where the scheduler does not answer or has no worker, and StateError where a worker
        runs other code than this process: its results would not be the same.
        """
        self._address = address
        self._wait_s = wait_s
        with self._failures():
            self._client = _connect(address, wait_s)
        try:
            with self._failures():
                self._client.wait_for_workers(1, timeout=wait_s)
                found = self._client.run(build_here, on_error="return")
            _require_same(found)
        except BaseException:
            self.close()
            raise

    def map(
        self, function: Callable[[Payload], Result], payloads: Iterable[Payload]
    ) -> Iterator[Result]:
        """See Executor. Two payloads a worker's thread are under way.

        Raises StoreError where the scheduler is lost, no worker is left, or a payload was given up after
        several workers were lost with it.
        """
        running: deque[Future[Result]] = deque()
        wiring = _Shared(self._client)
        try:
            for payload in payloads:
                with self._failures():
                    running.append(self._submit(function, payload, wiring))
                    room = 2 * max(self._threads(), 1)
                while len(running) >= room:
                    yield self._result(running.popleft())
            while running:
                yield self._result(running.popleft())
        finally:
            for future in running:
                future.cancel()

    def close(self) -> None:
        """Disconnect; the cluster goes on."""
        self._client.close(timeout=self._wait_s)

    def __enter__(self) -> ClusterExecutor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _submit(
        self, function: Callable[[Payload], Result], payload: Payload, wiring: _Shared
    ) -> Future[Result]:
        import dask

        packed, found = pack(payload)
        shared = None if found is None else wiring.future(found)
        with dask.config.set(_LARGE):
            return self._client.submit(_compute, build_here(), function, packed, shared, pure=False)

    def _result(self, future: Future[Result]) -> Result:
        """Wait for it as long as there is any worker."""
        with self._failures():
            while True:
                try:
                    return future.result(timeout=self._wait_s)
                except TimeoutError:
                    self._client.wait_for_workers(1, timeout=self._wait_s)

    def _threads(self) -> int:
        return sum(self._client.nthreads().values())

    @contextmanager
    def _failures(self) -> Iterator[None]:
        """Raise what a cluster raises as StoreError; what was raised in computing stays as it is."""
        from distributed import KilledWorker
        from distributed.client import FutureCancelledError
        from distributed.comm.core import CommClosedError

        try:
            yield
        except TimeoutError as error:
            raise StoreError(
                f"a cluster must have a scheduler that answers and a worker within {self._wait_s:g} s, "
                f"got neither or one only at {self._address}"
            ) from error
        except (OSError, CommClosedError, FutureCancelledError) as error:
            raise StoreError(f"the scheduler must answer, {self._address} says: {error}") from error
        except KilledWorker as error:
            raise StoreError(
                f"workers must survive what they compute, got several lost: {error}"
            ) from error


class _Shared:
    """The wiring on the cluster: sent when it is first needed, again for another one."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._sent: tuple[Wiring, Future[Wiring]] | None = None

    def future(self, wiring: Wiring) -> Future[Wiring]:
        if self._sent is None or self._sent[0] is not wiring:
            # Not the register itself: what it remembers of questions asked need not travel.
            records = pickle.dumps(records_of(wiring.register), protocol=5)
            self._sent = wiring, self._client.submit(_wiring_of, records, pure=False)
        return self._sent[1]


def pack(payload: object) -> tuple[bytes, Wiring | None]:
    """A payload as bytes, and the wiring in it, which the bytes only refer to."""
    buffer = io.BytesIO()
    packer = _Packer(buffer, protocol=5)
    packer.dump(payload)
    return buffer.getvalue(), packer.wiring


def unpack(packed: bytes, wiring: Wiring | None) -> Any:
    """What ``pack`` was given, with its wiring."""
    unpacker = _Unpacker(io.BytesIO(packed))
    unpacker.wiring = wiring
    return unpacker.load()


class _Packer(pickle.Pickler):
    wiring: Wiring | None = None

    def persistent_id(self, obj: object) -> str | None:
        if not isinstance(obj, Wiring):
            return None
        self.wiring = obj
        return _WIRING

    def reducer_override(self, obj: object) -> Any:
        return (_table, (_parquet(obj),)) if isinstance(obj, pa.Table) else NotImplemented


class _Unpacker(pickle.Unpickler):
    wiring: Wiring | None = None

    def persistent_load(self, pid: object) -> Any:
        return self.wiring


def _parquet(table: pa.Table) -> bytes:
    sink = pa.BufferOutputStream()
    pq.write_table(table, sink, compression="zstd")
    return sink.getvalue().to_pybytes()


def _table(parquet: bytes) -> pa.Table:
    return pq.read_table(pa.BufferReader(parquet))


def _wiring_of(records: bytes) -> Wiring:
    """On a worker: the wiring of a register."""
    return Wiring(Register(**pickle.loads(records)))


def _compute(
    build: Build, function: Callable[[Any], Result], packed: bytes, wiring: Wiring | None
) -> Result:
    """On a worker: one payload. Workers that joined later are held against the driver here."""
    if build_here() != build:
        raise StateError(_other_build("a worker", build_here()))
    return function(unpack(packed, wiring))


def _connect(address: str, wait_s: float) -> Client:
    from distributed import Client

    for _ in range(_STARTS):
        try:
            return Client(address, timeout=wait_s, set_as_default=False)
        except AssertionError:
            # A client asserts that its own thread runs within ten seconds: on a busy machine it does not.
            continue
        except ValueError as error:
            raise StoreError(
                f"a scheduler's address must be like tcp://HOST:PORT, got {address}"
            ) from error
    raise TimeoutError("the client's thread did not start")


def _require_same(found: dict[str, Build | Exception]) -> None:
    for worker, build in sorted(found.items()):
        if isinstance(build, Exception):
            raise StateError(
                f"every worker must have this program installed, {worker} says: {build}"
            ) from build
        if build != build_here():
            raise StateError(_other_build(worker, build))


def _other_build(worker: str, build: Build) -> str:
    return f"every worker must run this very build, {build_here()}, got {worker}: {build}"
