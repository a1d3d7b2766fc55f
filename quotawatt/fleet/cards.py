"""Fuel bought by card (加油卡流水)."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class FuelCard:
    """One row of a card's statement. ``(vehicle, time, card, litres)`` is its identity.

    fuel
        ``petrol`` or ``diesel``.
    cost_cny
        None: not told.
    odometer_km
        As the driver told it at the pump; None: not told.
    station
        Code of a geofence, or a name; empty: not told.
    """

    vehicle: str
    time: datetime
    card: str
    fuel: str
    litres: float
    cost_cny: float | None = None
    odometer_km: float | None = None
    station: str = ""
