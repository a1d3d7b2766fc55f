"""Readings for the tests of moving and keeping."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa

from quotawatt.keeping.chunks import EVER
from quotawatt.keeping.importing import FileOfReadings
from quotawatt.keeping.kinds import FileKind
from quotawatt.keeping.outgoing import streamed
from quotawatt.keeping.problems import Rules
from quotawatt.readings import READINGS, Quality, Reading, readings_table
from quotawatt.storage.port import SeriesStore

START = datetime(2023, 1, 1, tzinfo=UTC)
NOW = datetime(2026, 1, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
IMPORT = "electricity_import_kwh"


def at(hours: float) -> datetime:
    return START + hours * HOUR


def assorted() -> pa.Table:
    """Readings of every sort: corrections, suspect ones, names that need quoting, the server's time."""
    found = [Reading("dev-1", "", IMPORT, at(k), 100 + 0.1 * k, at(k + 0.01)) for k in range(200)]
    found += [
        Reading('a,"b"\n 设备', "1 L", "voltage_v", at(k / 3), 230.0 + 1 / 3, at(k / 3), k % 2)
        for k in range(50)
    ]
    found += [
        Reading("off", "", "water_m3", datetime(1970, 1, 2, tzinfo=UTC), 5.0, at(1), 0,
                Quality.SUSPECT, "clock_before_2010"),
        Reading("off", "", "water_m3", at(3), -5.0, at(3), 2, Quality.SUSPECT, "counter_below_zero"),
        Reading("asset:MTR-1", "", "gas_m3", at(2), 7.25, at(9), 0, Quality.ESTIMATED),
        Reading("late", "", "gas_m3", at(2), 8.0, at(2), 0, Quality.MEASURED, "", True),
    ]  # fmt: skip
    return readings_table(found)


def rules(**changed: object) -> Rules:
    given: dict[str, object] = {
        "assets": {"MTR-1"},
        "zone": None,
        "now": NOW,
        "clock_from": date(2010, 1, 1),
        "clock_ahead_limit_s": 600.0,
    }
    return Rules(**{**given, **changed})  # type: ignore[arg-type]


def everything(store: SeriesStore) -> pa.Table:
    """All readings, by series and time."""
    return store.read_readings(store.known_series(), EVER)


def file_of(path: Path, kind: FileKind, *tables: pa.Table) -> FileOfReadings:
    """A file of these readings, as an export writes it."""
    path.write_bytes(b"".join(streamed(kind, tables, READINGS)))
    return FileOfReadings(path, kind, rules())
