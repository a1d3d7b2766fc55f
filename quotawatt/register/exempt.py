"""Of which devices, and when, positions must not be kept: they drive vehicles exempt from tracking."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from quotawatt.register.kinds import Binding, Vehicle
from quotawatt.register.model import Register
from quotawatt.spans import local_midnight

_EXEMPT = "tracking_exempt"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A device sits in a vehicle exempt from tracking over ``[start, until)`` (UTC); None: always, still.

    others
        Its bindings to what is not exempt: what they feed may be kept, on their channels and in their time.
    """

    start: datetime | None
    until: datetime | None
    others: tuple[Binding, ...]

    def covers(self, channel: str, quantity: str, instant: datetime) -> bool:
        """Whether a position of this channel and instant must not be kept."""
        if self.start is not None and instant < self.start:
            return False
        if self.until is not None and instant >= self.until:
            return False
        return not any(b.channel == channel and b.holds(quantity, instant) for b in self.others)


def exempt_devices(register: Register, zone: ZoneInfo) -> Mapping[str, Sequence[Stretch]]:
    """The devices of vehicles that are, or were, exempt from tracking, with the times.

    zone
        In which the days of a vehicle without a home site begin.

    What comes without a device counts as that of ``asset:CODE``. A device's positions on channels that
    nothing binds go with its vehicle's. Raises InputError where a former value is none of its column.
    """
    vehicles = {
        code: list(_exempt_times(register, vehicle, zone))
        for code, vehicle in register.vehicles.items()
    }
    found: dict[str, list[Stretch]] = {}
    for code in (code for code, times in vehicles.items() if times):
        found[f"asset:{code}"] = [Stretch(start, until, ()) for start, until in vehicles[code]]
        for binding in register.bindings_of(code):
            others = tuple(_others(register, binding.device, vehicles))
            for start, until in vehicles[code]:
                first, last = (
                    _latest(start, binding.valid_from),
                    _earliest(until, binding.valid_until),
                )
                found.setdefault(binding.device, []).append(Stretch(first, last, others))
    return found


def _exempt_times(
    register: Register, vehicle: Vehicle, zone: ZoneInfo
) -> Iterator[tuple[datetime | None, datetime | None]]:
    held = register.history_of(vehicle.code).get(_EXEMPT)
    if held is None:
        if vehicle.tracking_exempt:
            yield None, None
        return
    place = register.zone_of_asset(vehicle.home_site or "") or zone
    for step in held:
        if step.value:
            yield (
                None if step.valid_from is None else local_midnight(step.valid_from, place),
                None if step.valid_until is None else local_midnight(step.valid_until, place),
            )


def _others(
    register: Register, device: str, vehicles: Mapping[str, Sequence[object]]
) -> Iterator[Binding]:
    """The bindings of a device to what is exempt at no time."""
    for channel in register.bound_channels[device]:
        yield from (b for b in register.bindings_on(device, channel) if not vehicles.get(b.asset))


def _latest(one: datetime | None, other: datetime) -> datetime:
    return other if one is None else max(one, other)


def _earliest(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((t for t in (one, other) if t is not None), default=None)
