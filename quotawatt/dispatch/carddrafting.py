"""From the cells of a row of a fuel card's statement to the row as it is kept."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, NamedTuple

from quotawatt.dispatch import rules
from quotawatt.dispatch.checks import vehicle_problem, year_problems
from quotawatt.dispatch.drafting import vehicle_said
from quotawatt.fleet.cards import FuelCard
from quotawatt.hand.setting import Setting
from quotawatt.register.problems import Problem, Where
from quotawatt.register.rows import Row

CARD_FORM = "fuel_card_rows"
_FUELS = ("petrol", "diesel")
_MOST = {"litres": 2_000.0, "cost_cny": 1e6, "odometer_km": 5e6}
_REQUIRED = ("vehicle", "time", "litres")


class CardDraft(NamedTuple):
    """A row that somebody wants kept, and where it stands."""

    where: Where
    card: FuelCard


def card_drafted(
    row: Row, setting: Setting, plates: Mapping[str, str]
) -> CardDraft | list[Problem]:
    """The row as it is kept, or what keeps it from that; nothing where a cell could not be read.

    plates
        As ``plates_of`` gives them.
    """
    cells = row.cells
    if any(name not in cells for name in _REQUIRED):
        return []
    if problems := year_problems(row, ["time"]):
        return problems
    vehicle = vehicle_said(cells["vehicle"], plates)
    time = _instant(cells["time"], vehicle, setting)
    rule = vehicle_problem(vehicle, time, setting)
    if rule is not None:
        return [Problem(row.where.at("vehicle"), rule, cells["vehicle"])]
    problems = [*_figures(row), *_time(row, time, vehicle, setting)]
    fuel = cells.get("fuel") or setting.register.vehicles[vehicle].energy
    if fuel not in _FUELS:
        rule = rules.FUEL if cells.get("fuel") else rules.FUEL_UNKNOWN
        problems.append(Problem(row.where.at("fuel"), rule, cells.get("fuel")))
    if problems:
        return problems
    return CardDraft(
        row.where,
        FuelCard(
            vehicle=vehicle,
            time=time,
            card=cells.get("card", ""),
            fuel=fuel,
            litres=cells["litres"],
            cost_cny=cells.get("cost_cny"),
            odometer_km=cells.get("odometer_km"),
            station=cells.get("station", ""),
        ),
    )


def _instant(told: datetime, vehicle: str, setting: Setting) -> datetime:
    zone = setting.zone_of(vehicle)
    return (told if told.tzinfo is not None else told.replace(tzinfo=zone)).astimezone(UTC)


def _figures(row: Row) -> list[Problem]:
    problems = []
    for column, most in _MOST.items():
        value: Any = row.cells.get(column)
        if value is None:
            continue
        if column == "litres" and not 0 < value <= most:
            problems.append(Problem(row.where.at(column), rules.ABOVE.of(high=most), value))
        elif not 0 <= value <= most:
            problems.append(Problem(row.where.at(column), rules.RANGE.of(low=0, high=most), value))
    return problems


def _time(row: Row, time: datetime, vehicle: str, setting: Setting) -> list[Problem]:
    zone, where = setting.zone_of(vehicle), row.where.at("time")
    shown = f"{time.astimezone(zone):%Y-%m-%d %H:%M}"
    if time > setting.now:
        now = f"{setting.now.astimezone(zone):%Y-%m-%d %H:%M}"
        return [Problem(where, rules.FUTURE.of(now=now), shown)]
    return []
