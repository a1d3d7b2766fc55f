"""Whatever comes in whatever order, the increments leave in DuckDB what a recomputation gives."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Engine

from analytics.jobs import Analyser
from quotawatt.hand.drafting import drafted
from quotawatt.hand.intake import Act, Wish, correct, enter, withdraw
from quotawatt.hand.setting import Setting
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain, Quality, Reading
from quotawatt.register.model import Meter, Register, Space, VirtualMeter
from quotawatt.register.problems import Where
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.register.rows import Row, records_of
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.intake import store_readings
from quotawatt.storage.records import open_records
from tests.analytics.builders import IMPORT, SHANGHAI, binding, meter, reading, register

MEASURED, SUSPECT = Quality.MEASURED, Quality.SUSPECT
POWER = "electricity_power_kw"
START = datetime(2023, 5, 29, 16, tzinfo=UTC)  # 30 May in Shanghai: the days lie in two months
HOURS = 76
NOW = START + timedelta(hours=HOURS)
EVER = Span(START - timedelta(days=40), NOW + timedelta(days=40))

Rows = dict[tuple[str, str, datetime], tuple[float, str, float]]
Step = Callable[["Desk"], object]


def house() -> Register:
    """A counter, a meter of power alone, a gas meter of bills and readings by hand, two virtual meters."""
    meters = [
        meter("M", rated_power_kw=200.0),
        meter("P", parent="M"),
        Meter("G", "气", "Gas", "BLD-1", "gas"),
    ]
    base = register(
        binding("d-M", "M", register_size=1000.0),
        binding("d-P", "P", quantity=POWER),
        meters=meters,
    )
    virtuals = [
        VirtualMeter("REST", "余", "Rest", "BLD-1", IMPORT, "M - P"),
        VirtualMeter("SHARE", "分", "Share", "BLD-1", IMPORT, "share(REST, area, R-1)", "R-1"),
    ]
    rooms = [
        Space("R-1", "一", "One", "BLD-1", "office", 20.0),
        Space("R-2", "二", "Two", "BLD-1", "office", 60.0),
    ]
    fields: dict[str, Any] = {**records_of(base), "spaces": rooms, "virtual_meters": virtuals}
    return Register(**fields)


@dataclass
class Desk:
    """Stores, those who write to them, and an analyser that may be another one each time."""

    series: DuckDbSeriesStore
    records: Engine
    rulebook: Rulebook
    entries: list[int] = field(default_factory=list)

    def analyser(self) -> Analyser:
        source = RegisterSource(self.records, check_every_s=0)
        return Analyser(self.series, self.records, source, self.rulebook, Settings())

    def turn(self, now: datetime) -> None:
        self.analyser().run(now)

    def take_in(self, readings: list[Reading]) -> None:
        store_readings(self.series, self.records, readings)

    def wish(self, **cells: Any) -> Wish:
        rows = {"hand_bills": [Row(Where("test"), {"asset": "G", **cells})]}
        return Wish(*drafted(rows, self.setting))

    @property
    def setting(self) -> Setting:
        return Setting(house(), SHANGHAI, NOW)

    def bill(self) -> None:
        wish = self.wish(amount=310.0, first_day=date(2023, 5, 30), last_day=date(2023, 5, 31))
        done = enter(self.series, self.records, wish, self.setting, Act("test", NOW, {}))
        self.entries.append(done.entries[0].number)

    def move_bill(self) -> None:
        wish = self.wish(amount=200.0, first_day=date(2023, 5, 31), last_day=date(2023, 6, 1))
        for number in self.entries[-1:]:
            correct(self.series, self.records, number, wish, self.setting, Act("test", NOW, {}))

    def withdraw_bill(self) -> None:
        for number in self.entries[-1:]:
            withdraw(self.series, self.records, number, Act("test", NOW, {}))
        self.entries = self.entries[:-1]

    def results(self) -> dict[Grain, Rows]:
        tables = {g: self.series.read_results(g, None, sorted(COUNTERS), EVER) for g in Grain}
        return {
            grain: {
                (r["subject"], r["measure"], r["start"]): (r["value"], r["quality"], r["coverage"])
                for r in table.to_pylist()
            }
            for grain, table in tables.items()
        }


def everything() -> list[Reading]:
    """All readings in order: the counter rolls over, and shows nothing once; some come at odd times."""
    found = []
    for number in range(HOURS * 2):
        at = START + timedelta(minutes=30 * number + (number * 7) % 11)
        shown = 0.0 if number == 40 else (900.0 + 5 * number) % 1000.0
        found.append(reading(at, shown, "d-M"))
        if number not in range(50, 60):
            found.append(reading(at, 3.0 + number % 5 - (number % 9), "d-P", POWER))
        if number % 47 == 0:
            found.append(reading(at, 20.0 + number, "asset:G", "gas_m3"))
    return found


def corrected(one: Reading, by: float, quality: Quality) -> Reading:
    return replace(one, value=one.value + by, revision=one.revision + 1, quality=quality)


def history(chance: Random) -> list[Step]:
    """Readings in any order and many batches, corrections of them, acts by hand, turns at any time."""
    readings = everything()
    chance.shuffle(readings)
    cuts = sorted(chance.sample(range(len(readings)), chance.randint(0, 5)))
    batches = [readings[a:b] for a, b in zip([0, *cuts], [*cuts, len(readings)], strict=True)]
    for one in chance.sample(readings, chance.randint(0, 4)):
        by, quality = chance.choice([-2.0, 0.0, 1.5]), chance.choice([MEASURED, SUSPECT])
        batches.insert(chance.randint(0, len(batches)), [corrected(one, by, quality)])
    steps: list[Step] = [partial(Desk.take_in, readings=batch) for batch in batches]
    place = 0
    for act in [Desk.bill, Desk.move_bill, Desk.withdraw_bill][: chance.randint(0, 3)]:
        place = chance.randint(place, len(steps)) + 1
        steps.insert(place - 1, act)
    turns = [START + timedelta(hours=chance.randint(1, HOURS)) for _ in range(3)]
    places = sorted(chance.randint(0, len(steps)) for _ in turns)
    for place, now in reversed(list(zip(places, sorted(turns), strict=True))):
        steps.insert(place, partial(Desk.turn, now=now))
    return steps


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@pytest.fixture
def desks(tmp_path: Path, rulebook: Rulebook) -> Iterator[Callable[[], Desk]]:
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path)
    save_register(records, house(), actor="test", at=START)
    made: list[DuckDbSeriesStore] = []

    def make() -> Desk:
        made.append(DuckDbSeriesStore(tmp_path / f"{len(made)}.duckdb"))
        return Desk(made[-1], records, rulebook)

    yield make
    for store in made:
        store.close()
    records.dispose()


def assert_same(found: dict[Grain, Rows], expected: dict[Grain, Rows]) -> None:
    for grain in Grain:
        assert found[grain].keys() == expected[grain].keys()
        for key, (value, quality, coverage) in expected[grain].items():
            assert found[grain][key][1] == quality, key
            assert found[grain][key][0] == pytest.approx(value, rel=1e-12, abs=1e-12), key
            assert found[grain][key][2] == pytest.approx(coverage, rel=1e-9, abs=1e-9), key


@pytest.mark.parametrize("seed", range(5))
def test_any_history_leaves_what_a_recomputation_gives(
    desks: Callable[[], Desk], seed: int
) -> None:
    desk = desks()
    for step in history(Random(seed)):
        step(desk)
    desk.turn(NOW)
    found = desk.results()
    assert {subject for subject, _, _ in found[Grain.DAY]} >= {"M", "P", "G", "REST", "BLD-1"}
    other = desks()
    keys = desk.series.known_series()
    other.series.write_readings(desk.series.read_readings(keys, EVER))
    other.analyser().recompute(Span(START - timedelta(days=2), NOW), NOW)
    assert_same(found, other.results())
    desk.analyser().recompute(Span(START - timedelta(days=2), NOW), NOW)
    assert_same(desk.results(), found)
