"""Numbers and times as devices write them."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.values import auto_us, epoch_us, from_us, iso_us, number, shown, to_us
from quotawatt.errors import InputError

SHANGHAI = ZoneInfo("Asia/Shanghai")
FIRST_US = to_us(datetime(1900, 1, 1, tzinfo=UTC))
LAST_US = to_us(datetime(2200, 1, 1, tzinfo=UTC)) - 1
NOON = datetime(2023, 7, 1, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "expected"),
    [(0, 0.0), (-1.5, -1.5), ("12.5", 12.5), (" 7 ", 7.0), ("1e3", 1000.0), (".5", 0.5), ("5.", 5.0)],
)  # fmt: skip
def test_numbers(value: object, expected: float) -> None:
    assert number(value) == expected


@pytest.mark.parametrize("value", [None, "", "null", "NaN", "unavailable", "Unknown", "none"])
def test_words_for_no_value(value: object) -> None:
    assert number(value) is None


@pytest.mark.parametrize(
    "value",
    ["12,5", "1_000", "0x10", "inf", "-Infinity", "1e999", "１２", "十二", "12 kWh", True, [], {}, 10**400,
     float("inf"), float("nan"), "9" * 200],
)  # fmt: skip
def test_everything_else_is_refused_with_the_rule_first(value: object) -> None:
    with pytest.raises(InputError, match=r"^a value must be a (finite )?number, got ") as error:
        number(value)
    assert len(str(error.value)) < 150


def test_states_take_truth_values_and_words() -> None:
    assert [number(v, state=True) for v in (True, False, "on", "OFF", 1)] == [1, 0, 1, 0, 1]
    with pytest.raises(InputError):
        number("on")


@given(st.integers(FIRST_US, LAST_US), st.integers(-14, 14))
def test_iso_times_keep_their_instant(us: int, offset_h: int) -> None:
    text = from_us(us).astimezone(timezone(timedelta(hours=offset_h))).isoformat()
    assert iso_us(text) == us
    assert auto_us(text) == us


@given(st.integers(to_us(datetime(1980, 1, 1, tzinfo=UTC)), LAST_US))
def test_epoch_seconds_and_milliseconds_are_told_apart(us: int) -> None:
    seconds = us // 1_000_000
    assert auto_us(seconds) == auto_us(seconds * 1000) == auto_us(str(seconds)) == seconds * 10**6


def test_local_times_are_those_of_the_zone() -> None:
    assert from_us(iso_us("2023-07-01T20:00:00", SHANGHAI)) == NOON
    assert from_us(iso_us("2023-07-01T12:00:00Z", SHANGHAI)) == NOON


@pytest.mark.parametrize("parse", [auto_us, iso_us, epoch_us])
@pytest.mark.parametrize(
    "value", ["2023-07-01T12:00:00", "noon", "", None, True, [], 1e300, float("nan"), "9999-12-31T23:00:00Z"]
)  # fmt: skip
def test_what_is_no_instant_is_refused(parse: object, value: object) -> None:
    with pytest.raises(InputError):
        parse(value)  # type: ignore[operator]


def test_values_in_messages_are_short_and_printable() -> None:
    assert len(shown("x" * 1000)) == 80
    assert shown("a\x00\ud800").isprintable()
