"""Which session of a charger is which session of a vehicle: by time, place and amount."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from analytics.fleet.charger import ChargerSession
from quotawatt.fleet.trips import VehicleEvent

_MOSTLY = 0.5
_NEARLY_ALL = 0.8


@dataclass(frozen=True, slots=True)
class PairingParameters:
    """How sessions are matched; this system's choice, no standard.

    clock_s
        Clocks of vehicles and meters differ by up to this.
    near_km
        A vehicle farther from a charger's site is not at it; sites are large, and told by one position.
    shared_share
        Of a vehicle's energy, a charger that another vehicle is matched with must still have this share left.
    greatest_loss_pct
        More was not lost between meter and battery. On-board chargers lose 5 to 20 %.
    """

    clock_s: float = 900.0
    near_km: float = 2.0
    shared_share: float = 0.75
    greatest_loss_pct: float = 25.0


PAIRING_DEFAULTS = PairingParameters()
"""What the pages and commands use where nothing is set."""


@dataclass(slots=True)
class _Charger:
    """A session of a charger, the vehicles that are matched with it, and what they have not taken [kWh]."""

    session: ChargerSession
    left_kwh: float
    vehicles: list[int] = field(default_factory=list)


def paired(
    vehicles: Sequence[VehicleEvent],
    chargers: Sequence[ChargerSession],
    may_be: Callable[[VehicleEvent, ChargerSession], bool],
    parameters: PairingParameters,
) -> list[tuple[list[int], list[int]]]:
    """Groups of (vehicles' sessions, chargers' sessions) that are the same charging, by number.

    The best agreement of time and amount goes first. Sessions of one charger that lie in a vehicle's session
    are its parts. A second vehicle shares a charger's session where the first leaves it enough.

    Parameters
    ----------
    may_be
        Whether the place allows it.
    """
    by_start = sorted((session.start, c) for c, session in enumerate(chargers))
    offers = [
        (_agreement(one, other, parameters), v, c)
        for v, one in enumerate(vehicles)
        for c, other in _about(one, chargers, by_start, parameters)
        if _overlap_s(one, other, parameters) > 0 and may_be(one, other)
    ]
    held = [_Charger(session, session.kwh) for session in chargers]
    charger_of: dict[int, str] = {}
    for _, v, c in sorted(offers, key=lambda offer: (-offer[0], offer[1], offer[2])):
        if _fits(v, vehicles[v], held[c], charger_of.get(v), parameters):
            charger_of[v] = held[c].session.charger
            held[c].vehicles.append(v)
            held[c].left_kwh -= vehicles[v].amount or 0.0
    return _groups(held)


def _about(
    vehicle: VehicleEvent,
    chargers: Sequence[ChargerSession],
    by_start: Sequence[tuple[datetime, int]],
    parameters: PairingParameters,
) -> Iterator[tuple[int, ChargerSession]]:
    """The chargers' sessions that may overlap a vehicle's, as none is longer than the longest."""
    longest = max((session.end - session.start for session in chargers), default=timedelta(0))
    slack = timedelta(seconds=parameters.clock_s)
    first = bisect_left(by_start, (vehicle.start - slack - longest, -1))
    last = bisect_left(by_start, (vehicle.end + slack, -1))
    for _, c in by_start[first:last]:
        yield c, chargers[c]


def _fits(
    v: int,
    vehicle: VehicleEvent,
    charger: _Charger,
    taken: str | None,
    parameters: PairingParameters,
) -> bool:
    share = _overlap_s(vehicle, charger.session, parameters) / _length_s(charger.session)
    if taken is not None:
        part = taken == charger.session.charger and share >= _NEARLY_ALL
        return part and not charger.vehicles
    if not charger.vehicles:
        own = max((vehicle.end - vehicle.start).total_seconds(), 1.0)
        return max(share, _overlap_s(vehicle, charger.session, parameters) / own) >= _MOSTLY
    return charger.left_kwh >= parameters.shared_share * (vehicle.amount or float("inf"))


def _agreement(
    vehicle: VehicleEvent, charger: ChargerSession, parameters: PairingParameters
) -> float:
    """0 to 1: common share of the time of both, times the ratio of the amounts where both are known."""
    together = _overlap_s(vehicle, charger, parameters)
    lengths = (vehicle.end - vehicle.start).total_seconds() + _length_s(charger)
    time = min(together / max(lengths - together, 1.0), 1.0)
    if vehicle.amount is None or max(vehicle.amount, charger.kwh) <= 0:
        return time
    return time * min(vehicle.amount, charger.kwh) / max(vehicle.amount, charger.kwh)


def _overlap_s(
    vehicle: VehicleEvent, charger: ChargerSession, parameters: PairingParameters
) -> float:
    """Common time [s], with the vehicle's clock wrong by as much as it may be."""
    slack = timedelta(seconds=parameters.clock_s)
    start = max(vehicle.start - slack, charger.start)
    end = min(vehicle.end + slack, charger.end)
    return (end - start).total_seconds()


def _length_s(charger: ChargerSession) -> float:
    return (charger.end - charger.start).total_seconds()


def _groups(held: Sequence[_Charger]) -> list[tuple[list[int], list[int]]]:
    """Sessions of chargers with the same vehicle are one group."""
    groups: list[tuple[list[int], list[int]]] = []
    for c, charger in enumerate(held):
        joined = [g for g in groups if set(g[0]) & set(charger.vehicles)]
        group: tuple[list[int], list[int]] = ([*charger.vehicles], [c])
        for other in joined:
            groups.remove(other)
            group = ([*other[0], *group[0]], [*other[1], *group[1]])
        groups.append((sorted(set(group[0])), group[1]))
    return groups
