"""The time of a message or a place in it, by what a profile says."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from zoneinfo import ZoneInfo

from collectors.paths import Path, look_up
from collectors.specs import TimeSpec
from collectors.templates import text_of
from collectors.values import auto_us, epoch_us, in_range, iso_us, number, shown, to_us, whole
from quotawatt.errors import InputError

Parse = Callable[[object, tzinfo | None], int]

_PER_SECOND = {
    "epoch_s": 1,
    "epoch_ms": 1_000,
    "epoch_us": 1_000_000,
    "epoch_ns": 1_000_000_000,
}
_PARTS = ("year", "month", "day", "hour", "minute", "second")


@dataclass(frozen=True, slots=True)
class TimeRule:
    """A ``TimeSpec``, compiled.

    local
        Whether a zone is needed that the profile doesn't name.
    """

    spec: TimeSpec
    paths: tuple[Path, ...]
    parse: Parse
    local: bool

    def find(self, node: object) -> object:
        """What stands where the time should; None where nothing does, or a part of what is joined lacks."""
        if self.spec.join is not None:
            parts = [text_of(look_up(node, path)) for path in self.paths]
            return None if None in parts else " ".join(part for part in parts if part)
        for path in self.paths:
            found = look_up(node, path)
            if found is not None:
                return found
        return None

    def read(self, node: object, zone: tzinfo | None) -> int | None:
        """Microseconds since 1970 (UTC) of a place; None where it says no time.

        ``zone`` is that of local times. Raises InputError where there is something that is no time.
        """
        found = self.find(node)
        return None if found is None else self.parse(found, zone)


def compile_time(spec: TimeSpec) -> TimeRule | None:
    """Prepare a rule; None where the time of arrival stands in always."""
    if spec.format == "none":
        return None
    own = ZoneInfo(spec.zone) if spec.zone else None
    local = own is None and spec.format in ("local", "pattern", "parts")
    return TimeRule(spec, spec.join or spec.path, _parser(spec, own), local)


def _parser(spec: TimeSpec, own: tzinfo | None) -> Parse:
    match spec.format:
        case "iso":
            return lambda value, zone: iso_us(value)
        case "auto":
            return lambda value, zone: auto_us(value)
        case "local":
            return lambda value, zone: iso_us(value, own or zone)
        case "parts":
            return lambda value, zone: _parts_us(value, own or zone)
        case "pattern":
            pattern = spec.pattern or ""
            return lambda value, zone: _pattern_us(value, pattern, own or zone)
        case _:
            units = _PER_SECOND[spec.format]
            return lambda value, zone: epoch_us(value, units)


def _pattern_us(value: object, pattern: str, zone: tzinfo | None) -> int:
    text = text_of(value)
    try:
        instant = datetime.strptime(text.strip(), pattern) if text else None  # noqa: DTZ007
    except (ValueError, OverflowError):
        instant = None
    if instant is None:
        raise InputError(f"a time must be written as {pattern}, got {shown(value)}")
    return _placed(instant, zone, value)


def _parts_us(value: object, zone: tzinfo | None) -> int:
    if not isinstance(value, dict):
        raise InputError(f"a time must be an object of year, month, day, ..., got {shown(value)}")
    parts = {key.lower(): part for key, part in value.items()}
    try:
        found = [_part(parts, name) for name in _PARTS]
        instant = datetime(*found)  # type: ignore[arg-type]  # noqa: DTZ001
    except (ValueError, OverflowError, InputError):
        rule = "a time must have a year, month and day, and what else is part of an instant"
        raise InputError(f"{rule}, got {shown(value)}") from None
    return _placed(instant, zone, value)


def _part(parts: Mapping[str, object], name: str) -> int:
    """A part as a whole number. Without hour, minute or second: 0; fractions of a second are dropped."""
    if name == "second":
        return int(number(parts.get(name, 0)) or 0)
    found = whole(parts.get(name, 0))
    if found is None:
        raise InputError(f"{name} must be a number")
    return found + 2000 if name == "year" and 0 <= found < 100 else found


def _placed(instant: datetime, zone: tzinfo | None, value: object) -> int:
    """A time that may have no zone, in the zone given."""
    if instant.tzinfo is None:
        if zone is None:
            raise InputError(f"a time must carry a time zone, got {shown(value)}")
        instant = instant.replace(tzinfo=zone)
    return in_range(to_us(instant), value)
