"""Which vehicles are noted: by marks of what tells of a way, and by changes of the register."""

from datetime import timedelta
from pathlib import Path

from analytics.jobs.analyser import Analyser
from analytics.jobs.bookkeeping import Request
from analytics.jobs.executors import LocalExecutor
from analytics.jobs.fleetmarks import touched_vehicles_of
from quotawatt.fleet.touching import touched_vehicles
from quotawatt.readings import readings_table
from quotawatt.spans import HOUR, Span
from quotawatt.storage.touched import Touched, mark
from tests.analytics.jobs.drives import CAR, MONDAY, bound, drive, drives, register_of

MOVED = MONDAY + timedelta(minutes=30)
REGISTER = register_of(bound("gps-1"), bound("old", valid_until=MOVED), bound("gps-9", "CAR-9"))


def marked(device: str, quantity: str, hours: int = 0) -> Touched:
    return Touched(device, "", quantity, MONDAY + hours * HOUR)


def test_marks_of_a_way_note_the_vehicles_that_the_device_fed_in_that_hour() -> None:
    marks = [
        marked("gps-1", "odometer_km", 5),
        marked("gps-1", "speed_kmh", 3),
        marked("gps-1", "rssi_dbm", 1),
        marked("nobody", "speed_kmh"),
        marked("gps-9", "ignition"),
    ]
    assert touched_vehicles_of(marks, (), REGISTER) == {
        "CAR-1": MONDAY + 3 * HOUR,
        "CAR-9": MONDAY,
    }
    assert touched_vehicles_of([marked("old", "speed_kmh")], (), REGISTER) == {"CAR-1": MONDAY}
    assert touched_vehicles_of([marked("old", "speed_kmh", 1)], (), REGISTER) == {}
    by_file = Touched("asset:CAR-1", "", "latitude_deg", MONDAY)
    assert touched_vehicles_of([by_file], (), REGISTER) == {"CAR-1": MONDAY}


def test_changes_of_the_register_note_whom_the_channel_ever_fed() -> None:
    request = Request("old", "", MONDAY)
    assert touched_vehicles_of((), [request], REGISTER) == {"CAR-1": MONDAY}
    everything = Request("", "", MONDAY)
    assert touched_vehicles_of((), [everything], REGISTER).keys() == {"CAR-1", "CAR-9"}


def test_the_analysers_turn_notes_vehicles_as_it_clears_its_marks(tmp_path: Path) -> None:
    made = drives(tmp_path)
    analyser = Analyser(
        made.series, made.records, lambda: made.register, made.rulebook, made.settings,
        LocalExecutor(),
    )  # fmt: skip
    made.series.write_readings(readings_table(drive("gps-1", MONDAY, 20, 1000)))
    with made.records.begin() as conn:
        mark(conn, [marked("gps-1", "odometer_km"), marked("gps-1", "latitude_deg")])
    now = MONDAY + 2 * HOUR
    assert analyser.run(now).marks == 2
    with made.records.connect() as conn:
        (note,) = touched_vehicles(conn)
    assert (note.vehicle, note.since) == (CAR.code, MONDAY)
    made.keeper.run(now)
    assert [round(trip.distance_km, 3) for trip in made.trips()] == [16.0]
    assert analyser.run(now).marks == 0
    with made.records.connect() as conn:
        assert touched_vehicles(conn) == []
    analyser.recompute(Span(MONDAY, now), now)
    with made.records.connect() as conn:
        assert {note.vehicle: note.since for note in touched_vehicles(conn)} == {
            "CAR-1": MONDAY,
            "CAR-9": MONDAY,
        }
