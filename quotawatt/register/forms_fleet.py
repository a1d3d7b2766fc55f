"""Forms of the vehicles' books that people fill as sheets: orders of use, and statements of fuel cards.

Their columns are the fields, in order; one with a default may be empty. Times without a zone are local at
the vehicle's place.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class OrderForm:
    """An order for a vehicle as another system or a paper book has it, under its number there."""

    source_number: str
    organisation: str
    planned_start: datetime
    planned_end: datetime
    applicant: str = ""
    purpose: str = ""
    from_place: str = ""
    to_places: str = ""
    passengers: int = 1
    planned_km: float | None = None
    vehicle: str = ""
    driver: str = ""
    state: str = ""
    decided_by: str = ""
    left_at: datetime | None = None
    odometer_out_km: float | None = None
    returned_at: datetime | None = None
    odometer_in_km: float | None = None
    litres: float | None = None
    cost_cny: float | None = None
    rating: int | None = None
    rating_note: str = ""


@dataclass(frozen=True, slots=True)
class CardForm:
    """A row of a fuel card's statement."""

    vehicle: str
    time: datetime
    litres: float
    card: str = ""
    fuel: str = ""
    cost_cny: float | None = None
    odometer_km: float | None = None
    station: str = ""


FLEET_FORMS: Mapping[str, type] = MappingProxyType(
    {"dispatch_orders": OrderForm, "fuel_card_rows": CardForm}
)
"""Every form by its identifier, which is that of its table."""

FLEET_LENGTHS: Mapping[str, int] = MappingProxyType(
    {
        "source_number": 64,
        "organisation": 250,
        "applicant": 128,
        "purpose": 2000,
        "from_place": 256,
        "to_places": 2000,
        "vehicle": 250,
        "driver": 250,
        "state": 16,
        "decided_by": 128,
        "rating_note": 2000,
        "card": 64,
        "fuel": 16,
        "station": 256,
    }
)
"""The most characters of a text."""
