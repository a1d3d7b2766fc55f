"""Figures as people read them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from quotawatt import formatting as fmt


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (0.0, "0.000"),
        (0.4, "0.400"),
        (7.123, "7.12"),
        (22.31, "22.3"),
        (80123.4, "80,123"),
    ],
)
def test_digits_that_tell_something(value: float | None, text: str) -> None:
    assert fmt.significant(value) == text


def test_what_is_unknown_is_a_dash_and_zero_is_zero() -> None:
    assert (fmt.number(None), fmt.percent(None)) == ("–", "–")
    assert (fmt.number(0), fmt.percent(0)) == ("0", "0.0\u00a0%")


def test_formulas_have_their_subscript() -> None:
    assert fmt.formula("kgCO2/kWh") == "kgCO₂/kWh"
    assert fmt.formula("tCO₂") == "tCO₂"
    assert fmt.formula("kWh") == "kWh"


def test_instants_are_told_in_local_time() -> None:
    instant = datetime(2023, 12, 31, 16, 5, tzinfo=UTC)
    zone = ZoneInfo("Asia/Shanghai")
    assert fmt.day_text(instant, zone) == "2024-01-01"
    assert fmt.minute_text(instant, zone) == "2024-01-01 00:05"
    assert fmt.days_between(instant, instant + timedelta(days=2, hours=23)) == 2
