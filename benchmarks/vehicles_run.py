"""Trips, energy and month sums of a fleet, and the newest day alone: in a process of its own, on one core."""

import json
import resource
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.streaming import restart_from
from analytics.fleet.track import microseconds
from analytics.fleet.travelling import travelled
from benchmarks.vehicles_world import START, Month, month
from quotawatt.fleet.trips import Trip


def main(vehicles: int, days: int) -> None:
    """Each vehicle's month as a whole; then its newest day, after a third of the days and after all."""
    totals = dict.fromkeys(
        ("messages", "whole_s", "newest_s", "newest_short_s", "newest_messages", "trips"), 0.0
    )
    km, true_km = 0.0, 0.0
    now = START + timedelta(days=days)
    for number in range(vehicles):
        made = month(number, days)
        began = time.process_time()
        found = travelled(made.track, made.vehicle, DEFAULTS, now)
        km += _account(found.trips)["km"]
        totals["whole_s"] += time.process_time() - began
        totals["messages"] += len(made.track)
        totals["trips"] += len(found.trips)
        true_km += made.km
        spent, messages = _newest(made, found.trips, now)
        totals["newest_s"] += spent
        totals["newest_messages"] += messages
        totals["newest_short_s"] += _newest(made, found.trips, START + timedelta(days=days // 3))[0]
    totals["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
    totals["error_pct"] = 100.0 * abs(km / true_km - 1.0)
    sys.stdout.write(json.dumps(totals) + "\n")


def _newest(made: Month, trips: Sequence[Trip], now: datetime) -> tuple[float, int]:
    """Seconds and messages of the last day before ``now``, from where its messages bear on trips."""
    since = now - timedelta(days=1)
    known = [trip for trip in trips if trip.start <= since]
    began = time.process_time()
    restart = restart_from(known, since)
    newest = made.track.between(microseconds(restart), microseconds(now))
    travelled(newest, made.vehicle, DEFAULTS, now)
    return time.process_time() - began, len(newest)


def _account(trips: Sequence[Trip]) -> dict[str, float]:
    """What a month's trips come to."""
    return {
        "km": sum(trip.distance_km for trip in trips),
        "fuel_l": sum(trip.fuel_l or 0.0 for trip in trips),
        "electricity_kwh": sum(trip.electricity_kwh or 0.0 for trip in trips),
        "moving_s": sum(trip.moving_s for trip in trips),
    }


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
