import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.fleet.charger import ChargerSession
from analytics.fleet.reconciling import (
    ChargedAt,
    ChargeMatch,
    OwnCharger,
    loss_findings,
    reconcile,
)
from quotawatt.fleet.trips import EventKind, Place, VehicleEvent
from quotawatt.spans import Span
from tests.analytics.fleet.driving import at

HOME = Place(36.65, 117.0)
AWAY = Place(36.85, 117.0)  # 22 km


def own(code: str = "CHG-1", *, metered: bool = True, place: Place | None = HOME) -> OwnCharger:
    return OwnCharger(code, place, (Span(at(-9000), at(9000)),) if metered else ())


def charge(
    start: float,
    end: float,
    kwh: float | None,
    vehicle: str = "V",
    place: Place | None = HOME,
) -> VehicleEvent:
    return VehicleEvent(vehicle, EventKind.CHARGING, at(start), at(end), kwh, place=place)


def meter(start: float, end: float, kwh: float, charger: str = "CHG-1") -> ChargerSession:
    return ChargerSession(charger, at(start), at(end), kwh)


def only(matches: list[ChargeMatch]) -> ChargeMatch:
    (match,) = matches
    return match


def test_one_charging_seen_by_both_has_its_loss() -> None:
    match = only(reconcile([charge(60, 180, 18)], [meter(58, 183, 20)], [own()]))
    assert match.place is ChargedAt.OWN
    assert (match.charger_kwh, match.loss_kwh, match.loss_share_pct) == (20, 2, 10)
    assert match.elsewhere_kwh == 0
    assert loss_findings([match]) == []


def test_clocks_may_differ_by_minutes() -> None:
    match = only(reconcile([charge(60, 90, 18)], [meter(68, 98, 20)], [own()]))
    assert match.charger is not None
    apart = reconcile([charge(60, 90, 18)], [meter(300, 330, 20)], [own()])
    assert [m.place for m in apart] == [ChargedAt.ELSEWHERE, ChargedAt.OWN]


def test_somebody_elses_car_is_a_match_without_vehicle() -> None:
    match = only(reconcile([], [meter(60, 180, 20)], [own()]))
    assert match.vehicle is None
    assert match.charger_kwh == 20
    assert match.elsewhere_kwh == 0


@pytest.mark.parametrize(
    ("place", "charger", "at_what"),
    [
        (AWAY, own(), ChargedAt.ELSEWHERE),
        (AWAY, own(metered=False), ChargedAt.ELSEWHERE),
        (HOME, own(), ChargedAt.ELSEWHERE),  # the meter would have seen it
        (HOME, own(metered=False), ChargedAt.UNKNOWN),
        (None, own(metered=False), ChargedAt.UNKNOWN),
        (None, own(), ChargedAt.ELSEWHERE),
        (AWAY, own(metered=False, place=None), ChargedAt.UNKNOWN),
    ],
)
def test_where_a_vehicle_charged_that_no_meter_saw(
    place: Place | None, charger: OwnCharger, at_what: ChargedAt
) -> None:
    match = only(reconcile([charge(60, 180, 18, place=place)], [], [charger]))
    assert match.place is at_what
    assert match.elsewhere_kwh == (18 if at_what is ChargedAt.ELSEWHERE else None)


def test_a_vehicle_that_was_away_is_not_at_the_charger_at_the_same_time() -> None:
    found = reconcile([charge(60, 180, 18, place=AWAY)], [meter(60, 180, 20)], [own()])
    assert {m.place for m in found if m.vehicle} == {ChargedAt.ELSEWHERE}
    assert {m.vehicle for m in found if m.charger} == {None}


def test_two_vehicles_at_one_meter_share_it_by_what_each_took() -> None:
    vehicles = [charge(0, 240, 30, "V"), charge(180, 480, 18, "W")]
    found = reconcile(vehicles, [meter(0, 480, 53)], [own()])
    assert [m.vehicle.vehicle for m in found if m.vehicle] == ["V", "W"]
    assert [m.charger_kwh for m in found] == pytest.approx([53 * 30 / 48, 53 * 18 / 48])
    assert sum(m.loss_kwh or 0 for m in found) == pytest.approx(5, abs=0.01)


def test_two_vehicles_at_two_chargers_go_by_their_amounts() -> None:
    vehicles = [charge(60, 180, 9, "V"), charge(60, 180, 27, "W")]
    sessions = [meter(60, 180, 30, "CHG-1"), meter(60, 180, 10, "CHG-2")]
    found = reconcile(vehicles, sessions, [own("CHG-1"), own("CHG-2")])
    pairs = {(m.vehicle.vehicle, m.charger.charger) for m in found if m.vehicle and m.charger}
    assert pairs == {("V", "CHG-2"), ("W", "CHG-1")}


def test_a_second_vehicle_does_not_share_what_is_used_up() -> None:
    vehicles = [charge(60, 180, 18, "V"), charge(60, 180, 17, "W")]
    found = reconcile(vehicles, [meter(60, 180, 20)], [own()])
    assert [m.place for m in found] == [ChargedAt.OWN, ChargedAt.ELSEWHERE]


def test_a_charging_that_the_meter_saw_in_parts_is_one() -> None:
    sessions = [meter(60, 100, 7), meter(130, 180, 9), meter(600, 660, 5)]
    found = reconcile([charge(60, 180, 14)], sessions, [own()])
    assert [m.charger_kwh for m in found] == [16, 5]
    assert found[0].charger is not None
    assert (found[0].charger.start, found[0].charger.end) == (at(60), at(180))


def test_losses_that_cannot_be_are_findings() -> None:
    for kwh, loss_pct in ((21.0, -5.0), (14.0, 30.0)):
        matches = reconcile([charge(60, 180, kwh)], [meter(60, 180, 20)], [own()])
        (finding,) = loss_findings(matches)
        assert (finding.code, finding.subject) == ("charge_loss", "V")
        assert finding.detail["loss_pct"] == loss_pct
    unknown = reconcile([charge(60, 180, None)], [meter(60, 180, 20)], [own()])
    assert loss_findings(unknown) == []
    assert only(unknown).charger_kwh == 20


@settings(max_examples=60, deadline=None)
@given(
    stays=st.lists(
        st.tuples(st.integers(0, 1400), st.integers(10, 300), st.floats(1, 60)), max_size=6
    ),
    meters=st.lists(
        st.tuples(
            st.integers(0, 1400), st.integers(10, 300), st.floats(1, 60), st.sampled_from("AB")
        ),
        max_size=6,
    ),
)
def test_every_session_is_in_one_match_and_every_kilowatt_hour_counts_once(
    stays: list[tuple[int, int, float]], meters: list[tuple[int, int, float, str]]
) -> None:
    vehicles = [charge(s, s + d, kwh, f"V{n}") for n, (s, d, kwh) in enumerate(stays)]
    sessions = [meter(s, s + d, kwh, c) for s, d, kwh, c in meters]
    found = reconcile(vehicles, sessions, [own("A"), own("B")])
    seen = [m.vehicle.vehicle for m in found if m.vehicle]
    assert sorted(seen) == sorted(v.vehicle for v in vehicles)
    assert sum(m.charger_kwh or 0 for m in found) == pytest.approx(
        sum(s.kwh for s in sessions), abs=0.05
    )
    carried = sum(m.charger_kwh or 0 for m in found if m.place is ChargedAt.OWN)
    elsewhere = sum(m.elsewhere_kwh or 0 for m in found)
    unmatched = sum(v.amount or 0 for v in vehicles) - sum(
        m.vehicle.amount or 0 for m in found if m.vehicle and m.charger
    )
    assert carried + elsewhere == pytest.approx(sum(s.kwh for s in sessions) + unmatched, abs=0.05)
