"""Fields of profiles, compiled: from what stands in a payload to a number in the quantity's unit."""

import math
import re
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from collectors.conditions import Condition, compile_condition
from collectors.paths import CHANNEL, Path, is_plain, key_pattern, look_up, split_path
from collectors.specs import FieldSpec, SplitSpec, ValidSpec, WordsSpec
from collectors.templates import text_of
from collectors.units import Conversion, conversion
from collectors.values import number, shown, whole
from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES, Kind

Read = Callable[[object], float | None]

# Options that leave a single number as it is, but for its factor.
_PLAIN = {"path", "quantity", "unit", "scale", "channel", "array", "channels_like", "valid"}
_UNCHANGED = Conversion(1.0, 0.0)
_FORMATS = {
    "u16": "H",
    "s16": "h",
    "u32": "I",
    "s32": "i",
    "u64": "Q",
    "s64": "q",
    "f32": "f",
    "f64": "d",
}


@dataclass(frozen=True, slots=True)
class Field:
    """A ``FieldSpec``, compiled.

    parent, key
        Path to the object that holds the value, and the key in it; key None: the place itself.
    pattern
        In place of a plain key.
    low, high
        Numbers from the one to the other only need to be multiplied by ``conversion.factor``; where no
        number does, ``low`` is the greater one.
    """

    spec: FieldSpec
    quantity: str
    parent: Path
    key: str | None
    pattern: re.Pattern[str] | None
    read: Read
    conversion: Conversion
    negative: Condition | None
    low: float
    high: float

    def channel(self, captured: str) -> str:
        """Channel of its reading where ``captured`` is that of the place or key."""
        template = self.spec.channel
        return captured if template == CHANNEL else template.replace(CHANNEL, captured)

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
        read=_reader(spec),
        conversion=_conversion(spec),
        negative=None if spec.negative_if is None else compile_condition(spec.negative_if),
        low=low,
        high=high,
    )


def _plain_range(spec: FieldSpec) -> tuple[float, float]:
    """Which numbers need nothing but the factor."""
    factor, offset = _conversion(spec)
    if not spec.quantity or spec.model_fields_set - _PLAIN or offset or spec.channel != CHANNEL:
        return 1.0, 0.0
    most = 1e300 / max(1.0, abs(factor))
    valid = spec.valid or ValidSpec()
    low = -most if valid.min is None else max(valid.min, -most)
    high = most if valid.max is None else min(valid.max, most)
    return low, high


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
    """(suffix of the channel, raw value) of a single value, or of what a list of them means."""
    if not isinstance(found, list) or field.spec.array == "refuse":
        return [("", found)]
    if field.spec.array == "first" and not _is_like(field, found, place):
        return [("", found[0])] if found else []
    return [(str(i), raw) for i, raw in enumerate(found, 1)]


def _is_like(field: Field, found: list[object], place: object) -> bool:
    """Whether the sibling named by ``channels_like`` is a list of the same length."""
    like = field.spec.channels_like
    sibling = None if like is None else look_up(place, like)
    return isinstance(sibling, list) and len(sibling) == len(found)


def _reader(spec: FieldSpec) -> Read:
    """What makes a number (in the device's unit) of a raw value."""
    read = _meaning(spec)
    if spec.valid is not None:
        read = _within(read, spec.valid.min, spec.valid.max)
    if spec.invalid:
        read = _unless(read, frozenset(spec.invalid))
    return read if spec.split is None else _of_piece(read, spec.split)


def _meaning(spec: FieldSpec) -> Read:
    if spec.map is not None:
        return _mapped(dict(spec.map))
    if spec.bit is not None:
        return _bit_of(spec.bit)
    if spec.words is not None:
        return _of_words(spec.words)
    if spec.sum is not None:
        return _sum_of(spec.sum)
    if spec.constant is not None:
        return _constant(spec.constant)
    if spec.quantity is not None and QUANTITIES[spec.quantity].kind is Kind.STATE:
        return lambda raw: number(raw, state=True)
    return number


def _constant(value: float) -> Read:
    return lambda raw: None if raw is None else value


def _mapped(texts: dict[str, float]) -> Read:
    def read(raw: object) -> float | None:
        if raw is None:
            return None
        text = text_of(raw)
        if text is None or text not in texts:
            raise InputError(f"a value must be one of {', '.join(texts)}, got {shown(raw)}")
        return texts[text]

    return read


def _bit_of(bit: int) -> Read:
    def read(raw: object) -> float | None:
        found = whole(raw)
        return None if found is None else float(found >> bit & 1)

    return read


def _of_piece(read: Read, split: SplitSpec) -> Read:
    def read_piece(raw: object) -> float | None:
        if raw is None:
            return None
        pieces = raw.split(split.by) if isinstance(raw, str) else []
        if len(pieces) <= split.index:
            rule = f"a value must be a text of at least {split.index + 1} pieces"
            raise InputError(f"{rule} with {split.by!r} between, got {shown(raw)}")
        return read(pieces[split.index].strip())

    return read_piece


def _unless(read: Read, invalid: frozenset[str]) -> Read:
    """Nothing where the raw value is one of these texts, or a number equal to one of them."""
    numbers = {float(text) for text in invalid if _is_number(text)}

    def read_valid(raw: object) -> float | None:
        if text_of(raw) in invalid:
            return None
        found = read(raw)
        return None if found in numbers else found

    return read_valid


def _is_number(text: str) -> bool:
    try:
        return number(text) is not None
    except InputError:
        return False


def _within(read: Read, low: float | None, high: float | None) -> Read:
    def read_valid(raw: object) -> float | None:
        found = read(raw)
        if (
            found is None
            or (low is not None and found < low)
            or (high is not None and found > high)
        ):
            return None
        return found

    return read_valid


def _sum_of(terms: Sequence[str]) -> Read:
    signed = [
        (-1.0 if term.startswith("-") else 1.0, split_path(term.removeprefix("-")))
        for term in terms
    ]

    def read(place: object) -> float | None:
        total = 0.0
        for sign, path in signed:
            found = number(look_up(place, path))
            if found is None:
                return None
            total += sign * found
        return total

    return read


def _of_words(words: WordsSpec) -> Read:
    form = ">" + _FORMATS[words.type]
    size = struct.calcsize(form) // 2

    def read(raw: object) -> float | None:
        if not isinstance(raw, list):
            raise InputError(f"a value must be a list of registers, got {shown(raw)}")
        registers = raw[words.at : words.at + size]
        if len(registers) < size:
            return None
        found = struct.unpack(form, _ordered(registers, words.order))[0]
        return None if math.isnan(found) else float(found)

    return read


def _ordered(registers: list[object], order: str) -> bytes:
    """The bytes of registers, highest first."""
    try:
        pairs = [struct.pack(">H", register) for register in registers]
    except struct.error:
        raise InputError(f"a register must be 0 to 65535, got {shown(registers)}") from None
    if order in ("word_swapped", "little"):
        pairs.reverse()
    if order in ("byte_swapped", "little"):
        pairs = [pair[::-1] for pair in pairs]
    return b"".join(pairs)
