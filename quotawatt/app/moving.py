"""Readings between a file and a home folder: through the system that runs on it, else in this process."""

import io
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, cast

import httpx
import pyarrow as pa

from quotawatt.app.bars import Advance
from quotawatt.app.client import is_served, streaming, user_name
from quotawatt.clock import Clock, system_clock
from quotawatt.errors import InputError
from quotawatt.keeping.kinds import FileKind, kind_of_file, writer
from quotawatt.readings import READINGS
from quotawatt.settings import Settings

_PIECE_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class Place:
    """A home folder, the clock of what is judged there, and who is told of progress."""

    settings: Settings
    clock: Clock
    advance: Advance


@contextmanager
def whole_or_not(file: Path) -> Iterator[IO[bytes]]:
    """A file that takes its name when it is whole, for its owner alone.

    Raises InputError where it cannot be written.
    """
    mine = file.with_name(f".{file.name}.part")
    try:
        mine.unlink(missing_ok=True)
        mine.touch(mode=0o600)
        with mine.open("wb") as target:
            yield target
        mine.replace(file)
    except OSError as error:
        raise InputError(f"a file must be writable, got {file} ({error.strerror})") from None
    finally:
        mine.unlink(missing_ok=True)


def export_readings(place: Place, file: Path, wanted: Mapping[str, Any]) -> int:
    """Write the wanted readings (parameters of the API) into a file; returns how many."""
    kind, written = kind_of_file(file), 0
    source = _served_tables if is_served(place.settings.home) else _own_tables
    with (
        source(place, wanted) as (total, tables),
        whole_or_not(file) as target,
        writer(kind, target, READINGS) as write,
    ):
        for table in tables:
            write(table)
            written += len(table)
            place.advance("export", written, max(total, written))
    return written


def export_results(place: Place, file: Path) -> None:
    """Write the frozen results into a Parquet file. Raises StateError where nothing is frozen."""
    if kind_of_file(file) is not FileKind.PARQUET:
        raise InputError(f"a file of results must be called *.parquet, got {file.name!r}")
    with whole_or_not(file) as target:
        for piece in _result_pieces(place):
            target.write(piece)


def import_readings(place: Place, file: Path, wanted: Mapping[str, Any]) -> dict[str, Any]:
    """Take a file of readings in (parameters of the API); returns what the API answers."""
    _require_file(file)
    params = {**wanted, "format": kind_of_file(file).value, "name": file.name}
    if is_served(place.settings.home):
        return _upload(place, file, "/api/v1/readings/import", params)
    return _taken_in_here(place, file, params)


def import_results(place: Place, file: Path) -> dict[str, Any]:
    """Take a file of frozen results in; returns what the API answers."""
    _require_file(file)
    if is_served(place.settings.home):
        return _upload(place, file, "/api/v1/results/import", {})
    from quotawatt.app.system import open_system
    from quotawatt.keeping.results_in import import_results as take_in

    system = open_system(place.settings, place.clock)
    try:
        count, before = take_in(file, system.series, system.records, _actor(), system_clock())
    finally:
        system.close()
    return {"results": count, "before": before.isoformat()}


def _require_file(file: Path) -> None:
    if not file.is_file():
        raise InputError(f"a file must exist to be read, got {file}")


def _actor() -> str:
    return f"cli:{user_name()}"


@contextmanager
def _served_tables(
    place: Place, wanted: Mapping[str, Any]
) -> Iterator[tuple[int, Iterator[pa.Table]]]:
    params = {**wanted, "format": FileKind.ARROW.value}
    request = streaming(
        place.settings, place.clock, "GET", "/api/v1/readings/export", params=params
    )
    with request as answer:
        total = int(answer.headers.get("X-Quotawatt-Readings", 0))
        stream = pa.ipc.open_stream(cast("io.IOBase", _Body(answer)))
        yield total, (pa.Table.from_batches([batch]) for batch in stream)


@contextmanager
def _own_tables(
    place: Place, wanted: Mapping[str, Any]
) -> Iterator[tuple[int, Iterator[pa.Table]]]:
    from api.routes.moving import span_of
    from quotawatt.app.system import open_system
    from quotawatt.keeping.outgoing import Wanted
    from quotawatt.keeping.readings_out import begin_export

    system = open_system(place.settings, place.clock)
    try:
        span = span_of(place.settings, wanted["from"], wanted["until"])
        chosen = Wanted(span, *(wanted[name] or () for name in ("device", "asset", "quantity")))
        stores = system.series, system.records
        export = begin_export(stores, system.register(), chosen, _actor(), system_clock())
        yield export.count or 0, export.tables
    finally:
        system.close()


def _result_pieces(place: Place) -> Iterator[bytes]:
    if is_served(place.settings.home):
        with streaming(place.settings, place.clock, "GET", "/api/v1/results/export") as answer:
            yield from answer.iter_raw()
        return
    from quotawatt.app.system import open_system
    from quotawatt.keeping.outgoing import results_schema, streamed
    from quotawatt.keeping.readings_out import begin_results

    system = open_system(place.settings, place.clock)
    try:
        stores = system.series, system.records
        frozen, export = begin_results(stores, _actor(), system_clock())
        yield from streamed(FileKind.PARQUET, export.tables, results_schema(frozen))
    finally:
        system.close()


def _upload(place: Place, file: Path, path: str, params: Mapping[str, Any]) -> dict[str, Any]:
    size = file.stat().st_size

    def pieces() -> Iterator[bytes]:
        with file.open("rb") as content:
            while piece := content.read(_PIECE_BYTES):
                place.advance("upload", content.tell(), size)
                yield piece
        place.advance("server", 0, None)

    request = streaming(place.settings, place.clock, "POST", path, params=params, content=pieces())
    with request as answer:
        answer.read()
        found: dict[str, Any] = answer.json()
        return found


def _taken_in_here(place: Place, file: Path, params: Mapping[str, Any]) -> dict[str, Any]:
    from api.routes.moving import report_of, zone_named
    from quotawatt.app.system import open_system
    from quotawatt.keeping.importing import Target
    from quotawatt.keeping.readings_in import Order
    from quotawatt.keeping.readings_in import import_readings as take_in

    system = open_system(place.settings, place.clock)
    try:
        kind, zone = FileKind(params["format"]), zone_named(params["timezone"])
        order = Order(file, kind, zone, _actor(), file.name, params["dry_run"])
        target = Target(
            system.series,
            system.records,
            system_clock,
            lambda step, lines: place.advance(step, lines, None),
        )
        report = take_in(order, target, system.register(), place.settings)
    finally:
        system.close()
    answer = report_of(report, applied=not order.dry_run and not report.problems.count)
    times = {name: answer[name] and answer[name].isoformat() for name in ("first", "last")}
    return {**answer, **times}


class _Body(io.RawIOBase):
    """The body of an answer as a file that is read once."""

    def __init__(self, answer: httpx.Response) -> None:
        super().__init__()
        self._pieces = answer.iter_raw()
        self._left = b""

    def readable(self) -> bool:
        """It is."""
        return True

    def read(self, size: int = -1, /) -> bytes:
        """So many bytes, fewer only at the end; below 0 all that is left."""
        while size < 0 or len(self._left) < size:
            piece = next(self._pieces, b"")
            if not piece:
                break
            self._left += piece
        cut = len(self._left) if size < 0 else size
        taken, self._left = self._left[:cut], self._left[cut:]
        return taken
