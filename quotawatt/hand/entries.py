"""An entry: what somebody read off a meter, was billed, or bought.

Every entry is about an asset and a counter's quantity. Days are local days at the asset's place; instants
are UTC, and times of bills and purchases are half-open: a bill of 1 to 31 May ends on 1 June 00:00.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType
from typing import NamedTuple

from quotawatt.register.model import Building, Organisation, Register
from quotawatt.spans import DAY

READING, BILL, PURCHASE = "reading", "bill", "purchase"

FORM_OF: Mapping[str, str] = MappingProxyType(
    {READING: "hand_readings", BILL: "hand_bills", PURCHASE: "hand_purchases"}
)
"""The form, and sheet of the workbook, by which each kind is entered."""
KIND_OF: Mapping[str, str] = MappingProxyType({form: kind for kind, form in FORM_OF.items()})

RESET, ROLLOVER, HIGH = "reset", "rollover", "high"
CONFIRMATIONS = ("", RESET, ROLLOVER, HIGH)
"""What may be said of an entry that looks wrong: the register began anew, ran over, the use is that high."""

BY_HAND = "asset:"
"""What the device of readings by hand begins with."""
BILL_CHANNEL = "bill"
"""The channel of such a device under which amounts are marked as touched."""

_OWN = "/hand"


class EntryKey(NamedTuple):
    """What tells entries apart: of one kind, point and start there is one."""

    kind: str
    asset: str
    quantity: str
    start: datetime


@dataclass(frozen=True, slots=True)
class Entry:
    """What is entered.

    kind
        ``reading``, ``bill`` or ``purchase``.
    start, end
        ``[start, end)``; of a reading both are its time.
    value
        Of a reading: as the register shows it, before the multiplier.
    amount
        Of a bill what it charges, of a purchase ``opening + bought - closing``, in the quantity's unit.
    gj_per_m2
        Of a bill of heat by area: the rate from which the amount was worked out.
    cost_cny
        None: not known.
    confirm
        One of ``CONFIRMATIONS``.
    document
        SHA-256 (hex) of a photograph or scan; empty: none.
    """

    kind: str
    asset: str
    quantity: str
    start: datetime
    end: datetime
    value: float | None = None
    amount: float | None = None
    opening: float | None = None
    bought: float | None = None
    closing: float | None = None
    gj_per_m2: float | None = None
    cost_cny: float | None = None
    confirm: str = ""
    note: str = ""
    document: str = ""

    @property
    def key(self) -> EntryKey:
        """What tells it apart."""
        return EntryKey(self.kind, self.asset, self.quantity, self.start)

    @property
    def per_day(self) -> float | None:
        """The amount of a bill or purchase for each of its days."""
        days = (self.end - self.start) / DAY
        return None if self.amount is None or days <= 0 else self.amount / days


@dataclass(frozen=True, slots=True)
class Stored:
    """An entry as it is kept.

    number, revision
        The number stays with all revisions, which count from 1.
    subject
        That of the results which it makes; see ``subject_of``.
    written
        Whether the series store has the reading; true for bills and purchases.
    """

    number: int
    revision: int
    entry: Entry
    subject: str
    withdrawn: bool
    entered_by: str
    entered_at: datetime
    series_revision: int
    written: bool


def subject_of(asset: str, register: Register) -> str:
    """The subject of the results that an asset's entries make.

    What is entered of a building or organisation itself stands beside its meters and below its total, so it
    has a series of its own, ``BLD-1/hand``; of anything else it is the asset.
    """
    beside = isinstance(register.assets.get(asset), Building | Organisation)
    return f"{asset}{_OWN}" if beside else asset


def asset_of(subject: str) -> str:
    """The asset whose entries make the results of a subject."""
    return subject.removesuffix(_OWN)
