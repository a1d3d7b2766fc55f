"""Where an account stands on the path to a target: the values that courses are told in."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from analytics.carbon.factors import FactorUsed


class YearOnPath(NamedTuple):
    """A year of the path: the share of the base value that it allows, and the value."""

    year: int
    allowed_share: float
    allowed: float


class MonthOnCourse(NamedTuple):
    """A month of the year judged; amounts in the target's amount unit, None: not known or not begun.

    ``limit`` is the month's part of the year's limit, by the pattern of last year's days. ``fixed`` is what
    was used with the grid factor of the base year.
    """

    month: int
    limit: float
    used: float | None
    fixed: float | None


@dataclass(frozen=True, slots=True)
class TargetStatus:
    """Where one account stands on the path to one target; amounts in ``amount_unit``.

    base_value, base_source
        The base year's figure in ``unit``, and where it is from.
    denominator
        Area (m²) or people, daily mean of the year to date; 1 for a total.
    used, fixed
        Of the year to date; ``fixed`` with the grid factor of the base year, None where no grid
        electricity is counted.
    limit, limit_to_date, gap
        Allowed in the whole year and up to now; ``gap`` is used less what was allowed up to now: above
        0 it is too much.
    projected, projected_low, projected_high, over_probability
        Likely year-end, its 80 % interval and the probability of ending above the limit; None: too
        early to say.
    exhaustion_day
        Local day on which the limit is passed; None: not this year, or not known.
    amounts, memo
        Use to date by measure, in its own unit, and amounts beside of which nothing counts, such as PV. The
        electricity of a target of carbon is that which the account answers for (see ``power``).
    basis
        当量 or 等价, of energy.
    """

    asset: str
    target: str
    measure: str
    unit: str
    amount_unit: str
    year: int
    base_year: int
    base_value: float
    base_source: str
    allowed_share: float
    denominator: float
    used: float
    fixed: float | None
    limit: float
    share_pct: float
    limit_to_date: float
    gap: float
    projected: float | None
    projected_low: float | None
    projected_high: float | None
    over_probability: float | None
    exhaustion_day: date | None
    years: tuple[YearOnPath, ...]
    months: tuple[MonthOnCourse, ...]
    amounts: Mapping[str, float]
    memo: Mapping[str, float]
    factors: tuple[FactorUsed, ...]
    fixed_factor: FactorUsed | None
    basis: str
    days: int
    days_in_year: int
    coverage: float
