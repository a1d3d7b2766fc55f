"""What the contract tests of the series store say readings and results with."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from quotawatt.readings import RESULTS, Quality, Reading, SeriesKey, readings_table
from quotawatt.spans import Span
from quotawatt.storage.port import SeriesStore

T0 = datetime(2023, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
KWH = "electricity_import_kwh"
METER = SeriesKey("meter-1", "", KWH)
ALWAYS = Span(datetime(1900, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC))
STRANGE = (
    "three words",
    "a,b=c d",
    "back\\slash\\",
    "quote'\"double",
    "100%",
    "%5C",
    "电表/一号",
    "new\nline\ttab\r",
    "asset:MTR-1",
    " lead and trail ",
    "a' OR '1'='1",
    "😀",
)

StoreFactory = Callable[[], SeriesStore]


def reading(
    minute: float,
    value: float,
    key: SeriesKey = METER,
    revision: int = 0,
    quality: Quality = Quality.MEASURED,
    reason: str = "",
) -> Reading:
    """A reading ``minute`` minutes after the first instant of 2023."""
    time = T0 + minute * MINUTE
    return Reading(*key, time, value, time + MINUTE, revision, quality, reason)


def write(store: SeriesStore, *readings: Reading) -> tuple[int, int, int]:
    """Numbers of readings written, of duplicates and of conflicts."""
    report = store.write_readings(readings_table(readings))
    return report.written, report.duplicates, len(report.conflicts)


def values(table: pa.Table) -> list[float]:
    """The column ``value``."""
    return [row["value"] for row in table.to_pylist()]


def everything(store: SeriesStore, *keys: SeriesKey) -> list[dict[str, object]]:
    """All readings of the series."""
    return store.read_readings(keys or [METER], ALWAYS).to_pylist()


def minutes(first: float, last: float) -> Span:
    """The span between two minutes of 2023."""
    return Span(T0 + first * MINUTE, T0 + last * MINUTE)


def result(
    hour: float,
    value: float | None,
    subject: str = "BLD-1",
    measure: str = KWH,
    quality: Quality = Quality.MEASURED,
    coverage: float = 1.0,
    withdrawn: bool = False,
) -> dict[str, object]:
    """A result that starts ``hour`` hours after the first instant of 2023."""
    return {
        "subject": subject,
        "measure": measure,
        "start": T0 + hour * HOUR,
        "value": value,
        "quality": quality.value,
        "coverage": coverage,
        "revision": 0,
        "withdrawn": withdrawn,
    }


def results(rows: Sequence[dict[str, object]]) -> pa.Table:
    """Rows as a table of schema RESULTS."""
    return pa.Table.from_pylist(list(rows), schema=RESULTS)
