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

    period_days
        What it should span; a shorter one is held against this length.
    least_days
        Known days; fewer disqualify.
    most_missing_pct
        Share of its days, at least of ``period_days``, that may be missing; more disqualifies.
    least_months
        Known months where the series is monthly; fewer disqualify.
    needs_weather
        Whether missing temperature disqualifies; else it is a warning.
    zero_is_missing
        Whether an electricity meter's zero counts as missing (CalTRACK 2.0, 2.2.1.4).
    """

    period_days: int
    least_days: int
    most_missing_pct: float
    least_months: int
    needs_weather: bool
    zero_is_missing: bool


# Savings: CalTRACK 2.0, 2.2.1.1 and 2.2.1.2: a baseline of 365 days of which at most 37 are missing (10 %);
# of 12 months one may be. The others are ours: four weeks hold each hour of the week four times.
LIMITS: Mapping[Purpose, Limits] = MappingProxyType(
    {
        Purpose.MEASURE_SAVINGS: Limits(365, 328, 10.0, 11, True, True),
        Purpose.MONITOR: Limits(28, 28, 50.0, 6, False, False),
        Purpose.DESCRIBE: Limits(1, 1, 100.0, 1, False, False),
    }
)
