"""A small past for the tests of trying: results and readings in memory, findings in SQLite."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import Engine

from alerts.engine.samples import zones_of
from alerts.trying.inputs import Past
from quotawatt.readings import Grain, Reading, readings_table
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from tests.alerts.results import SHANGHAI, Line, midnight, results_table

BOUND = datetime(2023, 1, 1, tzinfo=UTC)


def register(meters: int = 2) -> Register:
    """A building of 1000 m² with meters ``MTR-1`` and on, each fed by a device ``d-1`` and on."""
    return Register(
        organisations=[Organisation("ORG-1", "局", "Bureau", "party_government", "city")],
        sites=[Site("SITE-1", "院", "Court", "Asia/Shanghai", "shandong", "B")],
        buildings=[Building("BLD-1", "楼", "Building", "SITE-1", "ORG-1", 1000.0)],
        meters=[Meter(f"MTR-{n}", "表", "Meter", "BLD-1", "electricity") for n in _to(meters)],
        bindings=[
            Binding(f"d-{n}", f"MTR-{n}", BOUND, quantity="electricity_power_kw", multiplier=10)
            for n in _to(meters)
        ],
    )


def results(lines: Iterable[Line], grain: Grain = Grain.DAY) -> MemorySeriesStore:
    """A store with these daily results."""
    store = MemorySeriesStore()
    store.write_results(grain, results_table(lines))
    return store


def course(subject: str, measure: str, first: str, values: Sequence[float | None]) -> list[Line]:
    """Daily results of one subject from a day on."""
    begin = date.fromisoformat(first)
    return [
        (subject, measure, (begin + timedelta(days=number)).isoformat(), value)
        for number, value in enumerate(values)
    ]


def readings(told: Iterable[tuple[str, datetime, float]]) -> MemorySeriesStore:
    """A store with readings of power: device, time, kW as the device shows it."""
    store = MemorySeriesStore()
    rows = [
        Reading(device, "", "electricity_power_kw", time, value, arrived=time)
        for device, time, value in told
    ]
    store.write_readings(readings_table(rows))
    return store


@contextmanager
def past_of(
    store: MemorySeriesStore,
    records: Engine,
    first: str,
    until: str,
    book: Register | None = None,
    sees: Callable[[str], bool] = lambda _code: True,
) -> Iterator[Past]:
    """The past between two local days."""
    held = register() if book is None else book
    with records.connect() as conn:
        span = Span(midnight(first), midnight(until))
        yield Past(store, conn, held, zones_of(held, SHANGHAI), span, sees)


def _to(count: int) -> range:
    return range(1, count + 1)
