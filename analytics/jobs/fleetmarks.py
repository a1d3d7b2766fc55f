"""Which vehicles what was touched is about: from marks of series and hours to vehicles and instants."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from analytics.consumption.byhand import BILL
from analytics.jobs.bookkeeping import Request
from quotawatt.register.model import Register
from quotawatt.spans import HOUR
from quotawatt.storage.touched import Touched

FOLLOWED = (
    *("latitude_deg", "longitude_deg", "altitude_m", "heading_deg", "speed_kmh", "odometer_km"),
    *("ignition", "engine_rpm", "fuel_level_pct", "fuel_level_l", "fuel_used_l"),
    *("battery_soc_pct", "charge_power_kw", "charge_energy_kwh", "charging", "plugged"),
    *("traction_voltage_v", "traction_current_a", "speed_limit_kmh"),
)
"""The quantities that trips, events and rules for vehicles rest on."""

BY_ASSET = "asset:"
"""How the device of readings goes that came without one, by file or hand."""

_FOLLOWED = frozenset(FOLLOWED)


def touched_vehicles_of(
    marks: Iterable[Touched], requests: Iterable[Request], register: Register
) -> dict[str, datetime]:
    """Since when the messages of each vehicle changed: by marks, and by changes of the register.

    Vehicles that are exempt from tracking are among them: what was kept of them is to go.
    """
    since: dict[str, datetime] = {}
    for vehicle, instant in (*_marked(marks, register), *_asked(requests, register)):
        since[vehicle] = min(instant, since.get(vehicle, instant))
    return since


def _marked(marks: Iterable[Touched], register: Register) -> Iterator[tuple[str, datetime]]:
    for mark in marks:
        # An amount's mark is no message; that of a session comes from the vehicle's trips themselves.
        if mark.quantity in _FOLLOWED and mark.channel != BILL:
            for vehicle in _bound(mark, register):
                yield vehicle, mark.hour


def _bound(mark: Touched, register: Register) -> Iterator[str]:
    """The vehicles that a device's channel feeds at any time of the hour."""
    code = mark.device.removeprefix(BY_ASSET)
    if code != mark.device and code in register.vehicles:
        yield code
    for binding in register.bindings_on(mark.device, mark.channel):
        begun = binding.valid_from < mark.hour + HOUR
        lasting = binding.valid_until is None or binding.valid_until > mark.hour
        if begun and lasting and binding.asset in register.vehicles:
            yield binding.asset


def _asked(requests: Iterable[Request], register: Register) -> Iterator[tuple[str, datetime]]:
    """Vehicles whose register changed: those that a channel ever fed, or all of them."""
    for request in requests:
        if request.is_everything:
            yield from ((vehicle, request.start) for vehicle in register.vehicles)
        for binding in register.bindings_on(request.device, request.channel):
            if binding.asset in register.vehicles:
                yield binding.asset, request.start
