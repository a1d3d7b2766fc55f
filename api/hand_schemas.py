"""Shapes of what goes in and out of entries by hand."""

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from api.import_schemas import ImportProblem

Kind = Literal["reading", "bill", "purchase"]
Confirm = Literal["", "reset", "rollover", "high"]

_Code = Field(min_length=1, max_length=64, examples=["MTR-1"])
_Quantity = Field(
    default="", max_length=64, description="Empty: the main one of the meter", examples=["water_m3"]
)
_Day = Field(max_length=32, description="Local day, included", examples=["2024-05-01"])
_Cost = Field(default=None, allow_inf_nan=False, description="With taxes; null: not known")
_Confirm: Any = Field(
    default="", description="That a register that fell, or a use far above the usual, is no mistake"
)
_Note = Field(default="", max_length=2000)


class ReadingIn(BaseModel):
    """What a meter showed at a time."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "reading",
                "asset": "MTR-1",
                "time": "2024-05-31 09:00",
                "value": 12345.6,
            }
        },
    )

    kind: Literal["reading"]
    asset: str = _Code
    time: str = Field(
        max_length=64,
        description="With a zone, or local at the asset's place; a date: its midnight",
    )
    value: float = Field(
        allow_inf_nan=False, description="As the register shows it, before the multiplier"
    )
    quantity: str = _Quantity
    confirm: Confirm = _Confirm
    note: str = _Note


class BillIn(BaseModel):
    """A bill; of heat by area `gj_per_m2` may stand in the place of `amount`."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "bill",
                "asset": "MTR-1",
                "first_day": "2024-05-01",
                "last_day": "2024-05-31",
                "amount": 1240.0,
                "cost_cny": 3596.0,
            }
        },
    )

    kind: Literal["bill"]
    asset: str = _Code
    first_day: str = _Day
    last_day: str = _Day
    quantity: str = _Quantity
    amount: float | None = Field(
        default=None, allow_inf_nan=False, description="In the quantity's unit"
    )
    gj_per_m2: float | None = Field(
        default=None, allow_inf_nan=False, description="Times the heated area of the building"
    )
    cost_cny: float | None = _Cost
    confirm: Confirm = _Confirm
    note: str = _Note


class PurchaseIn(BaseModel):
    """Fuel bought: opening stock + bought - closing stock was used."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "kind": "purchase",
                "asset": "ORG-1",
                "quantity": "coal_kg",
                "first_day": "2024-05-01",
                "last_day": "2024-05-31",
                "opening": 1200.0,
                "bought": 5000.0,
                "closing": 900.0,
            }
        },
    )

    kind: Literal["purchase"]
    asset: str = _Code
    quantity: str = Field(min_length=1, max_length=64, examples=["coal_kg"])
    first_day: str = _Day
    last_day: str = _Day
    bought: float = Field(allow_inf_nan=False)
    opening: float = Field(default=0.0, allow_inf_nan=False, description="Stock at the beginning")
    closing: float = Field(default=0.0, allow_inf_nan=False, description="Stock at the end")
    cost_cny: float | None = _Cost
    confirm: Confirm = _Confirm
    note: str = _Note


EntryIn = Annotated[ReadingIn | BillIn | PurchaseIn, Field(discriminator="kind")]


class WithdrawalIn(BaseModel):
    """Why an entry does not count."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"note": "read off the neighbour's meter"}}
    )

    note: str = _Note


class EntryOut(BaseModel):
    """One revision of an entry. Of bills and purchases `[start, end)` are the days from midnight on."""

    number: int
    revision: int
    kind: Kind
    asset: str
    name: dict[str, str] = Field(description="The asset's name by language; empty: it is gone")
    organisation: str | None
    quantity: str
    unit: str
    start: datetime
    end: datetime
    first_day: date = Field(description="Local day at the asset's place; of a reading its day")
    last_day: date = Field(description="Included")
    value: float | None
    amount: float | None = Field(description="Of a purchase what was used")
    opening: float | None
    bought: float | None
    closing: float | None
    gj_per_m2: float | None
    cost_cny: float | None
    confirm: str
    note: str
    document: str = Field(description="SHA-256 of the photograph or scan; empty: none")
    entered_by: str
    entered_at: datetime
    withdrawn: bool
    written: bool = Field(description="False while a reading is on its way to the series store")


class EntryPage(BaseModel):
    """A page of entries, latest first."""

    total: int
    items: list[EntryOut]


class EntryMade(EntryOut):
    """An entry with what to know of it."""

    notes: list[str] = Field(description="In the language asked for; no mistakes")


class EntryDetail(EntryOut):
    """An entry with all its revisions, the first one first."""

    revisions: list[EntryOut]


class HandImport(BaseModel):
    """What an import does, or would do. All of it is done or nothing."""

    applied: bool
    added: int
    corrected: int
    unchanged: int
    problems: list[ImportProblem] = Field(description="What stands against it, all at once")
    notes: list[str]


class Stand(BaseModel):
    """What a register showed."""

    time: datetime
    value: float


class LedgerLine(BaseModel):
    """A point's month in the ledger (台账)."""

    asset: str
    name: dict[str, str]
    organisation: str | None
    quantity: str
    unit: str
    source: str = Field(
        description="telemetry, reading, bill, purchase, computed (of others) or missing",
        examples=["reading"],
    )
    opening_reading: Stand | None
    closing_reading: Stand | None
    multiplier: float | None
    use_by_readings: float | None = Field(description="Between the two readings")
    use: float | None = Field(description="Of the calendar month")
    coverage: float = Field(description="Share of the month's days that are known, 0 to 1")
    estimated: float | None = Field(description="Share of the use that is estimated, 0 to 1")
    billed: float | None = Field(description="By the bills that end within the month")
    opening_stock: float | None
    bought: float | None
    closing_stock: float | None
    cost_cny: float | None = Field(description="Of what ends within the month")
    entries: list[int] = Field(description="Numbers of the entries that it rests on")
    entered_by: list[str]
    previous_month: float | None = Field(description="Use of the month before")
    last_year: float | None = Field(description="Use of the same month of the year before")


class MonthLedger(BaseModel):
    """The ledger of a month."""

    month: str = Field(examples=["2024-05"])
    items: list[LedgerLine]
