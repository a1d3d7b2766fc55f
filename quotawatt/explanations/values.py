"""An explanation of an overrun, as it is written and as it is kept."""

import math
from dataclasses import dataclass
from datetime import datetime

from quotawatt.assigned.values import LONGEST_TEXT, YEARS
from quotawatt.errors import InputError


@dataclass(frozen=True, slots=True)
class Overrun:
    """What an officer says of an account that went over.

    reason, measures
        Why, and what is done about it; neither empty.
    amount, unit
        How much of the use is explained, in the account's unit; more than 0.
    """

    asset: str
    quota: str
    year: int
    reason: str
    measures: str
    amount: float
    unit: str


@dataclass(frozen=True, slots=True)
class Step:
    """Who did what with an explanation, and when (ISO 8601, UTC)."""

    at: str
    actor: str
    action: str
    comment: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """An explanation as it is kept.

    document
        SHA-256 of the evidence, one of ``quotawatt.hand.documents``; empty: none.
    written_by
        Who wrote or last changed it; they cannot decide it, and neither can who wrote it before.
    decided_by, decided_at
        Empty and None where it is not decided.
    """

    id: int
    overrun: Overrun
    document: str
    state: str
    written_by: str
    written_at: datetime
    decided_by: str
    decided_at: datetime | None
    steps: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, when (UTC), and what they say of it."""

    actor: str
    at: datetime
    comment: str = ""


def require_overrun(overrun: Overrun) -> None:
    """Raise InputError where a text is empty or too long, or a number out of its range."""
    for name in ("reason", "measures"):
        text = getattr(overrun, name)
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise InputError(
                f"the {name} of an explanation must be 1 to {LONGEST_TEXT} characters, "
                f"got {len(text.strip())}"
            )
    if not 0 < overrun.amount < math.inf:
        raise InputError(f"an amount explained must be a number above 0, got {overrun.amount}")
    if overrun.year not in YEARS:
        raise InputError(
            f"a year must be one from {YEARS.start} to {YEARS.stop - 1}, got {overrun.year}"
        )
