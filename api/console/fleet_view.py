"""The month of each vehicle as its account tells it, and whether odometer and positions agree."""

from collections.abc import Iterable
from dataclasses import dataclass

from analytics.fleet.accounts import Account, SumBy, Use
from quotawatt.fleet.trips import Trip
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.vehicle_rules import Check, VehicleRule, applying


@dataclass(frozen=True, slots=True)
class Agreement:
    """Kilometres of the same trips by the odometer and along the positions, judged as the rule judges them.

    limit_pct, least_km
        The rule's: a greater difference needs an explanation, over fewer kilometres nothing is said. None: no
        rule is for this vehicle.
    """

    odometer_km: float
    gnss_km: float
    limit_pct: float | None
    least_km: float | None

    @property
    def difference_pct(self) -> float:
        """Of the odometer from the positions, as the rule's value: negative where it shows less."""
        return 100 * (self.odometer_km / self.gnss_km - 1)

    @property
    def agrees(self) -> bool | None:
        """Whether the two say the same; None: there is no rule, or too few kilometres."""
        if self.limit_pct is None or self.least_km is None or self.gnss_km < self.least_km:
            return None
        return abs(self.difference_pct) <= self.limit_pct


@dataclass(frozen=True, slots=True)
class MonthRow:
    """A vehicle's month. Of one that must not be followed nothing but its name is shown."""

    account: Account
    agreement: Agreement | None

    @property
    def vehicle(self) -> Vehicle:
        """Whose month it is."""
        return self.account.vehicle

    @property
    def masked(self) -> bool:
        """It must not be followed."""
        return self.account.masked

    @property
    def unit(self) -> str:
        """Of what it uses."""
        return unit_of(self.vehicle)

    @property
    def use(self) -> Use:
        """Of what it drives by, with its quota."""
        return self.account.use

    @property
    def over_quota(self) -> bool:
        """Whether it used more per 100 km than it may."""
        over = self.use.over_quota_pct
        return over is not None and over > 0

    @property
    def by_odometer(self) -> bool:
        """Whether the kilometres are the odometer's; else they are the sum of its trips."""
        return SumBy.COUNTER in self.account.km.by


def unit_of(vehicle: Vehicle) -> str:
    """In what a vehicle's use is counted."""
    return "kWh" if vehicle.energy == "electric" else "L"


def used(vehicle: Vehicle, trip: Trip) -> float | None:
    """What a trip used, in the vehicle's unit."""
    return trip.electricity_kwh if vehicle.energy == "electric" else trip.fuel_l


def month_row(account: Account, rules: Iterable[VehicleRule], register: Register) -> MonthRow:
    """The row of an account.

    rules
        Those in force; which of them is for the vehicle says the register.
    """
    if account.masked or account.compared_gnss_km <= 0:
        return MonthRow(account, None)
    rule = agreement_rule(account.vehicle, rules, register)
    return MonthRow(
        account,
        Agreement(
            account.compared_odometer_km,
            account.compared_gnss_km,
            None if rule is None else rule.number("over_pct"),
            None if rule is None else rule.number("least_km"),
        ),
    )


def agreement_rule(
    vehicle: Vehicle, rules: Iterable[VehicleRule], register: Register
) -> VehicleRule | None:
    """The rule that holds a vehicle's odometer against positions, of several the strictest; None: none is."""
    path = register.path_of(vehicle.organisation)
    own = (r for r in applying(rules, vehicle.kind, path) if r.check is Check.ODOMETER_DIFFERS)
    return min(own, key=lambda rule: rule.number("over_pct"), default=None)
