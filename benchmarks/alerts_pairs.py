"""Evaluating many rule-subject pairs: everything at once, and between only what changed.

Yearly accounts and daily results of an estate of buildings, in DuckDB, with the record store in SQLite and in
PostgreSQL. Rules, alerts, cases, ledger and notices are real; nothing is sent.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa
from sqlalchemy import Engine

from alerts.channels.base import Channels
from alerts.delivery.sender import Sender
from alerts.engine.evaluating import Evaluator
from alerts.engine.outcome import Outcome
from alerts.service import AlertService
from benchmarks.register_rig import POSTGRESQL, SQLITE, Home, Homes
from benchmarks.report import Figure
from quotawatt.ledger import Ledger
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Building, Organisation, Register, Site
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import DAY
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.result_marks import MarkingSeriesStore

PAIRS = 20_000
QUICK_PAIRS = 4_000
DAYS = 8
MET = 0.01
"""Share of the pairs that exceed: two hundred of twenty thousand fire at once."""
CHANGED = 100

NOW = datetime(2026, 6, 10, 2, tzinfo=UTC)  # 10:00 at the sites
TODAY = datetime(2026, 6, 9, 16, tzinfo=UTC)
ZONE = ZoneInfo("Asia/Shanghai")

# Rule, and the measure that it watches; the first four of yearly accounts.
RULES = {
    "quota-projected-over": "quota_projected_share_pct",
    "quota-exhausted": "quota_share_pct",
    "carbon-projected-over": "carbon_projected_share_pct",
    "target-projected-over": "target_projected_share_pct",
    "use-above-expected": "electricity_excess_pct",
}


@dataclass
class Counted:
    """An evaluator's outcomes, not stored: what it read."""

    outcomes: list[Outcome]

    def store(self, outcome: Outcome) -> bool:
        self.outcomes.append(outcome)
        return True


def pairs_figures(quick: bool, homes: Homes) -> Iterator[Figure]:
    """Times of evaluations, the record store in SQLite and in PostgreSQL."""
    for store in (SQLITE, POSTGRESQL):
        home = homes.fresh(store)
        records = open_records(home.url, home.folder)
        series = DuckDbSeriesStore(home.folder / "series.duckdb")
        try:
            yield from _figures(QUICK_PAIRS if quick else PAIRS, home, series, records)
        finally:
            series.close()
            records.dispose()


def _figures(pairs: int, home: Home, series: SeriesStore, records: Engine) -> Iterator[Figure]:
    estate = pairs // len(RULES)
    register, marking = _register(estate), MarkingSeriesStore(series, records)
    rng = np.random.default_rng(7)
    for measure in RULES.values():
        marking.write_results(Grain.DAY, _results(measure, range(estate), rng))
    service = _service(register, series, records, home.folder)
    said = f"{pairs:,} pairs, {home.store}"
    first_s, changed = _timed(service, NOW)
    yield Figure(f"everything, first time: {said}", first_s, "s", at_most=5)
    yield Figure(f"  alerts that waited or fired then: {said}", changed, "alerts")
    again_s, changed = _timed(
        _service(register, series, records, home.folder), NOW + timedelta(minutes=1)
    )
    yield Figure(f"everything, by a new process: {said}", again_s, "s", at_most=5)
    yield Figure(f"  alerts that changed then: {said}", changed, "alerts", at_most=0)
    quiet_s, _ = _timed(service, NOW + timedelta(minutes=2))
    yield Figure(f"nothing changed: {said}", quiet_s, "s", at_most=0.5)
    some = rng.choice(estate, min(CHANGED, estate), replace=False).tolist()
    marking.write_results(Grain.DAY, _results(RULES["quota-exhausted"], some, rng, days=1))
    few_s, _ = _timed(service, NOW + timedelta(minutes=3))
    yield Figure(f"{len(some)} subjects changed: {said}", few_s, "s", at_most=0.5)
    read = _read(register, series, records, some, marking, rng)
    yield Figure(f"  pairs read then: {said}", read, "pairs", at_most=len(some) * len(RULES))


def _read(
    register: Register,
    series: SeriesStore,
    records: Engine,
    some: Sequence[int],
    marking: MarkingSeriesStore,
    rng: np.random.Generator,
) -> int:
    """How many pairs an evaluation reads after some subjects changed."""
    kept = Counted([])
    evaluator = Evaluator(series, records, lambda: register, _book(), ZONE)
    evaluator.evaluate(NOW, kept.store)
    marking.write_results(Grain.DAY, _results(RULES["quota-exhausted"], some, rng, days=1))
    return evaluator.evaluate(NOW + timedelta(minutes=4), kept.store).pairs_read


def _timed(service: AlertService, now: datetime) -> tuple[float, int]:
    began = time.perf_counter()
    changed = service.evaluate(now)
    return time.perf_counter() - began, len(changed)


def _service(register: Register, series: SeriesStore, records: Engine, home: Path) -> AlertService:
    channels = Channels()
    return AlertService(
        series=series,
        records=records,
        register_source=lambda: register,
        rulebook=_book(),
        ledger=Ledger(records),
        channels=channels,
        sender=Sender(records, channels, lambda _keys, _now: {}, "benchmark"),
        settings=Settings(home=home),
    )


def _book() -> Rulebook:
    book = load_rulebook()
    rules = {name: rule for name, rule in book.rules.items() if name in RULES}
    kept = {name: found for name, found in book.versions["rules"].items() if name in RULES}
    return replace(book, rules=rules, versions={**book.versions, "rules": kept})


def _register(estate: int) -> Register:
    return Register(
        organisations=[Organisation("ORG", "局", "Bureau", "party_government", "city")],
        sites=[Site("SITE", "院", "Court", ZONE.key, "shandong", "B")],
        buildings=[
            Building(f"B{n:05}", "楼", "Building", "SITE", "ORG", 1000.0) for n in range(estate)
        ],
    )


def _results(
    measure: str, which: Sequence[int], rng: np.random.Generator, days: int = DAYS
) -> pa.Table:
    """The newest days of a measure for some of the buildings; a hundredth of them exceeds all the time."""
    account = "" if measure == RULES["use-above-expected"] else "/account"
    subjects = [f"B{n:05}{account}" for n in which]
    beyond = rng.random(len(subjects)) < MET
    value = np.where(beyond, 130.0, 3.0).repeat(days) + rng.random(len(subjects) * days)
    starts = [TODAY - (days - 1 - day) * DAY for day in range(days)]
    count = len(value)
    return pa.Table.from_pydict(
        {
            "subject": [subject for subject in subjects for _ in range(days)],
            "measure": [measure] * count,
            "start": starts * len(subjects),
            "value": value,
            "quality": ["measured"] * count,
            "coverage": [1.0] * count,
            "revision": [0] * count,
            "withdrawn": [False] * count,
        },
        schema=RESULTS,
    )
