"""Readings taken by hand at each month's start of 2022, before the devices came."""

from datetime import UTC, date, datetime
from typing import NamedTuple

from simulators.cast import VEHICLES, register_rows
from simulators.timeline import midnight_s
from simulators.vehicles import counter_at
from simulators.world import World

_FIRSTS = (*(date(2022, month, 1) for month in range(1, 13)), date(2023, 1, 1))


class HandReading(NamedTuple):
    """A reading of an asset's counter as it shows: before the multiplier, like a device's.

    time
        Local midnight at the start of a month, as UTC.
    """

    time: datetime
    asset: str
    quantity: str
    value: float


def prior_year_readings(world: World) -> list[HandReading]:
    """Thirteen readings each of main electricity, heat and water meters and vehicles' fuel.

    The last, at the start of 2023, shows what the device then shows first.
    """
    subs = {row["code"] for row in register_rows("meters") if row["item"]}
    plants = {row["code"] for row in register_rows("pv_plants")}
    by_hand = {
        row["asset"] for row in register_rows("bindings") if row["device"].startswith("asset:")
    }
    readings = [
        _reading(day, asset, quantity, float(point.shown[world.timeline.mark(day)]))
        for (asset, quantity), point in world.points.items()
        if asset in by_hand - subs - plants
        for day in _FIRSTS
    ]
    for code, model in VEHICLES.items():
        if not model.electric:
            marks = world.timeline.marks_s[[world.timeline.mark(day) for day in _FIRSTS]]
            values = counter_at(world.tracks[code], "fuel_used_l", model.start_used, marks)
            readings += [
                _reading(day, code, "fuel_used_l", float(value))
                for day, value in zip(_FIRSTS, values, strict=True)
            ]
    return sorted(readings)


def _reading(day: date, asset: str, quantity: str, value: float) -> HandReading:
    return HandReading(datetime.fromtimestamp(midnight_s(day), UTC), asset, quantity, value)
