from dataclasses import replace
from datetime import UTC, datetime, timedelta

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.events.event import Event, EventState
from analytics.events.explaining import explained_by
from analytics.grid import Key

T0 = datetime(2026, 5, 1, tzinfo=UTC)
E = "electricity_import_kwh"
ABOVE = {
    Key("MTR-C", E): (Key("BLD-1/item:C", E), Key("BLD-1", E)),
    Key("MTR-A", E): (Key("BLD-1", E),),
    Key("BLD-1/item:C", E): (Key("BLD-1", E),),
}


def event(number: int, subject: str, size: float, *, days: tuple[int, int] = (0, 10)) -> Event:
    start, end = (T0 + timedelta(days=day) for day in days)
    found = Anomaly(
        subject, E, Shape.RUN, Likely.NIGHT_RUNNING, start, end, False, 100, size, 10.0, 0.9
    )
    return Event(number, found, EventState.OVER, 1, None, T0)


def explained(*events: Event) -> dict[int, int]:
    return explained_by(events, lambda key: ABOVE.get(key, ()))


def test_the_event_of_a_total_is_explained_by_that_of_its_meter() -> None:
    assert explained(event(1, "BLD-1", 410.0), event(2, "MTR-C", 400.0)) == {1: 2}


def test_of_a_chain_of_totals_the_last_part_explains_all() -> None:
    events = [event(1, "BLD-1", 410.0), event(2, "BLD-1/item:C", 405.0), event(3, "MTR-C", 400.0)]
    assert explained(*events) == {1: 3, 2: 3}


def test_of_several_parts_the_largest_explains() -> None:
    events = [event(1, "BLD-1", 410.0), event(2, "MTR-A", 210.0), event(3, "MTR-C", 300.0)]
    assert explained(*events) == {1: 3}


def test_too_small_too_short_and_the_other_way_explain_nothing() -> None:
    total = event(1, "BLD-1", 410.0)
    assert explained(total, event(2, "MTR-C", 100.0)) == {}
    assert explained(total, event(2, "MTR-C", 400.0, days=(8, 20))) == {}
    assert explained(total, event(2, "MTR-C", -400.0)) == {}


def test_what_was_withdrawn_explains_nothing_and_is_not_explained() -> None:
    total, part = event(1, "BLD-1", 410.0), event(2, "MTR-C", 400.0)
    assert explained(total, replace(part, state=EventState.WITHDRAWN)) == {}
    assert explained(replace(total, state=EventState.ORDINARY), part) == {}


def test_a_part_that_people_do_not_hear_of_explains_nothing() -> None:
    total, part = event(1, "BLD-1", 410.0), event(2, "MTR-C", 400.0)
    unsure = replace(part, anomaly=replace(part.anomaly, confidence=0.6))
    assert explained(total, unsure) == {}
    assert explained(replace(total, state=EventState.OPEN), part) == {}
    assert explained(total, replace(part, state=EventState.OPEN)) == {1: 2}
