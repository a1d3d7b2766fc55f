"""What a request may ask for: instants with a zone, spans forwards, measures that exist, bounded answers."""

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.params import (
    MAX_INTERVALS,
    parse_instant,
    parse_measures,
    parse_span,
    require_max_span,
    require_size,
)
from quotawatt.errors import InputError
from quotawatt.readings import Grain
from quotawatt.spans import Span

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONDON = ZoneInfo("Europe/London")
NOW = datetime(2024, 1, 1, tzinfo=UTC)


def test_a_date_is_local_midnight() -> None:
    assert parse_instant("2023-01-01", "from", SHANGHAI) == datetime(2022, 12, 31, 16, tzinfo=UTC)
    # Summer time: midnight in London on 1 July is 23:00 UTC the day before.
    assert parse_instant("2023-07-01", "from", LONDON) == datetime(2023, 6, 30, 23, tzinfo=UTC)


def test_an_instant_keeps_its_own_zone() -> None:
    for text in ("2023-01-01T08:00:00+08:00", "2023-01-01T00:00:00Z"):
        assert parse_instant(text, "from", LONDON) == datetime(2023, 1, 1, tzinfo=UTC)


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(InputError, match="from must carry a time zone, got 2023-01-01T00:00:00"):
        parse_instant("2023-01-01T00:00:00", "from", SHANGHAI)


@pytest.mark.parametrize(
    "text", ["1989-12-31", "2200-01-01", "9999-12-31", "0001-01-01", "1989-12-31T23:59:59-08:00"]
)
def test_a_year_far_away_is_refused(text: str) -> None:
    with pytest.raises(InputError, match=f"as_of must lie in the years 1990 to 2199, got '{text}'"):
        parse_instant(text, "as_of", SHANGHAI)


def test_the_first_and_the_last_year_are_taken_whole() -> None:
    first = parse_instant("1990-01-01", "as_of", SHANGHAI)
    assert first == datetime(1989, 12, 31, 16, tzinfo=UTC)
    last = parse_instant("2199-12-31T23:59:59+08:00", "as_of", SHANGHAI)
    assert last == datetime(2199, 12, 31, 15, 59, 59, tzinfo=UTC)


@given(st.text(max_size=30))
def test_any_text_is_an_instant_or_an_input_error(text: str) -> None:
    with suppress(InputError):
        assert parse_instant(text, "from", SHANGHAI).utcoffset() == timedelta(0)


def test_a_span_ends_now_unless_told() -> None:
    span = parse_span("2023-12-31", None, SHANGHAI, NOW)
    assert span == Span(datetime(2023, 12, 30, 16, tzinfo=UTC), NOW)


@pytest.mark.parametrize(
    ("first", "until"), [("2023-01-02", "2023-01-01"), ("2023-01-01", "2023-01-01")]
)
def test_a_span_runs_forwards(first: str, until: str) -> None:
    with pytest.raises(InputError, match="from must lie before until, got 2023-01-0"):
        parse_span(first, until, SHANGHAI, NOW)


def test_measures_are_known_and_counted_once() -> None:
    assert parse_measures(["water_m3", "heat_gj", "water_m3"]) == ["water_m3", "heat_gj"]
    with pytest.raises(InputError, match="got 'energy'"):
        parse_measures(["water_m3", "energy"])


def test_the_size_of_an_answer_is_bounded() -> None:
    start = datetime(2023, 1, 1, tzinfo=UTC)
    fitting = Span(start, start + timedelta(hours=MAX_INTERVALS))
    require_size(fitting, Grain.HOUR, 1)
    require_size(fitting, Grain.DAY, 24)
    with pytest.raises(InputError, match=f"at most {MAX_INTERVALS} intervals .*, got 120000"):
        require_size(fitting, Grain.HOUR, 2)


def test_the_length_of_a_span_is_bounded() -> None:
    start = datetime(2023, 1, 1, tzinfo=UTC)
    require_max_span(Span(start, start + timedelta(days=92)), 92)
    with pytest.raises(InputError, match="at most 92 days"):
        require_max_span(Span(start, start + timedelta(days=92, microseconds=1)), 92)
