"""What a rule would have seen over a span of history, subject by subject."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from alerts.engine.samples import Sample, Zones
from quotawatt.register.model import Register
from quotawatt.rulebook.alert_rules import Direction, Rule
from quotawatt.spans import Span
from quotawatt.storage.frames import Floats, Mask
from quotawatt.storage.port import SeriesStore

Samples = Sequence[tuple[datetime, Sample]]
"""What is seen of one subject, each from an instant (UTC) on, in order."""


@dataclass(frozen=True, slots=True)
class Past:
    """Where a rule is tried: the stores, the register as it is now, a span, and whom it may show.

    sees
        Whether an asset, by its code, is looked at.
    """

    series: SeriesStore
    records: Connection
    register: Register
    zones: Zones
    span: Span
    sees: Callable[[str], bool]

    def looks_at(self, rule: Rule, asset: str) -> bool:
        """Whether the rule, tried here, is for an asset."""
        return self.sees(asset) and rule.applies_to.matches(self.register, asset)


@dataclass(frozen=True, slots=True)
class Inputs:
    """The inputs of a rule over a span.

    looked_at
        How many subjects there were.
    samples
        Of those that came beyond a limit at all: the others cannot fire.
    """

    looked_at: int
    samples: Mapping[str, Samples]


@dataclass(frozen=True, slots=True)
class Limit:
    """The loosest limit of all that are tried: what is not beyond it is clear to all of them."""

    direction: Direction
    value: float

    def beyond(self, values: Floats) -> Mask:
        """Which of the values lie beyond it; NaN does not."""
        return values > self.value if self.direction is Direction.ABOVE else values < self.value


def loosest(rules: Sequence[Rule]) -> Limit:
    """The loosest limit of variants of one rule."""
    direction = rules[0].direction
    limits = [limit for rule in rules for limit in (rule.threshold, rule.clear)]
    return Limit(direction, min(limits) if direction is Direction.ABOVE else max(limits))


def with_gaps(
    samples: Samples, stale_after: timedelta, until: datetime
) -> Iterator[tuple[datetime, Sample]]:
    """The samples, and where the next comes later than the last can stand for: no data, from then on.

    A sample stands for ``stale_after`` from its time on.
    """
    ends = [at for at, _ in samples[1:]] + [until]
    for (at, sample), following in zip(samples, ends, strict=True):
        yield at, sample
        stale = max(at, sample.time + stale_after)
        if stale < following:
            yield stale, Sample(sample.subject, sample.asset, None, sample.time)
