"""The demo's world: every use and register from the start of 2022 on, and the truth beside it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from zlib import crc32

import numpy as np

from simulators.cast import DEEDS, FAULTS, REAL_SITE, START_REGISTERS, VEHICLES, register_rows
from simulators.faults import Fault, FaultKind, distort, stand_still
from simulators.real_building import load_real_building
from simulators.streams import Floats
from simulators.timeline import DEMO_START, STEPS_PER_HOUR, WORLD_START, Timeline
from simulators.uses import Scene, all_uses
from simulators.vehicles import Track, simulate_vehicle
from simulators.weather import Weather, simulate_weather


@dataclass(frozen=True)
class Point:
    """One counter of one asset: what is used in each step, and what its meter makes of it.

    uses
        Use in each step in the unit of ``quantity``, physically.
    register
        Device's value at each mark as it would be without wrap, reset or spike, to its resolution.
    shown
        What the device shows at each mark.
    """

    asset: str
    quantity: str
    uses: Floats
    register: Floats
    shown: Floats
    multiplier: float

    @property
    def slow(self) -> bool:
        """Whether its meter samples by the hour: heat and water."""
        return self.quantity in ("heat_gj", "water_m3")

    @property
    def marks_per_message(self) -> int:
        """Gateways upload every four hours, those of heat and water meters every twelve."""
        return STEPS_PER_HOUR * (12 if self.slow else 4)


@dataclass(frozen=True)
class Truth:
    """What a counter's year came to.

    used
        Physically, in the unit of ``quantity``.
    metered
        What a correct reckoning of the readings that are sent gives: without what a stuck register
        or a device that falls silent has lost, to the resolution of the register.
    """

    asset: str
    quantity: str
    used: float
    metered: float


@dataclass(frozen=True)
class World:
    """Everything that happens from the start of 2022 to the end of the timeline."""

    timeline: Timeline
    weather: Mapping[str, Weather]
    points: Mapping[tuple[str, str], Point]
    tracks: Mapping[str, Track]
    faults: tuple[Fault, ...]

    def truth(self, year: int = DEMO_START.year) -> tuple[Truth, ...]:
        """What each counter of a meter or plant came to in a local calendar year."""
        first = self.timeline.mark(date(year, 1, 1))
        until = self.timeline.mark(date(year + 1, 1, 1))
        return tuple(self._truth(point, first, until) for point in self.points.values())

    def fault(self, asset: str, *kinds: FaultKind) -> Fault | None:
        """The first fault of these kinds that an asset meets."""
        return next((f for f in self.faults if f.asset == asset and f.kind in kinds), None)

    def _truth(self, point: Point, first: int, until: int) -> Truth:
        last = until
        silent = self.fault(point.asset, FaultKind.SILENT)
        if silent is not None:
            sent = np.arange(first, until + 1, point.marks_per_message)
            last = int(sent[~silent.covers(self.timeline.marks_s[sent])].max(initial=first))
        metered = (point.register[last] - point.register[first]) * point.multiplier
        used = point.uses[first:until].sum()
        return Truth(point.asset, point.quantity, float(used), float(metered))


def build_world(seed: int, until: date) -> World:
    """The world up to the local midnight at which ``until`` begins.

    The same seed gives the same world; a later ``until`` only adds to its end.
    """
    timeline = Timeline(WORLD_START, until)
    real = load_real_building(timeline)
    sites = [row["code"] for row in register_rows("sites")]
    weather = {site: simulate_weather(timeline, seed, site) for site in sites}
    weather[REAL_SITE] = Weather(real.temperature_c, weather[REAL_SITE].clearness)
    tracks = {
        code: simulate_vehicle(model, timeline, seed, code, DEEDS)
        for code, model in VEHICLES.items()
    }
    uses = all_uses(Scene(timeline, weather, tracks, real.power_kw, seed))
    points = {key: _point(*key, use, timeline) for key, use in uses.items()}
    return World(timeline, weather, points, tracks, FAULTS)


def device_binding(asset: str) -> Mapping[str, str]:
    """The row of the demo register that binds an asset's device (not the one read by hand)."""
    return next(
        row
        for row in register_rows("bindings")
        if row["asset"] == asset and not row["device"].startswith("asset:")
    )


def _point(asset: str, quantity: str, uses: Floats, timeline: Timeline) -> Point:
    binding = device_binding(asset)
    multiplier, size = float(binding["multiplier"]), binding["register_size"]
    faults = [fault for fault in FAULTS if fault.asset == asset]
    counted = uses
    for fault in faults:
        if fault.kind is FaultKind.STUCK:
            counted = stand_still(counted, fault, timeline.marks_s)
    start = START_REGISTERS.get(asset, crc32(asset.encode()) % 40_000 + 0.5)
    register = start + np.concatenate([[0.0], np.cumsum(counted)]) / multiplier
    register = np.round(register, 2 if quantity.endswith("_kwh") else 3)
    shown = register % float(size) if size else register
    for fault in faults:
        shown = distort(shown, fault, timeline.marks_s)
    return Point(asset, quantity, uses, register, np.round(shown, 3), multiplier)
