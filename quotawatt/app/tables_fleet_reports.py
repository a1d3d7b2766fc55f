"""Accounts of vehicles, use by pool and drivers' scores as tables for people."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any

from quotawatt.app.console import (
    NONE,
    Column,
    number,
    percent,
    printable,
    stdout,
    table_console,
    table_of,
)
from quotawatt.app.texts_fleet_reports import fleet_report_text

Row = Mapping[str, Any]


def say(key: str, language: str, **values: object) -> None:
    """Print a text as it is."""
    words = printable(fleet_report_text(key, language, **values))
    stdout.print(words, markup=False, highlight=False, soft_wrap=True)


def print_accounts(rows: Sequence[Row], language: str, *, by_month: bool = False) -> None:
    """Accounts of many vehicles, or of one by month."""
    named = (
        Column("month", lambda row: str(row["first"])[:7], no_wrap=True)
        if by_month
        else Column("vehicle", lambda row: f"{row['vehicle']} {row['plate']}")
    )
    columns = [
        named,
        Column("km", lambda row: number(row["km"]["value"], 1), True, True),
        Column("by", lambda row: _by(row["km"]["by"], language), least=110),
        Column("unassigned_km", lambda row: number(row["unassigned_km"], 1), True, True, 120),
        Column("trips", lambda row: _count(row["trips"]), True, True),
        Column("used_days", lambda row: _days(row, language), True, True),
        Column("use", _used, True, True),
        Column("per_100km", lambda row: number(_use(row)["per_100km"], 1), True, True),
        Column("quota", lambda row: number(_use(row)["quota_per_100km"], 1), True, True),
        Column("cost_cny", lambda row: number(row["cost_cny"], 2), True, True),
        Column("cost_per_km", lambda row: number(row["cost_per_km"], 2), True, True, 100),
        Column("kgco2", lambda row: number(row["kgco2"], 1), True, True, 110),
        Column("deviations", lambda row: _count(row["open_deviations"]), True, True),
    ]
    _print(rows, columns, "months_title" if by_month else "accounts_title", language)


def print_uses(rows: Sequence[Row], zone: tzinfo, language: str) -> None:
    """The six public facts of each use, with what is missing."""
    columns = [
        Column("vehicle", lambda row: f"{row['vehicle']} {row['plate']}"),
        Column("start", lambda row: _at(row["start"], zone), no_wrap=True),
        Column("end", lambda row: _at(row["end"], zone), no_wrap=True),
        Column("purpose", lambda row: row["purpose"] or NONE),
        Column("place", lambda row: row["places"] or NONE),
        Column("km", lambda row: number(row["distance_km"], 1), True, True),
        Column("use", _used_on_trip, True, True),
        Column("cost_cny", lambda row: number(row["cost_cny"], 2), True, True),
        Column("missing", lambda row: _missing(row, language)),
    ]
    _print(rows, columns, "public_title", language)


def print_pools(rows: Sequence[Row], language: str) -> None:
    """How each pool is used."""
    columns = [
        Column("pool", lambda row: str(row["pool"]), no_wrap=True),
        Column("held", lambda row: str(row["vehicles"]), True, True),
        Column("used_share", lambda row: _share(row["used_share"]), True, True),
        Column("trips", lambda row: str(row["trips"]), True, True),
        Column("km_per_vehicle", lambda row: number(row["km_per_vehicle"], 0), True, True),
        Column("hours_per_vehicle", lambda row: number(row["hours_per_vehicle"], 0), True, True),
        Column("empty_share", lambda row: _share(row["empty_share"]), True, True),
        Column("unknown_km", lambda row: number(row["unknown_km"], 0), True, True, 160),
        Column("l_per_100km", lambda row: number(row["l_per_100km"], 1), True, True, 120),
        Column("kwh_per_100km", lambda row: number(row["kwh_per_100km"], 1), True, True, 120),
        Column("most_at_once", lambda row: str(row["most_at_once"]), True, True),
    ]
    _print(rows, columns, "pools_title", language)
    kinds = [{"pool": row["pool"], **kind} for row in rows for kind in row["kinds"]]
    if kinds:
        _print_kinds(kinds, language)


def _print_kinds(rows: Sequence[Row], language: str) -> None:
    columns = [
        Column("pool", lambda row: str(row["pool"]), no_wrap=True),
        Column("kind", lambda row: str(row["kind"])),
        Column("held", lambda row: str(row["vehicles"]), True, True),
        Column("km", lambda row: number(row["km"], 1), True, True),
        Column("l_per_100km", lambda row: number(row["l_per_100km"], 1), True, True),
        Column("kwh_per_100km", lambda row: number(row["kwh_per_100km"], 1), True, True),
    ]
    _print(rows, columns, "kinds_title", language)


def print_surplus(rows: Sequence[Row], least_days: int, language: str) -> None:
    """What each pool needed of each kind, and which vehicles could go."""
    columns = [
        Column("pool", lambda row: str(row["pool"]), no_wrap=True),
        Column("kind", lambda row: str(row["kind"])),
        Column("held", lambda row: str(row["held"]), True, True),
        Column("needed_at_once", lambda row: str(row["needed_at_once"]), True, True),
        Column("needed_by_day", lambda row: str(row["needed_by_day"]), True, True),
        Column(
            "could_go", lambda row: ", ".join(one["vehicle"] for one in row["could_go"]) or NONE
        ),
    ]
    _print(rows, columns, "surplus_title", language)
    say("seats", language, days=least_days)


def print_scores(rows: Sequence[Row], language: str) -> None:
    """Drivers' scores with their parts."""
    columns = [
        Column("driver", lambda row: f"{row['driver']} {row['name']}"),
        Column("points", lambda row: number(row["points"], 1), True, True),
        Column("known", lambda row: percent(row["known_pct"]), True, True),
        Column("parts", lambda row: _parts(row, language)),
    ]
    _print(rows, columns, "scores_title", language)
    say("unverified", language)


def _print(rows: Sequence[Row], columns: Sequence[Column], title: str, language: str) -> None:
    if not rows:
        say("none", language)
        return
    console = table_console()
    words = fleet_report_text(title, language, count=len(rows))
    console.print(table_of(rows, columns, words, language, console.width, fleet_report_text))


def _use(row: Row) -> Row:
    found: Row = row["electricity_kwh" if row["energy"] == "electric" else "fuel_l"]
    return found


def _used(row: Row) -> str:
    amount = _use(row)["amount"]["value"]
    return NONE if amount is None else f"{amount:,.1f} {_unit(row)}"


def _unit(row: Row) -> str:
    return "kWh" if row["energy"] == "electric" else "L"


def _used_on_trip(row: Row) -> str:
    parts = [(row["fuel_l"], "L"), (row["electricity_kwh"], "kWh")]
    return (
        " + ".join(f"{amount:.2f} {unit}" for amount, unit in parts if amount is not None) or NONE
    )


def _days(row: Row, language: str) -> str:
    if row["masked"]:
        return fleet_report_text("masked", language)
    return f"{row['working_days_used']}/{row['working_days']}"


def _by(sources: Sequence[str], language: str) -> str:
    names = {"trips": "by_trips"}
    return "+".join(fleet_report_text(names.get(s, s), language) for s in sources) or NONE


def _missing(row: Row, language: str) -> str:
    names = {"energy": "energy_fact"}
    return ", ".join(fleet_report_text(names.get(m, m), language) for m in row["missing"]) or NONE


def _parts(row: Row, language: str) -> str:
    return ", ".join(
        f"{fleet_report_text(part['basis'], language)} {number(part['points'], 0)}"
        for part in row["parts"]
    )


def _share(share: float | None) -> str:
    return NONE if share is None else percent(100 * share)


def _count(value: int | None) -> str:
    return NONE if value is None else str(value)


def _at(instant: str | None, zone: tzinfo) -> str:
    return (
        NONE
        if instant is None
        else f"{datetime.fromisoformat(instant).astimezone(zone):%m-%d %H:%M}"
    )
