"""The paper side of the demo's year: orders, drivers, fuel cards, seals, services and the duty list.

What the vehicles really did is in ``journeys``; here is what was ordered, billed and noted down of it. The
deeds of ``cast.DEEDS`` are where the two differ.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from math import ceil

import numpy as np

from quotawatt.calendars import is_working_day
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.fleet.cards import FuelCard
from simulators.cast import DEEDS, VEHICLES, register_rows
from simulators.demo import DEFAULT_SEED
from simulators.journeys import FILLING_S, Journeys, journeys_of
from simulators.outings import Deed, DeedKind
from simulators.timeline import DEMO_START, WORLD_START, ZONE, Timeline

SOURCE = "demo"
_QUARTER = timedelta(minutes=15)
_GRACE, _LATE = timedelta(minutes=3), timedelta(minutes=20)
"""A driver leaves up to so long before the quarter that is planned, and is back so long before its end."""
_PETROL_CNY_PER_L = 7.86
_HOLIDAY = (date(2023, 12, 30), date(2024, 1, 2))
_ON_DUTY = "VEH-OAB-1"
_SERVICED = date(2023, 1, 4)
_SERVICE_CNY = {True: 420.0, False: 780.0}

# Where the streets lead, by eighth of the compass from the north clockwise, and what for.
_PLACES = ("北园镇", "东湖街道", "高新区", "东南新城", "南山乡", "西河镇", "西站", "北工业园")
_PURPOSES = ("送取公文", "现场检查", "参加会议", "项目调研")
DRIVERS = {
    "VEH-OAB-1": ("DRV-OAB-1", "甲驾驶员"),
    "VEH-OAB-2": ("DRV-OAB-2", "乙驾驶员"),
    "VEH-DRC-1": ("DRV-DRC-1", "丙驾驶员"),
    "VEH-DRC-2": ("DRV-DRC-2", "丁驾驶员"),
    "VEH-EDU-1": ("DRV-EDU-1", "戊驾驶员"),
    "VEH-EDU-2": ("DRV-EDU-2", "己驾驶员"),
}
"""Code and name of who drives each vehicle; they are nobody."""


@dataclass(frozen=True)
class Sealed:
    """A vehicle put out of use over a holiday: from when, and what its odometer showed."""

    vehicle: str
    at: datetime
    odometer_km: float


@dataclass(frozen=True)
class OnDuty:
    """A vehicle that may drive on the local days ``[first_day, until)`` of a holiday."""

    vehicle: str
    first_day: date
    until: date
    reason: str


@dataclass(frozen=True)
class Serviced:
    """A vehicle's yearly maintenance: its local day, and what the odometer showed."""

    vehicle: str
    day: date
    odometer_km: float
    cost_cny: float


@dataclass(frozen=True)
class Paper:
    """What was noted down of the demo's vehicles, each by time."""

    orders: tuple[Order, ...]
    cards: tuple[FuelCard, ...]
    seals: tuple[Sealed, ...]
    duty: tuple[OnDuty, ...]
    services: tuple[Serviced, ...]


def demo_paper(seed: int = DEFAULT_SEED) -> Paper:
    """Orders, services and the duty list of the demo's year; of its last weeks fuel cards and seals, too."""
    timeline = Timeline(WORLD_START, date(DEMO_START.year + 1, 1, 1))
    orders: list[Order] = []
    cards: list[FuelCard] = []
    seals: list[Sealed] = []
    services: list[Serviced] = []
    for code, model in VEHICLES.items():
        journeys = journeys_of(model, timeline, seed, code, DEEDS)
        orders += _orders(code, journeys)
        cards += _cards(code, journeys)
        services.append(_service(code, journeys))
        if code != _ON_DUTY:
            at = datetime.combine(_HOLIDAY[0] - timedelta(days=1), time(19), tzinfo=ZONE)
            seals.append(Sealed(code, at.astimezone(UTC), _odometer_at(code, journeys, at)))
    duty = [OnDuty(_ON_DUTY, *_HOLIDAY, "元旦假期应急值班")]
    duty += [_on_duty(order) for order in orders if not is_working_day(_day(order.start))]
    return Paper(
        orders=tuple(sorted(orders, key=lambda order: order.end)),
        cards=tuple(sorted(cards, key=lambda card: card.time)),
        seals=tuple(seals),
        duty=tuple(duty),
        services=tuple(services),
    )


def _orders(code: str, journeys: Journeys) -> Iterator[Order]:
    """One for each outing, but those that nobody ordered."""
    legs = journeys.legs
    for number in np.unique(legs.outing):
        out, back = np.flatnonzero(legs.outing == number).tolist()
        left = _instant(legs.start_s[out])
        if _day(left) >= DEMO_START and not _unordered(code, left):
            returned = _instant(legs.start_s[back] + legs.drive_s[back])
            yield _order(code, journeys, (out, back), (left, returned))


def _on_duty(order: Order) -> OnDuty:
    """That a vehicle may drive on the day off of its order."""
    day = _day(order.start)
    return OnDuty(str(order.vehicle), day, day + timedelta(days=1), order.purpose)


def _day(instant: datetime) -> date:
    return instant.astimezone(ZONE).date()


def _order(
    code: str, journeys: Journeys, legs: tuple[int, int], span: tuple[datetime, datetime]
) -> Order:
    (out, back), (left, returned) = legs, span
    stays_out = left.astimezone(ZONE).date() != returned.astimezone(ZONE).date()
    if stays_out:  # The driver puts down that he was back in time.
        returned = left + timedelta(hours=2)
    km = float(journeys.legs.km[out])
    odometer = VEHICLES[code].start_odometer_km + float(journeys.legs.km[:out].sum())
    halt = timedelta(seconds=FILLING_S if journeys.fills[back] else 0)
    organisation = _organisation(code)
    asked = left - timedelta(hours=18)
    turn = float(journeys.legs.bearing[out]) / (2 * np.pi)
    return Order(
        number=0,
        state=OrderState.RETURNED,
        organisation=organisation,
        applicant=f"{organisation[4:]} 办公室",
        purpose=_PURPOSES[out // 2 % len(_PURPOSES)],
        from_place="单位",
        to_places=_PLACES[int(turn * 8 + 0.5) % 8],
        planned_start=_floor(left + _GRACE),
        planned_end=_ceil(returned + _LATE),
        requested_at=asked,
        planned_km=float(ceil(2 * km)),
        vehicle=code,
        driver=DRIVERS[code][0],
        decided_by="办公室主任",
        decided_at=asked + timedelta(hours=1),
        assigned_by="车队调度",
        assigned_at=asked + timedelta(hours=2),
        left_at=left,
        odometer_out_km=round(odometer),
        returned_at=returned + halt,
        odometer_in_km=round(odometer + 2 * km),
        source=SOURCE,
        source_number=f"{code[4:]}-{left.astimezone(ZONE):%m%d%H%M}",
    )


def _unordered(code: str, left: datetime) -> bool:
    """Whether an outing is a deed that no order stands behind."""
    kinds = (DeedKind.EVENING, DeedKind.HOLIDAY)
    return any(_is_of(deed, code, left) for deed in DEEDS if deed.kind in kinds)


def _is_of(deed: Deed, code: str, left: datetime) -> bool:
    local = left.astimezone(ZONE)
    afternoon = local.hour >= 12
    return deed.vehicle == code and deed.day == local.date() and deed.slot == int(afternoon)


def _cards(code: str, journeys: Journeys) -> Iterator[FuelCard]:
    """What the cards paid at the station of the vehicle's car park, and what a deed adds to it."""
    legs = journeys.legs
    for leg in np.flatnonzero(journeys.fills).tolist():
        at_s = int(legs.start_s[leg]) + journeys.filling_after_s(leg) + FILLING_S // 2
        litres = float(journeys.filled[legs.day[leg]])
        odometer = VEHICLES[code].start_odometer_km + float(legs.km[: leg + 1].sum()) - 1
        yield _card(code, _instant(at_s), litres, round(odometer))
    for deed in DEEDS:
        if deed.kind is DeedKind.CARD and deed.vehicle == code and deed.at is not None:
            yield _card(code, deed.at.astimezone(UTC), 38.0, None)


def _card(code: str, at: datetime, litres: float, odometer_km: float | None) -> FuelCard:
    litres = round(litres, 2)
    return FuelCard(
        vehicle=code,
        time=at,
        card=f"CARD-{code[4:]}",
        fuel="petrol",
        litres=litres,
        cost_cny=round(litres * _PETROL_CNY_PER_L, 2),
        odometer_km=odometer_km,
        station=station_of(code),
    )


def _service(code: str, journeys: Journeys) -> Serviced:
    at = datetime.combine(_SERVICED, time(8), tzinfo=ZONE)
    odometer_km = round(_odometer_at(code, journeys, at))
    return Serviced(code, _SERVICED, odometer_km, _SERVICE_CNY[VEHICLES[code].electric])


def station_of(code: str) -> str:
    """Geofence of the filling station on the street of a vehicle's car park."""
    homes = {row["code"]: row["home_area"] for row in register_rows("vehicles")}
    return homes[code].replace("GEO-PARK", "GEO-FUEL")


def _organisation(code: str) -> str:
    owners = {row["code"]: row["organisation"] for row in register_rows("vehicles")}
    return owners[code]


def _odometer_at(code: str, journeys: Journeys, at: datetime) -> float:
    before = journeys.legs.start_s < at.timestamp()
    return round(VEHICLES[code].start_odometer_km + float(journeys.legs.km[before].sum()), 1)


def _instant(time_s: float) -> datetime:
    return datetime.fromtimestamp(int(time_s), UTC)


def _floor(instant: datetime) -> datetime:
    return instant - (instant - datetime.min.replace(tzinfo=UTC)) % _QUARTER


def _ceil(instant: datetime) -> datetime:
    return _floor(instant + _QUARTER - timedelta(microseconds=1))
