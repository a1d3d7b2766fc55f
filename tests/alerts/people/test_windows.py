"""Windows that recur: by the working calendar, over midnight, where the clocks change."""

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alerts.people.windows import (
    Recurrence,
    as_json,
    from_json,
    occurrences,
    open_until,
    quiet_until,
)
from quotawatt.errors import InputError
from quotawatt.rulebook.alert_rules import Days
from quotawatt.rulebook.routes import Quiet
from quotawatt.spans import Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
BERLIN = ZoneInfo("Europe/Berlin")


def local(text: str, zone: ZoneInfo = SHANGHAI) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone).astimezone(UTC)


def days_of(recurrence: Recurrence, first: str, until: str) -> list[str]:
    span = Span(local(first), local(until))
    found = occurrences(recurrence, span, SHANGHAI)
    return [f"{window.start.astimezone(SHANGHAI):%m-%d}" for window in found]


def test_days_off_follow_the_announced_calendar_with_make_up_days() -> None:
    # National Day 2025: 1 to 8 October off, and Saturday 11 October worked for it.
    off = Recurrence(days=Days.NON_WORKING)
    expected = [f"10-{n:02}" for n in (*range(1, 9), 12)]
    assert days_of(off, "2025-10-01", "2025-10-13") == expected
    worked = Recurrence(days=Days.WORKING)
    assert "10-11" in days_of(worked, "2025-10-09", "2025-10-13")


def test_days_of_the_week_and_of_the_month_from_both_ends() -> None:
    assert days_of(Recurrence(weekdays=(1, 7)), "2026-11-01", "2026-11-10") == [
        *("11-01", "11-02", "11-08", "11-09")
    ]
    assert days_of(Recurrence(month_days=(31, -1)), "2026-01-01", "2026-04-01") == [
        *("01-31", "02-28", "03-31")
    ]


def test_the_nth_working_day_of_a_month() -> None:
    # October 2025: the first working day is the 9th, the last the 31st.
    assert days_of(Recurrence(working_days=(1, -1)), "2025-10-01", "2025-11-01") == [
        *("10-09", "10-31")
    ]


def test_all_conditions_hold_together() -> None:
    first_monday = Recurrence(weekdays=(1,), month_days=tuple(range(1, 8)))
    assert days_of(first_monday, "2026-11-01", "2027-01-01") == ["11-02", "12-07"]


def test_a_night_belongs_to_the_day_on_which_it_begins() -> None:
    friday_night = Recurrence(weekdays=(5,), from_=time(22), until=time(6))
    inside, after = local("2026-11-07T05:59"), local("2026-11-07T06:00")
    assert open_until([friday_night], inside, SHANGHAI) == after
    assert open_until([friday_night], after, SHANGHAI) is None
    assert open_until([friday_night], local("2026-11-06T05:00"), SHANGHAI) is None


def test_windows_that_follow_at_once_are_one() -> None:
    off = Recurrence(days=Days.NON_WORKING)
    # Saturday and Sunday until Monday 00:00; Spring Festival 2026 as long as it lasts.
    assert open_until([off], local("2026-11-07T12:00"), SHANGHAI) == local("2026-11-09T00:00")
    assert open_until([off], local("2025-10-01T00:00"), SHANGHAI) == local("2025-10-09T00:00")


def test_quiet_hours_join_nights_and_days_off() -> None:
    quiet = Quiet(time(20), time(8), non_working_days=True)
    friday = local("2026-11-06T20:00")
    assert quiet_until(quiet, friday, SHANGHAI) == local("2026-11-09T08:00")
    assert quiet_until(quiet, friday - timedelta(minutes=1), SHANGHAI) is None
    assert quiet_until(None, friday, SHANGHAI) is None


def test_the_wall_clock_rules_where_the_clocks_change() -> None:
    night = Recurrence(from_=time(1), until=time(4))
    spring, autumn = date(2026, 3, 29), date(2026, 10, 25)
    assert night.span_on(spring, BERLIN).hours == 2
    assert night.span_on(autumn, BERLIN).hours == 4
    # What begins or ends in an hour that comes twice, or not at all, is never shorter than it says.
    assert Recurrence(from_=time(2, 30), until=time(4)).span_on(autumn, BERLIN).hours == 2.5
    assert Recurrence(from_=time(1), until=time(2, 30)).span_on(autumn, BERLIN).hours == 2.5
    assert Recurrence(from_=time(2, 15), until=time(2, 45)).span_on(spring, BERLIN).hours >= 0.5
    whole = Recurrence()
    assert whole.span_on(spring, BERLIN).hours == 23
    assert whole.span_on(autumn, BERLIN).hours == 25


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Recurrence(weekdays=(0,)), "weekdays must be 1 to 7, got 0"),
        (
            lambda: Recurrence(month_days=(-32,)),
            "month_days must be 1 to 31, or -31 to -1 from the end, got -32",
        ),
        (
            lambda: Recurrence(working_days=(0,)),
            "working_days must be 1 to 23, or -23 to -1 from the end, got 0",
        ),
    ],
)
def test_numbers_that_no_day_has_are_refused(make: Callable[[], Recurrence], message: str) -> None:
    with pytest.raises(InputError) as error:
        make()
    assert str(error.value) == message


_RECURRENCES = st.builds(
    Recurrence,
    days=st.sampled_from(Days),
    weekdays=st.lists(st.integers(1, 7), max_size=3, unique=True).map(tuple),
    month_days=st.lists(st.integers(1, 31), max_size=3, unique=True).map(tuple),
    from_=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
    until=st.times().map(lambda t: t.replace(second=0, microsecond=0, fold=0)),
)
_MOMENTS = st.integers(0, 700 * 24 * 4).map(
    lambda quarters: datetime(2025, 1, 1, tzinfo=UTC) + quarters * timedelta(minutes=15)
)


@given(_RECURRENCES, _MOMENTS, st.sampled_from([SHANGHAI, BERLIN]))
def test_it_is_open_exactly_within_its_occurrences(
    recurrence: Recurrence, now: datetime, zone: ZoneInfo
) -> None:
    around = Span(now - timedelta(days=3), now + timedelta(days=3))
    inside = any(window.contains(now) for window in occurrences(recurrence, around, zone))
    end = open_until([recurrence], now, zone)
    assert (end is not None) is inside
    if end is not None and end < now + timedelta(days=30):
        assert open_until([recurrence], end, zone) is None


@given(_RECURRENCES)
def test_it_comes_back_from_the_store_as_it_was(recurrence: Recurrence) -> None:
    assert from_json(as_json(recurrence)) == recurrence
    assert from_json(as_json(None)) is None
