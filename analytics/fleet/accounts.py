"""The account of one vehicle over one month or year (单车核算): kilometres, energy, use, cost, carbon.

What is not known is None, never 0. Each sum says what it rests on. A year is the sum of its months.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from quotawatt.register.model import Vehicle


class SumBy(StrEnum):
    """What a sum rests on."""

    COUNTER = (
        "counter"  # the month's result: odometer, litres consumed, kWh charged (else of sessions)
    )
    TRIPS = "trips"
    CARDS = "cards"  # fuel bought
    PRICE = "price"  # the use at the price of its contract or entry
    SERVICES = "services"  # what was entered of maintenance, repair, insurance, tolls
    ORDERS = "orders"  # tolls and parking as drivers told them


FUEL, ELECTRICITY = "fuel", "electricity"
COST_KINDS = (
    *(FUEL, ELECTRICITY, "maintenance", "repair"),
    *("insurance", "inspection", "toll", "other"),
)


@dataclass(frozen=True, slots=True)
class Sum:
    """A sum and what it rests on; ``value`` None: nothing is known."""

    value: float | None = None
    by: tuple[SumBy, ...] = ()

    def __add__(self, other: "Sum") -> "Sum":
        by = tuple(dict.fromkeys((*self.by, *other.by)))
        return Sum(added([self.value, other.value]), by)


@dataclass(frozen=True, slots=True)
class Use:
    """What a vehicle used of one energy, against what it may use.

    amount
        In L or kWh.
    rate_amount, rate_km
        What ``per_100km`` is made of: use and kilometres of which both are known.
    quota_per_100km
        None: no quota is set.
    """

    amount: Sum = Sum()
    rate_amount: float = 0.0
    rate_km: float = 0.0
    quota_per_100km: float | None = None

    @property
    def per_100km(self) -> float | None:
        """None: no kilometres of which the use is known."""
        return 100 * self.rate_amount / self.rate_km if self.rate_km > 0 else None

    @property
    def over_quota_pct(self) -> float | None:
        """How far above the quota, in percent of it; below it less than 0."""
        rate, quota = self.per_100km, self.quota_per_100km
        return None if rate is None or not quota else 100 * (rate / quota - 1)

    def __add__(self, other: "Use") -> "Use":
        return Use(
            self.amount + other.amount,
            self.rate_amount + other.rate_amount,
            self.rate_km + other.rate_km,
            self.quota_per_100km,
        )


@dataclass(frozen=True, slots=True)
class Account:
    """A vehicle's account of the local days ``[first, until)``.

    masked
        It must not be followed: totals of kilometres and energy stand, nothing of when, who and how often.
    km
        By the odometer's result of the time; else the sum of the trips.
    trips_km, gnss_km
        Of the trips whose distance is known; along the positions of those that have them.
    compared_odometer_km, compared_gnss_km
        Both measures of the trips that have both, without large gaps: those of ``monthsums.month_sums``.
    trips, days, hours
        How many trips began, on how many local days, and how long they took together.
    working_days, working_days_used
        Of the time as far as it is over.
    idling_h, idling_l
        With the engine on, under way or at rest; litres None: not known.
    costs
        By kind of ``COST_KINDS``, those known.
    kgco2, kgce
        None: the use or a factor is not known.
    open_deviations
        That began in the time and that somebody still has to act on.
    drivers
        Codes, of the orders driven in the time.
    """

    vehicle: Vehicle
    first: date
    until: date
    masked: bool = False
    km: Sum = Sum()
    trips_km: float | None = None
    gnss_km: float | None = None
    compared_odometer_km: float = 0.0
    compared_gnss_km: float = 0.0
    trips: int = 0
    days: int = 0
    hours: float = 0.0
    working_days: int = 0
    working_days_used: int = 0
    fuel: Use = Use()
    electricity: Use = Use()
    idling_h: float = 0.0
    idling_l: float | None = None
    costs: Mapping[str, Sum] = field(default_factory=dict)
    kgco2: float | None = None
    kgce: float | None = None
    open_deviations: int = 0
    drivers: tuple[str, ...] = ()

    @property
    def unassigned_km(self) -> float | None:
        """What the odometer counted outside all trips; None: it has no result, or there are no trips."""
        if SumBy.COUNTER not in self.km.by or self.km.value is None or self.trips_km is None:
            return None
        return self.km.value - self.trips_km

    @property
    def energy(self) -> str:
        """``electricity`` or ``fuel``: what it drives by."""
        return ELECTRICITY if self.vehicle.energy == "electric" else FUEL

    @property
    def use(self) -> Use:
        """Of what it drives by."""
        return self.electricity if self.energy == ELECTRICITY else self.fuel

    @property
    def known_share(self) -> float | None:
        """Share of the kilometres that the figure per 100 km rests on, 0..1."""
        km = self.km.value
        return min(self.use.rate_km / km, 1.0) if km else None

    @property
    def cost_cny(self) -> float | None:
        """All costs that are known."""
        return added([cost.value for cost in self.costs.values()])

    @property
    def cost_per_km(self) -> float | None:
        """CNY; None where the cost of its energy is not known: the rest alone would mislead."""
        energy, km, cost = self.costs.get(self.energy), self.km.value, self.cost_cny
        if energy is None or energy.value is None or not km or cost is None:
            return None
        return cost / km


def added(values: Iterable[float | None]) -> float | None:
    """The sum of those known; None where none is."""
    known = [value for value in values if value is not None]
    return math.fsum(known) if known else None


def year_account(months: Sequence[Account]) -> Account:
    """The months of one vehicle, in order, as one account; there is at least one."""
    kinds = [kind for kind in COST_KINDS if any(kind in month.costs for month in months)]
    last = months[-1]
    return Account(
        vehicle=last.vehicle,
        first=months[0].first,
        until=last.until,
        masked=last.masked,
        km=sum((month.km for month in months), Sum()),
        trips_km=added(month.trips_km for month in months),
        gnss_km=added(month.gnss_km for month in months),
        compared_odometer_km=math.fsum(month.compared_odometer_km for month in months),
        compared_gnss_km=math.fsum(month.compared_gnss_km for month in months),
        trips=sum(month.trips for month in months),
        days=sum(month.days for month in months),
        hours=math.fsum(month.hours for month in months),
        working_days=sum(month.working_days for month in months),
        working_days_used=sum(month.working_days_used for month in months),
        fuel=_uses([month.fuel for month in months]),
        electricity=_uses([month.electricity for month in months]),
        idling_h=math.fsum(month.idling_h for month in months),
        idling_l=added(month.idling_l for month in months),
        costs={
            kind: sum((month.costs.get(kind, Sum()) for month in months), Sum()) for kind in kinds
        },
        kgco2=added(month.kgco2 for month in months),
        kgce=added(month.kgce for month in months),
        open_deviations=sum(month.open_deviations for month in months),
        drivers=tuple(sorted({driver for month in months for driver in month.drivers})),
    )


def _uses(uses: Sequence[Use]) -> Use:
    return sum(uses, Use(quota_per_100km=uses[-1].quota_per_100km))
