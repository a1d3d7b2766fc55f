"""The demo's devices: which asset's registers are sent by what kind of device, how often."""

from collections.abc import Sequence

import numpy as np

from simulators.cast import DIALECTS, register_rows
from simulators.devices import Sampler, ShellyPlug, Source, TasmotaPlug, VehicleTerminal
from simulators.faults import FaultKind
from simulators.streams import Floats
from simulators.timeline import DEMO_START, STEPS_PER_HOUR, midnight_s
from simulators.world import Point, World, device_binding

_KINDS: dict[str, type[Sampler]] = {
    "native": Sampler,
    "tasmota": TasmotaPlug,
    "shelly": ShellyPlug,
}


def demo_sources(world: World) -> tuple[Source, ...]:
    """All devices, from the start of 2023 on; before that meters were read by hand."""
    assets = dict.fromkeys(asset for asset, _ in world.points)
    mains = {
        row["code"]
        for row in register_rows("meters")
        if row["carrier"] == "electricity" and not row["item"]
    }
    meters = [
        _meter(
            world,
            [point for (owner, _), point in world.points.items() if owner == asset],
            with_power=asset in mains or asset in DIALECTS,
            # A few seconds apart, as devices are.
            delay_s=2 + number,
        )
        for number, asset in enumerate(assets)
    ]
    return (*_stations(world), *meters, *_terminals(world))


def _stations(world: World) -> list[Source]:
    """Weather stations: a sample each half-hour."""
    timeline = world.timeline
    return [
        Sampler(
            timeline=timeline,
            device=device_binding(site)["device"],
            registers={"outdoor_temperature_c": _at_marks(weather.temperature_c, 1)},
            first_mark=timeline.mark(DEMO_START),
            every=4 * STEPS_PER_HOUR,
            stride=STEPS_PER_HOUR // 2,
            delay_s=1,
            heard=np.ones(timeline.steps + 1, np.bool_),
        )
        for site, weather in world.weather.items()
    ]


def _meter(world: World, points: Sequence[Point], *, with_power: bool, delay_s: int) -> Source:
    timeline, asset = world.timeline, points[0].asset
    dialect = DIALECTS.get(asset, "native")
    # A plug sends what it sees, by the hour.
    every = points[0].marks_per_message if dialect == "native" else STEPS_PER_HOUR
    hourly = points[0].slow or dialect != "native"
    deaf = world.fault(asset, FaultKind.OUTAGE, FaultKind.SILENT)
    covered = deaf.covers(timeline.marks_s) if deaf else np.zeros(timeline.steps + 1, np.bool_)
    return _KINDS[dialect](
        timeline=timeline,
        device=device_binding(asset)["device"],
        registers=_registers(points, with_power=with_power),
        first_mark=timeline.mark(DEMO_START),
        every=every,
        stride=STEPS_PER_HOUR if hourly else 1,
        delay_s=delay_s,
        heard=~covered,
    )


def _registers(points: Sequence[Point], *, with_power: bool) -> dict[str, Floats]:
    """Columns of a device: its counters under the device's own names, and the power it sees."""
    # A plant's meter counts import; that it is generation is the binding's business.
    names = {"pv_generation_kwh": "electricity_import_kwh"}
    registers = {names.get(point.quantity, point.quantity): point.shown for point in points}
    if with_power:
        signs = {"electricity_export_kwh": -1.0}
        flow_kwh = sum(
            (signs.get(point.quantity, 1.0) * point.uses for point in points),
            np.zeros_like(points[0].uses),
        )
        kw = flow_kwh * STEPS_PER_HOUR / points[0].multiplier
        registers["electricity_power_kw"] = _at_marks(kw, 3)
    return registers


def _at_marks(by_step: Floats, decimals: int) -> Floats:
    """Values of steps as a device reports them at the step's end."""
    return np.round(np.concatenate([by_step[:1], by_step]), decimals)


def _terminals(world: World) -> list[Source]:
    return [
        VehicleTerminal(device_binding(code)["device"], track, midnight_s(DEMO_START))
        for code, track in world.tracks.items()
    ]
