"""The books beside the orders: drivers, the duty list, seals and services. Instants are UTC, days local."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Driver:
    """Who drives.

    driver_pool
        The pool that he or she drives for; empty: none.
    account
        The user's name of whoever drives by phone; empty: none.
    active
        Whether he or she can be given orders.
    """

    code: str
    name: str
    organisation: str
    driver_pool: str = ""
    account: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class DutyEntry:
    """That a vehicle may drive on days on which the others stand sealed.

    first_day, until
        Local days ``[first_day, until)``.
    withdrawn_by, withdrawn_at
        None: it stands.
    """

    id: int
    vehicle: str
    first_day: date
    until: date
    reason: str
    approved_by: str
    approved_at: datetime
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None

    def covers(self, vehicle: str, day: date) -> bool:
        """Whether it stands and lets the vehicle drive on the local day."""
        standing = self.withdrawn_at is None and self.vehicle == vehicle
        return standing and self.first_day <= day < self.until


@dataclass(frozen=True, slots=True)
class Seal:
    """封存: a vehicle put out of use, with what the odometer showed before and after; None: not told.

    unsealed_at
        None: it is sealed still.
    """

    id: int
    vehicle: str
    sealed_at: datetime
    sealed_by: str
    odometer_at_seal_km: float | None = None
    unsealed_at: datetime | None = None
    unsealed_by: str | None = None
    odometer_at_unseal_km: float | None = None
    note: str = ""


class ServiceKind(StrEnum):
    """What was done to a vehicle, or paid for it."""

    MAINTENANCE = "maintenance"
    REPAIR = "repair"
    INSURANCE = "insurance"
    INSPECTION = "inspection"
    TOLL = "toll"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Service:
    """Maintenance, repair, insurance or inspection as it was done and paid; None: not told.

    withdrawn_by, withdrawn_at
        None: it stands.
    """

    id: int
    vehicle: str
    day: date
    kind: ServiceKind
    entered_by: str
    entered_at: datetime
    odometer_km: float | None = None
    cost_cny: float | None = None
    provider: str = ""
    note: str = ""
    withdrawn_by: str | None = None
    withdrawn_at: datetime | None = None
