"""Shapes of the accounts of vehicles, their use by pool, the public facts of trips and drivers' scores."""

from datetime import date, datetime

from pydantic import BaseModel, Field

from api.fleet_schemas import MaskedVehicle


class SumOut(BaseModel):
    """A sum and what it rests on; null: nothing is known."""

    value: float | None
    by: list[str] = Field(
        description="counter, trips, cards, price, services, orders", examples=[["counter"]]
    )


class UseOut(BaseModel):
    """What it used of one energy; ``known_km`` are those that ``per_100km`` rests on."""

    amount: SumOut
    per_100km: float | None = Field(examples=[8.4])
    known_km: float
    quota_per_100km: float | None
    over_quota_pct: float | None


class AccountOut(BaseModel):
    """A vehicle's account of the local days ``[first, until)``. Null is not known; masked: totals alone."""

    vehicle: str = Field(examples=["CAR-1"])
    plate: str
    organisation: str
    pool: str
    kind: str
    energy: str
    masked: bool
    first: date
    until: date
    km: SumOut
    trips_km: float | None
    unassigned_km: float | None = Field(description="Of the odometer, outside all trips")
    gnss_km: float | None
    trips: int | None
    days: int | None
    hours: float | None
    working_days: int | None
    working_days_used: int | None
    fuel_l: UseOut
    electricity_kwh: UseOut
    known_share: float | None = Field(description="Of the kilometres, that per_100km rests on")
    idling_h: float | None
    idling_l: float | None
    costs_cny: dict[str, SumOut] = Field(examples=[{"fuel": {"value": 612.5, "by": ["cards"]}}])
    cost_cny: float | None
    cost_per_km: float | None
    kgco2: float | None
    kgce: float | None
    open_deviations: int | None
    drivers: list[str] | None


class Accounts(BaseModel):
    """The accounts of one month, or of a year."""

    items: list[AccountOut]


class VehicleAccount(BaseModel):
    """A vehicle's year and its months; ``factors``: what carbon and coal were reckoned by."""

    year: AccountOut
    months: list[AccountOut]
    factors: list[str]


class PublicUseOut(BaseModel):
    """A use: 用车时间、事由、地点、里程、油耗、费用. ``missing`` names what nobody told."""

    vehicle: str
    plate: str
    organisation: str
    order: int | None
    start: datetime | None
    end: datetime | None
    purpose: str = Field(examples=["档案移交"])
    places: str
    distance_km: float | None
    fuel_l: float | None
    electricity_kwh: float | None
    cost_cny: float | None
    missing: list[str] = Field(examples=[["cost"]])


class PublicUses(BaseModel):
    """The uses of a span, by start."""

    items: list[PublicUseOut]
    masked: list[MaskedVehicle]


class KindUseOut(BaseModel):
    """The vehicles of a pool that are of one kind; null: not known."""

    kind: str = Field(examples=["sedan"])
    vehicles: int
    km: float | None
    l_per_100km: float | None
    kwh_per_100km: float | None


class PoolUseOut(BaseModel):
    """A pool's use over a time; shares are 0..1, null: not known."""

    pool: str = Field(examples=["POOL-1"])
    vehicles: int
    masked: int
    used_share: float | None
    trips: int
    km_per_vehicle: float | None
    hours_per_vehicle: float | None
    empty_km: float
    carried_km: float
    unknown_km: float
    empty_share: float | None
    most_at_once: int
    most_at: datetime | None
    most_by_hour: list[int] = Field(description="By local hour of the day, 0 to 23")
    l_per_100km: float | None = Field(description="Litres by kilometres, of those that burn fuel")
    kwh_per_100km: float | None
    kinds: list[KindUseOut]


class Spare(BaseModel):
    """A vehicle that could go."""

    vehicle: str
    days: int
    km: float


class SurplusOut(BaseModel):
    """What a pool needed of a kind. Seats are not in the register, so they are not asked."""

    pool: str
    kind: str
    held: int
    needed_at_once: int
    needed_by_day: int
    day: date | None
    could_go: list[Spare]


class Utilisation(BaseModel):
    """Pools over the local days ``[first, until)``."""

    first: date
    until: date
    items: list[PoolUseOut]


class Surpluses(BaseModel):
    """Which vehicles could go, by pool and kind; of fewer than ``least_days`` nobody is named."""

    first: date
    until: date
    least_days: int
    items: list[SurplusOut]


class DriverPartOut(BaseModel):
    """One part: figure and points (null: not known), and the numbers behind it."""

    basis: str
    title: dict[str, str]
    weight: float
    figure: float | None
    points: float | None
    evidence: dict[str, float]


class DriverScoreOut(BaseModel):
    """A driver's score; ``known_pct`` is how much weight is known."""

    driver: str
    name: str
    organisation: str
    driver_pool: str
    scheme: str
    points: float | None
    known_pct: float
    parts: list[DriverPartOut]


class DriverScores(BaseModel):
    """The scores over the local days ``[first, until)``."""

    first: date
    until: date
    items: list[DriverScoreOut]
