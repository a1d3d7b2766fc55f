"""Single values of payloads: numbers and times, as devices write them.

Nothing is guessed: what is neither a number (or time) nor a known word for "no value" is refused, with
the rule and the value in the message.
"""

import math
import re
from datetime import UTC, datetime, timedelta, tzinfo

from quotawatt.errors import InputError

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)

# Up to which magnitude a number counts these parts of a second since 1970: seconds until the year 5138,
# milliseconds from 1973 on, and so on by thousands.
_MAGNITUDES = ((1e11, 1), (1e14, 1_000), (1e17, 1_000_000), (1e20, 1_000_000_000))
_FIRST_US = (datetime(1900, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND
_UNTIL_US = (datetime(2200, 1, 1, tzinfo=UTC) - EPOCH) // MICROSECOND

NUMBER_TEXT = re.compile(r"[+-]?(\d{1,40}\.?\d{0,40}|\.\d{1,40})([eE][+-]?\d{1,3})?", re.ASCII)
_NO_VALUE = frozenset({"", "null", "none", "nan", "n/a", "unavailable", "unknown"})


def number(value: object, state: bool = False) -> float | None:
    """A finite number; None where the device says that it has none (null, ``unavailable``, ...).

    Numbers written as text are taken. Truth values and ``on``/``off`` are numbers only of a ``state``.
    Raises InputError for anything else: a wrong value must not become a plausible one.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        if state:
            return float(value)
    elif isinstance(value, (float, int)):  # a tuple is checked faster, and this is done most
        return _finite(value)
    elif isinstance(value, str):
        return _text_number(value.strip(), state)
    raise InputError(f"a value must be a number, got {shown(value)}")


def is_no_value(value: object) -> bool:
    """Whether that is what devices give where they have no value: null, ``unavailable``, ..."""
    return value is None or (isinstance(value, str) and value.strip().lower() in _NO_VALUE)


def _text_number(text: str, state: bool) -> float | None:
    word = text.lower()
    if word in _NO_VALUE:
        return None
    if state and word in {"on", "true"}:
        return 1.0
    if state and word in {"off", "false"}:
        return 0.0
    if not NUMBER_TEXT.fullmatch(text):
        raise InputError(f"a value must be a number, got {shown(text)}")
    return _finite(float(text))


def _finite(value: float) -> float:
    try:
        result = float(value)
    except OverflowError:
        result = math.inf
    if not math.isfinite(result):
        raise InputError(f"a value must be a finite number, got {shown(value)}")
    return result


def whole(value: object) -> int | None:
    """A whole number; None where the device says that it has none. Raises InputError for anything else."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    found = number(value)
    if found is None:
        return None
    if not found.is_integer():
        raise InputError(f"a value must be a whole number, got {shown(value)}")
    return int(found)


def to_us(instant: datetime) -> int:
    """Microseconds since 1970-01-01T00:00Z of an instant with a time zone."""
    return (instant - EPOCH) // MICROSECOND


def from_us(microseconds: int) -> datetime:
    """The instant (UTC) so many microseconds after 1970-01-01T00:00Z."""
    return EPOCH + timedelta(microseconds=microseconds)


def epoch_us(value: object, per_second: int | None = None) -> int:
    """An epoch time as microseconds.

    ``per_second`` is how many of its units make a second (1, 1000, a million, a thousand million); None:
    told by the magnitude. Raises InputError where it is no number or lies outside 1900-2200.
    """
    found = None if isinstance(value, bool) else number(value)
    if found is None:
        raise InputError(f"a time must be a number of seconds since 1970, got {shown(value)}")
    size = abs(found)
    units = per_second or next((n for limit, n in _MAGNITUDES if size <= limit), 1)
    if size > 1e11 * units:
        return in_range(_UNTIL_US, value)
    if units <= 1_000_000:
        return in_range(round(found * (1_000_000 // units)), value)
    # A float holds no nanoseconds of today; as a whole number nothing is lost.
    exact = int(value) if isinstance(value, (int, str)) and found.is_integer() else round(found)
    return in_range(exact // (units // 1_000_000), value)


def iso_us(value: object, zone: tzinfo | None = None) -> int:
    """An ISO 8601 time as microseconds. ``zone`` is that of times that name none.

    Raises InputError where it is not ISO 8601, names no zone while ``zone`` is None, or lies outside
    1900-2200. Of a local hour that occurs twice the first is meant.
    """
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        instant = None
    if instant is None:
        raise InputError(f"a time must be ISO 8601, got {shown(value)}")
    if instant.tzinfo is None:
        if zone is None:
            raise InputError(f"a time must carry a time zone, got {shown(value)}")
        instant = instant.replace(tzinfo=zone)
    return in_range(to_us(instant), value)


def auto_us(value: object) -> int:
    """A time as microseconds: ISO 8601 with zone, or an epoch time by its magnitude."""
    if isinstance(value, str) and not NUMBER_TEXT.fullmatch(value):
        return iso_us(value)
    return epoch_us(value)


def in_range(microseconds: int, value: object) -> int:
    """Microseconds as they are. Raises InputError, which shows ``value``, where outside 1900-2200."""
    if not _FIRST_US <= microseconds < _UNTIL_US:
        raise InputError(f"a time must lie between 1900 and 2200, got {shown(value)}")
    return microseconds


def shown(value: object) -> str:
    """A value as it stands in a message: short, whatever the device sent."""
    text = ascii(value) if isinstance(value, str) and not value.isprintable() else repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def storable(text: str) -> str:
    """A text as every record store takes it: NUL becomes U+FFFD, half a surrogate pair a question mark."""
    clean = text if text.isascii() else text.encode(errors="replace").decode()
    return clean.replace("\0", "\ufffd")
