"""What the command of trips does over logs; apart from it as the analytics take their time to load."""

from collections.abc import Iterable, Sequence
from datetime import datetime, time, tzinfo
from typing import Any

from analytics.fleet.parameters import FleetParameters
from analytics.fleet.track import Track, instant, microseconds
from analytics.fleet.travelling import Travelled, travelled
from quotawatt.app.analytics_views import finding_row
from quotawatt.app.console import printable, show_json, stdout
from quotawatt.app.energy_source import day_of
from quotawatt.app.fleet_columns import ROLES
from quotawatt.app.fleet_log import Log
from quotawatt.app.fleet_read import read_source
from quotawatt.app.fleet_source import Energy, LogSource
from quotawatt.app.tables_fleet import line, print_events, print_trips
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.fleet.items import event_item, trip_item
from quotawatt.register.kinds import Vehicle
from quotawatt.settings import Settings

_ELECTRIC = ("battery_soc_pct", "charging", "plugged", "traction_voltage_v", "charge_energy_kwh")
_MOST_IGNORED = 12
"""Headings that are named of those not used."""


def of_logs(
    source: LogSource,
    vehicle: str,
    span: tuple[str | None, str | None],
    as_json: bool,
    settings: Settings,
    now: datetime,
) -> None:
    """Trips and events of every vehicle of the logs, and what was wrong with them.

    ``span``: the local days from which and until which; None: no limit.
    """
    log, zone = read_source(source, vehicle, settings.timezone)
    tracks = [_within(track, span, zone) for track in log.tracks]
    results = [
        (track, travelled(track, _vehicle(track, source), FleetParameters(), now))
        for track in tracks
        if len(track)
    ]
    if not any(len(track) for track in log.tracks):
        told = "; ".join(row["sentence"]["en"] for row in _sentences(log.findings, zone))
        raise InputError(
            f"a log must have rows with a time and a value that can be read, got {told}"
        )
    if not results:
        raise InputError(f"--from and --until must leave some of the log, got {span[0]}, {span[1]}")
    if as_json:
        for _, found in results:
            show_json(_json_rows(found))
        show_json(_finding_json(log.findings, zone))
        return
    for track, found in results:
        _print_one(track, found, source, zone, settings.language)
    _print_columns(log, settings.language)
    _print_findings(log.findings, zone, settings.language)


def _within(track: Track, span: tuple[str | None, str | None], zone: tzinfo) -> Track:
    """The messages within the local days ``[from, until)``."""
    if not len(track):
        return track
    first, last = int(track.times_us[0]), int(track.times_us[-1]) + 1
    start = first if span[0] is None else _midnight(span[0], "--from", zone)
    end = last if span[1] is None else _midnight(span[1], "--until", zone)
    return track.between(start, end)


def _midnight(day: str, option: str, zone: tzinfo) -> int:
    return microseconds(datetime.combine(day_of(day, option), time(), tzinfo=zone))


def _vehicle(track: Track, source: LogSource) -> Vehicle:
    """A vehicle as the options say it is."""
    is_electric = source.battery_kwh is not None or (
        source.tank_l is None and any(name in track.columns for name in _ELECTRIC)
    )
    energy = source.energy or (Energy.ELECTRIC if is_electric else Energy.PETROL)
    return Vehicle(
        code=track.vehicle,
        name_zh=track.vehicle,
        name_en=track.vehicle,
        organisation="",
        plate="",
        kind="",
        energy=energy.value,
        tank_l=source.tank_l,
        battery_kwh=source.battery_kwh,
    )


def _json_rows(found: Travelled) -> Iterable[dict[str, Any]]:
    yield from ({"record": "trip", **trip_item(trip)} for trip in found.trips)
    yield from ({"record": "event", **event_item(event)} for event in found.events)
    yield from _plain_findings(found.findings)


def _finding_json(findings: Iterable[Finding], zone: tzinfo) -> Iterable[dict[str, Any]]:
    yield from _plain_findings(findings)


def _plain_findings(findings: Iterable[Finding]) -> Iterable[dict[str, Any]]:
    for one in findings:
        yield {
            "record": "finding",
            "code": one.code,
            "subject": one.subject,
            "detail": dict(one.detail),
        }


def _print_one(
    track: Track, found: Travelled, source: LogSource, zone: tzinfo, language: str
) -> None:
    first, last = (instant(int(track.times_us[i])).astimezone(zone) for i in (0, -1))
    line(
        "log",
        language,
        vehicle=track.vehicle,
        count=f"{len(track):,}",
        first=f"{first:%Y-%m-%d %H:%M:%S}",
        last=f"{last:%Y-%m-%d %H:%M:%S}",
        zone=zone,
    )
    if "battery_soc_pct" in track.columns and source.battery_kwh is None:
        line("capacity_battery", language)
    if "fuel_level_pct" in track.columns and source.tank_l is None:
        line("capacity_tank", language)
    stdout.print()
    print_trips([trip_item(trip) for trip in found.trips], zone, language, of_many=False)
    if found.unassigned_km >= 0.1:
        line("unassigned", language, km=f"{found.unassigned_km:,.1f}")
    if found.events:
        stdout.print()
        print_events([event_item(event) for event in found.events], zone, language, of_many=False)
    stdout.print()
    _print_findings(found.findings, zone, language)


def _print_columns(log: Log, language: str) -> None:
    used = [f"{heading} = {what}" for heading, what in log.used.items() if what not in ROLES]
    line("used", language, columns=", ".join(used))
    if log.ignored:
        more = "" if len(log.ignored) <= _MOST_IGNORED else ", ..."
        line("ignored", language, columns=", ".join(log.ignored[:_MOST_IGNORED]) + more)


def _sentences(findings: Iterable[Finding], zone: Any) -> Iterable[dict[str, Any]]:
    return (finding_row(one, "warns", zone) for one in findings)


def _print_findings(findings: Sequence[Finding], zone: Any, language: str) -> None:
    for row in _sentences(findings, zone):
        stdout.print(
            f"! {printable(row['sentence'][language])}",
            style="yellow",
            markup=False,
            highlight=False,
            soft_wrap=True,
        )
