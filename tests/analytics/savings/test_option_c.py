"""Savings against what a made-up building is known to have saved, and honest where data do not bear them."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from analytics.baselines.fitted import Insufficient
from analytics.savings.learnt import period_model
from analytics.savings.normal import normal_year
from analytics.savings.option_c import reporting_model, savings, savings_agreed
from analytics.savings.result import Savings
from quotawatt.errors import InputError
from quotawatt.performance.values import EventKind, NonRoutineEvent
from tests.analytics.savings.synthetic import daily, with_use, years


def reckoned(found: Savings | Insufficient) -> Savings:
    assert isinstance(found, Savings), found
    return found


def test_a_measure_of_a_tenth_is_found() -> None:
    found = reckoned(savings(*years(0.9)))
    assert found.total.savings_pct == pytest.approx(10.0, abs=1.0)
    assert found.total.coverage == pytest.approx(1.0)
    assert found.total.days == pytest.approx(365)
    assert found.is_accepted is True
    true = 0.1 * found.total.adjusted
    assert abs(found.total.savings - true) <= found.bands[0.95].half_width


def test_no_measure_saves_nothing_within_the_band() -> None:
    found = reckoned(savings(*years(1.0)))
    assert abs(found.total.savings) <= found.bands[0.95].half_width
    assert found.bands[0.9].with_drift > found.bands[0.9].half_width


def test_small_savings_of_a_noisy_building_are_not_accepted() -> None:
    found = reckoned(savings(*years(0.995, noise=0.4)))
    assert found.is_accepted is False


def test_months_add_up_to_the_whole() -> None:
    found = reckoned(savings(*years(0.9)))
    assert [month.first_day.month for month in found.months] == list(range(1, 13))
    assert sum(month.amounts.savings for month in found.months) == pytest.approx(
        found.total.savings
    )
    assert found.months[-1].cumulative == pytest.approx(found.total.savings)
    assert found.months[-1].cumulative_half_width == pytest.approx(found.bands[0.9].half_width)


def test_the_baseline_period_has_no_bias() -> None:
    before, after = years(0.9)
    skewed = with_use(before, before.frame["use"] * np.random.default_rng(5).exponential(1, 365))
    found = reckoned(savings(skewed, after, candidates=("towt",)))
    assert found.learnt is not None
    sums = period_model(found.learnt.model, skewed)
    expected = found.learnt.model.predict(skewed)["expected"].to_numpy()
    brought = sums.calibration.apply(expected, np.ones(len(expected)))
    known = np.isfinite(brought)
    assert brought[known].sum() == pytest.approx(skewed.frame["use"][known].sum(), rel=5e-5)


def test_events_are_taken_into_account() -> None:
    before, after = years(0.9)
    added = after.frame["use"].copy()
    added.iloc[100:200] += 30.0
    plain = reckoned(savings(before, after))
    first = after.frame.index[100].tz_convert(after.zone).date()
    until = after.frame.index[200].tz_convert(after.zone).date()
    event = NonRoutineEvent(first, until, EventKind.AMOUNT, 30.0, "server room")
    found = reckoned(savings(before, with_use(after, added), events=[event]))
    assert found.total.adjustment == pytest.approx(3000)
    assert found.total.savings == pytest.approx(plain.total.savings)


def test_a_share_is_one_of_what_was_expected() -> None:
    before, after = years(0.9)
    event = NonRoutineEvent(
        date(2023, 1, 1), date(2024, 1, 1), EventKind.SHARE, 10.0, "a wing more"
    )
    found = reckoned(savings(before, after, events=[event]))
    assert found.total.adjustment == pytest.approx(0.1 * found.total.expected)


def test_excluded_days_count_neither_way() -> None:
    before, after = years(0.9)
    broken = after.frame["use"].copy()
    broken.iloc[0:31] = 9999.0
    event = NonRoutineEvent(
        date(2023, 1, 1), date(2023, 2, 1), EventKind.EXCLUDED, None, "meter replaced"
    )
    found = reckoned(savings(before, with_use(after, broken), events=[event]))
    assert found.total.days == pytest.approx(334)
    assert found.total.coverage == pytest.approx(1.0)
    assert found.total.savings_pct == pytest.approx(10.0, abs=1.2)
    assert found.months[0].amounts.days == 0


def test_what_is_missing_is_said() -> None:
    before, after = years(0.9)
    holes = after.frame["use"].copy()
    holes.iloc[0:100] = np.nan
    found = reckoned(savings(before, with_use(after, holes)))
    assert found.total.coverage == pytest.approx(265 / 365)
    assert "savings_incomplete" in [finding.code for finding in found.findings]
    assert found.total.savings_pct == pytest.approx(10.0, abs=1.5)


def test_weather_that_the_baseline_never_saw_is_said() -> None:
    before, after = years(0.9)
    warmer = replace(after, frame=after.frame.assign(temperature_c=after.frame.temperature_c + 15))
    codes = [finding.code for finding in reckoned(savings(before, warmer)).findings]
    assert "savings_extrapolated" in codes


@pytest.mark.parametrize(
    "use", [np.nan, 0.0, 42.0, np.inf], ids=["missing", "zeros", "constant", "infinite"]
)
def test_a_baseline_that_says_nothing_gives_findings(use: float) -> None:
    before, after = years(0.9)
    found = savings(with_use(before, np.full(365, use)), after)
    assert isinstance(found, Insufficient)
    assert found.findings


def test_a_week_is_no_baseline() -> None:
    _, after = years(0.9)
    found = savings(daily(date(2022, 6, 1), date(2022, 6, 8)), after)
    assert isinstance(found, Insufficient)
    assert "series_too_short" in [finding.code for finding in found.findings]


def test_a_reporting_period_without_values_saves_nothing_and_says_so() -> None:
    before, after = years(0.9)
    found = reckoned(savings(before, with_use(after, np.full(365, np.nan))))
    assert found.total.savings == 0
    assert found.total.days == 0
    assert found.is_accepted is not True
    assert "savings_incomplete" in [finding.code for finding in found.findings]


def test_periods_must_belong_together() -> None:
    before, after = years(0.9)
    with pytest.raises(InputError, match="unit of both periods must be the same"):
        savings(before, replace(after, unit="m3"))
    with pytest.raises(InputError, match="must begin after the baseline period"):
        savings(after, before)
    with pytest.raises(InputError, match="must have intervals"):
        savings(before, replace(after, frame=after.frame.iloc[:0]))


def test_an_agreed_use_has_no_uncertainty() -> None:
    _, after = years(1.0)
    found = savings_agreed(after, use_a_day=100.0)
    assert found.total.expected == pytest.approx(36_500)
    assert found.bands == {}
    assert found.is_accepted is None


def test_a_normal_year_is_the_mean_of_its_years() -> None:
    before, after = years(0.9, noise=0.01)
    found = reckoned(savings(before, after))
    model = reporting_model(found, after)
    assert found.learnt is not None
    assert not isinstance(model, Insufficient)
    weather = daily(date(2020, 1, 1), date(2022, 3, 1), seed=9).frame[["temperature_c"]]
    normal = normal_year(found.learnt, model, weather)
    assert [year.year for year in normal.years] == [2020, 2021]  # 2022 is not whole
    assert normal.savings_pct == pytest.approx(10.0, abs=0.7)
    assert normal.before == pytest.approx(np.mean([year.before for year in normal.years]))
    assert normal.half_widths[0.95] > normal.half_widths[0.68] > 0
    with pytest.raises(InputError, match="at least one local calendar year"):
        normal_year(found.learnt, model, weather.iloc[:200])
