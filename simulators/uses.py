"""What every counter of the demo counts in each quarter-hour, by (asset, quantity).

Energy is balanced: a building's main meter takes the sum of its items, of what no sub-meter sees and
of the cars that charge there, less what its own plants generate; what they generate beyond that is
exported.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from simulators.buildings import NightRunning, electric_loads_kw, heat_gj, water_m3
from simulators.cast import (
    CHARGES_AT,
    FAULTS,
    MODELS,
    REAL_BUILDING,
    REAL_BUILDING_2022_SHARE,
    VEHICLES,
    register_rows,
)
from simulators.faults import FaultKind
from simulators.pv import generation_kw
from simulators.streams import Floats
from simulators.timeline import DEMO_START, STEPS_PER_HOUR, Timeline
from simulators.vehicles import Track, counter_at
from simulators.weather import Weather

Uses = dict[tuple[str, str], Floats]

_COUNTS = {"electricity": "electricity_import_kwh", "water": "water_m3", "heat": "heat_gj"}


@dataclass(frozen=True)
class Scene:
    """What uses follow from.

    real_power_kw
        Load of the real building at each step.
    """

    timeline: Timeline
    weather: Mapping[str, Weather]
    tracks: Mapping[str, Track]
    real_power_kw: Floats
    seed: int


def all_uses(scene: Scene) -> Uses:
    """Use in each step of every meter and plant, in the unit of its quantity."""
    buildings = register_rows("buildings")
    uses = _plant_uses(scene, {row["code"]: row["site"] for row in buildings})
    for row in buildings:
        uses |= _building_uses(scene, row, uses)
    return uses


def _plant_uses(scene: Scene, sites: Mapping[str, str]) -> Uses:
    return {
        (row["code"], "pv_generation_kwh"): generation_kw(
            scene.timeline,
            scene.weather[sites[row["building"]]].clearness,
            float(row["peak_power_kw"]),
        )
        / STEPS_PER_HOUR
        for row in register_rows("pv_plants")
    }


def _building_uses(scene: Scene, row: Mapping[str, str], plants: Uses) -> Uses:
    code = row["code"]
    loads = _loads_kw(scene, row)
    demand = sum(loads.values(), np.zeros(scene.timeline.steps)) / STEPS_PER_HOUR
    own = [plant["code"] for plant in register_rows("pv_plants") if plant["building"] == code]
    net = demand - sum((plants[plant, "pv_generation_kwh"] for plant in own), 0.0)
    uses: Uses = {}
    for meter in register_rows("meters"):
        if meter["building"] != code:
            continue
        key = (meter["code"], _COUNTS[meter["carrier"]])
        if meter["carrier"] != "electricity":
            uses[key] = _heat_or_water(scene, row, meter["carrier"])
        elif meter["item"]:
            uses[key] = loads[meter["item"]] / STEPS_PER_HOUR
        else:
            uses[key] = np.maximum(net, 0.0)
            if own:
                uses[meter["code"], "electricity_export_kwh"] = np.maximum(-net, 0.0)
    return uses


def _heat_or_water(scene: Scene, row: Mapping[str, str], carrier: str) -> Floats:
    code = row["code"]
    if carrier == "water":
        return water_m3(MODELS[code], scene.timeline, scene.seed, code)
    temperature = scene.weather[row["site"]].temperature_c
    area = float(row["heated_area_m2"])
    return heat_gj(MODELS[code], area, scene.timeline, temperature, scene.seed, code)


def _loads_kw(scene: Scene, row: Mapping[str, str]) -> dict[str, Floats]:
    """Load of each item of a building at each step."""
    code, timeline = row["code"], scene.timeline
    if code == REAL_BUILDING:
        before = np.arange(timeline.steps) < timeline.mark(DEMO_START)
        return {"rest": scene.real_power_kw * np.where(before, REAL_BUILDING_2022_SHARE, 1.0)}
    nights = tuple(
        NightRunning(f.start.date(), f.end.date(), f.size)
        for f in FAULTS
        if f.kind is FaultKind.NIGHT_RUNNING and f.asset == code and f.end is not None
    )
    area, temperature = float(row["gross_area_m2"]), scene.weather[row["site"]].temperature_c
    loads = dict(
        electric_loads_kw(MODELS[code], area, timeline, temperature, nights, scene.seed, code)
    )
    for vehicle, building in CHARGES_AT.items():
        if building == code:
            charged = counter_at(
                scene.tracks[vehicle],
                "charge_energy_kwh",
                VEHICLES[vehicle].start_used,
                timeline.marks_s,
            )
            loads["rest"] = loads["rest"] + np.diff(charged) * STEPS_PER_HOUR
    return loads
