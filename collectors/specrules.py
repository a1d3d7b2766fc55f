"""Rules about how the parts of a profile fit together, each broken one in words.

A part is given as its model; the models are in ``specs``, which asks here for each of them.
"""

from collections.abc import Callable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from collectors.paths import CHANNEL, Path, compile_steps, is_plain, joined, split_path
from collectors.topics import ANY
from collectors.units import conversion
from quotawatt.errors import InputError

if TYPE_CHECKING:
    from collectors.fieldspecs import ConditionSpec, FieldSpec, ValidSpec
    from collectors.specs import (
        AnnouncesSpec,
        CsvSpec,
        FrameSpec,
        GroupSpec,
        MessageSpec,
        NamedSpec,
        TimeSpec,
    )

_TESTS = ("in_", "present", "bit", "at_least", "at_most", "starts", "ends")
# Options of a field that say what the raw value is; they exclude each other.
_RAW = ("map", "bit", "words", "sum", "constant")


def problems(part: Any) -> list[str]:
    """The rules that a part of a profile breaks."""
    rules = _RULES.get(type(part).__name__)
    return list(rules(part)) if rules else []


def _condition(spec: "ConditionSpec") -> Iterator[str]:
    if sum(_has(spec, test) for test in _TESTS) != 1:
        yield (
            "a condition must have exactly one of in, present, bit, at_least, at_most, starts, ends"
        )
    if _has(spec, "is_") and not _has(spec, "bit"):
        yield "is must stand with bit"
    if (spec.starts or spec.ends) and spec.path:
        yield "a condition on the first or last bytes must have no path"
    yield from _plain("path", spec.path)


def _field(spec: "FieldSpec") -> Iterator[str]:
    yield from _field_path(spec)
    if spec.quantity is None:
        if spec.model_fields_set - {"path", "quantity"} or not spec.path:
            yield "a field without a quantity must have a path, and nothing else"
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
    if spec.negative_if and (spec.negative_if.starts or spec.negative_if.ends):
        yield "negative_if must have a path"
    if spec.unit_given and spec.sum:
        yield "a field with sum must have no unit_given"


def _valid(spec: "ValidSpec") -> Iterator[str]:
    if spec.min is None and spec.max is None:
        yield "valid must have a min or a max"
    elif spec.min is not None and spec.max is not None and spec.min > spec.max:
        yield f"min must be at most max, not {spec.min:g} above {spec.max:g}"


def _field_path(spec: "FieldSpec") -> Iterator[str]:
    yield from _plain("path", spec.path[:-1])
    if spec.path:
        yield from _keys("path", spec.path[-1:])
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
    for path in spec.join or ():
        yield from _plain("join", path)
    if spec.join and (any(spec.path) or spec.format not in ("iso", "local", "pattern")):
        yield "join must stand with format: iso, local or pattern, and without a path"
    if (spec.format == "pattern") != (spec.pattern is not None):
        yield "format: pattern must stand with a pattern"
    if spec.zone and spec.format not in ("local", "pattern", "parts"):
        yield "a zone must stand with format: local, pattern or parts"
    if spec.format == "none" and any(spec.path):
        yield "a time with a path must have a format"
    if spec.format != "none" and not all(spec.join or spec.path):
        yield "a time with a format must have a path"


def _named(spec: "NamedSpec") -> Iterator[str]:
    for name in ("name", "value", "unit", "alias"):
        yield from _plain(name, getattr(spec, name) or ())
    if not spec.name:
        yield "name must have at least one key"


def _group(spec: "GroupSpec") -> Iterator[str]:
    yield from _keys("at", spec.at)
    if not spec.fields and spec.quantities is None:
        yield "a group must have fields or quantities"
    yield from _plain("quantities", spec.quantities or ())
    if any(condition.starts or condition.ends for condition in spec.when):
        yield "a group's conditions must have a path"
    if spec.named and any(field.sum or not field.path for field in spec.fields):
        yield "fields of named values must have a path, and no sum"


def _csv(spec: "CsvSpec") -> Iterator[str]:
    if spec.columns and len(set(spec.columns)) < len(spec.columns):
        yield "columns must have different names"
    if spec.separator in '"\r\n':
        yield "a separator must be neither a quotation mark nor a line's end"
    if spec.separator == spec.decimal:
        yield "separator and decimal must differ"


def _frame(spec: "FrameSpec") -> Iterator[str]:
    yield from _plain("path", spec.path)


def _announces(spec: "AnnouncesSpec") -> Iterator[str]:
    yield from _keys("each", spec.each)
    yield from _plain("unit", spec.unit or ())
    wildcards = sum(not isinstance(step, str) for step in compile_steps(spec.each))
    for template in (spec.key, spec.name):
        for name in _placeholders(template):
            if name.isdecimal() and not 1 <= int(name) <= wildcards:
                yield f"each has {wildcards} wildcards, which are {{1}}, {{2}}, ..., not {{{name}}}"


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


def _keys(name: str, path: Path) -> Iterator[str]:
    for key in path:
        if key.count(CHANNEL) > 1:
            yield f"{name} must have at most one {{channel}} in a key, not {key}"


def _placeholders(template: str) -> list[str]:
    return [piece.partition("}")[0] for piece in template.split("{")[1:]]


_RULES: Mapping[str, Callable[[Any], Iterator[str]]] = {
    "ConditionSpec": _condition,
    "FieldSpec": _field,
    "ValidSpec": _valid,
    "TimeSpec": _time,
    "NamedSpec": _named,
    "GroupSpec": _group,
    "CsvSpec": _csv,
    "FrameSpec": _frame,
    "AnnouncesSpec": _announces,
    "MessageSpec": _message,
}
