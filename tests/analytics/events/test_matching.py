from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.events import matching
from analytics.events.event import LIVE, Event, EventState
from analytics.events.matching import MERGED, NOT_FOUND, Change
from quotawatt.spans import HOUR, Span

T0 = datetime(2026, 5, 1, tzinfo=UTC)
WINDOW = Span(T0, T0 + timedelta(days=35))


def anomaly(
    first_h: int, until_h: int, likely: Likely = Likely.NIGHT_RUNNING, *, size: float = 41.0
) -> Anomaly:
    end = T0 + until_h * HOUR
    return Anomaly(
        subject="MTR-1",
        measure="electricity_import_kwh",
        shape=Shape.RUN,
        likely=likely,
        start=T0 + first_h * HOUR,
        end=end,
        open=end == WINDOW.end,
        hours=until_h - first_h,
        size=size,
        expected=10.0,
        confidence=0.9,
    )


def reconcile(known: Sequence[Event], found: Sequence[Anomaly], window: Span) -> list[Change]:
    return matching.reconcile(known, found, window, settled=window.start)


def event(number: int, found: Anomaly, state: EventState = EventState.OVER) -> Event:
    return Event(number, found, state, 1, None, T0)


def outcome(known: Sequence[Event], changes: Sequence[Change]) -> list[Event]:
    """The events as they are once the changes are entered."""
    rows = {e.number: e for e in known}
    for change in changes:
        number = change.number or max(rows, default=0) + 1
        rows[number] = event(number, change.anomaly, change.state)
    return list(rows.values())


def test_what_is_found_first_is_a_new_event() -> None:
    found = anomaly(10, 20)
    assert reconcile([], [found], WINDOW) == [Change(None, EventState.OVER, found)]
    lasting = anomaly(800, 840)
    assert reconcile([], [lasting], WINDOW)[0].state is EventState.OPEN


def test_an_event_that_lasts_on_keeps_its_number() -> None:
    known = event(7, replace(anomaly(10, 34), open=True), EventState.OPEN)
    longer = anomaly(10, 58)
    assert reconcile([known], [longer], WINDOW) == [Change(7, EventState.OVER, longer)]


def test_nights_that_go_on_after_a_pause_are_the_same_event_only_where_they_are_of_one_kind() -> (
    None
):
    known = event(7, anomaly(10, 20))
    assert reconcile([known], [anomaly(40, 50)], WINDOW)[0].number == 7
    changes = reconcile([known], [anomaly(40, 50, Likely.LEAK)], WINDOW)
    assert [(c.number, c.state) for c in changes] == [
        (7, EventState.WITHDRAWN),
        (None, EventState.OVER),
    ]


def test_too_little_is_never_the_event_of_too_much() -> None:
    known = event(7, anomaly(10, 20))
    below = anomaly(10, 20, Likely.LOW_USE, size=-41.0)
    assert {(c.number, c.note) for c in reconcile([known], [below], WINDOW)} == {
        (7, NOT_FOUND),
        (None, ""),
    }


def test_a_kind_that_becomes_clear_later_changes_the_event() -> None:
    known = event(7, anomaly(10, 20, Likely.HIGH_USE))
    assert reconcile([known], [anomaly(10, 60)], WINDOW) == [
        Change(7, EventState.OVER, anomaly(10, 60))
    ]


def test_a_kind_stays_until_another_is_found_of_twice_the_time() -> None:
    known = event(7, anomaly(10, 210), EventState.OPEN)
    (change,) = reconcile([known], [anomaly(10, 378, Likely.CREEP)], WINDOW)
    assert (change.number, change.anomaly.likely) == (7, Likely.NIGHT_RUNNING)
    assert (change.anomaly.end, change.anomaly.evidence["named_h"]) == (T0 + 378 * HOUR, 200.0)
    later = outcome([known], [change])
    (change,) = reconcile(later, [anomaly(10, 410, Likely.CREEP)], WINDOW)
    assert (change.number, change.anomaly.likely) == (7, Likely.CREEP)
    (change,) = reconcile(later, [anomaly(10, 400)], WINDOW)
    assert change.anomaly.evidence == {}  # found again: what is known of it is as it was


def test_an_event_of_the_other_direction_holds_none() -> None:
    known = event(7, replace(anomaly(-100, 10, Likely.LOW_USE, size=-41.0), open=True))
    standing = [known, event(8, anomaly(5, 30))]
    changes = reconcile(standing, [anomaly(5, 30)], WINDOW)
    assert [(c.number, c.state) for c in changes] == [(7, EventState.OVER)]


def test_what_is_not_found_any_more_is_withdrawn_and_comes_back_under_its_number() -> None:
    found = anomaly(10, 20)
    withdrawn = reconcile([event(7, found)], [], WINDOW)
    assert withdrawn == [Change(7, EventState.WITHDRAWN, found, NOT_FOUND)]
    known = outcome([event(7, found)], withdrawn)
    assert reconcile(known, [found], WINDOW) == [Change(7, EventState.OVER, found)]


def test_events_that_turn_out_to_be_one_keep_the_closest_number() -> None:
    known = [event(3, anomaly(10, 40)), event(4, anomaly(45, 50))]
    changes = reconcile(known, [anomaly(10, 50)], WINDOW)
    assert [(c.number, c.state, c.note) for c in changes] == [
        (3, EventState.OVER, ""),
        (4, EventState.WITHDRAWN, f"{MERGED}/3"),
    ]


def test_what_began_before_the_window_keeps_its_beginning_and_is_over_where_it_is_not_found() -> (
    None
):
    known = event(7, replace(anomaly(-100, 10), open=True), EventState.OPEN)
    (change,) = reconcile([known], [anomaly(0, 20)], WINDOW)
    assert (change.number, change.anomaly.start) == (7, T0 - 100 * HOUR)
    assert change.anomaly.end == T0 + 20 * HOUR
    (change,) = reconcile([known], [], WINDOW)
    assert (change.state, change.anomaly.end) == (EventState.OVER, known.anomaly.end)
    over = event(7, anomaly(-100, 10))
    assert reconcile([over], [], WINDOW) == []


def test_what_people_may_have_been_told_of_for_weeks_is_not_taken_back() -> None:
    known = event(7, anomaly(100, 400))
    later = WINDOW.start + timedelta(days=20)
    assert matching.reconcile([known], [], WINDOW, settled=later) == []
    (change,) = matching.reconcile([known], [], WINDOW, settled=WINDOW.start)
    assert change.note == NOT_FOUND


def test_what_is_called_ordinary_does_not_come_back_as_it_goes_on() -> None:
    known = event(7, anomaly(10, 20), EventState.ORDINARY)
    (change,) = reconcile([known], [anomaly(10, 80)], WINDOW)
    assert (change.number, change.state) == (7, EventState.ORDINARY)
    assert change.anomaly.end == T0 + 80 * HOUR
    inside = anomaly(12, 18, Likely.SPIKE)
    assert all(c.state is EventState.ORDINARY for c in reconcile([known], [inside], WINDOW))


def test_an_ordinary_hour_does_not_hide_a_long_event_of_another_kind() -> None:
    known = event(7, anomaly(10, 11, Likely.SPIKE), EventState.ORDINARY)
    found = anomaly(5, 300)
    assert reconcile([known], [found], WINDOW) == [Change(None, EventState.OVER, found)]


_KINDS = st.sampled_from([Likely.NIGHT_RUNNING, Likely.HIGH_USE, Likely.LEAK, Likely.LOW_USE])


@st.composite
def anomalies(draw: st.DrawFn, first_h: int = 0) -> Anomaly:
    start = draw(st.integers(first_h, 830))
    likely = draw(_KINDS)
    size = -41.0 if likely is Likely.LOW_USE else 41.0
    return anomaly(start, draw(st.integers(start + 1, 840)), likely, size=size)


def _distinct(found: list[Anomaly]) -> list[Anomaly]:
    """No two of one direction end at once: they would be one."""
    return list({(a.end, a.size < 0): a for a in found}.values())


FOUND = st.lists(anomalies(), max_size=5).map(_distinct)
KNOWN = st.lists(st.tuples(anomalies(-200), st.sampled_from(EventState)), max_size=5).map(
    lambda rows: [event(n, *row) for n, row in enumerate(rows, start=1)]
)


@given(known=KNOWN, found=FOUND)
def test_said_again_it_changes_nothing(known: list[Event], found: list[Anomaly]) -> None:
    settled = outcome(known, reconcile(known, found, WINDOW))
    assert reconcile(settled, found, WINDOW) == []


@given(known=KNOWN, found=FOUND)
def test_no_row_is_lost_or_doubled_and_what_people_decided_stands(
    known: list[Event], found: list[Anomaly]
) -> None:
    changes = reconcile(known, found, WINDOW)
    numbers = [c.number for c in changes if c.number is not None]
    assert len(numbers) == len(set(numbers))
    settled = {e.number: e for e in outcome(known, changes)}
    assert settled.keys() >= {e.number for e in known}
    for one in known:
        if one.state is EventState.ORDINARY:
            assert settled[one.number].state is EventState.ORDINARY
    inside = [e for e in settled.values() if e.state in LIVE and e.anomaly.start >= T0]
    assert len(inside) <= len(found)


@given(found=FOUND)
def test_first_found_each_anomaly_is_one_event(found: list[Anomaly]) -> None:
    changes = reconcile([], found, WINDOW)
    assert [replace(c.anomaly, open=a.open) for c, a in zip(changes, found, strict=True)] == found
    assert all((c.state is EventState.OPEN) == c.anomaly.open for c in changes)


def test_what_shows_on_some_days_only_goes_on_until_such_a_day_went_by() -> None:
    ended = WINDOW.end - timedelta(days=3)
    kinds = (Likely.NIGHT_RUNNING, Likely.WEEKEND_RUNNING, Likely.HIGH_USE)
    found = [replace(anomaly(100, 700, kind), end=ended) for kind in kinds]
    states = [reconcile([], [one], WINDOW)[0].state for one in found]
    assert states == [EventState.OPEN, EventState.OPEN, EventState.OVER]


def test_what_is_doubtful_is_no_new_event_but_one_that_is_known_stays() -> None:
    doubtful = replace(anomaly(10, 20), confidence=0.4)
    assert reconcile([], [doubtful], WINDOW) == []
    (change,) = reconcile([event(7, anomaly(10, 20))], [doubtful], WINDOW)
    assert (change.number, change.state) == (7, EventState.OVER)
