"""Charging as vehicles saw it, matched with what the meters of chargers counted; kept in the events."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import numpy as np
from sqlalchemy import Engine

from analytics.fleet.charger import (
    CHARGER_DEFAULTS,
    ChargerSession,
    sessions_by_counter,
    sessions_by_power,
)
from analytics.fleet.reconciling import ChargeMatch, OwnCharger, loss_findings, reconcile
from analytics.fleet.told import Told
from analytics.fleet.track import Ints, instant
from analytics.jobs.fleettracks import Tracks
from quotawatt.findings import Finding
from quotawatt.fleet.book import events_within, put_details
from quotawatt.fleet.trips import EventKind, Place, VehicleEvent
from quotawatt.register.model import Charger, Register
from quotawatt.spans import DAY, Span

COUNTER, POWER = "electricity_import_kwh", "electricity_power_kw"
"""What the meter of a charger may tell; the counter goes first."""

OF_CHARGER = ("charger", "charger_kwh", "loss_kwh", "loss_share_pct", "charged_at")
"""What a match adds to the detail of a charging event."""

_PIECE = timedelta(days=7)


class ChargeMatcher:
    """Matches charging. Made for one run, with the register of that time."""

    def __init__(self, records: Engine, tracks: Tracks, register: Register) -> None:
        self._records = records
        self._tracks = tracks
        self._register = register

    def match(self, span: Span) -> list[Finding]:
        """Match the sessions of all vehicles that start within the span; losses that cannot be.

        A week at a time, each with the day before and after: a session at the edge is seen whole.
        """
        found: list[Finding] = []
        start = span.start
        while start < span.end:
            piece = Span(start, min(start + _PIECE, span.end))
            found += self._piece(piece)
            start = piece.end
        return found

    def _piece(self, piece: Span) -> list[Finding]:
        around = Span(piece.start - DAY, piece.end + DAY)
        with self._records.connect() as conn:
            events = events_within(conn, around, kinds=[EventKind.CHARGING])
        if not any(piece.contains(event.start) for event in events):
            return []
        sessions: list[ChargerSession] = []
        chargers: list[OwnCharger] = []
        for code, charger in self._register.chargers.items():
            own, metered = self._metered(code, around)
            sessions += own
            chargers.append(OwnCharger(code, self._place(charger), metered))
        matches = [
            match
            for match in reconcile(events, sessions, chargers)
            if match.vehicle is not None and piece.contains(match.vehicle.start)
        ]
        with self._records.begin() as conn:
            put_details(conn, [_with_match(m.vehicle, m) for m in matches if m.vehicle is not None])
        return loss_findings(matches)

    def _metered(self, charger: str, span: Span) -> tuple[list[ChargerSession], tuple[Span, ...]]:
        """The sessions of a charger's meter, and when the meter told."""
        told = self._tracks.told(charger, (COUNTER, POWER), span)
        for quantity, sessions_of in ((COUNTER, sessions_by_counter), (POWER, sessions_by_power)):
            values = told.column(quantity)
            known = np.isfinite(values)
            if known.sum() > 1:
                meter = Told(told.times_us[known], values[known])
                return sessions_of(charger, meter), tuple(_told_spans(meter.times_us))
        return [], ()

    def _place(self, charger: Charger) -> Place | None:
        building = self._register.buildings.get(charger.building)
        site = None if building is None else self._register.sites.get(building.site)
        if site is None or site.latitude_deg is None or site.longitude_deg is None:
            return None
        return Place(site.latitude_deg, site.longitude_deg)


def _with_match(event: VehicleEvent, match: ChargeMatch) -> VehicleEvent:
    """The event with what the charger saw in its detail."""
    detail = {name: value for name, value in event.detail.items() if name not in OF_CHARGER}
    told: dict[str, str | float | int | None] = {
        "charger": None if match.charger is None else match.charger.charger,
        "charger_kwh": match.charger_kwh,
        "loss_kwh": match.loss_kwh,
        "loss_share_pct": match.loss_share_pct,
        "charged_at": match.place.value,
    }
    return replace(event, detail={**detail, **told})


def _told_spans(times_us: Ints) -> Iterator[Span]:
    """The times within which readings came close enough after each other."""
    far = np.flatnonzero(np.diff(times_us) > CHARGER_DEFAULTS.longest_step_s * 1e6)
    firsts, lasts = np.concatenate([[0], far + 1]), np.concatenate([far, [len(times_us) - 1]])
    for first, last in zip(firsts, lasts, strict=True):
        start, end = (instant(int(times_us[row])) for row in (first, last))
        if start < end:
            yield Span(start, end)
