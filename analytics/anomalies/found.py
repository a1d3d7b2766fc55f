"""What a part of detection hands to the next: positions of hours, and why."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from analytics.anomalies.event import Likely, Shape

Positions = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class Found:
    """Hours that are out of the ordinary together.

    hours
        Positions in the course, ascending.
    strength
        How far from the ordinary, in multiples of what makes an anomaly.
    mean
        Mean difference an hour; of a stretch of days.
    evidence
        Further numbers, units in the keys.
    """

    shape: Shape
    likely: Likely
    hours: Positions
    strength: float
    mean: float = 0.0
    evidence: Mapping[str, str | float | int | None] = field(default_factory=dict)
