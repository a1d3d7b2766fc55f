"""Forms that people fill like sheets of the register, and that are no records of it.

Their columns are the fields, in order; one with a default may be empty. Days are local days at the asset's
place, both included.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class ReadingForm:
    """What a meter showed at a time. ``quantity`` empty: the main one of the meter's carrier."""

    asset: str
    time: datetime
    value: float
    quantity: str = ""
    confirm: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class BillForm:
    """A bill. Of heat by area the rate may stand in the place of the amount."""

    asset: str
    first_day: date
    last_day: date
    quantity: str = ""
    amount: float | None = None
    gj_per_m2: float | None = None
    cost_cny: float | None = None
    confirm: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class PurchaseForm:
    """Fuel bought over a time, with the stocks at its beginning and end."""

    asset: str
    quantity: str
    first_day: date
    last_day: date
    bought: float
    opening: float = 0.0
    closing: float = 0.0
    cost_cny: float | None = None
    confirm: str = ""
    note: str = ""


FORMS: Mapping[str, type] = MappingProxyType(
    {"hand_readings": ReadingForm, "hand_bills": BillForm, "hand_purchases": PurchaseForm}
)
"""Every form by its identifier."""

LENGTHS: Mapping[str, int] = MappingProxyType(
    {"asset": 250, "quantity": 64, "confirm": 16, "note": 2000}
)
"""The most characters of a text."""
