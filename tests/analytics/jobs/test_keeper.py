"""Letting go of readings: what rests on them stays right, and breaking off anywhere loses nothing."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from shutil import copytree

import pytest
from sqlalchemy import Engine, select

from analytics.jobs import Analyser
from analytics.jobs.keeper import Keeper
from quotawatt.errors import StateError, StoreError
from quotawatt.keeping.importing import BROKEN_AFTER, UNDER_WAY, under_way
from quotawatt.ledger import Ledger
from quotawatt.measures import MEASURES
from quotawatt.readings import Grain, Reading
from quotawatt.register.model import Register
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.facts import lock_fact, put_fact
from quotawatt.storage.horizon import frozen_before, raw_horizon
from quotawatt.storage.intake import store_readings
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import findings
from tests.analytics.builders import IMPORT, binding, meter, reading, register

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
START = datetime(2023, 1, 31, 16, tzinfo=UTC)  # 1 February in Shanghai
MARCH = datetime(2023, 2, 28, 16, tzinfo=UTC)
APRIL = datetime(2023, 3, 31, 16, tzinfo=UTC)
NOW = datetime(2023, 4, 10, 4, tzinfo=UTC)
EVER = Span(datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))
INDOOR = "indoor_temperature_c"
AT_ONCE = timedelta(0)

Rows = dict[tuple[str, str, datetime], tuple[float, str, float]]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@dataclass
class Bench:
    series: SeriesStore
    records: Engine
    source: RegisterSource
    rulebook: Rulebook
    settings: Settings

    def analyser(self) -> Analyser:
        return Analyser(self.series, self.records, self.source, self.rulebook, self.settings)

    def keeper(self, series: SeriesStore | None = None) -> Keeper:
        return Keeper(series or self.series, self.records, self.source, self.settings)

    def take_in(self, readings: Iterable[Reading]) -> None:
        store_readings(self.series, self.records, list(readings))

    def results(self, grain: Grain) -> Rows:
        table = self.series.read_results(grain, None, list(MEASURES), EVER)
        return {
            (r["subject"], r["measure"], r["start"]): (r["value"], r["quality"], r["coverage"])
            for r in table.to_pylist()
        }

    def times(self) -> list[datetime]:
        found = self.series.read_readings(self.series.known_series(), EVER)["time"].to_pylist()
        return sorted(found)

    def actions(self) -> list[str]:
        return [entry.action for entry in Ledger(self.records).entries()]


def house() -> Register:
    return register(
        binding("dev", "MTR-1", multiplier=2.0),
        binding("slow", "MTR-2"),
        binding("room", "MTR-1", quantity=INDOOR, multiplier=1.0),
        meters=[meter("MTR-1"), meter("MTR-2")],
    )


def winter() -> list[Reading]:
    """From 1 February to 10 April: a meter each 6 hours at half past, one each 20 days, and a gauge."""
    found = []
    for k in range(4 * 68):
        time = START + k * 6 * HOUR + timedelta(minutes=30)
        found.append(reading(time, 100 + 3.0 * k + (k % 5) * 0.1, "dev"))
        found.append(reading(time, 18 + k % 4, "room", INDOOR))
    found += [reading(START + k * 20 * DAY, 50.0 * k, "slow") for k in range(4)]
    return found


@pytest.fixture(scope="module")
def computed(tmp_path_factory: pytest.TempPathFactory, rulebook: Rulebook) -> Path:
    """A home folder whose stores hold the winter and its results; to be copied."""
    home = tmp_path_factory.mktemp("computed")
    bench = made(home, open_records("sqlite", home), rulebook)
    bench.series.close()
    bench.records.dispose()
    return home


@pytest.fixture
def bench(tmp_path: Path, computed: Path, rulebook: Rulebook) -> Bench:
    copytree(computed, tmp_path, dirs_exist_ok=True)
    return opened(tmp_path, open_records("sqlite", tmp_path), rulebook)


def opened(home: Path, records: Engine, rulebook: Rulebook) -> Bench:
    series = DuckDbSeriesStore(home / "series.duckdb")
    source = RegisterSource(records, check_every_s=0)
    return Bench(series, records, source, rulebook, Settings(keep_readings_days=31))


def made(home: Path, records: Engine, rulebook: Rulebook) -> Bench:
    save_register(records, house(), actor="test", at=START)
    found = opened(home, records, rulebook)
    found.take_in(winter())
    found.analyser().run(NOW)
    return found


def close_to(one: Rows, other: Rows) -> bool:
    return one.keys() == other.keys() and all(
        one[key][1] == other[key][1]
        and one[key][0::2] == pytest.approx(other[key][0::2], rel=1e-12, abs=1e-12)
        for key in one
    )


def used(results: Rows) -> Rows:
    """What was used since the horizon: accounts of past days rest on what was known at their time."""
    return {k: value for k, value in results.items() if k[1] == IMPORT and k[2] >= MARCH}


def without_a_keeper(bench: Bench, home: Path, readings: list[Reading]) -> Bench:
    """Other stores that were given the same readings and kept them all."""
    records = open_records("sqlite", home)
    save_register(records, house(), actor="test", at=START)
    source = RegisterSource(records, check_every_s=0)
    found = Bench(MemorySeriesStore(), records, source, bench.rulebook, bench.settings)
    found.take_in(readings)
    found.analyser().run(NOW)
    return found


def test_readings_go_and_results_stay(bench: Bench) -> None:
    before = {grain: bench.results(grain) for grain in Grain}
    report = bench.keeper().run(NOW, AT_ONCE)
    assert report.wanted.readings == MARCH
    assert report.went == {"readings": MARCH}
    with bench.records.connect() as conn:
        assert raw_horizon(conn) == frozen_before(conn) == MARCH
    gone = [r.time for r in winter() if r.time < MARCH]
    left = [time for time in bench.times() if time < MARCH]
    # Of each counter the last ones before the horizon stay: 24 of one, both of the other.
    assert len(left) == 24 + 2 < len(gone)
    for grain in Grain:
        after = bench.results(grain)
        means = {key for key in after if key[1] == INDOOR}
        assert close_to({k: v for k, v in after.items() if k not in means}, before[grain])
    assert bench.actions()[-2:] == ["raw_horizon_set", "readings_dropped"]


def test_gauges_leave_their_means(bench: Bench) -> None:
    report = bench.keeper().run(NOW, AT_ONCE)
    hours = {k: v for k, v in bench.results(Grain.HOUR).items() if k[1] == INDOOR}
    days = {k: v for k, v in bench.results(Grain.DAY).items() if k[1] == INDOOR}
    assert report.means == len(hours) + len(days) == 28 * 4 + 28
    assert hours["MTR-1", INDOOR, START] == (18.0, "measured", 1.0)
    assert days["MTR-1", INDOOR, START] == (pytest.approx(19.5), "measured", pytest.approx(4 / 24))


@pytest.mark.parametrize("late", [MARCH + 3 * HOUR, MARCH + 9 * DAY])
def test_a_late_reading_after_the_horizon_counts_as_if_nothing_had_gone(
    bench: Bench, tmp_path: Path, late: datetime
) -> None:
    new = [reading(late, 440.0, "dev"), reading(late, 70.0, "slow")]
    bench.keeper().run(NOW, AT_ONCE)
    bench.take_in(new)
    bench.analyser().run(NOW)
    other = without_a_keeper(bench, tmp_path / "other", [*winter(), *new])
    for grain in Grain:
        assert close_to(used(bench.results(grain)), used(other.results(grain)))
    bench.analyser().recompute(Span(MARCH, NOW), NOW)
    for grain in Grain:
        assert close_to(used(bench.results(grain)), used(other.results(grain)))
    other.records.dispose()


def test_nothing_is_computed_before_the_horizon(bench: Bench) -> None:
    bench.keeper().run(NOW, AT_ONCE)
    with pytest.raises(StateError, match="raw_expired: a recomputation must begin at or after"):
        bench.analyser().recompute(Span(MARCH - DAY, NOW), NOW)


def test_a_correction_that_reaches_further_back_is_met_from_the_horizon_on(bench: Bench) -> None:
    before = bench.results(Grain.HOUR)
    bench.keeper().run(NOW, AT_ONCE)
    corrected = register(
        binding("dev", "MTR-1", multiplier=4.0),
        binding("slow", "MTR-2"),
        binding("room", "MTR-1", quantity=INDOOR),
        meters=[meter("MTR-1"), meter("MTR-2")],
    )
    save_register(bench.records, corrected, actor="test", at=NOW)
    bench.analyser().run(NOW)
    after = bench.results(Grain.HOUR)
    key = ("MTR-1", IMPORT)
    assert after[*key, MARCH - HOUR] == before[*key, MARCH - HOUR]
    assert after[*key, MARCH][0] == pytest.approx(2 * before[*key, MARCH][0])
    with bench.records.connect() as conn:
        found = {(r.code, r.subject) for r in conn.execute(select(findings))}
    assert ("recompute_limited", "dev") in found


def test_readings_wait_for_what_is_not_computed_yet(bench: Bench) -> None:
    bench.take_in([reading(MARCH - 2 * HOUR, 433.0, "dev")])
    report = bench.keeper().run(NOW, AT_ONCE)
    assert (report.waits, report.went) == ("behind", {})
    bench.analyser().run(NOW)
    assert bench.keeper().run(NOW, AT_ONCE).went == {"readings": MARCH}


def test_collectors_are_told_before_anything_goes(bench: Bench) -> None:
    keeper = bench.keeper()
    assert keeper.run(NOW).waits == "announced"
    with bench.records.connect() as conn:
        assert (raw_horizon(conn), frozen_before(conn)) == (MARCH, None)
    assert keeper.run(NOW + timedelta(minutes=2)).went == {"readings": MARCH}


class Failing:
    """A store of which one method fails the first time it is called."""

    def __init__(self, store: SeriesStore, method: str) -> None:
        self._store, self._method = store, method

    def __getattr__(self, name: str) -> object:
        if name == self._method:
            self._method = ""
            raise StoreError(f"{name} must work, it does not")
        return getattr(self._store, name)


@pytest.mark.parametrize(
    "method", ["read_values", "write_results", "drop_readings", "write_readings"]
)
def test_what_broke_off_goes_on(bench: Bench, method: str) -> None:
    failing = Failing(bench.series, method)
    keeper = bench.keeper(failing)  # type: ignore[arg-type]
    with pytest.raises(StoreError):
        keeper.run(NOW, AT_ONCE)
    report = keeper.run(NOW, AT_ONCE)
    assert report.went == {"readings": MARCH}
    assert len([time for time in bench.times() if time < MARCH]) == 26
    assert len([k for k in bench.results(Grain.DAY) if k[1] == INDOOR]) == 28
    assert bench.actions().count("readings_dropped") == 1


class HalfDropped(Failing):
    """A store that dies in the midst of dropping: half of it is gone."""

    def drop_readings(self, before: datetime) -> None:
        if self._method:
            self._method = ""
            self._store.drop_readings(START + 10 * DAY + HOUR)
            raise StoreError("drop_readings must work, it died")
        self._store.drop_readings(before)


def test_nothing_is_made_of_readings_that_went_in_part(bench: Bench) -> None:
    """A reading a minute before the break, one a minute after it: the mean of the hour is that of both."""
    broken = START + 10 * DAY + HOUR
    minutes = [reading(broken + timedelta(minutes=m), 20.0 + m, "room", INDOOR) for m in (-1, 1)]
    bench.take_in(minutes)
    bench.analyser().run(NOW)
    whole = bench.keeper()
    means = whole._prepare(Span(START, MARCH))
    expected = bench.results(Grain.HOUR)
    keeper = bench.keeper(HalfDropped(bench.series, "drop"))  # type: ignore[arg-type]
    with pytest.raises(StoreError):
        keeper.run(NOW, AT_ONCE)
    report = keeper.run(NOW, AT_ONCE)
    assert report.went == {"readings": MARCH}
    assert report.means == means
    assert bench.results(Grain.HOUR) == expected


def test_readings_wait_for_an_import_that_is_under_way(bench: Bench) -> None:
    with bench.records.begin() as conn:
        lock_fact(conn, UNDER_WAY, {})
        put_fact(conn, UNDER_WAY, {"from": START.isoformat(), "at": NOW.isoformat()})
    assert bench.keeper().run(NOW, AT_ONCE).waits == "behind"
    later = NOW + BROKEN_AFTER
    # Whether it is looked at what is to go today or not: it broke off, and is asked for.
    bench.keeper().run_if_due(later)
    with bench.records.connect() as conn:
        assert under_way(conn) is None
    bench.analyser().run(later)
    assert bench.keeper().run(later, AT_ONCE).went == {"readings": MARCH}


def test_results_go_by_their_own_limits(bench: Bench) -> None:
    limits = {"keep_readings_days": 31, "keep_hourly_days": 400, "keep_daily_days": 800}
    bench.settings = Settings(**limits)
    later = NOW + timedelta(days=430)
    keeper = bench.keeper()
    bench.analyser().run(later)
    report = keeper.run(later, AT_ONCE)
    may = datetime(2023, 4, 30, 16, tzinfo=UTC)
    assert report.wanted.hourly == may
    assert report.went is not None
    assert report.went["hour"] == may
    assert not [k for k in bench.results(Grain.HOUR) if k[2] < may]
    assert [k for k in bench.results(Grain.DAY) if k[2] < MARCH]
    assert keeper.run(later, AT_ONCE).went == {}


def test_it_is_looked_at_once_a_day(tmp_path: Path, records: Engine, rulebook: Rulebook) -> None:
    keeper = made(tmp_path, records, rulebook).keeper()
    assert keeper.run_if_due(NOW) is not None
    assert keeper.run_if_due(NOW + timedelta(minutes=3)) is not None
    assert keeper.run_if_due(NOW + timedelta(minutes=6)) is None
    assert keeper.run_if_due(NOW + DAY) is not None
