"""What a series does by its own habit: an expectation where there is no model."""

import pandas as pd

from analytics.baselines.series import UseSeries


def expect_by_habit(series: UseSeries) -> pd.DataFrame:
    """Columns ``expected``, ``low`` and ``high`` (90 %) by the series' starts."""
    use = series.frame["use"]
    level = use.rolling(24 * 28, min_periods=24, center=True).median()
    spread = (use - level).abs().rolling(24 * 28, min_periods=24, center=True).median()
    return pd.DataFrame({"expected": level, "low": level - 3 * spread, "high": level + 3 * spread})
