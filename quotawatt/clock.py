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
    And where it lies outside the years that can be counted in UTC.
    """
    if instant.tzinfo is None:
        raise InputError(f"{name} must carry a time zone, got {instant.isoformat()}")
    try:
        return instant.astimezone(UTC)
    except OverflowError:
        rule = f"{name} must lie in the years 1 to 9999 in UTC"
        raise InputError(f"{rule}, got {instant.isoformat()}") from None
