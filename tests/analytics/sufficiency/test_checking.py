"""What disqualifies and what warns, by purpose; and the bad input that comes every day."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from analytics.baselines.series import Interval
from analytics.sufficiency.checking import check
from analytics.sufficiency.coarser import coarser
from analytics.sufficiency.purposes import Purpose
from tests.analytics.sufficiency.series import hourly, with_use

YEAR = hourly()
SAVINGS, MONITOR, DESCRIBE = Purpose.MEASURE_SAVINGS, Purpose.MONITOR, Purpose.DESCRIBE


def codes(findings: tuple[object, ...]) -> set[str]:
    return {finding.code for finding in findings}


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("interval", list(Interval))
def test_a_whole_year_is_enough_for_all(purpose: Purpose, interval: Interval) -> None:
    found = check(coarser(YEAR, interval), purpose)
    assert found.is_enough
    assert found.findings == ()


@pytest.mark.parametrize(
    ("missing_days", "enough"), [(37, True), (38, False)], ids=["37 days", "38 days"]
)
def test_savings_bear_37_missing_days_of_a_year(missing_days: int, enough: bool) -> None:
    use = hourly(365).frame["use"].copy()
    use.iloc[24 * 100 : 24 * (100 + missing_days)] = np.nan
    found = check(with_use(hourly(365), use), SAVINGS)
    assert found.is_enough is enough
    assert "series_gap" in codes(found.warnings)
    if not enough:
        detail = found.disqualifying[0].detail
        assert (detail["known_days"], detail["needed_days"]) == (327, 328)


def test_a_day_is_known_where_half_of_its_hours_are() -> None:
    use = hourly(365).frame["use"].to_numpy().copy()
    use[np.arange(len(use)) % 24 < 12] = np.nan
    assert check(with_use(hourly(365), use), SAVINGS).is_enough
    use[np.arange(len(use)) % 24 < 13] = np.nan
    assert "series_too_short" in codes(check(with_use(hourly(365), use), SAVINGS).disqualifying)


def test_two_years_may_miss_a_tenth_each_and_no_more() -> None:
    use = hourly(730).frame["use"].copy()
    use.iloc[: 24 * 100] = np.nan
    found = check(with_use(hourly(730), use), SAVINGS)
    assert codes(found.disqualifying) == {"series_days_missing"}
    assert found.disqualifying[0].detail["missing_pct"] == pytest.approx(13.7)
    assert found.disqualifying[0].detail["limit_pct"] == 10.0


def test_eleven_months_are_noted_as_less_than_a_year() -> None:
    found = check(hourly(340), SAVINGS)
    assert found.is_enough
    assert codes(found.warnings) == {"series_under_a_year"}


def test_one_week_is_enough_to_describe_alone() -> None:
    week = hourly(7)
    assert codes(check(week, SAVINGS).disqualifying) == {"series_too_short"}
    assert codes(check(week, MONITOR).disqualifying) == {"series_too_short"}
    assert check(week, DESCRIBE).findings == ()


def test_monthly_values_may_miss_one_of_twelve() -> None:
    months = coarser(hourly(365), Interval.MONTH)
    use = months.frame["use"].copy()
    use.iloc[3] = np.nan
    assert check(with_use(months, use), SAVINGS).is_enough
    use.iloc[7] = np.nan
    found = check(with_use(months, use), SAVINGS)
    assert codes(found.disqualifying) == {"series_months_missing"}


@pytest.mark.parametrize("purpose", list(Purpose))
@pytest.mark.parametrize("value", [np.nan, np.inf], ids=["NaN", "infinite"])
def test_a_year_without_a_number_disqualifies_for_all(purpose: Purpose, value: float) -> None:
    found = check(with_use(YEAR, value), purpose)
    assert codes(found.disqualifying) == {"series_without_values"}
    assert found.disqualifying[0].detail["count"] == len(YEAR.frame)


def test_an_empty_series_has_a_finding() -> None:
    empty = replace(YEAR, frame=YEAR.frame.iloc[:0])
    assert codes(check(empty, MONITOR).disqualifying) == {"series_without_values"}


def test_the_stands_of_a_counter_are_no_use() -> None:
    use = YEAR.frame["use"].to_numpy()
    found = check(with_use(YEAR, np.cumsum(use)), MONITOR)
    assert codes(found.disqualifying) == {"series_never_falls"}
    assert found.disqualifying[0].detail["last"] == pytest.approx(use.sum())
    swapped = np.cumsum(use)
    swapped[5000:] -= swapped[5000]
    assert "series_never_falls" not in codes(check(with_use(YEAR, swapped), MONITOR).findings)


@pytest.mark.parametrize("value", [0.0, 5.0])
def test_a_constant_series_disqualifies(value: float) -> None:
    found = check(with_use(YEAR, value), MONITOR)
    assert codes(found.disqualifying) == {"series_constant"}
    assert found.disqualifying[0].detail["value"] == value


def test_zeros_of_electricity_count_as_missing_for_savings_alone() -> None:
    use = YEAR.frame["use"].copy()
    use.iloc[: 24 * 60] = 0.0
    assert "series_days_missing" in codes(check(with_use(YEAR, use), SAVINGS).disqualifying)
    watched = check(with_use(YEAR, use), MONITOR)
    assert watched.is_enough
    assert codes(watched.warnings) == {"series_zeros"}
    gas = replace(with_use(YEAR, use), measure="gas_m3", unit="m³")
    assert check(gas, SAVINGS).findings == ()


def test_negative_extreme_and_infinite_values_are_named() -> None:
    use = YEAR.frame["use"].copy()
    use.iloc[10], use.iloc[20], use.iloc[30] = -3.0, 900.0, -np.inf
    found = check(with_use(YEAR, use), SAVINGS)
    assert found.is_enough
    details = {finding.code: finding.detail for finding in found.warnings}
    assert set(details) == {"series_negative", "series_extremes", "series_infinite"}
    assert details["series_negative"]["lowest"] == -3.0
    assert details["series_extremes"]["largest"] == 900.0


def test_a_long_gap_says_from_when_to_when() -> None:
    use = YEAR.frame["use"].copy()
    use.iloc[480 : 480 + 8 * 24] = np.nan
    gap = next(f for f in check(with_use(YEAR, use), MONITOR).warnings if f.code == "series_gap")
    start = YEAR.frame.index[480]
    assert gap.detail["since"] == start.isoformat()
    assert gap.detail["until"] == (start + timedelta(days=8)).isoformat()


def test_months_with_few_hours_are_named() -> None:
    use = YEAR.frame["use"].copy()
    use.iloc[24 * 31 : 24 * 36] = np.nan
    found = check(with_use(YEAR, use), SAVINGS)
    thin = next(f for f in found.warnings if f.code == "series_months_thin")
    assert (thin.detail["count"], thin.detail["months"]) == (1, "2022-02")
