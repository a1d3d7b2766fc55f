"""Loads of an office building: driven by weather, the working calendar and chance.

Items are those of national sub-metering: A lighting and sockets, B air conditioning, C power (lifts,
pumps, fans), D special use; ``rest`` is what no sub-meter sees.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from simulators.streams import Floats, autoregressive, stream
from simulators.timeline import STEPS_PER_HOUR, Flags, Timeline

ITEMS = ("A", "B", "C", "D", "rest")

# Share of full occupancy over a working day, by local hour.
_HOURS = (0.0, 6.5, 8.4, 11.7, 12.4, 13.6, 14.2, 17.4, 19.0, 21.5, 24.0)
_PRESENT = (0.02, 0.02, 0.95, 1.0, 0.62, 0.62, 1.0, 0.95, 0.30, 0.06, 0.02)

# A working day in hours of full occupancy.
_FULL_HOURS = float(np.trapezoid(_PRESENT, _HOURS))

# When the air conditioning runs on working days, local hours.
_PLANT_START_H, _PLANT_STOP_H = 7.0, 18.5


@dataclass(frozen=True)
class BuildingModel:
    """What a building is made of. Power is per m² of gross area unless the name says otherwise.

    heating_w_per_m2_k
        Heat drawn from the district network for each kelvin below 18 °C, in the heating season.
    water_l_per_person
        Litres each person uses on a working day.
    """

    people: float
    lighting_w_per_m2: float
    cooling_w_per_m2_k: float
    warming_w_per_m2_k: float
    power_w_per_m2: float
    special_kw: float
    rest_w_per_m2: float
    heating_w_per_m2_k: float = 0.0
    water_l_per_person: float = 50.0


@dataclass(frozen=True)
class NightRunning:
    """Air conditioning left on outside working hours: ``extra_kw`` over local days ``[first, until)``."""

    first: date
    until: date
    extra_kw: float


def occupancy(timeline: Timeline) -> Floats:
    """Share of full occupancy at each step, 0 to 1, before chance."""
    worked = np.interp(timeline.hour, _HOURS, _PRESENT)
    midday = np.exp(-(((timeline.hour - 13.0) / 4.0) ** 2))
    return np.where(timeline.working, worked, 0.03 + 0.08 * midday)


def plant_runs(timeline: Timeline) -> Flags:
    """Whether the air conditioning is meant to run at each step."""
    in_hours = (timeline.hour >= _PLANT_START_H) & (timeline.hour < _PLANT_STOP_H)
    return timeline.working & in_hours


def electric_loads_kw(
    model: BuildingModel,
    area_m2: float,
    timeline: Timeline,
    temperature_c: Floats,
    night_running: tuple[NightRunning, ...],
    seed: int,
    code: str,
) -> Mapping[str, Floats]:
    """Load of each item at each step, in kW; their sum is the building's."""
    chance = _Chance(timeline, seed, code)
    present = np.clip(occupancy(timeline) * chance.by_day("presence", 0.05), 0.0, 1.1)
    darkness = 1 + 0.18 * np.cos(2 * np.pi * (timeline.day_of_year - 355) / 365)
    kw = area_m2 / 1000
    runs = plant_runs(timeline)
    loads = {
        "A": kw * model.lighting_w_per_m2 * (0.13 + 0.87 * present * darkness),
        "B": kw * _conditioning_w_per_m2(model, temperature_c, runs),
        "C": kw * model.power_w_per_m2 * (0.10 + 0.90 * present),
        "D": model.special_kw * (1 + 0.006 * np.maximum(temperature_c - 15.0, 0.0)),
        "rest": np.full(timeline.steps, kw * model.rest_w_per_m2),
    }
    loads = {item: load * chance.by_step(item, 0.04) for item, load in loads.items()}
    for fault in night_running:
        loads["B"] = loads["B"] + fault.extra_kw * _left_on(fault, timeline, runs)
    return loads


def heat_gj(
    model: BuildingModel,
    area_m2: float,
    timeline: Timeline,
    temperature_c: Floats,
    seed: int,
    code: str,
) -> Floats:
    """Heat from the district network in each step, in GJ: 15 November to 15 March, by temperature."""
    inside = 18.0 - 3.0 * ((timeline.hour < 5.5) | (timeline.hour >= 20.0))
    watts = area_m2 * model.heating_w_per_m2_k * np.maximum(inside - temperature_c, 0.0)
    season = timeline.over_days(np.array([_is_heated(day) for day in timeline.days], np.float64))
    noise = _Chance(timeline, seed, code).by_day("heat", 0.04)
    return watts * season * noise * 3600 / STEPS_PER_HOUR / 1e9


def water_m3(model: BuildingModel, timeline: Timeline, seed: int, code: str) -> Floats:
    """Water used in each step, in m³: by the people present, with a little that always runs."""
    present = occupancy(timeline)
    per_step = model.people * model.water_l_per_person / 1000 / (_FULL_HOURS * STEPS_PER_HOUR)
    noise = _Chance(timeline, seed, code).by_day("water", 0.08)
    return per_step * (0.015 + present) * noise


def _conditioning_w_per_m2(model: BuildingModel, temperature_c: Floats, runs: Flags) -> Floats:
    cooling = model.cooling_w_per_m2_k * np.clip(temperature_c - 21.0, 0.0, 14.0)
    warming = model.warming_w_per_m2_k * np.clip(9.0 - temperature_c, 0.0, 18.0)
    standby = 0.25
    return standby + (cooling + warming) * np.where(runs, 1.0, 0.04)


def _left_on(fault: NightRunning, timeline: Timeline, runs: Flags) -> Flags:
    steps = np.arange(timeline.steps)
    inside = (steps >= timeline.mark(fault.first)) & (steps < timeline.mark(fault.until))
    return inside & ~runs


def _is_heated(day: date) -> bool:
    return (day.month, day.day) >= (11, 15) or (day.month, day.day) < (3, 15)


@dataclass(frozen=True)
class _Chance:
    """Noise factors around 1; each kind is a stream of its own."""

    timeline: Timeline
    seed: int
    code: str

    def by_day(self, kind: str, spread: float) -> Floats:
        noise = stream(self.seed, self.code, kind, "day").standard_normal(len(self.timeline.days))
        return self.timeline.over_days(np.exp(spread * autoregressive(noise, 0.4)))

    def by_step(self, kind: str, spread: float) -> Floats:
        noise = stream(self.seed, self.code, kind, "step").standard_normal(self.timeline.steps)
        return np.exp(spread * noise)
