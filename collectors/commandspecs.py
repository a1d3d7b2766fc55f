"""What a device profile may say of commands: models that its YAML is checked against.

What a command means stands in ``quotawatt.devicecommands``; a profile says by which topic and payload its
devices are told, and how long they may take.
"""

import re
from collections.abc import Container
from datetime import timedelta
from typing import Annotated

from pydantic import AfterValidator, Field, WithJsonSchema

from collectors.fieldspecs import Spec
from collectors.spectypes import Number
from quotawatt.devicecommands import KINDS, CommandKind, DeviceCommand, template_problems


def _known(name: str) -> str:
    if name not in KINDS:
        raise ValueError(f"a command must be one of {', '.join(KINDS)}")
    return name


def _pattern(text: str) -> str:
    try:
        re.compile(text)
    except re.error:
        raise ValueError("a pattern of channels must be a regular expression") from None
    return text


PatternText = Annotated[str, Field(max_length=64), AfterValidator(_pattern)]
CommandName = Annotated[str, AfterValidator(_known), WithJsonSchema({"enum": sorted(KINDS)})]


class RangeSpec(Spec):
    """Values that the devices take, both ends included, in the unit of what is set."""

    low: Number
    high: Number
    step: Number = Field(default=0.0, ge=0)


class CommandSpec(Spec):
    """How a device of the family is told.

    topic, payload
        Texts with the places ``{device}``, ``{channel}`` and, in the payload of a set point, ``{value}``.
    channels
        Regular expression of the channels that they reach; none: the device as a whole. What another
        channel would become may be another topic.
    answer_within_s
        How long the device may take until its reading says that it has obeyed.
    range
        Of the value; with a command that takes one, and with no other.
    """

    topic: str = Field(min_length=1, max_length=200)
    payload: str = Field(min_length=1, max_length=200)
    channels: PatternText = ""
    answer_within_s: int = Field(default=60, ge=1, le=3600)
    range: RangeSpec | None = None


def command_problems(name: str, spec: CommandSpec, others: Container[str]) -> list[str]:
    """The rules that a sound command breaks together with its name and the other commands, in words."""
    kind = KINDS[name]
    takes_value = kind.takes_value
    found = template_problems(spec.topic, spec.payload, spec.channels, takes_value=takes_value)
    if (spec.range is not None) is not takes_value:
        found.append(f"range must {'stand' if takes_value else 'not stand'} with {name}")
    elif spec.range is not None and not _within(spec.range, kind):
        found.append(f"range must rise within {kind.low:.15g} to {kind.high:.15g}")
    if kind.undo not in others:
        found.append(f"{name} must stand beside {kind.undo}, which takes it back")
    return found


def _within(span: RangeSpec, kind: CommandKind) -> bool:
    return kind.low <= span.low < span.high <= kind.high and span.step <= span.high - span.low


def device_command(name: str, spec: CommandSpec) -> DeviceCommand:
    """The value of a command that breaks no rule."""
    span = spec.range or RangeSpec(low=0.0, high=0.0)
    return DeviceCommand(
        KINDS[name],
        spec.topic,
        spec.payload,
        spec.channels,
        timedelta(seconds=spec.answer_within_s),
        span.low,
        span.high,
        span.step,
    )
