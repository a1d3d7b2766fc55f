"""Trips, energy and accounts of a fleet, and the newest day alone: in a process of its own, on one core."""

import json
import math
import resource
import sys
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from analytics.fleet.accountfacts import AccountFacts
from analytics.fleet.accounting import month_accounts
from analytics.fleet.accounts import Account
from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.streaming import restart_from
from analytics.fleet.track import microseconds
from analytics.fleet.travelling import Travelled, travelled
from analytics.fleet.tripframe import idling_frame, trip_frame
from benchmarks.vehicles_world import START, Month, month
from quotawatt.calendars import is_working_day
from quotawatt.fleet.trips import Trip
from quotawatt.register.kinds import Vehicle


def main(vehicles: int, days: int) -> None:
    """Each vehicle's month as a whole, and its newest day, after a third of the days and after all.

    Then the accounts of all vehicles, as one asks for them.
    """
    totals = dict.fromkeys(
        ("messages", "whole_s", "newest_s", "newest_short_s", "newest_messages", "trips"), 0.0
    )
    true_km = 0.0
    kept: list[tuple[Vehicle, Travelled]] = []
    now = START + timedelta(days=days)
    is_working_day(START.date())  # loads the calendars, which a server has done long before
    for number in range(vehicles):
        made = month(number, days)
        began = time.process_time()
        found = travelled(made.track, made.vehicle, DEFAULTS, now)
        totals["whole_s"] += time.process_time() - began
        totals["messages"] += len(made.track)
        totals["trips"] += len(found.trips)
        true_km += made.km
        kept.append((made.vehicle, found))
        spent, messages = _newest(made, found.trips, now)
        totals["newest_s"] += spent
        totals["newest_messages"] += messages
        totals["newest_short_s"] += _newest(made, found.trips, START + timedelta(days=days // 3))[0]
    began = time.process_time()
    accounts = _accounts(kept, now)
    totals["accounts_s"] = time.process_time() - began
    totals["whole_s"] += totals["accounts_s"]
    km = math.fsum(account.km.value or 0.0 for account in accounts)
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


def _accounts(kept: Sequence[tuple[Vehicle, Travelled]], now: datetime) -> list[Account]:
    """The account of each vehicle over the months of the trips."""
    facts = AccountFacts(
        zone=ZoneInfo("UTC"),
        now=now,
        vehicles=[vehicle for vehicle, _ in kept],
        trips=trip_frame(trip for _, found in kept for trip in found.trips),
        idlings=idling_frame(event for _, found in kept for event in found.events),
    )
    return month_accounts(facts, [START.date()])


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
