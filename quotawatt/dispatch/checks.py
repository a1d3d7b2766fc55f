"""What must hold of an order by itself, and beside the others: problems with the column that they are in."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection

from quotawatt.dispatch import rules
from quotawatt.dispatch.book import occupying
from quotawatt.dispatch.order import Order, OrderState
from quotawatt.errors import RegisterError
from quotawatt.hand.setting import Setting
from quotawatt.register.headings import word_for
from quotawatt.register.model import Vehicle
from quotawatt.register.problems import Problem, Rule, Where
from quotawatt.register.rows import Row
from quotawatt.settings import Language
from quotawatt.spans import local_date

FORM = "dispatch_orders"
LONGEST = timedelta(days=31)
FARTHEST = timedelta(days=366)
FIRST_YEAR, LAST_YEAR = 2000, 2199
"""Years in which orders and card rows of a file may lie: vehicles drive, and a calendar can be counted on."""

_LANGUAGES: tuple[Language, Language] = ("en", "zh")
_RANGES = {
    "passengers": (1.0, 99.0),
    "planned_km": (0.0, 20_000.0),
    "odometer_out_km": (0.0, 5e6),
    "odometer_in_km": (0.0, 5e6),
    "litres": (0.0, 2_000.0),
    "cost_cny": (0.0, 1e6),
    "rating": (1.0, 5.0),
}
_NEEDS = {
    OrderState.ASSIGNED: ("vehicle",),
    OrderState.UNDER_WAY: ("vehicle", "left_at"),
    OrderState.RETURNED: ("vehicle", "left_at", "returned_at"),
    OrderState.RATED: ("vehicle", "left_at", "returned_at", "rating"),
}


def zone_of(order: Order, setting: Setting) -> ZoneInfo:
    """The zone of an order's local times: that of its vehicle, else the installation's."""
    return setting.zone_of(order.vehicle) if order.vehicle else setting.zone


def year_problems(row: Row, names: Iterable[str]) -> list[Problem]:
    """Times of a row, as they are written, of years in which nothing was driven."""
    rule = rules.YEARS.of(first=FIRST_YEAR, last=LAST_YEAR)
    return [
        Problem(row.where.at(name), rule, told.isoformat(" ", "minutes"))
        for name in names
        if (told := row.cells.get(name)) is not None and not FIRST_YEAR <= told.year <= LAST_YEAR
    ]


def order_problems(order: Order, where: Where, setting: Setting) -> list[Problem]:
    """All that is wrong with an order by itself; whether its vehicle and driver exist is not asked."""
    return [*_ranges(order, where), *_times(order, where, setting), *_lacks(order, where)]


def vehicle_problem(code: str, at: datetime, setting: Setting) -> Rule | None:
    """What forbids to give the vehicle to an order of that instant, by that day's register; None: nothing."""
    if not setting.sees(code):
        return rules.VEHICLE
    day = local_date(at, setting.zone_of(code))
    vehicle = setting.register.as_of(day).assets.get(code)
    if not isinstance(vehicle, Vehicle):
        return rules.VEHICLE
    if vehicle.tracking_exempt:
        return rules.EXEMPT
    return None if vehicle.status == "in_use" else rules.NOT_HELD.of(day=day)


def taken_problems(conn: Connection, order: Order, where: Where, setting: Setting) -> list[Problem]:
    """Who else has the order's vehicle or driver in its time."""
    end = order.end_by(setting.now)
    return [
        Problem(where.at(column), taken(other, setting), code)
        for column, code in (("vehicle", order.vehicle), ("driver", order.driver))
        if code
        for other in occupying(conn, order.start, end, **{column: code})
        if other.number != order.number
        if other.start < end and other.end_by(setting.now) > order.start
    ]


def taken(other: Order, setting: Setting) -> Rule:
    """That another order has the vehicle or driver, and when."""
    zone = zone_of(other, setting)
    start, end = _local(other.start, zone), _local(other.end_by(setting.now), zone)
    return rules.TAKEN.of(number=other.number, start=start, end=end)


def state_words(state: OrderState) -> tuple[str, str]:
    """What a state is called, in English and Chinese."""
    english, chinese = (word_for(FORM, "state", state.value, lang) for lang in _LANGUAGES)
    return english, chinese


def require(problems: Collection[Problem]) -> None:
    """Raise RegisterError with all that is wrong; nothing where nothing is."""
    if problems:
        raise RegisterError(list(problems))


def _ranges(order: Order, where: Where) -> Iterator[Problem]:
    for column, (low, high) in _RANGES.items():
        value = getattr(order, column)
        if value is not None and not low <= value <= high:
            yield Problem(where.at(column), rules.RANGE.of(low=low, high=high), value)
    out, back = order.odometer_out_km, order.odometer_in_km
    if out is not None and back is not None and back < out:
        yield Problem(where.at("odometer_in_km"), rules.ODOMETER_FELL.of(out=out), back)


def _times(order: Order, where: Where, setting: Setting) -> Iterator[Problem]:
    zone, now = zone_of(order, setting), setting.now
    start, end = order.planned_start, order.planned_end
    if start > now + FARTHEST:
        rule = rules.TOO_FAR.of(days=FARTHEST.days)
        yield Problem(where.at("planned_start"), rule, _local(start, zone))
    if end <= start:
        rule = rules.AFTER.of(start=_local(start, zone))
        yield Problem(where.at("planned_end"), rule, _local(end, zone))
    if end - start > LONGEST:
        rule = rules.TOO_LONG.of(days=LONGEST.days)
        yield Problem(where.at("planned_end"), rule, _local(end, zone))
    for column in ("left_at", "returned_at"):
        told: datetime | None = getattr(order, column)
        if told is not None and told > now:
            rule = rules.FUTURE.of(now=_local(now, zone))
            yield Problem(where.at(column), rule, _local(told, zone))
    left, back = order.left_at, order.returned_at
    if left is not None and back is not None and back < left:
        rule = rules.NOT_BEFORE.of(start=_local(left, zone))
        yield Problem(where.at("returned_at"), rule, _local(back, zone))


def _lacks(order: Order, where: Where) -> Iterator[Problem]:
    for column in _NEEDS.get(order.state, ()):
        if getattr(order, column) in (None, ""):
            yield Problem(where.at(column), rules.STATE_LACKS.of(state=state_words(order.state)))


def _local(instant: datetime, zone: ZoneInfo) -> str:
    return f"{instant.astimezone(zone):%Y-%m-%d %H:%M}"
