"""What meters and buildings used over a time, as the checks look at it: sums that the store has made."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pyarrow as pa

from analytics.grid import Key
from quotawatt.spans import Span

_NEVER = Span(datetime(1970, 1, 1, tzinfo=UTC), datetime(1970, 1, 1, tzinfo=UTC))


@dataclass(frozen=True, slots=True)
class Use:
    """A sum over a time.

    value
        In the unit of the measure.
    coverage
        Share of the whole time that rests on measurements, 0..1.
    """

    value: float
    coverage: float


@dataclass(frozen=True)
class Uses:
    """Sums over whole local days; nothing is known where nothing was asked for."""

    span: Span = _NEVER
    by_key: Mapping[Key, Use] = field(default_factory=dict)

    def of(self, subject: str, measure: str, least_coverage: float) -> float | None:
        """What the subject used; None where it is not known to so great a part."""
        use = self.by_key.get(Key(subject, measure))
        return None if use is None or use.coverage < least_coverage else use.value

    def together(
        self, subjects: Iterable[str], measure: str, least_coverage: float
    ) -> float | None:
        """What all of the subjects used; None where it is not known of any of them."""
        known = [self.of(subject, measure, least_coverage) for subject in subjects]
        values = [value for value in known if value is not None]
        return sum(values) if len(values) == len(known) else None


def uses_of(sums: pa.Table, span: Span, days: int) -> Uses:
    """Sums of daily results over a span of so many days.

    sums
        As ``SeriesStore.sum_results`` answers. Days without a result are not covered.
    """
    found: dict[Key, Use] = {}
    for row in sums.to_pylist():
        if row["value"] is not None:
            covered = min(1.0, row["coverage"] * row["intervals"] / days)
            found[Key(row["subject"], row["measure"])] = Use(row["value"], covered)
    return Uses(span, found)
