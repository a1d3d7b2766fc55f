"""Trips as a table of columns: a year of five hundred vehicles is too many to add up one by one."""

from collections.abc import Iterable
from zoneinfo import ZoneInfo

import pandas as pd

from quotawatt.fleet.tripcolumns import IDLING_COLUMNS, TRIP_COLUMNS, typed
from quotawatt.fleet.trips import EventKind, Trip, VehicleEvent


def trip_frame(trips: Iterable[Trip]) -> pd.DataFrame:
    """Trips as a table of ``TRIP_COLUMNS``, in the order given; what is not known is NaN."""
    listed = list(trips)
    return typed({name: [getattr(trip, name) for trip in listed] for name in TRIP_COLUMNS})


def idling_frame(events: Iterable[VehicleEvent]) -> pd.DataFrame:
    """Idling as a table of ``IDLING_COLUMNS``, in the order given; litres not known are NaN."""
    listed = [event for event in events if event.kind is EventKind.IDLING]
    columns = [(e.vehicle, e.start, e.end, e.amount) for e in listed]
    cells = list(zip(*columns, strict=True)) or [()] * len(IDLING_COLUMNS)
    return typed(dict(zip(IDLING_COLUMNS, cells, strict=True)))


def local_days(instants: "pd.Series[pd.Timestamp]", zone: ZoneInfo) -> "pd.Series[pd.Timestamp]":
    """The local day of each instant, as its midnight without a zone."""
    return instants.dt.tz_convert(zone).dt.tz_localize(None).dt.normalize()
