"""What a device profile may say: the models that its YAML is checked against.

``profile`` loads the files; ``profiles/README.md`` explains the format to whoever writes one. Everything a
profile says is checked here, so that what is compiled from it can't fail while messages come in.
"""

from collections.abc import Mapping, Sequence
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from collectors import specrules
from collectors.spectypes import (
    HexText,
    JsonText,
    Number,
    Paths,
    PathText,
    QuantityName,
    Scale,
    StrptimeText,
    TemplateText,
    TopicText,
    UnitName,
    ZoneName,
)

DecoderName = Literal[
    "sparkplug_b",
    "gbt32960",
    "jt808",
    "dlt645",
    "cjt188",
    "modbus_rtu",
    "milesight",
    "json",
    "senml",
]
WordType = Literal["u16", "s16", "u32", "s32", "u64", "s64", "f32", "f64"]
WordOrder = Literal["big", "word_swapped", "byte_swapped", "little"]
TimeFormat = Literal[
    "iso", "local", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns", "auto", "pattern", "parts", "none"
]  # fmt: skip
Format = Literal["json", "plain", "csv", "line_protocol", "binary", "native", "any"]


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
    starts
        The payload as a whole begins with these bytes (hex).
    """

    path: PathText = ()
    in_: Sequence[JsonText] | None = Field(default=None, alias="in", min_length=1)
    present: bool | None = None
    bit: int | None = Field(default=None, ge=0, le=63)
    is_: Literal[0, 1] | None = Field(default=None, alias="is")
    at_least: Number | None = None
    at_most: Number | None = None
    starts: HexText | None = Field(default=None, min_length=2)


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


class TimeSpec(Spec):
    """When a value was taken.

    path
        Where that stands; of several (a list) the first that is there.
    format
        ``iso`` (with zone), ``local`` (ISO, without zone a local time), ``epoch_s``, ``epoch_ms``,
        ``epoch_us``, ``epoch_ns``, ``auto`` (ISO with zone, or epoch by its magnitude), ``pattern``,
        ``parts`` (an object with year, month, day, hour, minute, second; two digits of a year are
        20xx), ``none``: the time of arrival stands in.
    zone
        Of local times; default: that of the site, or of the setting.
    pattern
        With ``pattern``: how the time is written, in the signs of strptime.
    """

    path: Paths = ((),)
    format: TimeFormat = "none"
    zone: ZoneName | None = None
    pattern: StrptimeText | None = None


class NamedSpec(Spec):
    """Entries that name their value: path of the name, the value, and where there are such, of its unit
    and of the number (alias) that stands for an announced name."""

    name: PathText
    value: PathText
    unit: PathText | None = None
    alias: PathText | None = None


class GroupSpec(Spec):
    """Fields of places of the payload.

    at
        The places, from the root; empty: the root. The group repeats for each.
    when
        Conditions that hold at a place, else it is left out.
    time
        Time of the place, where it has one of its own.
    channel
        Template of the channel, ``{channel}`` or paths within the place; with ``named`` also
        ``{name}``, the entry's own name or the one announced for its alias.
    named
        Each place is one entry that names its value.
    ignore_case
        Keys of fields fit in small and capital letters.
    quantities
        Path within the place (empty: the place itself) of an object whose keys may be names of
        quantities: those are read as what they name, in its unit, besides ``fields``.
    """

    at: PathText = ()
    when: Sequence[ConditionSpec] = ()
    time: TimeSpec | None = None
    channel: TemplateText = "{channel}"
    named: NamedSpec | None = None
    ignore_case: bool = False
    quantities: PathText | None = None
    fields: Sequence[FieldSpec] = ()


class CsvSpec(Spec):
    """How lines of a text are divided. Without ``columns`` the first line names them."""

    separator: str = Field(default=",", min_length=1, max_length=1)
    columns: Sequence[str] | None = Field(default=None, min_length=1)


class FrameSpec(Spec):
    """A binary frame: where its bytes are, how they are written, and what may decode them.

    encoding
        ``raw``, ``hex``, ``base64``, or ``text``: hex where all signs are hex digits, else Base64.
    """

    path: PathText = ()
    encoding: Literal["raw", "hex", "base64", "text"] = "raw"
    decoders: Sequence[DecoderName] = Field(min_length=1)


class AnnouncesSpec(Spec):
    """What a description says about values that come later.

    each
        Places, one a value.
    key, name
        Templates: what the value goes by in later messages, and its name. ``{1}``, ``{2}``, ... are
        what the wildcards of ``each`` stand for, other placeholders are paths within the place.
    unit
        Path of the unit within the place.
    """

    each: PathText
    key: TemplateText
    name: TemplateText
    unit: PathText | None = None


class MessageSpec(Spec):
    """One kind of message of a family. Without groups (and not ``native``) it is known and ignored.

    shape
        Conditions that all hold, else the message is of another kind.
    require
        Conditions that all hold, else the message is known and ignored.
    format
        ``json``; ``plain``: the payload is one text or number; ``csv``; ``line_protocol``: that of
        InfluxDB; ``binary``: a frame; ``native``: JSON in one of Quotawatt's own forms; ``any``: not
        looked at, for what is ignored whatever it holds.
    device, channel
        Templates of what the topic names ({device}, {channel}) and paths in the payload. A message
        whose topic and template name no device is of the device that the whole topic names.
    root
        Keys to the part of the payload in which all paths begin; after the frame.
    otherwise
        What a message is in which no field found anything to say.
    """

    topics: Sequence[TopicText] = Field(min_length=1)
    shape: Sequence[ConditionSpec] = ()
    require: Sequence[ConditionSpec] = ()
    format: Format = "json"
    csv: CsvSpec | None = None
    frame: FrameSpec | None = None
    device: TemplateText = "{device}"
    channel: TemplateText = "{channel}"
    root: PathText = ()
    time: TimeSpec = TimeSpec()
    announces: AnnouncesSpec | None = None
    groups: Sequence[GroupSpec] = ()
    otherwise: Literal["ignore", "refuse"] = "ignore"


class Profile(Spec):
    """A device family. ``id`` is the name of its file.

    datum
        Of its positions: ``wgs84``, or ``gcj02``, which is converted before it is written.
    """

    id: str
    title_zh: str
    title_en: str
    datum: Literal["wgs84", "gcj02"] = "wgs84"
    messages: Sequence[MessageSpec] = Field(min_length=1)
