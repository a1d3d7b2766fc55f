"""Trips on the stores: what is kept is what all messages say, however they came and in whatever pieces."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from analytics.jobs.fleetrules import RuleJudge
from analytics.jobs.lease import Lease
from quotawatt.explanations.values import Act
from quotawatt.fleet.deviations_book import Entered, decide, explain
from quotawatt.fleet.deviations_kept import standing_deviations
from quotawatt.fleet.touching import touch_vehicles, touched_vehicles
from quotawatt.rulebook.vehicle_rules import Check
from quotawatt.spans import Span
from quotawatt.storage.fleet_tables import vehicle_deviations, vehicle_events, vehicle_trips
from quotawatt.storage.horizon import announce_thinning
from quotawatt.storage.tables import findings
from tests.analytics.jobs.drives import (
    CAR,
    IDLING,
    KM_A_MINUTE,
    MINUTE,
    MONDAY,
    SECRET,
    Drives,
    bound,
    drive,
    drives,
    register_of,
)

DAY = timedelta(days=1)
NOW = MONDAY + 3 * DAY
DAY_ONE = Span(MONDAY, MONDAY + DAY)
SPEEDING = replace(
    IDLING,
    id="test-speeding",
    check=Check.SPEEDING,
    parameters={"limit_kmh": 30.0, "over_kmh": 5.0, "least_seconds": 20.0, "least_fixes": 3.0},
)


@pytest.fixture
def made(tmp_path: Path) -> Drives:
    return drives(tmp_path)


def week(device: str = "gps-1", days: int = 3) -> list[list[object]]:
    """A drive of 20 and one of 30 minutes a day."""
    return [
        [
            *drive(device, MONDAY + n * DAY, 20, 1000 + 40 * n),
            *drive(device, MONDAY + n * DAY + 120 * MINUTE, 30, 1016 + 40 * n),
        ]
        for n in range(days)
    ]


def test_trips_are_kept_with_their_kilometres(made: Drives) -> None:
    made.write([reading for day in week() for reading in day])
    report = made.keeper.run(NOW)
    assert (report.vehicles, report.trips, report.left) == (1, 6, 0)
    kept = made.trips()
    assert [round(trip.distance_km, 3) for trip in kept] == [16.0, 24.0] * 3
    assert kept[0].start - MONDAY <= MINUTE
    assert all(trip.distance_by == "odometer" for trip in kept)


def test_a_run_judges_each_vehicle_once(made: Drives, monkeypatch: pytest.MonkeyPatch) -> None:
    judged: list[tuple[str, bool]] = []
    judge = RuleJudge.judge

    def noted(self: RuleJudge, vehicle: str, span: Span, now: datetime, *, whole: bool) -> Entered:
        judged.append((vehicle, whole))
        return judge(self, vehicle, span, now, whole=whole)

    monkeypatch.setattr(RuleJudge, "judge", noted)
    made.write([reading for day in week() for reading in day])
    made.keeper.run(NOW)
    once = [(code, True) for code, v in made.register.vehicles.items() if not v.tracking_exempt]
    assert sorted(judged) == sorted(once)
    judged.clear()
    made.keeper.run(NOW + DAY)
    assert sorted(judged) == sorted(once), "what has no new message is judged too"


def test_day_by_day_late_and_all_at_once_give_the_same_rows(made: Drives, tmp_path: Path) -> None:
    days = week()
    whole = drives(tmp_path / "whole")
    whole.write([reading for day in days for reading in day])
    whole.keeper.run(NOW)
    for n in (0, 2, 1):  # Tuesday's messages come last
        made.write(days[n])
        made.keeper.run(NOW)
    assert made.trips() == whole.trips()
    assert len(made.trips()) == 6
    made.keeper.run(NOW)
    assert made.trips() == whole.trips()


def test_a_long_time_in_months_is_the_same_as_in_one_piece(tmp_path: Path) -> None:
    made, again = drives(tmp_path), drives(tmp_path / "again")
    legs = [
        reading
        for n in range(0, 100, 10)
        for reading in drive("gps-1", MONDAY + n * DAY + 13.5 * 60 * MINUTE, 25, 1000 + 2 * n)
    ]
    now = MONDAY + 101 * DAY
    made.write(legs)
    assert made.keeper.run(now).trips == 10
    again.series = made.series
    again.keeper = again.another("again")
    with again.records.begin() as conn:
        touch_vehicles(conn, {"CAR-1": MONDAY + 90 * DAY})
    again.keeper.run(now)
    late = again.trips()[1:]  # what came before its first trip was not read
    assert late
    assert made.trips()[-len(late) :] == late
    assert len(made.trips()) == 10
    assert {round(trip.distance_km, 3) for trip in made.trips()} == {20.0}


def test_what_messages_no_longer_say_is_gone(made: Drives) -> None:
    made.write(drive("gps-1", MONDAY, 20, 1000))
    made.keeper.run(NOW)
    assert len(made.trips()) == 1
    parked = [
        replace(reading, value=reading.value if still else 0.0, revision=1)
        for reading in drive("gps-1", MONDAY, 20, 1000)
        for still in [reading.quantity != "speed_kmh"]
    ]
    stood = {"latitude_deg": 36.6, "odometer_km": 1000.0, "ignition": 0.0}
    parked = [replace(r, value=stood.get(r.quantity, r.value)) for r in parked]
    made.write(parked)
    made.keeper.run(NOW)
    assert made.trips() == []


def test_a_device_that_moved_tells_of_each_vehicle_in_its_time(tmp_path: Path) -> None:
    other = replace(CAR, code="CAR-2", plate="鲁A00002")
    made = drives(tmp_path)
    moved = MONDAY + DAY
    made.register = register_of(
        bound("gps-1", valid_until=moved),
        replace(bound("gps-1", "CAR-2"), valid_from=moved),
        vehicles=(CAR, other),
    )
    made.write([r for day in week(days=2) for r in day], "CAR-1", "CAR-2")
    made.keeper.run(NOW)
    assert [trip.start < moved for trip in made.trips("CAR-1")] == [True, True]
    assert [trip.start >= moved for trip in made.trips("CAR-2")] == [True, True]


def test_of_two_devices_with_odometers_one_is_heard_and_its_multiplier_counts(
    tmp_path: Path,
) -> None:
    made = drives(tmp_path, bound("can-1", quantity="odometer_km", multiplier=2.0), bound("gps-1"))
    made.write([*drive("gps-1", MONDAY, 20, 1000), *drive("can-1", MONDAY, 20, 52_000)])
    made.keeper.run(NOW)
    (trip,) = made.trips()
    assert trip.odometer_start_km == pytest.approx(104_000)
    assert trip.distance_km == pytest.approx(2 * 20 * KM_A_MINUTE)
    assert trip.gnss_km == pytest.approx(20 * KM_A_MINUTE, rel=0.01)


def test_of_an_exempt_vehicle_nothing_is_kept_and_what_was_goes(made: Drives) -> None:
    made.write(drive("gps-1", MONDAY, 20, 1000, idling=20))
    made.keeper.run(NOW)
    assert len(made.trips()) == 1
    made.register = register_of(
        bound("gps-1"), vehicles=(replace(CAR, tracking_exempt=True), SECRET)
    )
    made.write(drive("gps-1", MONDAY + DAY, 20, 1016))
    report = made.keeper.run(NOW)
    assert report.trips == 0
    with made.records.connect() as conn:
        for table in (vehicle_trips, vehicle_events):
            assert conn.execute(select(func.count()).select_from(table)).scalar_one() == 0
        assert conn.execute(select(vehicle_deviations.c.state)).scalars().all() == ["retracted"]
        assert touched_vehicles(conn) == []


def test_long_idling_is_found_told_and_taken_back(made: Drives) -> None:
    made.write(drive("gps-1", MONDAY, 20, 1000, idling=25))
    assert made.keeper.run(NOW).findings == 1
    assert made.keeper.run(NOW).findings == 1
    with made.records.connect() as conn:
        (row,) = conn.execute(select(vehicle_deviations)).mappings()
        (told,) = conn.execute(select(findings)).mappings()
    assert (row["state"], row["vehicle"], row["limit"]) == ("open", "CAR-1", 10.0)
    assert row["value"] == pytest.approx(25, abs=1)
    assert (told["code"], told["subject"], told["state"]) == ("vehicle_idling", "CAR-1", "open")
    off = [replace(r, value=0.0, revision=1) for r in _of_the_engine(idling=25)]
    made.write(off)
    assert made.keeper.run(NOW).findings == 0
    with made.records.connect() as conn:
        assert conn.execute(select(vehicle_deviations.c.state)).scalar_one() == "retracted"
        assert conn.execute(select(findings.c.state)).scalar_one() == "cleared"


def _of_the_engine(idling: int) -> list[object]:
    told = drive("gps-1", MONDAY, 20, 1000, idling=idling)
    early = MONDAY + (idling - 1) * MINUTE
    return [r for r in told if r.quantity == "ignition" and r.time < early]


def test_in_turns_a_vehicle_under_way_waits_and_a_new_day_judges_all(made: Drives) -> None:
    first = drive("gps-1", MONDAY, 20, 1000)
    now = MONDAY + 30 * MINUTE
    made.write([r for r in first if r.time <= now])
    report = made.keeper.run_if_due(now)
    assert report is not None
    assert report.vehicles == 1
    made.write(drive("gps-1", now, 0, 1016, rest=1))
    assert made.keeper.run_if_due(now + 2 * MINUTE) is None
    later = made.keeper.run_if_due(now + 6 * MINUTE)
    assert later is not None
    assert later.vehicles == 1
    assert made.keeper.run_if_due(now + 12 * MINUTE) is None
    assert made.keeper.run_if_due(now + DAY) is not None


def test_of_two_processes_one_does_it_until_it_falls_silent(made: Drives) -> None:
    made.write(drive("gps-1", MONDAY, 20, 1000))
    other = made.another("two")
    assert Lease(made.records, "fleet", "one").take(NOW)
    assert other.run_if_due(NOW) is None
    assert len(made.trips()) == 0
    report = other.run_if_due(NOW + 11 * MINUTE)
    assert report is not None
    assert len(made.trips()) == 1


def test_after_an_analysis_of_everything_nobody_waits(made: Drives) -> None:
    made.write(drive("gps-1", MONDAY, 20, 1000))
    made.keeper.run(NOW)
    made.write(drive("gps-1", MONDAY + DAY, 20, 1016))
    assert made.another("two").run_if_due(NOW + MINUTE) is not None
    assert len(made.trips()) == 2


def test_what_comes_while_a_vehicle_is_done_stays_noted(made: Drives) -> None:
    made.write(drive("gps-1", MONDAY, 20, 1000))
    with made.records.connect() as conn:
        (old,) = touched_vehicles(conn)
    made.write(drive("gps-1", MONDAY + DAY, 20, 1016))
    with made.records.connect() as conn:
        (new,) = touched_vehicles(conn)
    assert new.since == old.since
    assert new.generation > old.generation
    made.keeper._bring_up(old, made.keeper._prepared(NOW))
    with made.records.connect() as conn:
        assert touched_vehicles(conn) == [new]


def test_before_the_horizon_of_positions_trips_stay_as_they_are(made: Drives) -> None:
    made.write([reading for day in week() for reading in day])
    made.keeper.run(NOW)
    before = made.trips()
    horizon = MONDAY + DAY + 10 * MINUTE  # within a trip
    with made.records.begin() as conn:
        announce_thinning(conn, horizon)
    made.series.drop_readings(horizon)
    with made.records.begin() as conn:
        touch_vehicles(conn, {"CAR-1": MONDAY})
    made.keeper.run(NOW)
    assert made.trips() == before


def test_what_thin_positions_no_longer_show_is_not_retracted(tmp_path: Path) -> None:
    made = drives(tmp_path, rules=(SPEEDING,))
    made.write(drive("gps-1", MONDAY, 20, 1000))
    assert made.keeper.run(NOW).findings == 1
    with made.records.begin() as conn:
        announce_thinning(conn, MONDAY + DAY)
    made.series.thin_readings(list(made.series.known_series()), DAY_ONE, DAY)
    with made.records.begin() as conn:
        touch_vehicles(conn, {"CAR-1": MONDAY})
    assert made.keeper.run(NOW).findings == 1


def test_an_explanation_that_is_accepted_ends_the_finding_at_the_next_turn(made: Drives) -> None:
    made.write(drive("gps-1", MONDAY, 20, 1000, idling=25))
    made.keeper.run_if_due(NOW)
    assert made.keeper.run_if_due(NOW + 6 * MINUTE) is None
    with made.records.begin() as conn:
        (kept,) = standing_deviations(conn)
        explain(conn, kept.number, Act("li.na", NOW, "heating for a patient"))
        decide(conn, kept.number, accept=True, act=Act("wang", NOW, ""))
    made.keeper.run_if_due(NOW + 12 * MINUTE)
    with made.records.connect() as conn:
        assert conn.execute(select(findings.c.state)).scalar_one() == "cleared"
