"""The published regression of a real building is reproduced, and bettered."""

import numpy as np
import pytest

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.fitting import fit_baseline
from benchmarks.baselines_data import nmecr_days
from tests.app.real_data import real_data


@pytest.mark.real_data
def test_nmecrs_sample_building() -> None:
    series = nmecr_days(real_data("mv_nmecr").parent)
    linear = fit_baseline(series, candidates=("linear",))
    assert isinstance(linear, FittedBaseline)
    fit = linear.in_sample
    assert fit.r2 == pytest.approx(0.690890, abs=1e-6)
    assert fit.cv_rmse_pct * np.sqrt((fit.n - 2) / (fit.n - 1)) == pytest.approx(11.44, abs=0.005)
    chosen = fit_baseline(series)
    assert isinstance(chosen, FittedBaseline)
    assert chosen.in_sample.r2 >= 0.89
    assert chosen.cross_validated.r2 >= 0.85
