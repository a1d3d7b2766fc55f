"""Fields of profiles, compiled: from what stands in a payload to a number in the quantity's unit."""

import math
from dataclasses import dataclass
from functools import lru_cache

from collectors.conditions import Condition, compile_condition
from collectors.fieldspecs import FieldSpec
from collectors.meanings import Read, compile_meaning
from collectors.paths import CHANNEL, Path, Wild, is_plain, key_pattern, look_up
from collectors.units import Conversion, conversion
from collectors.values import shown
from quotawatt.errors import InputError

LIST_LIMIT = 1_000

# Options that leave a single number as it is, but for its factor.
_PLAIN = {"path", "quantity", "unit", "scale", "channel", "array", "channels_like", "valid"}
_UNCHANGED = Conversion(1.0, 0.0)


@dataclass(frozen=True, slots=True)
class Field:
    """A ``FieldSpec``, compiled.

    parent, key
        Path to the object that holds the value, and the key in it; key None: the place itself.
    pattern
        In place of a plain key.
    template
        Of its channel; None: as captured.
    low, high
        Numbers from the one to the other only need to be multiplied by ``conversion.factor``; where no
        number does, ``low`` is the greater one.
    """

    spec: FieldSpec
    quantity: str
    parent: Path
    key: str | None
    pattern: Wild | None
    read: Read
    conversion: Conversion
    negative: Condition | None
    template: str | None
    low: float
    high: float

    def channel(self, captured: str) -> str:
        """Channel of its reading where ``captured`` is that of the place or key."""
        return captured if self.template is None else self.template.replace(CHANNEL, captured)

    def value(self, raw: object, place: object, given: Conversion | None = None) -> float | None:
        """What a raw value stands for, in the quantity's unit; None where it stands for no value.

        ``given`` converts the unit that the device gave, in place of the field's. Raises InputError
        where the raw value is none that the field may have.
        """
        found = self.read(raw)
        if found is None:
            return None
        factor, offset = given or self.conversion
        result = found * factor + offset
        if not math.isfinite(result):
            raise InputError(f"a value must be a finite number, got {shown(raw)}")
        negative = self.negative is not None and self.negative.holds(place)
        return -result if negative else result


def compile_field(spec: FieldSpec, ignore_case: bool = False) -> Field:
    """Prepare a field."""
    key = spec.path[-1] if spec.path else None
    patterned = key is not None and (ignore_case or not is_plain(key))
    low, high = _plain_range(spec)
    return Field(
        spec=spec,
        quantity=spec.quantity or "",
        parent=spec.path[:-1],
        key=key,
        pattern=key_pattern(key, ignore_case) if patterned and key is not None else None,
        read=compile_meaning(spec),
        conversion=_conversion(spec),
        negative=None if spec.negative_if is None else compile_condition(spec.negative_if),
        template=None if spec.channel == CHANNEL else spec.channel,
        low=low,
        high=high,
    )


def _plain_range(spec: FieldSpec) -> tuple[float, float]:
    """Which numbers need nothing but the factor."""
    factor, offset = _conversion(spec)
    if not spec.quantity or spec.model_fields_set - _PLAIN or offset:
        return 1.0, 0.0
    most = 1e300 / max(1.0, abs(factor))
    low, high = (None, None) if spec.valid is None else (spec.valid.min, spec.valid.max)
    return -most if low is None else max(low, -most), most if high is None else min(high, most)


def _conversion(spec: FieldSpec) -> Conversion:
    if spec.unit is None or spec.quantity is None:
        return Conversion(spec.scale or 1.0, spec.offset)
    found = conversion(spec.unit, spec.quantity) or _UNCHANGED
    return Conversion(found.factor, found.offset + spec.offset)


@lru_cache(maxsize=4096)
def given_conversion(unit: str, quantity: str, offset: float = 0.0) -> Conversion | None:
    """What converts a unit that a device gave; None where it is one of another dimension.

    Raises InputError where there is no such unit.
    """
    found = conversion(unit, quantity)
    return None if found is None else Conversion(found.factor, found.offset + offset)


def entries(field: Field, found: object, place: object) -> list[tuple[str, object]]:
    """(suffix of the channel, raw value) of a single value, or of what a list of them means.

    Raises InputError where a list is longer than any device has phases or sockets.
    """
    if not isinstance(found, list) or field.spec.array == "refuse":
        return [("", found)]
    if len(found) > LIST_LIMIT:
        raise InputError(f"a list must have at most {LIST_LIMIT} values, got {len(found)}")
    if field.spec.array == "first" and not _is_like(field, found, place):
        return [("", found[0])] if found else []
    return [(str(i), raw) for i, raw in enumerate(found, 1)]


def _is_like(field: Field, found: list[object], place: object) -> bool:
    """Whether the sibling named by ``channels_like`` is a list of the same length."""
    like = field.spec.channels_like
    sibling = None if like is None else look_up(place, like)
    return isinstance(sibling, list) and len(sibling) == len(found)
