"""Trips, events and what needs an explanation, as tables for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from quotawatt.app.console import (
    NONE,
    Clauses,
    Column,
    number,
    percent,
    printable,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_fleet import fleet_text
from quotawatt.fleet.items import per_100km

Row = Mapping[str, Any]

_UNITS = {"idling": "L", "refuelling": "L", "fuel_drop": "L", "charging": "kWh"}


def line(key: str, language: str, **values: object) -> None:
    """Print a text of the fleet as it is."""
    words = printable(fleet_text(key, language, **values))
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def print_trips(rows: Sequence[Row], zone: tzinfo, language: str, *, of_many: bool = True) -> None:
    """Trips in the order given, and what they add up to; ``of_many``: whose each is."""
    if not rows:
        line("trips_none", language)
        return
    columns = [
        *([Column("vehicle", lambda row: str(row["vehicle"]), no_wrap=True)] if of_many else []),
        Column("start", lambda row: _left(row, zone), no_wrap=True),
        Column("end", lambda row: _ended(row, zone, language), no_wrap=True),
        Column("duration", lambda row: _length(_seconds(row)), True, True),
        Column("km", lambda row: number(row["distance_km"], 2), True, True),
        Column("by", lambda row: fleet_text(f"by_{row['distance_by']}", language)),
        Column("max_speed", lambda row: number(row["max_speed_kmh"]), True, True, 100),
        Column("idling", lambda row: _length(row["idling_s"]), True, True),
        Column("energy", _energy, True, True),
        Column("energy_by", lambda row: _energy_by(row, language), least=110),
        Column("per_100km", _rate, True, True),
        Column("coverage", lambda row: percent(100 * row["coverage"]), True, True, 120),
    ]
    _print(rows, columns, "trips_title", language)
    if any(row["start_after"] or row["end_before"] for row in rows):
        line("unseen", language)
    line("trips_total", language, **_totals(rows, language))


def print_events(rows: Sequence[Row], zone: tzinfo, language: str, *, of_many: bool = True) -> None:
    """Idling, refuelling, drops of fuel and charging, in the order given."""
    if not rows:
        line("events_none", language)
        return
    columns = [
        *([Column("vehicle", lambda row: str(row["vehicle"]), no_wrap=True)] if of_many else []),
        Column("event", lambda row: fleet_text(f"kind_{row['kind']}", language)),
        Column("start", lambda row: _at(row["start"], zone), no_wrap=True),
        Column("end", lambda row: _at(row["end"], zone), no_wrap=True),
        Column("duration", lambda row: _length(_seconds(row)), True, True),
        Column("amount", _amount, True, True),
        Column("level", _level, True, True),
        Column("odometer", lambda row: number(row["odometer_km"], 1), True, True),
        Column("place", _place, no_wrap=True, least=120),
    ]
    _print(rows, columns, "events_title", language)


def print_deviations(rows: Sequence[Row], zone: tzinfo, language: str) -> None:
    """What needs an explanation, each with the clause that it departs from."""
    if not rows:
        line("deviations_none", language)
        return
    clauses = Clauses(language)
    columns = [
        Column("number", lambda row: str(row["number"]), True, True),
        Column("vehicle", lambda row: f"{row['vehicle']} {row['plate']}".strip()),
        Column("rule", lambda row: _rule(row, clauses, language)),
        Column("start", lambda row: _at(row["start"], zone), no_wrap=True),
        Column("end", lambda row: _at(row["end"], zone), no_wrap=True),
        Column("value", _against, True, True),
        Column("state", lambda row: fleet_text(f"state_{row['state']}", language)),
        Column("explanation", lambda row: str(row["explanation"]), least=110),
    ]
    _print(rows, columns, "deviations_title", language)
    clauses.print_to(stdout)
    if any(row["state"] in ("open", "rejected") for row in rows):
        line("deviations_how", language)


def print_charging(rows: Sequence[Row], zone: tzinfo, language: str) -> None:
    """Charging as the vehicle saw it beside what the building's charger counted."""
    if not rows:
        line("charging_none", language)
        return
    columns = [
        Column("vehicle", lambda row: str(row["vehicle"]), no_wrap=True),
        Column("start", lambda row: _at(row["start"], zone), no_wrap=True),
        Column("end", lambda row: _at(row["end"], zone), no_wrap=True),
        Column("vehicle_kwh", lambda row: number(row["vehicle_kwh"], 2), True, True),
        Column("charger_kwh", lambda row: number(row["charger_kwh"], 2), True, True),
        Column("charger", lambda row: _charged_at(row, language)),
        Column("loss", lambda row: _loss(row), True, True),
        Column("level", _level, True, True),
    ]
    _print(rows, columns, "charging_title", language)


def _print(rows: Sequence[Row], columns: Sequence[Column], title: str, language: str) -> None:
    console = table_console()
    words = fleet_text(title, language, count=len(rows))
    table = table_of(rows, columns, words, language, console.width, fleet_text)
    console.print(table)


def _at(instant: str, zone: tzinfo) -> str:
    return f"{datetime.fromisoformat(instant).astimezone(zone):%Y-%m-%d %H:%M}"


def _left(row: Row, zone: tzinfo) -> str:
    """When it left; a departure that was not seen was after the time behind ``>``."""
    return f"> {_at(row['start_after'], zone)}" if row["start_after"] else _at(row["start"], zone)


def _ended(row: Row, zone: tzinfo, language: str) -> str:
    """When it arrived; an arrival that was not seen was before the time behind ``<``."""
    started = datetime.fromisoformat(row["start_after"] or row["start"]).astimezone(zone)
    end = datetime.fromisoformat(row["end_before"] or row["end"]).astimezone(zone)
    shown = f"{end:%H:%M}" if end.date() == started.date() else f"{end:%m-%d %H:%M}"
    if row["open"]:
        return f"{shown} {fleet_text('open', language)}"
    return f"< {shown}" if row["end_before"] else shown


def _seconds(row: Row) -> float:
    start, end = (datetime.fromisoformat(row[name]) for name in ("start", "end"))
    return (end - start).total_seconds()


def _length(seconds: float) -> str:
    if not seconds:
        return NONE
    minutes, rest = divmod(round(timedelta(seconds=seconds).total_seconds()), 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}:{minutes:02} h"
    return f"{minutes}:{rest:02} min"


def _energy(row: Row) -> str:
    parts = [
        f"{row[name]:.2f} {unit}"
        for name, unit in (("fuel_l", "L"), ("electricity_kwh", "kWh"))
        if row[name] is not None
    ]
    return " + ".join(parts) or NONE


def _energy_by(row: Row, language: str) -> str:
    known = [row[name] for name in ("fuel_by", "electricity_by") if row[name]]
    return ", ".join(fleet_text(f"by_{name}", language) for name in known) or NONE


def _rate(row: Row) -> str:
    parts = [
        f"{row[name]:.1f} {unit}"
        for name, unit in (("l_per_100km", "L"), ("kwh_per_100km", "kWh"))
        if row[name] is not None
    ]
    return " + ".join(parts) or NONE


def _totals(rows: Sequence[Row], language: str) -> dict[str, str]:
    km = sum(row["distance_km"] or 0.0 for row in rows)
    energy = _energy_total(rows, "fuel_l", "total_fuel", language)
    energy += _energy_total(rows, "electricity_kwh", "total_electricity", language)
    return {
        "count": str(len(rows)),
        "km": number(km, 1),
        "energy": energy,
        "moving": _length(sum(row["moving_s"] for row in rows)),
        "idling": _length(sum(row["idling_s"] for row in rows)),
    }


def _energy_total(rows: Sequence[Row], name: str, key: str, language: str) -> str:
    """What trips used together, of those where it is known."""
    known = [row for row in rows if row[name] is not None]
    if not known:
        return ""
    amount = sum(row[name] for row in known)
    rate = per_100km(amount, sum(row["distance_km"] or 0.0 for row in known))
    words = fleet_text(key, language, amount=number(amount, 2), rate=number(rate, 1))
    partly = fleet_text("partly", language, known=len(known)) if len(known) < len(rows) else ""
    return words + partly


def _amount(row: Row) -> str:
    return NONE if row["amount"] is None else f"{row['amount']:.2f} {_UNITS[row['kind']]}"


def _level(row: Row) -> str:
    if row["before"] is None or row["after"] is None:
        return NONE
    return f"{row['before']:.0f} → {row['after']:.0f} %"


def _place(row: Row) -> str:
    place = row["place"]
    return NONE if place is None else f"{place['latitude_deg']:.5f}, {place['longitude_deg']:.5f}"


def _charged_at(row: Row, language: str) -> str:
    return row["charger"] or fleet_text(f"at_{row['charged_at'] or 'unknown'}", language)


def _loss(row: Row) -> str:
    if row["loss_kwh"] is None:
        return NONE
    share = "" if row["loss_share_pct"] is None else f" ({percent(row['loss_share_pct'])})"
    return f"{row['loss_kwh']:.2f} kWh{share}"


def _rule(row: Row, clauses: Clauses, language: str) -> str:
    marks = "".join(clauses.mark(clause) for clause in row["cites"])
    return f"{row['title'].get(language) or row['rule']} {marks}".strip()


def _against(row: Row) -> str:
    parts = [NONE if row[name] is None else f"{row[name]:,.4g}" for name in ("value", "limit")]
    if parts == [NONE, NONE]:
        return NONE
    return f"{' / '.join(parts)} {row['unit']}".strip()
