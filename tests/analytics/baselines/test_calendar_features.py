"""Local hours, kinds of days and bridges."""

from zoneinfo import ZoneInfo

import numpy as np
import pandas as pd

from analytics.baselines.calendar_features import (
    DAY_OFF,
    HOLIDAY,
    MAKE_UP,
    WORKING,
    calendar_of,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")


def noon(*days: str, zone: ZoneInfo = SHANGHAI) -> pd.DatetimeIndex:
    return pd.DatetimeIndex([f"{d} 12:00" for d in days]).tz_localize(zone).tz_convert("UTC")


def test_chinas_kinds_of_days() -> None:
    # National Day week of 2023: Saturday 7 October was worked, Friday 29 September was off.
    calendar = calendar_of(
        noon("2023-09-27", "2023-09-29", "2023-09-30", "2023-10-07"), SHANGHAI, "CN"
    )
    assert calendar.kind.tolist() == [WORKING, HOLIDAY, DAY_OFF, MAKE_UP]
    assert calendar.off.tolist() == [False, True, True, False]
    assert calendar.weekday.tolist() == [2, 4, 5, 5]
    assert calendar.hour.tolist() == [12] * 4


def test_working_days_between_days_off_are_bridges_however_few_are_asked_for() -> None:
    zone = ZoneInfo("Europe/London")
    days = [f"2018-12-{d}" for d in range(17, 32)]
    whole = calendar_of(noon(*days, zone=zone), zone, "GB")
    named = [d for d, bridge in zip(days, whole.bridge, strict=True) if bridge]
    assert named == ["2018-12-24", "2018-12-27", "2018-12-28", "2018-12-31"]
    alone = calendar_of(noon("2018-12-27", zone=zone), zone, "GB")
    assert alone.bridge.tolist() == [True]


def test_the_local_day_changes_at_local_midnight_also_at_half_hours() -> None:
    zone = ZoneInfo("Asia/Kolkata")
    starts = pd.DatetimeIndex(["2024-03-01 18:15", "2024-03-01 18:30"]).tz_localize("UTC")
    calendar = calendar_of(starts, zone, "IN")
    assert calendar.hour.tolist() == [23, 0]
    assert np.diff(calendar.day).tolist() == [1]


def test_days_that_lose_and_gain_an_hour_have_23_and_25() -> None:
    zone = ZoneInfo("Europe/London")
    starts = pd.date_range("2023-03-25", "2023-10-31", freq="h", tz="UTC")
    calendar = calendar_of(starts, zone, "GB")
    counts = dict(zip(*np.unique(calendar.day, return_counts=True), strict=True))
    spring, autumn = (
        int(np.datetime64(d).astype("datetime64[D]").astype(int))
        for d in ("2023-03-26", "2023-10-29")
    )
    assert (counts[spring], counts[autumn]) == (23, 25)


def test_no_intervals_no_calendar() -> None:
    calendar = calendar_of(pd.DatetimeIndex([], tz="UTC"), SHANGHAI, "CN")
    assert len(calendar.kind) == len(calendar.bridge) == 0
