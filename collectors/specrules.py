"""Rules about how the parts of a profile fit together, each broken one in words.

A part is given as its model; the models are in ``specs``, which asks here for each of them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from collectors.paths import Path, compile_steps, is_plain, joined, split_path
from collectors.topics import ANY
from collectors.units import conversion
from quotawatt.errors import InputError

if TYPE_CHECKING:
    from collectors.specs import (
        AnnouncesSpec,
        ConditionSpec,
        CsvSpec,
        FieldSpec,
        FrameSpec,
        GroupSpec,
        MessageSpec,
        NamedSpec,
        Profile,
        TimeSpec,
    )

# Options of a field that say nothing without a quantity, or beside another one.
_MEANING = (
    "unit",
    "scale",
    "map",
    "bit",
    "split",
    "sum",
    "valid",
    "negative_if",
    "words",
    "constant",
)
_RAW = ("map", "bit", "words", "sum", "constant")


def problems(part: Any) -> list[str]:
    """The rules that a part of a profile breaks."""
    rules = _RULES.get(type(part).__name__)
    return list(rules(part)) if rules else []


def _condition(spec: "ConditionSpec") -> Iterator[str]:
    tests = [t for t in ("in_", "present", "bit", "at_least", "at_most", "starts") if _has(spec, t)]
    if len(tests) != 1:
        yield "a condition must have exactly one of in, present, bit, at_least, at_most, starts"
    if _has(spec, "is_") and not _has(spec, "bit"):
        yield "is must stand with bit"
    if _has(spec, "starts") and spec.path:
        yield "a condition on the first bytes must have no path"
    yield from _plain("path", spec.path)


def _field(spec: "FieldSpec") -> Iterator[str]:
    yield from _field_path(spec)
    if spec.quantity is None:
        if any(_has(spec, option) for option in _MEANING) or spec.unit_given or spec.invalid:
            yield "a field without a quantity must have a path only"
        return
    if spec.unit is not None and spec.scale is not None:
        yield "a field must have a unit or a scale, not both"
    if spec.unit is not None and conversion(spec.unit, spec.quantity) is None:
        yield f"the unit must be one of what {spec.quantity} measures, not {spec.unit}"
    if spec.unit_given and spec.scale is not None:
        yield "a field whose unit is given must have no scale"
    yield from _field_options(spec)


def _field_options(spec: "FieldSpec") -> Iterator[str]:
    if sum(_has(spec, option) for option in _RAW) > 1:
        yield "a field must have at most one of map, bit, words, sum, constant"
    if spec.split and (spec.words or spec.sum):
        yield "a field with split must have neither words nor sum"
    if spec.channels_like is not None and spec.array != "first":
        yield "channels_like must stand with array: first"
    if spec.array != "refuse" and (spec.words or spec.sum):
        yield "a field with words or sum must have no array"
    if set(_placeholders(spec.channel)) - {"channel"}:
        yield "a field's channel must have no placeholder but {channel}"
    if spec.negative_if and spec.negative_if.starts:
        yield "negative_if must have a path"


def _field_path(spec: "FieldSpec") -> Iterator[str]:
    yield from _plain("path", spec.path[:-1])
    if spec.path:
        yield from _steps("path", spec.path[-1:])
        if spec.path[-1].endswith("[]"):
            yield "the last key of a field must not be []: use the group's at"
    if spec.channels_like is not None:
        yield from _plain("channels_like", spec.channels_like)
    if spec.sum is not None:
        if spec.path:
            yield "a field must have a path or a sum, not both"
        for term in spec.sum:
            yield from _split_plain("sum", term.removeprefix("-"))


def _time(spec: "TimeSpec") -> Iterator[str]:
    for path in spec.path:
        yield from _plain("path", path)
    if (spec.format == "pattern") != (spec.pattern is not None):
        yield "format: pattern must stand with a pattern"
    if spec.zone and spec.format not in ("local", "pattern", "parts"):
        yield "a zone must stand with format: local, pattern or parts"
    if spec.format == "none" and any(spec.path):
        yield "a time with a path must have a format"


def _named(spec: "NamedSpec") -> Iterator[str]:
    for name in ("name", "value", "unit", "alias"):
        yield from _plain(name, getattr(spec, name) or ())
    if not spec.name:
        yield "name must have at least one key"


def _group(spec: "GroupSpec") -> Iterator[str]:
    yield from _steps("at", spec.at)
    if not spec.fields and spec.quantities is None:
        yield "a group must have fields or quantities"
    yield from _plain("quantities", spec.quantities or ())
    if any(condition.starts for condition in spec.when):
        yield "a group's conditions must have a path"
    if spec.named and any(field.sum or not field.path for field in spec.fields):
        yield "fields of named values must have a path, and no sum"


def _csv(spec: "CsvSpec") -> Iterator[str]:
    if spec.columns and len(set(spec.columns)) < len(spec.columns):
        yield "columns must have different names"
    if spec.separator in '"\r\n':
        yield "a separator must be neither a quotation mark nor a line's end"


def _frame(spec: "FrameSpec") -> Iterator[str]:
    yield from _plain("path", spec.path)


def _announces(spec: "AnnouncesSpec") -> Iterator[str]:
    yield from _steps("each", spec.each)
    yield from _plain("unit", spec.unit or ())


def _message(spec: "MessageSpec") -> Iterator[str]:
    yield from _plain("root", spec.root)
    if spec.csv and spec.format != "csv":
        yield f"csv must stand with format: csv, not {spec.format}"
    if spec.frame and spec.format not in ("json", "plain", "binary"):
        yield f"a frame must stand with format: json, plain or binary, not {spec.format}"
    if spec.format == "binary" and not spec.frame:
        yield "format: binary must stand with a frame"
    if spec.frame and spec.format != "json" and spec.frame.path:
        yield "a frame has a path in JSON only; elsewhere the whole payload is the frame"
    if spec.format in ("any", "native") and (spec.groups or spec.announces):
        yield f"a message of format {spec.format} must have no groups"
    yield from _message_shape(spec)
    if spec.otherwise == "refuse" and not spec.groups:
        yield "otherwise: refuse must stand with groups"


def _message_shape(spec: "MessageSpec") -> Iterator[str]:
    tests = [*spec.shape, *spec.require]
    if spec.format in ("any", "plain", "binary", "native", "csv", "line_protocol"):
        keyed = [t for t in (tests if spec.format == "any" else spec.shape) if t.path]
        if keyed:
            yield f"conditions with a path must stand with format: json, not {spec.format}"
    if any(test.path[:1] == ("frame",) for test in spec.shape) and spec.frame:
        yield "a shape is looked at before the frame: use require, or a group's when"
    if ANY in spec.topics and not spec.shape:
        yield "the topic # must stand with a shape"


def between(profile: "Profile") -> Iterator[tuple[tuple[str | int, ...], str]]:
    """The rules that the parts of a sound profile break together, each with its place."""
    announced = any(message.announces for message in profile.messages)
    if announced:
        return
    for i, message in enumerate(profile.messages):
        for j, group in enumerate(message.groups):
            place = ("messages", i, "groups", j)
            told = group.named is not None and group.named.unit is not None
            if not told and any(field.unit_given for field in group.fields):
                yield place, "unit_given must stand with announces or named.unit"
            if group.named and group.named.alias is not None:
                yield place, "named.alias must stand with announces"


def _has(spec: Any, option: str) -> bool:
    return getattr(spec, option) is not None


def _plain(name: str, path: Path) -> Iterator[str]:
    if not all(is_plain(key) for key in path):
        yield f"{name} must have plain keys there, not {joined(path)}"


def _split_plain(name: str, text: str) -> Iterator[str]:
    try:
        yield from _plain(name, split_path(text))
    except InputError as error:
        yield str(error)


def _steps(name: str, path: Path) -> Iterator[str]:
    try:
        compile_steps(path)
    except InputError as error:
        yield f"{name}: {error}"


def _placeholders(template: str) -> list[str]:
    return [piece.partition("}")[0] for piece in template.split("{")[1:]]


_RULES: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "ConditionSpec": _condition,
    "FieldSpec": _field,
    "TimeSpec": _time,
    "NamedSpec": _named,
    "GroupSpec": _group,
    "CsvSpec": _csv,
    "FrameSpec": _frame,
    "AnnouncesSpec": _announces,
    "MessageSpec": _message,
}
