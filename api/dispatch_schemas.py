"""Shapes of orders for vehicles. Instants are UTC in answers; what is handed in may be local."""

from datetime import datetime
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from analytics.fleet.orderchecks import DifferenceKind
from api.import_schemas import ImportProblem
from quotawatt.dispatch.order import Action, OrderState

Text = Annotated[str, Field(max_length=2000)]
Time = Annotated[
    str,
    Field(max_length=64, description="ISO 8601 with a time zone, or a date (local midnight)"),
]
_Code = Field(min_length=1, max_length=64)
_Odometer = Field(
    default=None, allow_inf_nan=False, description="km as the dashboard shows it; null: not told"
)


class OrderIn(BaseModel):
    """A use of a vehicle that is asked for."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "organisation": "ORG-2",
                "purpose": "Documents to the archive",
                "to_places": "City archive",
                "planned_start": "2024-01-15T09:00:00+08:00",
                "planned_end": "2024-01-15T12:00:00+08:00",
                "passengers": 2,
            }
        },
    )

    organisation: str = _Code
    purpose: Text
    to_places: Text = Field(description="Several are told apart by semicolons")
    planned_start: Time
    planned_end: Time
    from_place: str = Field(default="", max_length=256)
    passengers: int = Field(default=1, ge=1, le=99)
    planned_km: float | None = Field(default=None, ge=0, allow_inf_nan=False)


class NoteIn(BaseModel):
    """An action with what there is to say of it."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"example": {"note": "no car"}})

    note: Text = ""


class AssignIn(BaseModel):
    """Which vehicle and who drives."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"vehicle": "CAR-2", "driver": "DRV-2"}}
    )

    vehicle: str = _Code
    driver: str = _Code


class LeaveIn(BaseModel):
    """When it left."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"odometer_km": 52310.0}}
    )

    at: Time | None = Field(default=None, description="Null: now")
    odometer_km: float | None = _Odometer


class ReturnIn(LeaveIn):
    """When it came back, and what the way cost."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"odometer_km": 52346.0, "litres": 3.4, "cost_cny": 25.0}},
    )

    litres: float | None = Field(default=None, allow_inf_nan=False)
    cost_cny: float | None = Field(
        default=None, allow_inf_nan=False, description="Tolls and parking, without fuel"
    )


class RateIn(NoteIn):
    """How the driving was."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"example": {"rating": 5, "note": "on time"}}
    )

    rating: int = Field(ge=1, le=5)


class ForeignOrderIn(BaseModel):
    """An order as another system has it; the columns of a file. A column that is left out stays as kept."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "organisation": "ORG-2",
                "planned_start": "2024-01-10 09:00",
                "planned_end": "2024-01-10 12:00",
                "purpose": "Documents to the archive",
                "to_places": "City archive",
                "vehicle": "CAR-2",
                "decided_by": "Li",
            }
        },
    )

    organisation: str = _Code
    planned_start: str = Field(max_length=64, description="Without a zone local")
    planned_end: str = Field(max_length=64, description="Without a zone local")
    applicant: str = Field(default="", max_length=128)
    purpose: Text = ""
    from_place: str = Field(default="", max_length=256)
    to_places: Text = ""
    passengers: int = 1
    planned_km: float | None = Field(default=None, allow_inf_nan=False)
    vehicle: str = Field(default="", max_length=250, description="Code or plate")
    driver: str = Field(default="", max_length=250, description="Code, or a name of one alone")
    state: str = Field(default="", max_length=16, description="Empty: as what is told says")
    decided_by: str = Field(default="", max_length=128)
    left_at: str = Field(default="", max_length=64)
    odometer_out_km: float | None = Field(default=None, allow_inf_nan=False)
    returned_at: str = Field(default="", max_length=64)
    odometer_in_km: float | None = Field(default=None, allow_inf_nan=False)
    litres: float | None = Field(default=None, allow_inf_nan=False)
    cost_cny: float | None = Field(default=None, allow_inf_nan=False)
    rating: int | None = None
    rating_note: Text = ""


class OrderOut(BaseModel):
    """An order. Null means not told."""

    number: int
    state: OrderState
    actions: list[Action] = Field(description="What fits its state, whoever asks")
    organisation: str
    applicant: str
    purpose: str
    from_place: str
    to_places: str
    passengers: int
    planned_start: datetime
    planned_end: datetime
    planned_km: float | None
    vehicle: str | None
    plate: str = Field(description="Of the vehicle today; empty: none")
    driver: str | None
    driver_name: str = Field(description="Empty: none")
    requested_at: datetime
    decided_by: str | None = Field(description="Who approved, rejected or cancelled it last")
    decided_at: datetime | None
    decision_note: str
    assigned_by: str | None
    assigned_at: datetime | None
    left_at: datetime | None
    odometer_out_km: float | None
    returned_at: datetime | None
    odometer_in_km: float | None
    driven_km: float | None = Field(description="By the odometer")
    litres: float | None
    cost_cny: float | None
    rating: int | None
    rating_note: str
    source: str = Field(description="Empty: asked for here")
    source_number: str | None


class OrderPage(BaseModel):
    """A page of orders."""

    total: int
    items: list[OrderOut]


class RowImport(BaseModel):
    """What an import does, or would do. All of it is done or nothing."""

    applied: bool
    added: int
    corrected: int
    unchanged: int
    problems: list[ImportProblem] = Field(description="What stands against it, all at once")
    notes: list[str]


class MatchedTrip(BaseModel):
    """A trip; its distance is null where it is not known."""

    vehicle: str
    start: datetime
    end: datetime
    distance_km: float | None


class UseFactsOut(BaseModel):
    """The six facts that are made public of a use; null or empty: not known."""

    start: datetime | None
    end: datetime | None
    purpose: str
    places: str
    distance_km: float | None = Field(description="By the odometer, else by the trips")
    fuel_l: float | None
    electricity_kwh: float | None
    cost_cny: float | None = Field(description="Tolls and parking, without fuel")


class DifferenceOut(BaseModel):
    """What the order says, and what was found instead: km, an instant, or a place."""

    kind: DifferenceKind
    told: float | datetime | str | None
    found: float | datetime | str | None


class OrderMatchOut(BaseModel):
    """An order, its trips, and what is missing or differs."""

    order: OrderOut
    trips: list[MatchedTrip]
    trips_km: float | None = Field(description="Null where one is not known, or there are none")
    facts: UseFactsOut
    over: bool = Field(description="Whether it is back, or was to be back")
    missing: list[str] = Field(
        description="time, purpose, place, distance, energy, cost; driver, odometer, rating"
    )
    differences: list[DifferenceOut]


class OrderMatches(BaseModel):
    """Orders with their trips, and trips that no order is for."""

    items: list[OrderMatchOut]
    trips_without_order: list[MatchedTrip]
