"""What is taken out of a series store: chosen readings, or results that no readings stand for any more."""

import io
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import IO, cast

import pyarrow as pa

from quotawatt.errors import NotFoundError, StateError
from quotawatt.keeping.chunks import EVER, result_chunks
from quotawatt.keeping.kinds import FileKind, writer
from quotawatt.quantities import quantity
from quotawatt.readings import RESULTS, Grain, SeriesKey
from quotawatt.register.model import Register
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

HORIZON_KEY = b"quotawatt.raw_horizon"
"""Metadata of a file of results: before when they are frozen (ISO 8601, UTC)."""

FROZEN_RESULTS = pa.schema([pa.field("grain", pa.string()), *RESULTS])
"""Schema of a file of results."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which readings: all of ``span`` of these devices or assets, and of these quantities; empty: of all.

    without
        Quantities that are left out whatever else is wanted.
    """

    span: Span = EVER
    devices: Collection[str] = ()
    assets: Collection[str] = ()
    quantities: Collection[str] = ()
    without: Collection[str] = ()


def wanted_series(store: SeriesStore, register: Register, wanted: Wanted) -> list[SeriesKey]:
    """The series that are wanted. Of an asset those that any binding ever let feed it, and those by hand.

    Raises InputError for an unknown quantity, NotFoundError for an unknown asset.
    """
    for name in wanted.quantities:
        quantity(name)
    for code in wanted.assets:
        if code not in register.assets:
            raise NotFoundError(f"a code must be one of the register, got {code!r}")
    bound = {
        (b.device, b.channel, b.quantity)
        for code in wanted.assets
        for b in register.bindings_of(code)
    }
    by_hand = {f"asset:{code}" for code in wanted.assets}

    def chosen(key: SeriesKey) -> bool:
        if wanted.quantities and key.quantity not in wanted.quantities:
            return False
        if key.quantity in wanted.without:
            return False
        if not wanted.devices and not wanted.assets:
            return True
        named = key.device in wanted.devices or key.device in by_hand
        return named or key in bound or (key.device, key.channel, "") in bound

    return [key for key in store.known_series() if chosen(key)]


def require_frozen(frozen: datetime | None) -> datetime:
    """The raw horizon. Raises StateError where there is none: then readings are enough."""
    if frozen is None:
        raise StateError(
            "results must be frozen to be moved as such, got a store without a raw horizon"
        )
    return frozen


def frozen_results(store: SeriesStore, frozen: datetime) -> Iterator[pa.Table]:
    """The results of all grains from before the raw horizon, as tables FROZEN_RESULTS."""
    for grain in Grain:
        for table in result_chunks(store, grain, Span(EVER.start, frozen)):
            named = pa.array([grain.value] * len(table), pa.string())
            yield table.add_column(0, "grain", named).cast(FROZEN_RESULTS)


def results_schema(frozen: datetime) -> pa.Schema:
    """FROZEN_RESULTS with the horizon as its metadata."""
    return FROZEN_RESULTS.with_metadata({HORIZON_KEY: frozen.isoformat().encode()})


def streamed(kind: FileKind, tables: Iterable[pa.Table], schema: pa.Schema) -> Iterator[bytes]:
    """A file of this kind, piece by piece as the tables come."""
    outbox = Outbox()
    with writer(kind, cast("IO[bytes]", outbox), schema) as write:
        for table in tables:
            write(table.replace_schema_metadata(schema.metadata))
            yield outbox.take()
    yield outbox.take()


class Outbox(io.RawIOBase):
    """A file that is written from its beginning to its end, and taken away in pieces."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: list[bytes] = []
        self._length = 0

    def writable(self) -> bool:
        """It is."""
        return True

    def write(self, data: "bytes | bytearray | memoryview", /) -> int:  # type: ignore[override]
        """Add to its end."""
        piece = bytes(data)
        self._pieces.append(piece)
        self._length += len(piece)
        return len(piece)

    def tell(self) -> int:
        """How much was written."""
        return self._length

    def take(self) -> bytes:
        """What was written since the last time."""
        taken = b"".join(self._pieces)
        self._pieces.clear()
        return taken
