"""Commands to devices as they are kept."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from alerts.commanding.states import CommandState


@dataclass(frozen=True, slots=True)
class Command:
    """A command to one channel of one device. Instants are UTC.

    asset
        What the device is bound to.
    command
        Its name in ``quotawatt.devicecommands``.
    value
        What is set; None where the command takes none.
    previous_value
        What the answering quantity was when it was asked for.
    answer_until
        Until then the device has time.
    answer
        ``{"time", "value"}`` of the newest reading since it was sent; empty: none.
    error
        Why it failed, or why it was refused or expired.
    undoes
        Number of the command that this one takes back.
    job
        Number of the job that sends it.
    """

    id: int
    case: int
    asset: str
    device: str
    channel: str
    command: str
    state: CommandState
    asked_at: datetime
    asked_by: str
    value: float | None = None
    previous_value: float | None = None
    confirmed_at: datetime | None = None
    confirmed_by: str | None = None
    sent_at: datetime | None = None
    answer_until: datetime | None = None
    answered_at: datetime | None = None
    answer: Mapping[str, Any] = field(default_factory=dict)
    error: str = ""
    undoes: int | None = None
    job: int | None = None


@dataclass(frozen=True, slots=True)
class Offered:
    """A command that a case may offer.

    family
        Id of the device profile that knows how.
    value
        What the rule proposes; None: none, or the command takes none.
    low, high
        Range of the value; None where it takes none.
    present, present_at
        The newest reading of what it changes, and its time.
    topic, payload
        What would be published; ``{value}`` stands for a value that is not known yet.
    """

    asset: str
    device: str
    channel: str
    family: str
    command: str
    value: float | None
    low: float | None
    high: float | None
    present: float
    present_at: datetime
    topic: str
    payload: str
