"""Local months: where they begin and end."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from quotawatt.spans import Span, month_span, next_month


def test_the_month_after_december_is_january() -> None:
    assert next_month(date(2023, 12, 1)) == date(2024, 1, 1)
    assert next_month(date(2024, 1, 31)) == date(2024, 2, 1)


def test_a_month_in_which_the_clock_changes() -> None:
    """March 2024 has 31 days in Berlin, one of them of 23 hours."""
    span = month_span(date(2024, 3, 17), ZoneInfo("Europe/Berlin"))
    assert span == Span(
        datetime(2024, 2, 29, 23, tzinfo=UTC), datetime(2024, 3, 31, 22, tzinfo=UTC)
    )
