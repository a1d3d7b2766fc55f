"""What a device profile may say: the models that its YAML is checked against.

``profile`` loads the files; ``profiles/README.md`` explains the format to whoever writes one. Everything a
profile says is checked here (fields and conditions in ``fieldspecs``), so that what is compiled from it can't
fail while messages come in.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import Field

from collectors.commandspecs import CommandName, CommandSpec
from collectors.fieldspecs import ConditionSpec, FieldSpec, Spec
from collectors.spectypes import (
    Paths,
    PathText,
    StrptimeText,
    TemplateText,
    TopicText,
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
TimeFormat = Literal[
    "iso", "local", "epoch_s", "epoch_ms", "epoch_us", "epoch_ns", "auto", "pattern", "parts", "none"
]  # fmt: skip
Format = Literal["json", "plain", "csv", "line_protocol", "binary", "native", "any"]


class TimeSpec(Spec):
    """When a value was taken.

    path
        Where that stands; of several (a list) the first that is there.
    join
        In place of a path: several whose texts are put together, a space between, as date and time of day.
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
    join: Paths | None = None
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
    """How lines of a text are divided. Without ``columns`` the first line names them.

    decimal
        What stands before the decimals of numbers.
    """

    separator: str = Field(default=",", min_length=1, max_length=1)
    decimal: Literal[".", ","] = "."
    columns: Sequence[str] | None = Field(default=None, min_length=1)


class FrameSpec(Spec):
    """A binary frame: where its bytes are, how they are written, and what may decode them.

    encoding
        ``raw``, ``hex``, ``base64``, or ``text``: hex where all signs are hex digits, else Base64; a whole
        payload that is neither is the frame itself.
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
    commands
        How its devices are told to do something, by the name of the command.
    """

    id: str
    title_zh: str
    title_en: str
    datum: Literal["wgs84", "gcj02"] = "wgs84"
    commands: Mapping[CommandName, CommandSpec] = {}
    messages: Sequence[MessageSpec] = Field(min_length=1)
