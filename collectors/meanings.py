"""What raw values of a payload mean by a field of a profile: numbers, words, bits, pieces, registers."""

import math
import struct
from collections.abc import Callable, Sequence

from collectors.fieldspecs import FieldSpec, SplitSpec, WordsSpec
from collectors.paths import look_up, split_path
from collectors.templates import text_of
from collectors.values import is_no_value, number, shown, whole
from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES, Kind

Read = Callable[[object], float | None]

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


def compile_meaning(spec: FieldSpec) -> Read:
    """What makes a number (in the device's unit) of a raw value, or None of one that stands for none.

    It raises InputError where the raw value is none that the field may have.
    """
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
        text = text_of(raw)
        if text is None or text not in texts:
            if is_no_value(raw):
                return None
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
        if is_no_value(raw):
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
        kind = type(raw)
        if raw in numbers if kind is float or kind is int else text_of(raw) in invalid:
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
