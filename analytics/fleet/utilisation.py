"""How a pool of vehicles is used, what of it is empty running, and which vehicles could go.

A pool is the vehicles of one driver pool, else of one organisation. Vehicles replace one another within a
pool and kind only; how many seats they have is not in the register, so it is not asked.
"""

import math
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.fleet.accounts import Account, Use
from analytics.fleet.carrying import Carried, OrderWindow, carried_by_trip
from analytics.fleet.fleetsums import fleet_sum
from analytics.fleet.outings import Concurrency, concurrency, most_on_a_day, outings
from quotawatt.register.model import Vehicle

Key = TypeVar("Key", bound=Hashable)

LEAST_DAYS = 90
"""Of a shorter time nothing is said of who could go: ours, no standard's."""


@dataclass(frozen=True, slots=True)
class KindUse:
    """The vehicles of a pool that are of one kind, masked ones among them; sums of their accounts.

    km
        None: of none of them it is known.
    """

    kind: str
    vehicles: int
    km: float | None
    fuel: Use
    electricity: Use


@dataclass(frozen=True, slots=True)
class PoolUse:
    """A pool over a time.

    vehicles, masked
        Held and followed; beside them those that must not be followed, of which nothing is said.
    used_share
        Working days on which a vehicle was used, of all working days of all vehicles, 0..1; None: no days.
    km_per_vehicle, hours_per_vehicle
        Of trips.
    empty_km, carried_km, unknown_km
        Of trips whose distance is known; ``carrying`` says which is which.
    at_once
        Outings of different vehicles at the same time.
    kinds
        What was used per 100 km, by kind of vehicle.
    """

    pool: str
    vehicles: int
    masked: int
    used_share: float | None
    trips: int
    km_per_vehicle: float | None
    hours_per_vehicle: float | None
    empty_km: float
    carried_km: float
    unknown_km: float
    at_once: Concurrency
    kinds: tuple[KindUse, ...]

    @property
    def fuel(self) -> Use:
        """Of all its vehicles."""
        return sum((kind.fuel for kind in self.kinds), Use())

    @property
    def electricity(self) -> Use:
        """Of all its vehicles."""
        return sum((kind.electricity for kind in self.kinds), Use())

    @property
    def empty_share(self) -> float | None:
        """Of the kilometres of which it is known, 0..1; None: of none."""
        known = self.empty_km + self.carried_km
        return self.empty_km / known if known else None


@dataclass(frozen=True, slots=True)
class Surplus:
    """Vehicles of a pool and kind that could go.

    needed_at_once, needed_by_day
        How many would have carried all outings, handed out by outings, and by whole days.
    day
        The first day on which ``needed_by_day`` were used.
    could_go
        As many as were never needed by whole days, the least used first: code, days used, km.
    """

    pool: str
    kind: str
    held: int
    needed_at_once: int
    needed_by_day: int
    day: date | None
    could_go: tuple[tuple[str, int, float], ...]


def pool_of(vehicle: Vehicle) -> str:
    """The driver pool of a vehicle, else its organisation."""
    return vehicle.driver_pool or vehicle.organisation


def pool_uses(
    accounts: Sequence[Account],
    trips: pd.DataFrame,
    windows: Iterable[OrderWindow],
    zone: ZoneInfo,
) -> list[PoolUse]:
    """The use of each pool, by name.

    accounts
        One of each vehicle, of the whole time.
    trips
        Of the same time, ``TRIP_COLUMNS``.
    windows
        Of orders that stand.
    """
    carried = carried_by_trip(trips, windows)
    frame = trips.assign(carried=carried, distance_km=trips["distance_km"].fillna(0.0))
    away = outings(trips)
    return [
        _pool_use(
            pool,
            own,
            frame[frame["vehicle"].isin([account.vehicle.code for account in own])],
            concurrency(_of(away, own), zone),
        )
        for pool, own in sorted(_grouped(accounts, pool_of).items())
    ]


def surpluses(
    accounts: Sequence[Account], trips: pd.DataFrame, zone: ZoneInfo, days: int
) -> list[Surplus]:
    """By pool and kind what was needed, and which of the vehicles could go.

    days
        How long the time was; of fewer than ``LEAST_DAYS`` nobody is named.
    """
    away = outings(trips)
    followed = [account for account in accounts if not account.masked]
    found = []
    for (pool, kind), own in sorted(_grouped(followed, lambda v: (pool_of(v), v.kind)).items()):
        mine = _of(away, own)
        by_day, day = most_on_a_day(mine, zone)
        spare = len(own) - by_day if days >= LEAST_DAYS else 0
        least = sorted(own, key=lambda a: (a.days, a.km.value or 0.0, a.vehicle.code))[:spare]
        named = tuple((a.vehicle.code, a.days, a.km.value or 0.0) for a in least)
        at_once = concurrency(mine, zone).most
        found.append(Surplus(pool, kind, len(own), at_once, by_day, day, named))
    return found


def _pool_use(
    pool: str, accounts: Sequence[Account], trips: pd.DataFrame, at_once: Concurrency
) -> PoolUse:
    followed = [account for account in accounts if not account.masked]
    days = sum(account.working_days for account in followed)
    used = sum(account.working_days_used for account in followed)
    km = {
        kind: math.fsum(trips["distance_km"].to_numpy()[trips["carried"].to_numpy() == kind])
        for kind in Carried
    }
    hours = math.fsum(account.hours for account in followed)
    kinds = _grouped(accounts, lambda vehicle: vehicle.kind)
    return PoolUse(
        pool=pool,
        vehicles=len(followed),
        masked=len(accounts) - len(followed),
        used_share=used / days if days else None,
        trips=len(trips),
        km_per_vehicle=math.fsum(km.values()) / len(followed) if followed else None,
        hours_per_vehicle=hours / len(followed) if followed else None,
        empty_km=km[Carried.EMPTY],
        carried_km=km[Carried.PASSENGERS],
        unknown_km=km[Carried.UNKNOWN],
        at_once=at_once,
        kinds=tuple(_kind_use(kind, own) for kind, own in sorted(kinds.items())),
    )


def _kind_use(kind: str, accounts: Sequence[Account]) -> KindUse:
    total = fleet_sum(accounts)
    return KindUse(kind, len(accounts), total.km, total.fuel, total.electricity)


def _of(table: pd.DataFrame, accounts: Sequence[Account]) -> pd.DataFrame:
    return table[table["vehicle"].isin([account.vehicle.code for account in accounts])]


def _grouped(
    accounts: Iterable[Account], key: Callable[[Vehicle], Key]
) -> Mapping[Key, list[Account]]:
    found: dict[Key, list[Account]] = {}
    for account in accounts:
        found.setdefault(key(account.vehicle), []).append(account)
    return found
