"""The baseline of a custody contract (托管合同基准) from the use of the three years before it.

The rule is that of JS/T 301-2024, clause 4.3, as far as it is known here (second hand, not seen in the
standard): use that fell each year has last year's use as its baseline, use that kept within 10 % has the
mean of the three years. What the clause says of other courses is not known: then the parties agree on a
figure, and none is made up.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from quotawatt.errors import InputError
from quotawatt.findings import Finding

YEARS = 3
WITHIN_PCT = 10.0
"""Of the mean of the three years, to both sides; that the clause measures it so is our reading."""


class CustodyRule(StrEnum):
    """Which part of the rule gave the baseline."""

    LAST_YEAR = "last_year"
    MEAN = "mean"


@dataclass(frozen=True, slots=True)
class CustodyBaseline:
    """A yearly baseline in the unit of use; ``finding`` in its place where the rule gives none."""

    subject: str
    years: Mapping[int, float]
    use: float | None
    rule: CustodyRule | None
    finding: Finding | None


def custody_baseline(subject: str, use_by_year: Mapping[int, float]) -> CustodyBaseline:
    """The baseline from the use of three calendar years in a row.

    Raises InputError where it is not three such years, or a use is not above 0.
    """
    years = sorted(use_by_year)
    if len(years) != YEARS or years[-1] - years[0] != YEARS - 1:
        raise InputError(f"years must be {YEARS} in a row, got {years}")
    uses = [use_by_year[year] for year in years]
    if not all(use > 0 for use in uses):
        raise InputError(f"use of a year must lie above 0, got {min(uses)}")
    by_year = dict(zip(years, uses, strict=True))
    mean = sum(uses) / YEARS
    if uses[0] > uses[1] > uses[2]:
        return CustodyBaseline(subject, by_year, uses[-1], CustodyRule.LAST_YEAR, None)
    furthest = max(abs(use - mean) / mean * 100 for use in uses)
    if furthest <= WITHIN_PCT:
        return CustodyBaseline(subject, by_year, mean, CustodyRule.MEAN, None)
    detail = {"year": years[-1], "furthest_pct": round(furthest, 1), "limit_pct": WITHIN_PCT}
    finding = Finding("custody_baseline_open", subject, detail)
    return CustodyBaseline(subject, by_year, None, None, finding)
