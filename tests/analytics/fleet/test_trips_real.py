"""Trips of logs of real vehicles, against what is known of them."""

from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pandas as pd
import pytest

from benchmarks.vehicles_data import distances, monitored, obd, twizy
from quotawatt.fleet.trips import DistanceBy, EventKind, Trip
from tests.app.real_data import real_data

LOCAL = ZoneInfo("Europe/Amsterdam")
CLOCKS_APART = timedelta(minutes=1)


def monitor_file(name: str) -> pd.DataFrame:
    return pd.read_csv(real_data("vehicle_ev_monitor") / name, skipinitialspace=True)


def root(name: str) -> Path:
    return real_data(name).parent


def test_every_log_is_within_two_percent_of_its_reference() -> None:
    compared = list(distances(root("vehicle_twizy_ev")))
    assert len(compared) == 14
    assert {one.log: one.error_pct for one in compared if one.error_pct > 2.0} == {}


@pytest.mark.parametrize(("name", "measures"), [("T1", (49.6, 51.4)), ("T2", (58.9, 60.9))])
def test_the_twizys_distance_lies_between_speed_and_path(
    name: str, measures: tuple[float, float]
) -> None:
    (trip,) = twizy(root("vehicle_twizy_ev"), name).trips
    assert trip.distance_by is DistanceBy.POSITIONS_AND_SPEED
    assert measures[0] < trip.distance_km < measures[1]
    assert trip.distance_km == pytest.approx(sum(measures) / 2, rel=0.01)
    assert trip.open  # the log ends on the way


def test_a_log_by_obd_has_one_drive_and_the_idling_one_none() -> None:
    (drive,) = obd(root("vehicle_carobd"), "live25").trips
    assert drive.distance_by is DistanceBy.SPEED
    assert drive.gnss_km is None
    idle = obd(root("vehicle_carobd"), "idle29")
    assert idle.trips == ()
    assert [event.kind for event in idle.events] == [EventKind.IDLING]


def test_the_monitors_trips_are_those_of_its_own_summary() -> None:
    """Its summary names the last message at rest after each trip, in whole minutes."""
    trips, summary = (
        monitored(root("vehicle_ev_monitor")).trips,
        monitor_file("summary.trip.csv"),
    )
    assert len(trips) == len(summary) == 11
    for trip, (_, row) in zip(trips, summary.iterrows(), strict=True):
        assert trip.distance_km == pytest.approx(row["distance"], abs=1e-6)
        assert trip.odometer_end_km == pytest.approx(row["odometer"])
        assert trip.distance_by is DistanceBy.ODOMETER
        told = pd.Timestamp(row["date"]).tz_localize(LOCAL)
        assert trip.end_before is not None
        # The tool names the last of several messages after a trip, here up to four minutes later.
        assert timedelta(0) <= told - trip.end_before.replace(second=0) <= timedelta(minutes=5)


def test_the_monitors_days_are_those_of_its_own_summary() -> None:
    days: dict[date, float] = {}
    for trip in monitored(root("vehicle_ev_monitor")).trips:
        day = trip.end.astimezone(LOCAL).date()
        days[day] = days.get(day, 0.0) + trip.distance_km
    summary = monitor_file("summary.day.csv")
    assert list(days) == [date.fromisoformat(day) for day in summary["date"]]
    assert list(days.values()) == pytest.approx(summary["distance"].tolist(), abs=1e-6)


def test_each_trip_that_the_car_itself_recorded_lies_within_the_bounds_of_one() -> None:
    """The cloud told a few messages a day; the car's own record knows when it drove.

    Twice the record says that it left seconds before a message by which it still stands there: a minute is
    allowed between the two clocks.
    """
    trips = monitored(root("vehicle_ev_monitor")).trips
    own = monitor_file("monitor.tripinfo.csv")
    days = set(own["Date"].astype(str))
    recorded = [t for t in trips if f"{t.end.astimezone(LOCAL):%Y%m%d}" in days]
    assert len(recorded) == len(own) == 10
    for trip, (_, row) in zip(recorded, own.iterrows(), strict=True):
        said = f"{int(row['Date'])} {int(row['Start time']):06d}"
        begins = pd.to_datetime(said, format="%Y%m%d %H%M%S").tz_localize(LOCAL)
        ends = begins + timedelta(minutes=int(row["Drive time"]))
        assert _within(trip, begins, ends)
        assert (
            int(trip.distance_km) == row["Distance"]
        )  # the car cuts off what is less than a kilometre


def test_the_first_trip_of_which_nothing_was_seen_is_bounded_by_two_rests() -> None:
    first = monitored(root("vehicle_ev_monitor")).trips[0]
    assert first.start == first.end == first.end_before
    assert first.start_after == pd.Timestamp("2023-01-13 09:04:04+01:00")
    assert first.coverage == 0.0
    assert first.gnss_km == pytest.approx(0.0, abs=0.01)  # it came back to where it left


def _within(trip: Trip, begins: pd.Timestamp, ends: pd.Timestamp) -> bool:
    after, before = trip.start_after or trip.start, trip.end_before or trip.end
    return bool(after - CLOCKS_APART <= begins and ends <= before + CLOCKS_APART)
