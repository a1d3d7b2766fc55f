"""What was ordered, billed and noted down of the demo's last weeks, held against what was driven."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest

from quotawatt.calendars import is_working_day
from simulators.cast import DEEDS, VEHICLES
from simulators.dispatching import DRIVERS, Paper, demo_paper
from simulators.outings import DeedKind
from simulators.timeline import ZONE
from simulators.vehicles import Track
from simulators.world import World


@pytest.fixture(scope="module")
def paper() -> Paper:
    return demo_paper()


def moving(track: Track, since: datetime) -> np.ndarray:
    """Instants (s) since then at which a track tells a speed."""
    fast = np.nan_to_num(track.columns["speed_kmh"]) > 0
    return track.times_s[fast & (track.times_s >= since.timestamp())]


def without_order(paper: Paper, code: str, instants: np.ndarray) -> np.ndarray:
    """Those of ascending instants (s) that lie in the time of no order of a vehicle."""
    covered = np.zeros(len(instants), dtype=bool)
    for order in paper.orders:
        if order.vehicle == code:
            start = np.searchsorted(instants, order.start.timestamp())
            end = np.searchsorted(instants, order.end.timestamp(), side="right")
            covered[start:end] = True
    return instants[~covered]


def test_every_way_but_the_deeds_has_its_order(paper: Paper, world: World) -> None:
    first = datetime(2023, 11, 27, tzinfo=ZONE)
    unordered = {
        (code, datetime.fromtimestamp(at, ZONE).date())
        for code, track in world.tracks.items()
        for at in without_order(paper, code, moving(track, first)).tolist()
    }
    kinds = (DeedKind.EVENING, DeedKind.HOLIDAY)
    expected = {(deed.vehicle, deed.day) for deed in DEEDS if deed.kind in kinds}
    (away,) = (deed for deed in DEEDS if deed.kind is DeedKind.OVERNIGHT)
    assert away.at is not None
    # Its way back is on the next morning, of which its order says nothing.
    assert unordered == {*expected, (away.vehicle, away.at.date())}


def test_orders_are_those_of_their_vehicles(paper: Paper) -> None:
    numbers = [(order.source, order.source_number) for order in paper.orders]
    assert len(set(numbers)) == len(numbers) > 100
    for order in paper.orders:
        assert order.driver == DRIVERS[str(order.vehicle)][0]
        assert order.requested_at < order.planned_start < order.planned_end
        assert order.planned_start.minute % 15 == order.planned_end.minute % 15 == 0
        assert order.driven_km is not None
        assert abs(order.driven_km - (order.planned_km or 0)) < 3


def test_drivers_leave_about_when_it_is_planned_and_few_are_late(paper: Paper) -> None:
    late = []
    for order in paper.orders:
        assert order.left_at is not None
        after = order.left_at - order.planned_start
        assert timedelta(minutes=-3) <= after < timedelta(minutes=12)
        late.append(after > timedelta(minutes=10))
    assert 0.05 < np.mean(late) < 0.2


def test_on_paper_every_vehicle_is_back_on_its_day(paper: Paper) -> None:
    for order in paper.orders:
        assert order.returned_at is not None
        assert order.returned_at <= order.planned_end
        assert order.returned_at.astimezone(ZONE).date() == order.start.astimezone(ZONE).date()


def test_cards_pay_what_levels_show_but_for_the_deed(paper: Paper, world: World) -> None:
    (deed,) = (deed for deed in DEEDS if deed.kind is DeedKind.CARD)
    assert deed.at is not None
    wrong = [card for card in paper.cards if card.time == deed.at.astimezone(UTC)]
    assert [card.vehicle for card in wrong] == [deed.vehicle]
    for card in paper.cards:
        track, at = world.tracks[card.vehicle], card.time.timestamp()
        near = np.abs(track.times_s - at) < 300
        level = track.columns["fuel_level_pct"][near]
        risen = np.ptp(level) / 100 * VEHICLES[card.vehicle].store if near.any() else 0.0
        expected = 0.0 if card in wrong else card.litres
        assert risen == pytest.approx(expected, abs=0.4)


def test_seals_show_the_odometer_of_the_evening(paper: Paper, world: World) -> None:
    assert {seal.vehicle for seal in paper.seals} == set(VEHICLES) - {"VEH-OAB-1"}
    (new_year,) = (duty for duty in paper.duty if duty.until == date(2024, 1, 2))
    assert new_year.vehicle == "VEH-OAB-1"
    for seal in paper.seals:
        track = world.tracks[seal.vehicle]
        odometer = track.columns["odometer_km"]
        before = (track.times_s < seal.at.timestamp()) & ~np.isnan(odometer)
        assert odometer[before][-1] == pytest.approx(seal.odometer_km, abs=0.11)


def test_days_off_have_their_duty_but_for_the_deed(paper: Paper) -> None:
    (deed,) = (deed for deed in DEEDS if deed.kind is DeedKind.HOLIDAY)
    off = {
        (order.vehicle, order.start.astimezone(ZONE).date())
        for order in paper.orders
        if not is_working_day(order.start.astimezone(ZONE).date())
    }
    assert len(off) > 10
    assert (deed.vehicle, deed.day) not in off
    for vehicle, day in off:
        assert any(d.vehicle == vehicle and d.first_day <= day < d.until for d in paper.duty)
