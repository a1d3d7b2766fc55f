"""Numbers and instants as people read them. None shows as a dash, never as zero."""

from datetime import datetime
from zoneinfo import ZoneInfo

from quotawatt.spans import DAY

DASH = "–"


def number(value: float | None, digits: int = 0) -> str:
    """``1234567.8`` as ``1,234,568``."""
    return DASH if value is None else f"{value:,.{digits}f}"


def significant(value: float | None) -> str:
    """A figure with the digits that tell something: 0.4 → 0.400, 22.31 → 22.3, 80123 → 80,123."""
    if value is None:
        return DASH
    size = abs(value)
    return number(value, 0 if size >= 1000 else 1 if size >= 10 else 3 if size < 1 else 2)


def percent(value: float | None) -> str:
    """``104.26`` as ``104.3 %``, the blank one that does not break."""
    return DASH if value is None else f"{value:.1f}\u00a0%"


def formula(text: str) -> str:
    """A text or unit with the subscript that its source may lack: ``kgCO2`` as ``kgCO₂``."""
    return text.replace("CO2", "CO₂")


def day_text(instant: datetime, zone: ZoneInfo) -> str:
    """The local day, ISO."""
    return instant.astimezone(zone).date().isoformat()


def minute_text(instant: datetime, zone: ZoneInfo) -> str:
    """The local day and time to the minute."""
    return instant.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def days_between(start: datetime, end: datetime) -> int:
    """Full days from one instant to the other."""
    return (end - start) // DAY
