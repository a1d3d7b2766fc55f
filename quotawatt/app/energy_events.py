"""Non-routine events as they are written in options."""

import math
from collections.abc import Iterable

from quotawatt.app.energy_source import day_of
from quotawatt.errors import InputError
from quotawatt.performance.values import MAX_FIGURE, EventKind, NonRoutineEvent


def events_of(exclude: Iterable[str], adjust: Iterable[str]) -> tuple[NonRoutineEvent, ...]:
    """The events of ``--exclude FROM/UNTIL`` and ``--adjust FROM/UNTIL=AMOUNT``; days are half-open.

    Raises InputError for what is written in another way.
    """
    excluded = [_event(text, "--exclude", EventKind.EXCLUDED, None, text) for text in exclude]
    return (*excluded, *(_adjusted(text) for text in adjust))


def _adjusted(text: str) -> NonRoutineEvent:
    days, _, amount = text.partition("=")
    try:
        value = float(amount)
    except ValueError:
        value = math.nan
    if not abs(value) <= MAX_FIGURE:
        raise InputError(f"--adjust must be FROM/UNTIL=AMOUNT, an amount a day, got {text}")
    return _event(days, "--adjust", EventKind.AMOUNT, value, text)


def _event(
    days: str, option: str, kind: EventKind, amount: float | None, text: str
) -> NonRoutineEvent:
    first, is_span, until = days.partition("/")
    if not is_span:
        raise InputError(f"{option} must be days as FROM/UNTIL, got {text}")
    begins, ends = day_of(first, option), day_of(until, option)
    if not begins < ends:
        raise InputError(f"{option} must begin before it ends, got {text}")
    return NonRoutineEvent(begins, ends, kind, amount, reason=f"{option} {text}")
