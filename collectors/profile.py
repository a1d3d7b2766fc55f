"""Device profiles: one YAML file a family says which topics it sends and what its fields mean.

``load_profiles`` reads a folder of them and reports every mistake of every file at once, with file and
line. How the fields are applied to a payload is in ``fields``; ``profiles/README.md`` explains the format
to whoever writes one.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

import yaml
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError
from pydantic_core import ErrorDetails

from collectors.topics import compile_topic
from quotawatt.errors import InputError
from quotawatt.quantities import quantity

PROFILES = Path(__file__).parent / "profiles"

Location = tuple[str | int, ...]


def _known_quantity(name: str) -> str:
    return _as_value_error(lambda: quantity(name).name)


def _topic_pattern(text: str) -> str:
    return _as_value_error(lambda: compile_topic(text).text)


def _time_zone(name: str) -> str:
    try:
        return ZoneInfo(name).key
    except (KeyError, ValueError, OSError):
        raise ValueError("a zone must be one of the IANA time zone database") from None


def _scale(value: float) -> float:
    if value == 0 or not math.isfinite(value):
        raise ValueError("a scale must be a finite number other than 0")
    return value


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class FieldSpec(_Model):
    """One value of a payload.

    path
        Keys from the group's place to the value, joined by dots; empty: the place itself.
    scale
        Factor from the device's unit to that of the quantity.
    channel
        Channel of the reading, ``{channel}`` in it standing for that of the topic or group.
    array
        What a list means. ``refuse``: a bad value. ``first``: the total, followed by its parts.
        ``channels``: one value a phase or socket, which become the channels 1, 2, 3, ...
    channels_like
        With ``first``: the list is one of channels after all where the value at this path, in the same
        group, is a list of the same length.
    map
        Texts that stand for numbers; any other text is a bad value.
    """

    path: str = ""
    quantity: Annotated[str, AfterValidator(_known_quantity)]
    scale: Annotated[float, AfterValidator(_scale)] = 1.0
    channel: str = "{channel}"
    array: Literal["refuse", "first", "channels"] = "refuse"
    channels_like: str | None = None
    map: Mapping[str, float] | None = None


class GroupSpec(_Model):
    """Fields at one place of the payload.

    at
        Keys to the place, joined by dots; empty: the root. One key may be ``*`` or hold
        ``{channel}``, as in ``switch:{channel}``: then the group repeats for every key that fits.
    """

    at: str = ""
    fields: Sequence[FieldSpec] = Field(min_length=1)


class TimeSpec(_Model):
    """Where a message says when, and how.

    format
        ``iso`` (with zone), ``local`` (ISO, without zone it is the site's), ``epoch_s``, ``epoch_ms``,
        ``auto`` (ISO with zone or epoch by its magnitude), ``none``: the time of arrival stands in.
    zone
        With ``local``: the device's own zone where it is not that of the site.
    """

    path: str = ""
    format: Literal["iso", "local", "epoch_s", "epoch_ms", "auto", "none"] = "none"
    zone: Annotated[str, AfterValidator(_time_zone)] | None = None


class MessageSpec(_Model):
    """One kind of message of a family. Without groups (and not ``native``) it is known and ignored.

    format
        ``json``; ``plain``: the payload is one text or number; ``native``: JSON in one of Quotawatt's
        own forms; ``any``: not looked at, for what is ignored whatever it holds.
    root
        Keys to the part of the payload in which all paths begin.
    require
        Path -> values: a message with any other value there is ignored.
    """

    topics: Sequence[Annotated[str, AfterValidator(_topic_pattern)]] = Field(min_length=1)
    format: Literal["json", "plain", "native", "any"] = "json"
    root: str = ""
    require: Mapping[str, Sequence[str]] = {}
    time: TimeSpec = TimeSpec()
    groups: Sequence[GroupSpec] = ()


class Profile(_Model):
    """A device family. ``id`` is the name of its file."""

    id: str
    title_zh: str
    title_en: str
    messages: Sequence[MessageSpec] = Field(min_length=1)


def load_profiles(folder: Path = PROFILES) -> tuple[Profile, ...]:
    """All profiles (``*.yaml``) of a folder, by file name.

    Raises InputError that lists every problem of every file as ``file:line place: rule, got value``.
    """
    profiles: list[Profile] = []
    problems: list[str] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            profiles.append(parse_profile(path.read_text(encoding="utf-8"), path.name))
        except UnicodeDecodeError as error:
            problems.append(f"{path.name}:1 a profile must be UTF-8: {error}")
        except (InputError, OSError) as error:
            problems.append(str(error))
    if problems:
        raise InputError("\n".join(problems))
    if not profiles:
        raise InputError(f"a folder of profiles must hold *.yaml files, got {folder}")
    return tuple(profiles)


def parse_profile(text: str, file: str) -> Profile:
    """One profile from YAML. Raises InputError that lists every problem with file and line."""
    lines: dict[Location, int] = {}
    try:
        data = _with_lines(text, lines)
        profile = Profile.model_validate(data)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise InputError(f"{file}:{line} a profile must be YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise InputError(f"{file}:1 a profile must be YAML: {error}") from None
    except ValidationError as error:
        problems = [f"{file}:{_line(lines, e['loc'])} {_problem(e)}" for e in error.errors()]
        raise InputError("\n".join(problems)) from None
    if f"{profile.id}.yaml" != file:
        raise InputError(f"{file}:{lines['id',]} id: must be the file's name, got {profile.id!r}")
    return profile


def _with_lines(text: str, lines: dict[Location, int]) -> object:
    """The YAML as plain values; ``lines`` gets the line of every place in it."""
    loader = yaml.SafeLoader(text)

    def value(node: yaml.Node, place: Location) -> object:
        lines[place] = node.start_mark.line + 1
        if isinstance(node, yaml.SequenceNode):
            return [value(child, (*place, i)) for i, child in enumerate(node.value)]
        if isinstance(node, yaml.MappingNode):
            return mapping(node, place)
        return loader.construct_object(node)

    def mapping(node: yaml.MappingNode, place: Location) -> dict[object, object]:
        found: dict[object, object] = {}
        for key_node, child in node.value:
            key = loader.construct_object(key_node, deep=True)
            if not isinstance(key, str) or key in found:
                raise yaml.constructor.ConstructorError(
                    None,
                    None,
                    f"a key must be a text and occur once, got {key!r}",
                    key_node.start_mark,
                )
            found[key] = value(child, (*place, key))
        return found

    try:
        node = loader.get_single_node()
        return None if node is None else value(node, ())
    finally:
        loader.dispose()


def _line(lines: Mapping[Location, int], place: Location) -> int:
    """The line of a place, or of the nearest one around it that the file has."""
    while place not in lines and place:
        place = place[:-1]
    return lines.get(place, 1)


def _problem(error: ErrorDetails) -> str:
    rule = f"{'.'.join(map(str, error['loc']))}: {error['msg'].removeprefix('Value error, ')}"
    return rule if error["type"] == "missing" else f"{rule}, got {error['input']!r}"


def _as_value_error(check: Callable[[], str]) -> str:
    try:
        return check()
    except InputError as error:
        raise ValueError(str(error)) from None
