"""Three days of results and readings of a small city, as the analyser and the collectors write them."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pyarrow as pa

from quotawatt.readings import RESULTS, Grain, Quality, Reading, readings_table
from quotawatt.spans import HOUR, Span
from quotawatt.storage.port import SeriesStore

# Local midnights of Asia/Shanghai, 1 to 3 March 2023.
DAYS = [datetime(2023, 2, 28, 16, tzinfo=UTC) + timedelta(days=n) for n in range(3)]
SPAN = Span(DAYS[0], DAYS[-1] + timedelta(days=1))

# One code is the beginning of another, one has what a regular expression would take for more.
BUILDINGS = ("BLD-1", "BLD-10", "BLD-1.甲(东)")
ORGANISATIONS = ("ORG-1",)
METERS = ("MTR-1-A", "MTR-1-B", "MTR-10")
SITE = "SITE-1"
QUOTA, TARGET = "electricity-db37", "carbon-2025"
WATER = "ORG-1/water-db37"
ACCOUNTS = (*(f"{code}/{QUOTA}" for code in (*BUILDINGS, *ORGANISATIONS)), WATER)

Row = tuple[str, str, datetime, float | None]


def write_city(store: SeriesStore) -> None:
    """Write everything through the store's own port."""
    store.write_results(Grain.HOUR, results_table(hours()))
    store.write_results(Grain.DAY, results_table(days()))
    # One result is taken back, and one turns out to be missing, after they were written.
    store.write_results(
        Grain.DAY,
        results_table(
            [("MTR-1-A", "electricity_import_kwh", DAYS[2], None)], Quality.MISSING, withdrawn=True
        ),
    )
    store.write_results(
        Grain.DAY,
        results_table([("MTR-1-B", "electricity_import_kwh", DAYS[2], None)], Quality.MISSING),
    )
    store.write_readings(readings_table(readings()))


def results_table(
    rows: Iterator[Row] | list[Row],
    quality: Quality = Quality.MEASURED,
    withdrawn: bool = False,
) -> pa.Table:
    """Rows as a table of schema RESULTS; coverage 0.75 where there is a value."""
    records = [
        {
            "subject": subject,
            "measure": measure,
            "start": start,
            "value": value,
            "quality": str(quality),
            "coverage": 0.0 if value is None else 0.75,
            "revision": 0,
            "withdrawn": withdrawn,
        }
        for subject, measure, start, value in rows
    ]
    return pa.Table.from_pylist(records, schema=RESULTS)


def hours() -> Iterator[Row]:
    """Hourly load with its band, and temperature; BLD-1 has no figures in the second day's first hour."""
    for number in range(72):
        start = DAYS[0] + number * HOUR
        yield SITE, "outdoor_temperature_c", start, 5.0 + number % 24
        for place, building in enumerate(BUILDINGS, start=1):
            if building == "BLD-1" and number == 24:
                continue
            yield building, "electricity_import_kwh", start, 100.0 * place + number % 24
            yield building, "electricity_expected_kwh", start, 100.0 * place
            yield building, "electricity_expected_low_kwh", start, 90.0 * place
            yield building, "electricity_expected_high_kwh", start, 110.0 * place


def days() -> Iterator[Row]:
    """Daily use, excess, carbon, and the yearly accounts as they stood on each day."""
    for number, start in enumerate(DAYS, start=1):
        for code in (*BUILDINGS, *ORGANISATIONS, *METERS):
            yield code, "electricity_import_kwh", start, 1000.0 * number
        for building in BUILDINGS:
            yield building, "electricity_excess_kwh", start, 50.0 * number
            yield building, "electricity_excess_pct", start, 2.0 * number
        for code in (*BUILDINGS, *ORGANISATIONS):
            yield code, "carbon_kgco2", start, 600.0 * number
            yield from _account(f"{code}/{QUOTA}", "quota", "kwh", start, number)
            yield from _account(f"{code}/{TARGET}", "carbon", "kgco2", start, number)
        yield from _account(WATER, "quota", "m3", start, number)


def _account(subject: str, kind: str, unit: str, start: datetime, number: int) -> Iterator[Row]:
    yield subject, f"{kind}_used_{unit}", start, 1000.0 * number
    yield subject, f"{kind}_limit_{unit}", start, 10_000.0
    yield subject, f"{kind}_projected_{unit}", start, 10_500.0
    yield subject, f"{kind}_share_pct", start, 10.0 * number
    yield subject, f"{kind}_projected_share_pct", start, 105.0


def readings() -> Iterator[Reading]:
    """A meter of two phases, a meter of none, and a value that no one should rely on."""
    for number in range(3):
        at = DAYS[0] + number * HOUR
        for device, channel in (("dev-1", "a"), ("dev-1", "b"), ("dev 2", "")):
            yield Reading(device, channel, "electricity_import_kwh", at, 10.0 + number, at)
    late = DAYS[0] + 5 * HOUR
    yield Reading(
        "dev 2", "", "electricity_import_kwh", late, 9e9, late, 0, Quality.SUSPECT, "out_of_range"
    )
