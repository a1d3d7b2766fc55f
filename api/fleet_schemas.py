"""Shapes of trips, events, tracks and what needs an explanation."""

from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

DeviationState = Literal["open", "explained", "accepted", "rejected", "retracted"]
EventName = Literal["idling", "refuelling", "fuel_drop", "charging"]


class PlaceOut(BaseModel):
    """Where something was, WGS84."""

    latitude_deg: float
    longitude_deg: float


class TripOut(BaseModel):
    """A trip. Places are null for who may not see where vehicles were; other nulls are not known."""

    vehicle: str
    plate: str
    organisation: str
    start: datetime
    end: datetime
    start_after: datetime | None = Field(description="The departure was not seen: after this")
    end_before: datetime | None = Field(description="The arrival was not seen: before this")
    distance_km: float | None
    distance_by: str
    gnss_km: float | None = Field(description="Along the filtered positions")
    odometer_start_km: float | None
    odometer_end_km: float | None
    start_place: PlaceOut | None
    end_place: PlaceOut | None
    max_speed_kmh: float | None
    moving_s: float
    idling_s: float
    fuel_l: float | None
    fuel_by: str
    l_per_100km: float | None
    idling_fuel_l: float | None
    electricity_kwh: float | None
    electricity_by: str
    kwh_per_100km: float | None
    coverage: float = Field(description="Share of the trip's time without a gap in the messages")
    messages: int
    open: bool = Field(description="Still under way at the last message")


class MaskedVehicle(BaseModel):
    """A vehicle that must not be followed: no plate, no time, no place."""

    vehicle: str
    plate: str
    organisation: str
    tracked: bool


class TripPage(BaseModel):
    """A page of trips, the latest first, and the vehicles asked for that are exempt from tracking."""

    total: int
    items: list[TripOut]
    masked: list[MaskedVehicle]


class EventOut(BaseModel):
    """What happened to a vehicle besides driving."""

    vehicle: str
    plate: str
    organisation: str
    kind: EventName
    start: datetime
    end: datetime
    amount: float | None = Field(description="Litres, or kWh of charging")
    before: float | None = Field(description="Level or state of charge in %")
    after: float | None
    place: PlaceOut | None
    odometer_km: float | None
    detail: dict[str, Any]


class EventPage(BaseModel):
    """A page of events, the latest first."""

    total: int
    items: list[EventOut]
    masked: list[MaskedVehicle]


class ChargingOut(BaseModel):
    """A charging session as the vehicle saw it, beside what a building's charger counted."""

    vehicle: str
    plate: str
    organisation: str
    start: datetime
    end: datetime
    vehicle_kwh: float | None = Field(description="Into the battery")
    charger: str | None = Field(description="Code of the charger; null: no charger of ours saw it")
    charger_kwh: float | None = Field(description="What its meter counted")
    loss_kwh: float | None
    loss_share_pct: float | None = Field(description="Of what the charger gave")
    charged_at: Literal["own", "elsewhere", "unknown"] | None
    before: float | None = Field(description="State of charge in %")
    after: float | None
    detail: dict[str, Any]


class ChargingPage(BaseModel):
    """A page of charging sessions, the latest first, and what they come to."""

    total: int
    vehicle_kwh: float
    charger_kwh: float
    elsewhere_kwh: float = Field(
        description="Into batteries, where it is known that it was elsewhere"
    )
    items: list[ChargingOut]


class DeviationOut(BaseModel):
    """What a rule for vehicles found, with its clause and what people said of it."""

    number: int
    rule: str
    title: dict[str, str] = Field(description="By language; empty: the rule is gone")
    cites: list[dict[str, Any]] = Field(description="The clause it departs from")
    vehicle: str
    plate: str
    organisation: str
    start: datetime
    end: datetime
    trip: datetime | None = Field(description="Start of the trip it was on; null: at rest")
    value: float | None
    limit: float | None
    unit: str
    detail: dict[str, Any]
    state: DeviationState
    found_at: datetime
    explanation: str
    explained_by: str | None
    explained_at: datetime | None
    decided_by: str | None
    decided_at: datetime | None
    decision_note: str


class DeviationPage(BaseModel):
    """A page of deviations, the latest first."""

    total: int
    items: list[DeviationOut]


class ExplainIn(BaseModel):
    """Why it was."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"text": "flood control duty, called out at 21:40"}},
    )

    text: str = Field(min_length=1, max_length=4000)


class DecideIn(BaseModel):
    """Whether the explanation is accepted; to reject takes a comment."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"accept": False, "comment": "who called, by which order?"}},
    )

    accept: bool
    comment: str = Field(default="", max_length=4000)


class TripDetail(TripOut):
    """A trip with what happened on it and what needs an explanation."""

    events: list[EventOut]
    deviations: list[DeviationOut]


class TrackOut(BaseModel):
    """One trip's way as GeoJSON (RFC 7946): a LineString, its start and end, and its events."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "FeatureCollection",
                "datum": "wgs84",
                "features": [
                    {
                        "type": "Feature",
                        "geometry": {
                            "type": "LineString",
                            "coordinates": [[116.3912, 39.9061], [116.3974, 39.9087]],
                        },
                        "properties": {
                            "what": "track",
                            "times": ["2026-03-02T01:00:00Z", "2026-03-02T01:01:00Z"],
                            "speeds_kmh": [0.0, 31.5],
                        },
                    }
                ],
            }
        }
    )

    type: Literal["FeatureCollection"]
    datum: Literal["wgs84", "gcj02"]
    features: list[dict[str, Any]]


class PositionOut(BaseModel):
    """Where a vehicle was told to be last."""

    vehicle: str
    plate: str
    organisation: str
    at: datetime
    latitude_deg: float
    longitude_deg: float
    speed_kmh: float | None


class PositionList(BaseModel):
    """The last known positions of vehicles, and those that are exempt from tracking."""

    datum: Literal["wgs84", "gcj02"]
    items: list[PositionOut]
    masked: list[MaskedVehicle]
