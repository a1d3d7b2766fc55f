"""The figures of quota accounts as results, made from arrays."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

import numpy as np
import pyarrow as pa

from analytics.yearly.accounttables import figures_table
from analytics.yearly.drafts import Draft
from analytics.yearly.outlook import Outlooks
from analytics.yearly.projection import Matrix
from quotawatt.measures import AMOUNT_UNITS
from quotawatt.rulebook.model import Tier


def figure_tables(
    drafts: Sequence[Draft], ahead: Outlooks, day_start: datetime
) -> Iterator[pa.Table]:
    """Tables of schema RESULTS, one for each unit that accounts are kept in."""
    units = np.array([d.yardstick.indicator.amount_unit for d in drafts])
    subjects = np.array([f"{d.asset}/{d.yardstick.account}" for d in drafts], dtype=object)
    coverage = np.array([d.coverage for d in drafts])
    used = np.array([d.used for d in drafts])
    for unit in dict.fromkeys(units.tolist()):
        mine = units == unit
        figures = {
            name: values[mine] for name, values in _figures(used, ahead, AMOUNT_UNITS[unit]).items()
        }
        yield figures_table(subjects[mine].tolist(), figures, coverage[mine], day_start)


def _figures(used: Matrix, ahead: Outlooks, suffix: str) -> Mapping[str, Matrix]:
    limit = ahead.limits[Tier.CONSTRAINT]
    return {
        f"quota_used_{suffix}": used,
        f"quota_limit_{suffix}": limit,
        f"quota_projected_{suffix}": ahead.projected,
        f"quota_projected_low_{suffix}": ahead.projected_low,
        f"quota_projected_high_{suffix}": ahead.projected_high,
        f"quota_budget_{suffix}": ahead.budget_to_date,
        f"quota_ahead_{suffix}": used - ahead.budget_to_date,
        f"quota_allowance_{suffix}": ahead.allowance_per_day,
        "quota_share_pct": 100 * used / limit,
        "quota_projected_share_pct": 100 * ahead.projected / limit,
        "quota_over_probability_pct": 100 * ahead.over_probability[Tier.CONSTRAINT],
        "quota_exhaustion_day": ahead.exhaustion_day,
    }
