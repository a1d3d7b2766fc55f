"""The world: balanced, calibrated, repeatable."""

from datetime import date

import numpy as np
import pytest

from simulators.cast import register_rows
from simulators.demo import DEFAULT_SEED
from simulators.faults import FaultKind
from simulators.world import World, build_world, device_binding

# DB37/T 2672-2019, city level, inland: kWh/m² and kgce/m², constraint and baseline; kgce a head.
ELECTRICITY = (80.0, 51.5)
NON_HEATING = (22.3, 15.6)
PER_HEAD = (1557.1, 978.1)


def metered(world: World, year: int = 2023) -> dict[tuple[str, str], float]:
    return {(truth.asset, truth.quantity): truth.metered for truth in world.truth(year)}


def test_the_same_seed_gives_the_same_world_and_another_a_different_one(world: World) -> None:
    short = date(2022, 3, 1)
    again, other = build_world(DEFAULT_SEED, short), build_world(DEFAULT_SEED + 1, short)
    for key, point in again.points.items():
        assert np.array_equal(point.shown, world.points[key].shown[: len(point.shown)]), key
    key = ("MTR-EDU-1-E", "electricity_import_kwh")
    assert not np.array_equal(again.points[key].shown, other.points[key].shown)


def test_more_years_only_add_to_the_end(world: World) -> None:
    longer = build_world(DEFAULT_SEED, date(2024, 1, 15))
    for key, point in world.points.items():
        assert np.array_equal(point.shown, longer.points[key].shown[: len(point.shown)]), key
    end = world.timeline.marks_s[-1]
    for code, track in world.tracks.items():
        before, again = track.times_s < end, longer.tracks[code].times_s < end
        for name, column in track.columns.items():
            assert np.array_equal(
                column[before], longer.tracks[code].columns[name][again], equal_nan=True
            )


@pytest.mark.parametrize("building", ["BLD-DRC-1", "BLD-EDU-1", "BLD-EDU-2", "BLD-ARCHIVE"])
def test_energy_balances(world: World, building: str) -> None:
    """Main meter + generation - export = sub-meters + what none of them sees, which is positive."""
    meters = [row for row in register_rows("meters") if row["building"] == building]
    main = next(m["code"] for m in meters if m["carrier"] == "electricity" and not m["item"])
    subs = [m["code"] for m in meters if m["item"]]
    plants = [row["code"] for row in register_rows("pv_plants") if row["building"] == building]
    supplied = world.points[main, "electricity_import_kwh"].uses.copy()
    for plant in plants:
        supplied += world.points[plant, "pv_generation_kwh"].uses
        supplied -= world.points[main, "electricity_export_kwh"].uses
    seen = sum((world.points[sub, "electricity_import_kwh"].uses for sub in subs), np.zeros(()))
    rest = supplied - seen
    assert rest.min() > -1e-9
    assert 0.02 < rest.sum() / supplied.sum() < 0.97


def test_import_and_export_never_run_at_once(world: World) -> None:
    point = world.points["MTR-EDU-2-E", "electricity_import_kwh"]
    export = world.points["MTR-EDU-2-E", "electricity_export_kwh"]
    assert not ((point.uses > 0) & (export.uses > 0)).any()
    assert export.uses.sum() > 10_000


def test_buildings_stand_where_the_story_puts_them(world: World) -> None:
    used = metered(world)
    per_m2 = {
        row["code"]: used[f"MTR{row['code'][3:]}-E", "electricity_import_kwh"]
        / float(row["gross_area_m2"])
        for row in register_rows("buildings")
    }
    share_pct = {code: 100 * kwh / ELECTRICITY[0] for code, kwh in per_m2.items()}
    assert 102 < share_pct["BLD-CIVIC"] < 105
    assert 106 < share_pct["BLD-DRC-1"] < 115
    assert ELECTRICITY[1] < per_m2["BLD-EDU-1"] < 0.9 * ELECTRICITY[0]
    assert NON_HEATING[1] < 0.31 * per_m2["BLD-EDU-1"] < NON_HEATING[0]
    for fine in ("BLD-ARCHIVE", "BLD-DRC-2", "BLD-EDU-2"):
        assert per_m2[fine] < ELECTRICITY[1]
        assert 0.31 * per_m2[fine] < NON_HEATING[1]


def test_one_organisation_is_over_its_quota_a_head(world: World) -> None:
    per_head = {code: _kgce_per_head(world, code) for code in ("ORG-DRC", "ORG-EDU")}
    assert 1.05 * PER_HEAD[0] < per_head["ORG-DRC"] < 1.25 * PER_HEAD[0]
    assert PER_HEAD[1] < per_head["ORG-EDU"] < PER_HEAD[0]


def _kgce_per_head(world: World, organisation: str) -> float:
    """Electricity × 0.31 + heat × 34.12 + petrol × 0.73 kg/L × 1.4714, over the year's mean staff."""
    used = metered(world)
    kgce = 0.0
    for row in register_rows("buildings"):
        if row["organisation"] == organisation:
            meter = f"MTR{row['code'][3:]}"
            kgce += 0.31 * used[f"{meter}-E", "electricity_import_kwh"]
            kgce += 34.12 * used.get((f"{meter}-H", "heat_gj"), 0.0)
    for row in register_rows("vehicles"):
        if row["organisation"] == organisation and row["energy"] == "petrol":
            track = world.tracks[row["code"]]
            in_year = track.times_s >= world.timeline.marks_s[world.timeline.mark(date(2023, 1, 1))]
            litres = track.columns["fuel_used_l"][in_year]
            kgce += 0.73 * 1.4714 * float(np.nanmax(litres) - np.nanmin(litres))
    halves = [r for r in register_rows("headcounts") if r["organisation"] == organisation]
    return kgce / (sum(float(r["people"]) for r in halves) / 2)


def test_the_year_before_was_like_this_one(world: World) -> None:
    before, now = metered(world, 2022), metered(world)
    for building in ("CIVIC", "DRC-1", "EDU-1"):
        key = (f"MTR-{building}-E", "electricity_import_kwh")
        assert 0.93 < before[key] / now[key] < 1.05


def test_loads_stay_below_what_the_register_says_can_flow(world: World) -> None:
    for row in register_rows("meters"):
        if row["rated_power_kw"]:
            point = world.points[row["code"], "electricity_import_kwh"]
            assert point.uses.max() * 4 < float(row["rated_power_kw"]), row["code"]


def test_registers_fall_only_where_a_fault_or_the_register_size_says_so(world: World) -> None:
    falls = {
        asset: int((np.diff(point.shown) < 0).sum())
        for (asset, _), point in world.points.items()
        if (np.diff(point.shown) < 0).any()
    }
    assert falls == {"MTR-DRC-1-E": 1, "MTR-DRC-2-E-A": 1, "MTR-EDU-1-E": 1}
    kinds = {fault.asset: fault.kind for fault in world.faults}
    assert kinds["MTR-DRC-2-E-A"] is FaultKind.RESET
    assert kinds["MTR-EDU-1-E"] is FaultKind.SPIKE
    assert device_binding("MTR-DRC-1-E")["register_size"] == "100000"


def test_the_five_digit_register_rolls_over_within_the_year(world: World) -> None:
    point = world.points["MTR-DRC-1-E", "electricity_import_kwh"]
    fall = int(np.flatnonzero(np.diff(point.shown) < 0)[0])
    assert world.timeline.mark(date(2023, 2, 1)) < fall < world.timeline.mark(date(2023, 11, 1))
    assert point.shown.max() < 100_000
    assert point.multiplier == 30


def test_metered_equals_used_but_for_what_faults_lose(world: World) -> None:
    lossy = {
        fault.asset for fault in world.faults if fault.kind in (FaultKind.STUCK, FaultKind.SILENT)
    }
    assert lossy == {"MTR-EDU-1-W", "MTR-EDU-1-E-C"}
    for truth in world.truth():
        if truth.asset in lossy:
            assert 0.9 * truth.used < truth.metered < 0.99 * truth.used
        else:
            # To the resolution of a register behind 40 : 1 transformers.
            assert abs(truth.metered - truth.used) <= 0.41


def test_the_real_building_is_not_touched(world: World) -> None:
    truth = metered(world)["MTR-CIVIC-E", "electricity_import_kwh"]
    assert truth == pytest.approx(2_380_082, rel=1e-3)
