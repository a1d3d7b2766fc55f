"""Readings out and in as files, and results that no readings stand for any more."""

from collections.abc import AsyncIterator, Iterable, Iterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import pyarrow as pa
from fastapi import APIRouter, Query, Request
from starlette.concurrency import run_in_threadpool
from starlette.responses import StreamingResponse

from api.access import Permit, needs
from api.fleet_looks import positions_left_out
from api.moving_schemas import ImportedReadings, ImportedResults
from api.params import Given, parse_instant
from api.services import Services
from quotawatt.access.roles import Permission
from quotawatt.errors import InputError
from quotawatt.keeping.chunks import EVER
from quotawatt.keeping.importing import ImportReport, Target
from quotawatt.keeping.kinds import FileKind
from quotawatt.keeping.outgoing import Wanted, results_schema, streamed
from quotawatt.keeping.readings_in import Order, import_readings
from quotawatt.keeping.readings_out import begin_export, begin_results
from quotawatt.keeping.results_in import import_results
from quotawatt.readings import READINGS
from quotawatt.settings import Settings
from quotawatt.spans import Span

router = APIRouter(tags=["keeping"])

Reader = Annotated[Permit, needs(Permission.RESULTS_READ)]
Taker = Annotated[Permit, needs(Permission.INTAKE_ACT)]

COUNT_HEADER = "X-Quotawatt-Readings"
"""About how many readings an export has."""

_MEDIA = {
    FileKind.CSV: "text/csv; charset=utf-8",
    FileKind.CSV_GZ: "application/gzip",
    FileKind.PARQUET: "application/vnd.apache.parquet",
    FileKind.ARROW: "application/vnd.apache.arrow.stream",
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_FILE: dict[int | str, dict[str, Any]] = {
    200: {"description": "A file", "content": dict.fromkeys(_MEDIA.values(), _BINARY)}
}
_BODY = {
    "requestBody": {"required": True, "content": {"application/octet-stream": _BINARY}},
}
_IMPORTED = frozenset({FileKind.CSV, FileKind.CSV_GZ, FileKind.PARQUET})

KindParam = Annotated[FileKind, Query(alias="format", description="Kind of the file")]


@router.get("/readings/export", response_class=StreamingResponse, responses=_FILE)
def export_readings(
    services: Given,
    permit: Reader,
    kind: KindParam = FileKind.CSV_GZ,
    first: Annotated[
        str | None, Query(alias="from", examples=["2023-01-01"], description="Default: the first")
    ] = None,
    until: Annotated[str | None, Query(description="End, not included; default: the last")] = None,
    device: Annotated[list[str] | None, Query(description="May be repeated")] = None,
    asset: Annotated[list[str] | None, Query(description="May be repeated")] = None,
    quantity: Annotated[list[str] | None, Query(description="May be repeated")] = None,
) -> StreamingResponse:
    """Readings as a file that an import takes back without loss. The ledger notes who took them.

    Where vehicles were is left out for those without the permission ``tracks.read`` over the whole
    installation. The header `X-Quotawatt-Readings` says how many there are, suspect ones left out.
    """
    permit.require_everywhere()
    span = span_of(services.settings, first, until)
    without = positions_left_out(permit, quantity or ())
    wanted = Wanted(span, device or (), asset or (), quantity or (), without)
    stores = services.series, services.records
    register = services.register_source()
    export = begin_export(stores, register, wanted, permit.actor, services.wall_clock())
    headers = {COUNT_HEADER: str(export.count)}
    return _file(kind, export.tables, READINGS, "readings", headers)


@router.get("/results/export", response_class=StreamingResponse, responses=_FILE)
def export_results(services: Given, permit: Reader) -> StreamingResponse:
    """Results from before the raw horizon as Parquet; all others an import of readings has computed."""
    permit.require_everywhere()
    stores = services.series, services.records
    frozen, export = begin_results(stores, permit.actor, services.wall_clock())
    return _file(FileKind.PARQUET, export.tables, results_schema(frozen), "results", {})


@router.post("/readings/import", response_model=ImportedReadings, openapi_extra=_BODY)
async def take_readings_in(
    request: Request,
    services: Given,
    permit: Taker,
    kind: KindParam = FileKind.CSV,
    name: Annotated[str, Query(max_length=256, description="Of the file, for the ledger")] = "",
    timezone: Annotated[
        str | None, Query(description="Of times without an offset from UTC; default: none is taken")
    ] = None,
    dry_run: Annotated[bool, Query(description="Only check the file")] = True,
) -> dict[str, Any]:
    """A file of readings: all lines are checked, then all are written, or none. Safe to repeat.

    Columns `time, quantity, value` and `device` or `asset`; also `channel, revision, quality, reason,
    arrived, timed_by_server`. Values are in the unit that the quantity's name says.
    """
    permit.require_everywhere()
    zone = zone_named(timezone)
    if kind not in _IMPORTED:
        raise InputError(f"format must be csv, csv.gz or parquet, got {kind.value!r}")
    async with _kept_body(request, services) as path:
        order = Order(path, kind, zone, permit.actor, name, dry_run)
        target = Target(services.series, services.records, services.wall_clock)
        register = services.register_source()
        report = await run_in_threadpool(
            import_readings, order, target, register, services.settings
        )
    return report_of(report, applied=not dry_run and not report.problems.count)


@router.post("/results/import", response_model=ImportedResults, openapi_extra=_BODY)
async def take_results_in(request: Request, services: Given, permit: Taker) -> dict[str, Any]:
    """A file of `/results/export`. What lies before its horizon is frozen here too, from then on."""
    permit.require_everywhere()
    async with _kept_body(request, services) as path:
        at = services.wall_clock()
        count, before = await run_in_threadpool(
            import_results, path, services.series, services.records, permit.actor, at
        )
    return {"results": count, "before": before}


def report_of(report: ImportReport, *, applied: bool) -> dict[str, Any]:
    """What an import answers."""
    return {
        "applied": applied,
        "lines": report.lines,
        "series": len(report.keys),
        "first": report.first,
        "last": report.last,
        "suspect": report.suspect,
        "written": report.written,
        "duplicates": report.duplicates,
        "conflicts": report.conflicts_found,
        "problems": [{"line": p.line, "message": p.message} for p in report.problems.first],
        "problems_total": report.problems.count,
    }


def span_of(settings: Settings, first: str | None, until: str | None) -> Span:
    """What from and until say, without them all times. Raises InputError where nothing lies between."""
    zone = ZoneInfo(settings.timezone)
    start = EVER.start if first is None else parse_instant(first, "from", zone)
    end = EVER.end if until is None else parse_instant(until, "until", zone)
    if start >= end:
        raise InputError(f"from must lie before until, got {first} and {until}")
    return Span(start, end)


def zone_named(name: str | None) -> ZoneInfo | None:
    """The time zone of that name; None for none. Raises InputError where there is no such zone."""
    try:
        return None if name is None else ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise InputError(f"timezone must be one of the IANA database, got {name!r}") from None


@asynccontextmanager
async def _kept_body(request: Request, services: Services) -> AsyncIterator[Path]:
    """The body as a file in the home folder, for as long as it is needed."""
    with NamedTemporaryFile(dir=services.settings.home, prefix=".upload-") as file:
        async for piece in request.stream():
            await run_in_threadpool(file.write, piece)
        file.flush()
        yield Path(file.name)


def _file(
    kind: FileKind,
    tables: Iterable[pa.Table],
    schema: pa.Schema,
    name: str,
    headers: Mapping[str, str],
) -> StreamingResponse:
    disposition = {"Content-Disposition": f'attachment; filename="{name}.{kind.value}"'}
    pieces: Iterator[bytes] = streamed(kind, tables, schema)
    return StreamingResponse(pieces, media_type=_MEDIA[kind], headers={**headers, **disposition})
