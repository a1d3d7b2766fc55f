"""The analyser over the shipped stores: increments, late data, recomputation, failures."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from sqlalchemy import Engine, func, select

from analytics.baselines.calendar_features import calendar_of
from analytics.jobs import Analyser, AnalyseReport
from quotawatt.errors import StoreError
from quotawatt.measures import MEASURES
from quotawatt.readings import Grain, Reading
from quotawatt.register.model import FormerValue, Headcount, Organisation, Register, Vehicle
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.register.rows import records_of
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.intake import store_readings
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import findings, touched
from tests.analytics.builders import (
    IMPORT,
    SHANGHAI,
    TEMPERATURE,
    binding,
    meter,
    reading,
    register,
)

DAY = timedelta(days=1)
START = datetime(2023, 1, 31, 16, tzinfo=UTC)  # 1 February in Shanghai
EVER = Span(datetime(2010, 1, 1, tzinfo=UTC), datetime(2030, 1, 1, tzinfo=UTC))

Rows = dict[tuple[str, str, datetime], tuple[float, str, float]]


@pytest.fixture(scope="module")
def rulebook() -> Rulebook:
    return load_rulebook()


@dataclass
class Bench:
    """Stores and an analyser on them."""

    series: MemorySeriesStore
    records: Engine
    rulebook: Rulebook
    source: RegisterSource

    def analyser(self) -> Analyser:
        return Analyser(self.series, self.records, self.source, self.rulebook, Settings())

    def take_in(self, readings: Iterable[Reading]) -> None:
        store_readings(self.series, self.records, list(readings))

    def save(self, new: Register) -> None:
        save_register(self.records, new, actor="test", at=START)

    def results(self, grain: Grain, *measures: str) -> Rows:
        table = self.series.read_results(grain, None, measures or list(MEASURES), EVER)
        return {
            (r["subject"], r["measure"], r["start"]): (r["value"], r["quality"], r["coverage"])
            for r in table.to_pylist()
        }

    def everything(self) -> dict[Grain, Rows]:
        return {grain: self.results(grain) for grain in Grain}

    def marks(self) -> int:
        with self.records.connect() as conn:
            return int(conn.execute(select(func.count()).select_from(touched)).scalar_one())

    def findings(self) -> set[tuple[str, str]]:
        with self.records.connect() as conn:
            return {(r.code, r.subject) for r in conn.execute(select(findings))}


def town() -> Register:
    """Two metered buildings, a vehicle, a weather station."""
    meters = [meter("M-1"), meter("M-1-A", parent="M-1"), meter("M-2", building="BLD-2")]
    base = register(
        *(binding(f"dev-{m.code}", m.code) for m in meters),
        binding("car", "VEH-1"),
        binding("sky", "SITE-1"),
        meters=meters,
        buildings=2,
        vehicles=[Vehicle("VEH-1", "车", "Car", "ORG-LOW", "Q1", "sedan", "petrol")],
    )
    return Register(
        organisations=list(base.organisations.values()),
        headcounts=[Headcount("ORG-LOW", "in_post", 10.0, datetime(2020, 1, 1, tzinfo=UTC).date())],
        sites=list(base.sites.values()),
        buildings=list(base.buildings.values()),
        meters=list(base.meters.values()),
        vehicles=list(base.vehicles.values()),
        bindings=base.bindings,
    )


@pytest.fixture
def bench(records: Engine, rulebook: Rulebook) -> Bench:
    save_register(records, town(), actor="test", at=START)
    source = RegisterSource(records, check_every_s=0)
    return Bench(MemorySeriesStore(), records, rulebook, source)


def meters_of_day(day: int, step_h: float = 1.0) -> list[Reading]:
    """Readings of all three meters over a day: 10, 4 and 5 kW; the midnight that ends it included."""
    found = []
    for device, kw in (("dev-M-1", 10.0), ("dev-M-1-A", 4.0), ("dev-M-2", 5.0)):
        for k in range(1 if day else 0, round(24 / step_h) + 1):
            hours = 24 * day + k * step_h
            found.append(reading(START + timedelta(hours=hours), 100 + kw * hours, device))
    return found


def car_of_day(day: int) -> list[Reading]:
    """Two trips of 30 km and 3 L."""
    found = []
    for trip, hour in enumerate((9, 15)):
        for k in range(4):
            km = 1000 + 60 * day + 30 * trip + 10 * k
            time = START + day * DAY + timedelta(hours=hour, minutes=10 * k)
            found.append(reading(time, km, "car", "odometer_km"))
            found.append(reading(time, km / 10, "car", "fuel_used_l"))
    return found


def sky_of_day(day: int) -> list[Reading]:
    times = [START + day * DAY + timedelta(hours=h) for h in range(24)]
    values = [5 + 4 * np.sin(h / 4) + day % 5 for h in range(24)]
    return [reading(t, v, "sky", TEMPERATURE) for t, v in zip(times, values, strict=True)]


def whole_day(day: int) -> list[Reading]:
    return [*meters_of_day(day), *car_of_day(day), *sky_of_day(day)]


def day_by_day(bench: Bench, days: int) -> Analyser:
    analyser = bench.analyser()
    for day in range(days):
        bench.take_in(whole_day(day))
        analyser.run(START + (day + 1) * DAY)
    return analyser


def differing(one: dict[Grain, Rows], other: dict[Grain, Rows]) -> list[tuple[str, str, datetime]]:
    """Keys at which two states of the store differ."""
    found = []
    for grain in Grain:
        for key in one[grain].keys() | other[grain].keys():
            a, b = one[grain].get(key), other[grain].get(key)
            same = a is not None and b is not None and a[1] == b[1]
            if not same or (a[0], a[2]) != pytest.approx((b[0], b[2]), rel=1e-9, abs=1e-9):
                found.append(key)
    return found


def test_readings_become_hours_days_months_up_the_tree(bench: Bench) -> None:
    day_by_day(bench, 2)
    hours = bench.results(Grain.HOUR, IMPORT)
    assert hours["M-1", IMPORT, START] == (pytest.approx(10), "measured", 1.0)
    assert hours["BLD-1", IMPORT, START][0] == pytest.approx(10)
    assert hours["ORG-TOP", IMPORT, START][0] == pytest.approx(15)
    days = bench.results(Grain.DAY)
    assert days["M-1-A", IMPORT, START][0] == pytest.approx(96)
    assert days["ORG-LOW", IMPORT, START + DAY] == (pytest.approx(360), "measured", 1.0)
    assert days["ORG-LOW", "petrol_l", START][0] == pytest.approx(6)
    assert days["ORG-LOW", "odometer_km", START + DAY][0] == pytest.approx(60)
    assert days["SITE-1", TEMPERATURE, START][0] == pytest.approx(
        np.mean([r.value for r in sky_of_day(0)])
    )
    months = bench.results(Grain.MONTH, IMPORT)
    assert months["ORG-TOP", IMPORT, START] == (
        pytest.approx(720),
        "measured",
        pytest.approx(2 / 28),
    )


def test_accounts_are_drawn_up_each_day(bench: Bench) -> None:
    day_by_day(bench, 2)
    days = bench.results(Grain.DAY)
    shares = {key: v[0] for key, v in days.items() if key[1] == "quota_share_pct"}
    subjects = {key[0].split("/")[0] for key in shares}
    assert {"ORG-TOP", "ORG-LOW", "BLD-1", "BLD-2"} <= subjects
    electricity = next(k for k in shares if k[0].startswith("BLD-1/") and "electricity" in k[0])
    # 480 kWh of two days on 1000 m2.
    used = days[electricity[0], "quota_used_kwh", START + DAY][0]
    assert used == pytest.approx(480)
    carbon = bench.results(Grain.DAY, "carbon_kgco2")
    assert carbon["BLD-1", "carbon_kgco2", START][0] > 0


def test_nothing_touched_changes_nothing(bench: Bench) -> None:
    analyser = day_by_day(bench, 2)
    before = bench.everything()
    report = analyser.run(START + 2 * DAY)
    assert (report.marks, report.hours, report.days, report.months) == (0, 0, 0, 0)
    assert bench.everything() == before


def test_same_readings_again_change_nothing(bench: Bench) -> None:
    analyser = day_by_day(bench, 2)
    before = bench.everything()
    bench.take_in(whole_day(1))
    report = analyser.run(START + 2 * DAY)
    assert report.marks > 0
    assert report.hours == 0
    assert differing(before, bench.everything()) == []


def test_recomputation_equals_day_by_day(bench: Bench) -> None:
    day_by_day(bench, 3)
    before = bench.everything()
    # The car's last hours of a day are known only when it reports again: accounts judged without them.
    figures = {key: v[0] for key, v in before[Grain.DAY].items() if "/" in key[0]}
    # A fresh analyser has nothing in memory to lean on.
    report = bench.analyser().recompute(Span(START, START + 3 * DAY), START + 3 * DAY)
    after = bench.everything()
    assert report.hours == 0
    assert [key for key in differing(before, after) if "/" not in key[0]] == []
    again = {key: v[0] for key, v in after[Grain.DAY].items() if "/" in key[0]}
    assert again == pytest.approx(figures)
    assert len(again) > 50


def test_all_at_once_equals_day_by_day(bench: Bench, tmp_path: Path) -> None:
    day_by_day(bench, 3)
    other = Bench(
        MemorySeriesStore(), open_records("sqlite", tmp_path / "b"), bench.rulebook, bench.source
    )
    other.take_in(r for day in (2, 0, 1) for r in whole_day(day))
    other.analyser().run(START + 3 * DAY)
    one, two = bench.everything(), other.everything()
    accounts = [key for key in differing(one, two) if "/" in key[0]]
    # The accounts of days on which nobody ran are not drawn up in retrospect.
    assert {key[2] for key in accounts} == {START, START + DAY}
    assert [key for key in differing(one, two) if "/" not in key[0]] == []


def test_late_reading_changes_its_hours_and_what_rests_on_them(bench: Bench) -> None:
    analyser = bench.analyser()
    late = []
    for day in range(4):
        rows = whole_day(day)
        if day == 1:
            # Between 03:00 and 21:00 of the second day nothing came from M-2 but at last.
            gap = (START + DAY + timedelta(hours=3), START + DAY + timedelta(hours=21))
            late = [r for r in rows if r.device == "dev-M-2" and gap[0] < r.time < gap[1]]
            # It was not even, as one sees only now.
            late = [replace(r, value=r.value + 3) for r in late]
            rows = [r for r in rows if not (r.device == "dev-M-2" and gap[0] < r.time < gap[1])]
        bench.take_in(rows)
        analyser.run(START + (day + 1) * DAY)
    before = bench.everything()
    assert (
        before[Grain.HOUR]["M-2", IMPORT, START + DAY + 10 * timedelta(hours=1)][1] == "estimated"
    )
    bench.take_in(late)
    analyser.run(START + 4 * DAY)
    after = bench.everything()
    changed = [key for key in differing(before, after) if "/" not in key[0]]
    assert {key[0] for key in changed} == {"M-2", "BLD-2", "ORG-LOW", "ORG-TOP"}
    assert {key[2] for key in changed if key[2] != START} <= {
        START + DAY + timedelta(hours=h) for h in range(24)
    }
    hour = after[Grain.HOUR]["M-2", IMPORT, START + DAY + timedelta(hours=3)]
    assert hour == (pytest.approx(8), "measured", 1.0)
    key = ("M-2", IMPORT, START + DAY)
    assert after[Grain.DAY][key][0] == pytest.approx(before[Grain.DAY][key][0])
    bench.analyser().recompute(Span(START, START + 4 * DAY), START + 4 * DAY)
    assert [k for k in differing(after, bench.everything()) if "/" not in k[0]] == []


def test_readings_ahead_of_now_wait(bench: Bench) -> None:
    bench.take_in([*whole_day(0), *whole_day(1)])
    analyser = bench.analyser()
    analyser.run(START + DAY)
    assert max(key[2] for key in bench.results(Grain.HOUR)) < START + DAY
    assert bench.marks() > 0
    analyser.run(START + 2 * DAY)
    assert bench.results(Grain.DAY)["M-1", IMPORT, START + DAY][0] == pytest.approx(240)


def test_within_an_hour_the_mark_stays_for_what_is_ahead(bench: Bench) -> None:
    bench.take_in(meters_of_day(0, step_h=0.25))
    analyser = bench.analyser()
    analyser.run(START + timedelta(hours=10.5))
    hour = START + timedelta(hours=10)
    assert bench.results(Grain.HOUR)["M-1", IMPORT, hour] == (pytest.approx(5), "measured", 0.5)
    analyser.run(START + timedelta(hours=11))
    assert bench.results(Grain.HOUR)["M-1", IMPORT, hour] == (pytest.approx(10), "measured", 1.0)


def test_corrected_binding_recomputes_and_withdraws(bench: Bench) -> None:
    analyser = day_by_day(bench, 2)
    old = town()
    # The device dev-M-2 hangs on M-1-A in truth, with a CT of 10; M-2 has no device.
    corrected = [
        replace(b, asset="M-1-A", multiplier=10.0) if b.device == "dev-M-2" else b
        for b in old.bindings
        if b.device != "dev-M-1-A"
    ]
    new = Register(
        organisations=list(old.organisations.values()),
        headcounts=old.headcounts,
        sites=list(old.sites.values()),
        buildings=list(old.buildings.values()),
        meters=[replace(m, rated_power_kw=1000.0) for m in old.meters.values()],
        vehicles=list(old.vehicles.values()),
        bindings=corrected,
    )
    bench.save(new)
    analyser.run(START + 2 * DAY)
    days = bench.results(Grain.DAY, IMPORT)
    assert days["M-1-A", IMPORT, START][0] == pytest.approx(1200)
    assert days["ORG-TOP", IMPORT, START][0] == pytest.approx(240)
    assert not any(key[0] in ("M-2", "BLD-2") for key in days)
    assert not any(key[0] in ("M-2", "BLD-2") for key in bench.results(Grain.MONTH, IMPORT))
    before = bench.everything()
    assert analyser.run(START + 2 * DAY).hours == 0
    assert differing(before, bench.everything()) == []


class FailingStore(MemorySeriesStore):
    """Refuses to write one grain."""

    refused: Grain | None = None

    def write_results(self, grain: Grain, results: pa.Table) -> None:
        if grain is self.refused:
            raise StoreError("the store must have room, got a full disk")
        super().write_results(grain, results)


@pytest.mark.parametrize("refused", list(Grain))
def test_a_failing_store_forgets_nothing(bench: Bench, refused: Grain) -> None:
    store = FailingStore()
    bench.series = store
    bench.take_in(whole_day(0))
    analyser = bench.analyser()
    store.refused = refused
    with pytest.raises(StoreError, match="full disk"):
        analyser.run(START + DAY)
    assert bench.marks() > 3
    store.refused = None
    analyser.run(START + DAY)
    assert bench.marks() == 3  # of the hour that begins at midnight
    assert bench.results(Grain.HOUR)["ORG-TOP", IMPORT, START][0] == pytest.approx(15)
    assert bench.results(Grain.DAY)["ORG-TOP", IMPORT, START][0] == pytest.approx(360)
    assert bench.results(Grain.MONTH)["ORG-TOP", IMPORT, START][0] == pytest.approx(360)
    assert any(key[1] == "quota_share_pct" for key in bench.results(Grain.DAY))


def test_findings_are_listed_once(bench: Bench) -> None:
    rows = [r for r in meters_of_day(0) if r.device != "dev-M-2"]
    rows += [
        replace(r, value=3.0) if r.time == START + timedelta(hours=9) else r
        for r in meters_of_day(0)
        if r.device == "dev-M-2"
    ]
    bench.take_in(rows)
    analyser = bench.analyser()
    report = analyser.run(START + DAY)
    assert report.findings > 0
    assert ("counter_glitch", "M-2") in bench.findings()
    assert ("baseline_insufficient", "BLD-1") in bench.findings()
    listed = bench.findings()
    analyser.recompute(Span(START, START + DAY), START + DAY)
    assert bench.findings() == listed
    assert bench.results(Grain.DAY)["M-2", IMPORT, START][0] == pytest.approx(120)


def test_use_is_missing_only_until_there_is_some(bench: Bench) -> None:
    def without_use() -> set[str]:
        chosen = select(findings).where(findings.c.code == "use_missing")
        with bench.records.connect() as conn:
            rows = [r for r in conn.execute(chosen) if r.state == "open"]
        return {r.subject for r in rows if "electricity" in r.key}

    analyser = bench.analyser()
    analyser.run(START + DAY)
    assert {"BLD-1", "BLD-2"} <= without_use()
    bench.take_in(r for r in meters_of_day(0) if r.device != "dev-M-2")
    analyser.run(START + DAY)
    assert "BLD-1" not in without_use()
    assert "BLD-2" in without_use()


def test_unbound_device_is_left_alone(bench: Bench) -> None:
    bench.take_in([reading(START + timedelta(hours=h), h, "stranger") for h in range(5)])
    report = bench.analyser().run(START + DAY)
    assert isinstance(report, AnalyseReport)
    assert (report.marks, report.hours) == (5, 0)
    assert bench.marks() == 0


def office(days: int, waste_on: int) -> list[list[Reading]]:
    """By day: M-1 follows working hours, and weather at 1 kW/K below 10 °C; on one day 15 kW run on."""
    found, total = [], 10_000.0
    for day in range(days):
        sky = sky_of_day(day)
        readings = list(sky)
        calendar = calendar_of(pd.DatetimeIndex([r.time for r in sky]), SHANGHAI, "CN")
        for k, weather in enumerate(sky):
            busy = not calendar.off[k] and 8 <= calendar.hour[k] < 18
            readings.append(reading(weather.time, total, "dev-M-1"))
            total += 5 + (20 if busy else 0) + max(10 - weather.value, 0)
            total += 15 if day == waste_on else 0
        readings.append(reading(START + (day + 1) * DAY, total, "dev-M-1"))
        found.append(readings)
    return found


def test_use_above_expectation_is_found_without_looking_ahead(bench: Bench) -> None:
    # February and March teach; the models of March and April judge. On 3 April 15 kW run on.
    analyser = bench.analyser()
    by_day = office(62, waste_on=61)
    bench.take_in(r for day in by_day[:59] for r in day)
    analyser.run(START + 59 * DAY)
    for day in (59, 60, 61):
        bench.take_in(by_day[day])
        analyser.run(START + (day + 1) * DAY)
    days = bench.results(Grain.DAY)
    pct = {
        key[2]: v[0] for key, v in days.items() if key[:2] == ("BLD-1", "electricity_excess_pct")
    }
    first = START + 28 * DAY
    assert min(pct) >= first  # no model before 1 March
    assert pct[START + 61 * DAY] > 15
    assert pct[START + 60 * DAY] == 0
    expected = days["BLD-1", "electricity_expected_kwh", START + 60 * DAY]
    actual = days["BLD-1", IMPORT, START + 60 * DAY]
    assert expected[0] == pytest.approx(actual[0], rel=0.1)
    assert expected[1] == "estimated"
    before = bench.everything()
    bench.analyser().recompute(Span(START, START + 62 * DAY), START + 62 * DAY)
    changed = [k for k in differing(before, bench.everything()) if "/" not in k[0]]
    assert changed == []


@pytest.mark.parametrize("step_h", [1 / 30, 1.0, 5.0])
def test_any_reporting_interval_gives_the_same_as_recomputation(
    bench: Bench, step_h: float
) -> None:
    # A reading every two minutes, every hour, every five hours; arriving in pieces of seven hours.
    analyser = bench.analyser()
    rows = sorted(meters_of_day(0, step_h) + meters_of_day(1, step_h), key=lambda r: r.time)
    last_h = (rows[-1].time - START) / timedelta(hours=1)
    for piece in range(7):
        now = START + timedelta(hours=7 * (piece + 1))
        bench.take_in(
            r for r in rows if now - timedelta(hours=7) < r.time <= now or r.time == START
        )
        analyser.run(now)
    before = bench.everything()
    hours = {k: v for k, v in before[Grain.HOUR].items() if k[0] == "M-1"}
    assert sum(v[0] for v in hours.values()) == pytest.approx(10 * last_h)
    bench.analyser().recompute(Span(START, START + 49 * timedelta(hours=1)), now)
    assert [k for k in differing(before, bench.everything()) if "/" not in k[0]] == []


def test_a_building_that_went_over_moves_its_totals_from_that_day_only(bench: Bench) -> None:
    analyser = day_by_day(bench, 3)
    before = bench.everything()
    old = town()
    taker = Organisation("ORG-NEW", "新", "New", "party_government", "city")
    given = replace(old.buildings["BLD-2"], organisation="ORG-NEW")
    changed = Register(
        **{  # type: ignore[arg-type]
            **records_of(old),
            "organisations": [*old.organisations.values(), taker],
            "buildings": [old.buildings["BLD-1"], given],
            "former_values": [
                FormerValue("BLD-2", "organisation", "ORG-LOW", date(2023, 2, 3)),
            ],
        }
    )
    bench.save(changed)
    report = analyser.run(START + 3 * DAY)
    # The 24 hours of 3 February, at each of the three organisations that they concern.
    assert report.hours == 3 * 24
    days = bench.results(Grain.DAY, IMPORT)
    daily = {
        code: [days.get((code, IMPORT, START + n * DAY), (None,))[0] for n in range(3)]
        for code in ("ORG-LOW", "ORG-TOP", "ORG-NEW", "BLD-2")
    }
    assert daily == {
        "ORG-LOW": pytest.approx([360, 360, 240]),
        "ORG-TOP": pytest.approx([360, 360, 240]),
        "ORG-NEW": [None, None, pytest.approx(120)],
        "BLD-2": pytest.approx([120] * 3),
    }
    moved = bench.everything()
    first_days = [key for key in differing(before, moved) if key[2] < START + 2 * DAY]
    # Months alone begin before the change.
    assert {key[2] for key in first_days} <= {START}
    bench.analyser().recompute(Span(START, START + 3 * DAY), START + 3 * DAY)
    again = bench.everything()
    assert [key for key in differing(moved, again) if "/" not in key[0]] == []
