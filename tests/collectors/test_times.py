"""Times by the rules of profiles."""

from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.specs import TimeSpec
from collectors.times import compile_time
from collectors.values import epoch_us, from_us, to_us
from quotawatt.errors import InputError

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2023, 7, 1, 12, tzinfo=UTC)
PARTS = {"Year": 23, "month": 7, "DAY": 1, "Hour": 20, "Minute": "0", "Second": 0}


def read(value: object, **spec: Any) -> datetime | None:
    rule = compile_time(TimeSpec(path="t", **spec))
    assert rule is not None
    us = rule.read({"t": value}, SHANGHAI)
    return None if us is None else from_us(us)


@pytest.mark.parametrize(
    ("value", "spec"),
    [
        ("2023-07-01T12:00:00Z", {"format": "iso"}),
        ("2023-07-01T20:00:00.000+0800", {"format": "iso"}),
        ("2023-07-01T20:00:00", {"format": "local"}),
        ("2023-07-01 14:00:00", {"format": "local", "zone": "Europe/Berlin"}),
        (1688212800, {"format": "epoch_s"}),
        ("1688212800000", {"format": "epoch_ms"}),
        (1688212800000000, {"format": "epoch_us"}),
        (1688212800000000000, {"format": "epoch_ns"}),
        (1688212800, {"format": "auto"}),
        (1688212800000, {"format": "auto"}),
        (1688212800000000, {"format": "auto"}),
        (1688212800000000000, {"format": "auto"}),
        ("2023-07-01T12:00:00Z", {"format": "auto"}),
        ("230701200000", {"format": "pattern", "pattern": "%y%m%d%H%M%S"}),
        (230701200000, {"format": "pattern", "pattern": "%y%m%d%H%M%S"}),
        ("01/07/2023 12:00 +0000", {"format": "pattern", "pattern": "%d/%m/%Y %H:%M %z"}),
        (PARTS, {"format": "parts"}),
        ({**PARTS, "Year": 2023, "Second": "0.5"}, {"format": "parts"}),
        ({**PARTS, "Hour": 12}, {"format": "parts", "zone": "UTC"}),
    ],
)
def test_formats(value: object, spec: dict[str, Any]) -> None:
    assert read(value, **spec) == NOON


@pytest.mark.parametrize(
    ("place", "spec"),
    [
        ({"d": "2023-07-01", "h": "20:00"}, {"format": "local"}),
        ({"d": 20230701, "h": 2000}, {"format": "pattern", "pattern": "%Y%m%d %H%M"}),
    ],
)
def test_date_and_time_of_day_may_stand_apart(place: dict[str, Any], spec: dict[str, Any]) -> None:
    rule = compile_time(TimeSpec(join=["d", "h"], **spec))
    assert rule is not None
    us = rule.read(place, SHANGHAI)
    assert us is not None
    assert from_us(us) == NOON
    assert rule.read({"d": place["d"]}, SHANGHAI) is None


@pytest.mark.parametrize(
    ("value", "spec"),
    [
        ("2023-07-01T20:00:00", {"format": "iso"}),
        ("yesterday", {"format": "local"}),
        ("12", {"format": "pattern", "pattern": "%Y%m%d"}),
        ([], {"format": "pattern", "pattern": "%Y%m%d"}),
        ("99990101", {"format": "pattern", "pattern": "%Y%m%d"}),
        ({"year": 23}, {"format": "parts"}),
        ({**PARTS, "month": 13}, {"format": "parts"}),
        ({**PARTS, "Hour": None}, {"format": "parts"}),
        ({**PARTS, "Hour": 10**30}, {"format": "parts"}),
        (5, {"format": "parts"}),
        (1e308, {"format": "epoch_ns"}),
        (1688212800000000000, {"format": "epoch_ms"}),
        (True, {"format": "epoch_s"}),
    ],
)
def test_what_is_no_time_is_refused(value: object, spec: dict[str, Any]) -> None:
    with pytest.raises(InputError, match="must"):
        read(value, **spec)


def test_of_several_paths_the_first_that_is_there_counts() -> None:
    rule = compile_time(TimeSpec(path=["a.b", "c"], format="epoch_s"))
    assert rule is not None
    assert rule.read({"a": {"b": None}, "c": 1688212800}, None) == to_us(NOON)
    assert rule.read({"a": {"b": 1}, "c": 2}, None) == 1_000_000
    assert rule.read({}, None) is None


def test_no_format_is_no_rule() -> None:
    assert compile_time(TimeSpec()) is None


@given(st.integers(0, to_us(datetime(2199, 1, 1, tzinfo=UTC))))
def test_nanoseconds_are_exact(us: int) -> None:
    assert epoch_us(us * 1000 + 999, 1_000_000_000) == us
