"""Kinds of texts and numbers in a profile, each checked as it is read."""

import math
from collections.abc import Callable
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Annotated, Any
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BeforeValidator, WithJsonSchema

from collectors.paths import Path, split_path
from collectors.templates import compile_template, text_of
from collectors.topics import compile_topic
from collectors.units import unit
from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES


def _checked(check: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """A check as pydantic wants it: its InputError becomes a ValueError."""

    def run(value: Any) -> Any:
        try:
            return check(value)
        except InputError as error:
            raise ValueError(str(error).partition(", got ")[0]) from None

    return run


def _unchanged(check: Callable[[Any], object]) -> Callable[[Any], Any]:
    """A check that leaves the value as it was written."""

    def run(value: Any) -> Any:
        check(value)
        return value

    return _checked(run)


def _alternatives(paths: object) -> tuple[Path, ...]:
    if isinstance(paths, (list, tuple)) and paths:
        return tuple(split_path(path) for path in paths)
    return (split_path(paths),)


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError("a zone must be one of the IANA time zone database") from None


def _scale(value: float) -> float:
    if value == 0 or not math.isfinite(value):
        raise ValueError("a scale must be a finite number other than 0")
    return value


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a number must be finite")
    return value


def _known_unit(name: str) -> str:
    if unit(name) is None:
        raise ValueError("a unit must be one of collectors/units.py")
    return name


def _hex(text: str) -> str:
    try:
        return bytes.fromhex(text).hex()
    except ValueError:
        raise ValueError("bytes must be written in hex, two digits a byte") from None


def _json_text(value: object) -> object:
    return value if text_of(value) is None else text_of(value)


def _strptime(pattern: str) -> str:
    rule = "a pattern must be one of strptime that holds a whole date"
    moment = datetime(2031, 12, 13, 14, 15, 16, tzinfo=UTC)
    try:
        read = datetime.strptime(moment.strftime(pattern), pattern)  # noqa: DTZ007
    except ValueError:
        raise ValueError(rule) from None
    if read.date() != moment.date():
        raise ValueError(rule)
    return pattern


def _quantity(name: str) -> str:
    if name not in QUANTITIES:
        near = get_close_matches(name, QUANTITIES, n=3)
        hint = f" ({', '.join(near)}?)" if near else ""
        raise ValueError(f"a quantity must be one of docs/nomenclature.md{hint}")
    return name


_PATH_SCHEMA = WithJsonSchema(
    {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": ["string", "integer"]}}]}
)
_QUANTITY_SCHEMA = WithJsonSchema({"enum": sorted(QUANTITIES)})

PathText = Annotated[Path, BeforeValidator(_checked(split_path)), _PATH_SCHEMA]
Paths = Annotated[
    tuple[Path, ...],
    BeforeValidator(_checked(_alternatives)),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array"}]}),
]
TemplateText = Annotated[str, AfterValidator(_unchanged(compile_template))]
QuantityName = Annotated[str, AfterValidator(_quantity), _QUANTITY_SCHEMA]
UnitName = Annotated[str, AfterValidator(_known_unit)]
Number = Annotated[float, AfterValidator(_finite)]
TopicText = Annotated[str, AfterValidator(_unchanged(compile_topic))]
JsonText = Annotated[
    str,
    BeforeValidator(_json_text),
    WithJsonSchema({"type": ["string", "number", "boolean"]}),
]
Scale = Annotated[float, AfterValidator(_scale)]
ZoneName = Annotated[str, AfterValidator(_time_zone)]
HexText = Annotated[str, AfterValidator(_hex)]
StrptimeText = Annotated[str, AfterValidator(_strptime)]
