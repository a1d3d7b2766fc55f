"""What a series is wanted for, and what it must bring for that."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


class Purpose(StrEnum):
    """What a series is wanted for; the stricter the claim, the more must be known."""

    MEASURE_SAVINGS = "measure_savings"
    """Savings that somebody is paid for: the baseline period of option C."""
    MONITOR = "monitor"
    """Expected use day by day, and what departs from it."""
    DESCRIBE = "describe"
    """To draw and to sum up."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What a purpose asks of a series.

    least_days
        Days from the first to the last known interval; shorter disqualifies (CalTRACK 2.2.1.1).
    most_missing_pct
        Share of days that may be missing; more disqualifies (CalTRACK 2.2.1.2: 37 of 365).
    least_months
        Known months, where the series is monthly.
    """

    least_days: int
    most_missing_pct: float
    least_months: int


LIMITS: Mapping[Purpose, Limits] = MappingProxyType(
    {
        Purpose.MEASURE_SAVINGS: Limits(365, 10.0, 12),
        Purpose.MONITOR: Limits(28, 30.0, 6),
        Purpose.DESCRIBE: Limits(1, 100.0, 1),
    }
)
