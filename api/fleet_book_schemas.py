"""Shapes of the vehicles' books: drivers, the duty list, seals, services and fuel-card rows."""

from datetime import date, datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from quotawatt.dispatch.records import ServiceKind

_Vehicle = Field(min_length=1, max_length=64, examples=["CAR-2"])
_Odometer = Field(
    default=None,
    ge=0,
    le=5e6,
    allow_inf_nan=False,
    description="km as the dashboard shows it; null: not told",
)
_Cost = Field(default=None, ge=0, le=1e8, allow_inf_nan=False, description="Null: not known")
Note = Annotated[str, Field(max_length=2000)]
Time = Annotated[
    str, Field(max_length=64, description="ISO 8601 with a time zone, or a date (local midnight)")
]


class DriverIn(BaseModel):
    """Who drives, by the code in the address."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"name": "Zhao", "organisation": "ORG-2"}}
    )

    name: str = Field(min_length=1, max_length=128)
    organisation: str = Field(min_length=1, max_length=64)
    driver_pool: str = Field(default="", max_length=64)
    account: str = Field(default="", max_length=128, description="Of who drives by phone")
    active: bool = True


class DriverOut(DriverIn):
    """A driver."""

    code: str


class DriverList(BaseModel):
    """Drivers by code."""

    items: list[DriverOut]


class DutyIn(BaseModel):
    """A vehicle that may drive on days on which the others stand sealed."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "vehicle": "CAR-2",
                "first_day": "2024-02-10",
                "until": "2024-02-18",
                "reason": "duty over the holiday",
            }
        },
    )

    vehicle: str = _Vehicle
    first_day: date
    until: date = Field(description="Not included")
    reason: Note


class DutyOut(DutyIn):
    """An entry of the duty list."""

    id: int
    approved_by: str
    approved_at: datetime
    withdrawn_by: str | None = Field(description="Null: it stands")
    withdrawn_at: datetime | None


class DutyList(BaseModel):
    """The duty list by day."""

    items: list[DutyOut]


class SealIn(BaseModel):
    """A vehicle is put out of use (封存)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"vehicle": "CAR-2", "odometer_km": 52310.0}}
    )

    vehicle: str = _Vehicle
    at: Time | None = Field(default=None, description="Null: now")
    odometer_km: float | None = _Odometer
    note: Note = ""


class UnsealIn(BaseModel):
    """A vehicle is put into use again (启封)."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"odometer_km": 52310.0}}
    )

    at: Time | None = Field(default=None, description="Null: now")
    odometer_km: float | None = _Odometer


class SealOut(BaseModel):
    """A seal; null: not told, or not yet."""

    id: int
    vehicle: str
    sealed_at: datetime
    sealed_by: str
    odometer_at_seal_km: float | None
    unsealed_at: datetime | None
    unsealed_by: str | None
    odometer_at_unseal_km: float | None
    note: str


class SealList(BaseModel):
    """Seals by time."""

    items: list[SealOut]


class ServiceIn(BaseModel):
    """What was done to a vehicle or paid for it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "vehicle": "CAR-2",
                "day": "2024-01-10",
                "kind": "maintenance",
                "odometer_km": 52000.0,
                "cost_cny": 680.0,
            }
        },
    )

    vehicle: str = _Vehicle
    day: date = Field(description="Local")
    kind: ServiceKind
    odometer_km: float | None = _Odometer
    cost_cny: float | None = _Cost
    provider: str = Field(default="", max_length=256)
    note: Note = ""


class ServiceOut(ServiceIn):
    """A service as it is kept."""

    id: int
    entered_by: str
    entered_at: datetime
    withdrawn_by: str | None = Field(description="Null: it stands")
    withdrawn_at: datetime | None


class ServiceList(BaseModel):
    """Services by day."""

    items: list[ServiceOut]


class CardIn(BaseModel):
    """A row of a fuel card's statement, as a file has it."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "vehicle": "CAR-2",
                "time": "2024-01-10 10:12",
                "litres": 42.3,
                "card": "6688",
                "cost_cny": 338.4,
            }
        },
    )

    vehicle: str = Field(min_length=1, max_length=250, description="Code or plate")
    time: str = Field(max_length=64, description="Without a zone local")
    litres: float = Field(allow_inf_nan=False)
    card: str = Field(default="", max_length=64)
    fuel: str = Field(default="", max_length=16, description="Empty: that of the vehicle")
    cost_cny: float | None = Field(default=None, allow_inf_nan=False)
    odometer_km: float | None = Field(default=None, allow_inf_nan=False)
    station: str = Field(default="", max_length=256, description="Code of a geofence, or a name")


class CardOut(BaseModel):
    """A row of a fuel card's statement as it is kept; null: not told."""

    id: int
    vehicle: str
    time: datetime
    card: str
    fuel: str
    litres: float
    cost_cny: float | None
    odometer_km: float | None
    station: str
    entered_by: str
    entered_at: datetime


class CardPage(BaseModel):
    """A page of fuel-card rows, the latest first."""

    total: int
    items: list[CardOut]


class TakeBackIn(BaseModel):
    """Why something does not count."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"note": "mistyped"}})

    note: Note = ""
