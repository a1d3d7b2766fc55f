"""The clock is an argument: whoever needs the time is given a ``Clock``."""

from collections.abc import Callable
from datetime import UTC, datetime

from quotawatt.errors import InputError

Clock = Callable[[], datetime]
"""Returns the present instant, timezone-aware UTC."""


def system_clock() -> datetime:
    """The machine's own time, UTC."""
    return datetime.now(UTC)


def require_utc(instant: datetime, name: str = "instant") -> datetime:
    """Return ``instant`` in UTC.

    Raises InputError where it has no time zone: a naive time means a different instant to every reader.
    """
    if instant.tzinfo is None:
        raise InputError(f"{name} must carry a time zone, got {instant.isoformat()}")
    return instant.astimezone(UTC)
