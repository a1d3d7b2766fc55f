"""What an asset was on a day, in a register with ten years of changes; and edits of single records."""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, date, datetime
from functools import partial
from random import Random
from statistics import median

from sqlalchemy import Engine

from benchmarks.register_estate import day_of
from benchmarks.register_rig import (
    POSTGRESQL,
    SQLITE,
    Home,
    Homes,
    Latency,
    latency_of,
    seconds_of,
)
from benchmarks.register_served import Served, serving
from benchmarks.report import Figure
from quotawatt.register.history import asset_as_of
from quotawatt.register.model import Register
from quotawatt.register.repository import load_register, save_register
from quotawatt.storage.records import open_records

_BAR_MS = 20.0
_NOW = datetime(2025, 6, 1, tzinfo=UTC)
_WARM_UP = 20
_PLAIN_RUNS = 3


def asof_figures(homes: Homes, register: Register, questions: int, edits: int) -> Iterator[Figure]:
    """On both databases: the function, the route, the plain way beside them, and edits."""
    asked = _questions(register, questions + _WARM_UP)
    for store in (SQLITE, POSTGRESQL):
        home = homes.fresh(store)
        records = open_records(home.url, home.folder)
        try:
            save_register(records, register, "benchmark", _NOW)
            yield from _by_function(records, store, asked)
        finally:
            records.dispose()
        yield from _served_figures(home, asked, edits)


def _questions(register: Register, count: int) -> list[tuple[str, date]]:
    """Assets and days, at random, the same ones each time."""
    chance = Random(count)
    codes = list(register.assets)
    return [(chance.choice(codes), day_of(chance)) for _ in range(count)]


def _by_function(records: Engine, store: str, asked: list[tuple[str, date]]) -> Iterator[Figure]:
    with records.connect() as conn:
        calls = [partial(asset_as_of, conn, code, day) for code, day in asked]
        found = _after_warm_up(calls)
    yield from found.figures(f"as of a day, database function on {store}", _BAR_MS)
    plain = median(
        seconds_of(partial(_plainly, records, *question)) * 1e3 for question in asked[:_PLAIN_RUNS]
    )
    name = f"as of a day on {store}: load everything and look"
    yield Figure(name, plain, "ms")
    yield Figure(f"{name} / database function", plain / found.p50_ms, "×")


def _plainly(records: Engine, code: str, day: date) -> object:
    return load_register(records).as_of(day).assets[code]


def _served_figures(home: Home, asked: list[tuple[str, date]], edits: int) -> Iterator[Figure]:
    with serving(home) as served:
        calls = [partial(_ask, served, code, day) for code, day in asked]
        found = _after_warm_up(calls)
        yield from found.figures(f"as of a day, API on {home.store}", _BAR_MS)
        codes = [f"B-{number}" for number in range(edits)]
        taken = median(seconds_of(partial(_edit, served, code)) for code in codes)
        yield Figure(f"edit of one building by the API on {home.store}, median", taken, "s")


def _after_warm_up(calls: Sequence[Callable[[], object]]) -> Latency:
    for call in calls[:_WARM_UP]:
        call()
    return latency_of(calls[_WARM_UP:])


def _ask(served: Served, code: str, day: date) -> None:
    answer = served.client.get(f"/assets/{code}", params={"as_of": day.isoformat()})
    answer.raise_for_status()


def _edit(served: Served, code: str) -> None:
    answer = served.client.patch(
        f"/register/buildings/{code}",
        params={"from": "2025-06-01"},
        headers={"If-Match": "*"},
        json={"gross_area_m2": 7777.0},
    )
    answer.raise_for_status()
