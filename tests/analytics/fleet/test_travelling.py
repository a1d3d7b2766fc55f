"""From messages to trips with energy: whole, in pieces, and not at all where nobody may look."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from analytics.fleet.parameters import DEFAULTS
from analytics.fleet.streaming import restart_from
from analytics.fleet.track import Track, microseconds
from analytics.fleet.travelling import Travelled, travelled
from quotawatt.fleet.trips import EnergyBy, EventKind
from quotawatt.register.kinds import Vehicle
from tests.analytics.fleet.driving import vehicle
from tests.analytics.fleet.journeys import NOW, START, drive, journey, rest

WEEK = [leg for _ in range(5) for leg in (rest(420), drive(40), rest(90), drive(40), rest(600))]


def told(electric: bool) -> tuple[Track, Vehicle]:
    """Five days; each night the battery is charged or, on the third, the tank filled."""
    track = journey(WEEK)
    km = track.column("odometer_km") - track.column("odometer_km")[0]
    hours = (track.times_us - track.times_us[0]) / 3.6e9
    if electric:
        nights = sum(np.clip((hours - day * 19.833 - 13) / 4, 0, 1) for day in range(5))
        soc = 80 - km * 16 / 60 + nights * 53.4 * 16 / 60
        return track.replaced({"battery_soc_pct": np.round(soc, 1)}), vehicle(
            "electric", battery_kwh=60.0
        )
    litres = 40 - km * 0.08 + np.clip((hours - 50.0) * 30, 0, 1) * 12
    return track.replaced({"fuel_level_pct": np.round(litres / 55 / 0.0039) * 0.39}), vehicle(
        "petrol", tank_l=55.0
    )


def of(track: Track, car: Vehicle) -> Travelled:
    return travelled(track, car, DEFAULTS, NOW)


@pytest.mark.parametrize("electric", [True, False])
def test_five_days_have_their_trips_energy_and_fillings(electric: bool) -> None:
    found = of(*told(electric))
    assert len(found.trips) == 10
    for trip in found.trips:
        assert trip.distance_km == pytest.approx(26.7, abs=0.3)
        used, by = (
            (trip.electricity_kwh, trip.electricity_by) if electric else (trip.fuel_l, trip.fuel_by)
        )
        usual = trip.distance_km * (0.16 if electric else 0.08)
        assert used == pytest.approx(usual, abs=0.02 * 60 if electric else 0.0045 * 55)
        assert by is (EnergyBy.SOC if electric else EnergyBy.LEVEL)
    kind, count, amount = (
        (EventKind.CHARGING, 5, 8.54) if electric else (EventKind.REFUELLING, 1, 12)
    )
    events = [event for event in found.events if event.kind is kind]
    assert [event.amount for event in events] == pytest.approx([amount] * count, abs=0.4)
    assert found.findings == ()


@pytest.mark.parametrize("electric", [True, False])
@pytest.mark.parametrize("hours", [30, 45.5, 52, 70])
def test_what_is_computed_anew_is_what_the_whole_gives(electric: bool, hours: float) -> None:
    track, car = told(electric)
    whole = of(track, car)
    since = START + timedelta(hours=hours)
    begins = restart_from([t for t in whole.trips if t.start < since], since, DEFAULTS)
    part = of(track.between(microseconds(begins), int(track.times_us[-1]) + 1), car)
    after = [t for t in whole.trips if t.start > begins]
    assert [t for t in part.trips if t.start > begins] == after
    assert [e for e in part.events if e.start > begins] == [
        e for e in whole.events if e.start > begins
    ]


def test_an_exempt_vehicle_has_no_trips_and_no_events() -> None:
    track, car = told(electric=True)
    assert of(track, replace(car, tracking_exempt=True)) == Travelled()


@pytest.mark.parametrize("energy", ["electric", "petrol", "diesel"])
@pytest.mark.parametrize("messages", [0, 1, 2])
def test_hardly_any_messages_are_no_trip_and_no_error(energy: str, messages: int) -> None:
    track, _ = told(electric=energy == "electric")
    few = track.between(0, int(track.times_us[messages]))
    found = of(few, vehicle(energy, tank_l=55.0, battery_kwh=60.0))
    assert len(few) == messages
    assert (found.trips, found.events) == ((), ())
