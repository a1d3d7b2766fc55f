"""What a field of a device profile may say, and a condition: models that its YAML is checked against."""

from collections.abc import Mapping, Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from collectors import specrules
from collectors.spectypes import (
    HexText,
    JsonText,
    Number,
    PathText,
    QuantityName,
    Scale,
    TemplateText,
    UnitName,
)

WordType = Literal["u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"]
WordOrder = Literal["big", "word_swapped", "byte_swapped", "little"]


class Spec(BaseModel):
    """What all parts of a profile have in common: nothing unknown, nothing converted."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", strict=True, validate_by_name=True, validate_by_alias=True
    )

    @model_validator(mode="after")
    def _fits_together(self) -> Self:
        if problems := specrules.problems(self):
            raise ValueError("; ".join(problems))
        return self


class ConditionSpec(Spec):
    """One test of a message or of a place in it; exactly one of its tests.

    in
        Texts (numbers and truth values as in JSON) of which the value is one; ``*`` stands for any
        characters.
    present
        Whether there is a value other than null.
    bit
        That bit (0: lowest) of a whole number is 1, or what ``is`` says.
    starts, ends
        The payload as a whole begins, or ends, with these bytes (hex).
    """

    path: PathText = ()
    in_: Sequence[JsonText] | None = Field(default=None, alias="in", min_length=1)
    present: bool | None = None
    bit: int | None = Field(default=None, ge=0, le=63)
    is_: Literal[0, 1] | None = Field(default=None, alias="is")
    at_least: Number | None = None
    at_most: Number | None = None
    starts: HexText | None = Field(default=None, min_length=2)
    ends: HexText | None = Field(default=None, min_length=2)


class SplitSpec(Spec):
    """A piece of a text: what stands between separators, counted from 0."""

    by: str = Field(min_length=1)
    index: int = Field(ge=0)


class ValidSpec(Spec):
    """The range of the device's own numbers, ends included, outside which there is no value."""

    min: Number | None = None
    max: Number | None = None


class WordsSpec(Spec):
    """A number in a list of 16-bit registers.

    at
        Index of its first register.
    order
        ``big``: as Modbus has it; ``word_swapped``: the last register first; ``byte_swapped``: the bytes
        of each register swapped; ``little``: both.
    """

    at: int = Field(ge=0)
    type: WordType
    order: WordOrder = "big"


class FieldSpec(Spec):
    """One value of a payload.

    path
        Where it is from the group's place; empty: the place itself. The last key may hold ``*`` and
        ``{channel}``.
    quantity
        What it is; without one the field is known and not stored.
    unit, scale, offset
        The device's unit, or the factor from it to that of the quantity; what is added afterwards, in
        the quantity's unit.
    unit_given
        The unit is that which the entry or an announcement gives; ``unit`` is that where none is given.
    channel
        Channel of the reading, ``{channel}`` in it standing for what was captured.
    array
        What a list means. ``refuse``: a bad value. ``first``: the total, followed by its parts.
        ``channels``: one value a phase or socket, which become the channels 1, 2, 3, ...
    channels_like
        With ``first``: the list is one of channels after all where the value at this path, in the same
        group, is a list of the same length.
    map
        Texts (numbers and truth values as in JSON) that stand for numbers; any other is a bad value.
    bit
        The value is that bit (0: lowest) of a whole number.
    split
        The value is a piece of a text.
    sum
        Paths whose values are added, or subtracted where ``-`` stands before; all must be there.
    invalid
        What the device writes where it has no value, before scaling.
    valid
        Range of the device's own numbers outside which there is no value.
    negative_if
        Where this holds the value is negative.
    words
        The value is made of registers.
    constant
        The value wherever something other than null is at the path: that a message came says it.
    """

    path: PathText = ()
    quantity: QuantityName | None = None
    unit: UnitName | None = None
    unit_given: bool = False
    scale: Scale | None = None
    offset: Number = 0.0
    channel: TemplateText = "{channel}"
    array: Literal["refuse", "first", "channels"] = "refuse"
    channels_like: PathText | None = None
    map: Mapping[str, Number] | None = Field(default=None, min_length=1)
    bit: int | None = Field(default=None, ge=0, le=63)
    split: SplitSpec | None = None
    sum: Sequence[str] | None = Field(default=None, min_length=1)
    invalid: Sequence[JsonText] = ()
    valid: ValidSpec | None = None
    negative_if: ConditionSpec | None = None
    words: WordsSpec | None = None
    constant: Number | None = None
