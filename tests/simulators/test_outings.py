"""When vehicles go out, and what their deeds move."""

from datetime import date, datetime

import numpy as np
import pytest

from simulators.cast import DEEDS, VEHICLES
from simulators.demo import DEFAULT_SEED
from simulators.journeys import Journeys, journeys_of
from simulators.outings import DENSE_FROM, DeedKind
from simulators.timeline import WORLD_START, ZONE, Timeline

TIMELINE = Timeline(WORLD_START, date(2024, 1, 1))


def journeys(code: str, *, deeds: bool = True) -> Journeys:
    chosen = DEEDS if deeds else ()
    return journeys_of(VEHICLES[code], TIMELINE, DEFAULT_SEED, code, chosen)


@pytest.mark.parametrize("code", sorted({deed.vehicle for deed in DEEDS}))
def test_deeds_move_outings_and_add_no_kilometre(code: str) -> None:
    moved, plain = journeys(code).legs, journeys(code, deeds=False).legs
    assert sorted(moved.km.tolist()) == sorted(plain.km.tolist())
    assert (np.diff(moved.start_s) > 0).all()
    ends = moved.start_s + moved.drive_s + moved.idle_s
    assert (ends[:-1] <= moved.start_s[1:]).all()
    assert (moved.outward[::2] & ~moved.outward[1::2]).all()


def test_an_evening_and_a_night_away_are_where_their_labels_say() -> None:
    for deed in DEEDS:
        legs = journeys(deed.vehicle).legs
        starts = [datetime.fromtimestamp(s, ZONE) for s in legs.start_s.tolist()]
        on_day = [n for n, start in enumerate(starts) if start.date() == deed.day]
        if deed.kind is DeedKind.EVENING:
            assert deed.at in starts
        elif deed.kind is DeedKind.OVERNIGHT:
            assert legs.outward[on_day[-1]]
            assert starts[on_day[-1] + 1] == deed.at
        elif deed.kind is DeedKind.IDLING:
            assert legs.idle_s[on_day[0]] == 18 * 60
        elif deed.kind is DeedKind.HOLIDAY:
            assert starts[on_day[0]].hour == 13
        else:
            assert on_day == []


def test_ways_are_told_closely_from_the_last_weeks_on() -> None:
    legs = journeys("VEH-OAB-1").legs
    dense = np.array([datetime.fromtimestamp(s, ZONE).date() >= DENSE_FROM for s in legs.start_s])
    assert set(legs.every_s[dense].tolist()) == {30}
    assert set(legs.every_s[~dense].tolist()) == {300}


def test_the_pace_of_a_way_starts_and_ends_at_rest_and_never_turns_back() -> None:
    found = journeys("VEH-DRC-1")
    for leg in (0, len(found.legs.km) - 1):
        share = np.linspace(0, 1, 501)
        way, speed = found.pace(np.full(501, leg), share)
        assert way[[0, -1]] == pytest.approx([0, 1], abs=1e-12)
        assert speed[[0, -1]].tolist() == [0, 0]
        assert (np.diff(way) > 0).all()
        # The way is the integral of the speed.
        assert np.trapezoid(speed, share) == pytest.approx(1, abs=1e-3)


def test_tanks_are_filled_at_the_end_of_a_day_s_last_way() -> None:
    for code, model in VEHICLES.items():
        found = journeys(code)
        assert found.fills.any() == (not model.electric)
        for leg in np.flatnonzero(found.fills).tolist():
            assert not found.legs.outward[leg]
            after_s = found.filling_after_s(leg)
            assert 0.5 * found.legs.drive_s[leg] < after_s < found.legs.drive_s[leg]
