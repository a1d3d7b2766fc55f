"""A series held against what its purpose asks of it."""

from dataclasses import dataclass

from analytics.baselines.series import UseSeries
from analytics.sufficiency.purposes import Purpose
from quotawatt.findings import Finding


@dataclass(frozen=True, slots=True)
class Sufficiency:
    """What was found: what rules the purpose out, and what to know beside the figures."""

    disqualifying: tuple[Finding, ...] = ()
    warnings: tuple[Finding, ...] = ()

    @property
    def is_enough(self) -> bool:
        """Whether nothing rules the purpose out."""
        return not self.disqualifying


def check(series: UseSeries, purpose: Purpose) -> Sufficiency:
    """Hold a series against what the purpose asks; an empty one has findings too."""
    if not series.frame["use"].notna().any():
        return Sufficiency((Finding("series_without_values", series.subject),))
    return Sufficiency()
