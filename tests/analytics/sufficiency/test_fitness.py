"""Figures of a fit against the known bars."""

import pytest

from analytics.baselines.metrics import Fit
from analytics.baselines.series import Interval
from analytics.sufficiency.fitness import judge_fit

NAN = float("nan")


@pytest.mark.parametrize(
    ("interval", "limit"), [(Interval.HOUR, 30.0), (Interval.DAY, 25.0), (Interval.MONTH, 15.0)]
)
def test_scatter_has_its_own_bar_by_interval(interval: Interval, limit: float) -> None:
    assert judge_fit(Fit(0.9, limit, 0.0, 500, 5), interval, "B-1") == ()
    (found,) = judge_fit(Fit(0.9, limit + 0.1, 0.0, 500, 5), interval, "B-1")
    assert (found.code, found.detail["limit_pct"]) == ("fit_scatter", limit)


def test_bias_counts_to_both_sides_and_the_net_bias_for_savings_alone() -> None:
    biased = Fit(0.9, 10.0, -10.5, 500, 5)
    assert [f.code for f in judge_fit(biased, Interval.HOUR, "B-1")] == ["fit_bias"]
    slight = Fit(0.9, 10.0, 0.02, 500, 5)
    assert judge_fit(slight, Interval.HOUR, "B-1") == ()
    (found,) = judge_fit(slight, Interval.HOUR, "B-1", net_bias=True)
    assert found.code == "fit_net_bias"


def test_figures_that_are_no_numbers_meet_no_bar() -> None:
    found = judge_fit(Fit(NAN, NAN, NAN, 0, 0), Interval.DAY, "B-1")
    assert [f.code for f in found] == ["fit_scatter", "fit_bias", "fit_explains_little"]
    assert all(None in finding.detail.values() for finding in found)
