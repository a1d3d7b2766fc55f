"""An anomaly that is known by a number, and what becomes of it."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from analytics.anomalies.event import Anomaly
from analytics.grid import Key


class EventState(StrEnum):
    """What has become of an event."""

    OPEN = "open"
    """It goes on."""
    OVER = "over"
    """It has ended."""
    WITHDRAWN = "withdrawn"
    """It is not found any more: data came late or were corrected, or the baseline is another."""
    ORDINARY = "ordinary"
    """Somebody says that it is ordinary: models may learn from it, and it does not come back."""


LIVE = frozenset({EventState.OPEN, EventState.OVER})
"""States of events that count as anomalies."""

SURE = 0.8
"""Confidence from which people are told of an event."""


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the table of anomalies.

    number
        By which it is cited; it stays.
    anomaly
        As it was last found.
    baseline_version
        By which version of the subject's baseline it was judged.
    explained_by
        The event of a part, say a sub-meter, that explains this one; None: it stands for itself.
    """

    number: int
    anomaly: Anomaly
    state: EventState
    baseline_version: int
    explained_by: int | None
    found_at: datetime

    @property
    def key(self) -> Key:
        """The series that it is an event of."""
        return Key(self.anomaly.subject, self.anomaly.measure)
