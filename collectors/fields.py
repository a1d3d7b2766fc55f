"""Applying a profile's fields to a payload: paths looked up, units converted, lists split into channels.

The specifications are compiled once (``compile_groups``), since they are applied to every message.
A field that is absent or null yields nothing: a partial update says nothing about the rest.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from collectors.decoded import Block, Problem
from collectors.profile import FieldSpec, GroupSpec
from collectors.values import number, shown
from quotawatt.errors import InputError
from quotawatt.quantities import QUANTITIES, Kind

Path = tuple[str, ...]
_CHANNEL = "{channel}"


@dataclass(frozen=True, slots=True)
class CompiledField:
    """A ``FieldSpec`` with its paths split."""

    spec: FieldSpec
    path: Path
    like: Path | None
    state: bool


@dataclass(frozen=True, slots=True)
class CompiledGroup:
    """A ``GroupSpec``: keys to its places (a pattern where many may fit), and its fields."""

    at: tuple[str | re.Pattern[str], ...]
    fields: tuple[CompiledField, ...]


def split_path(text: str) -> Path:
    """Keys of a path; none for the empty one."""
    return tuple(text.split(".")) if text else ()


def look_up(node: object, path: Path) -> object:
    """The value at a path; None where there is nothing."""
    for key in path:
        if not isinstance(node, dict):
            return None
        node = node.get(key)
    return node


def compile_groups(groups: Sequence[GroupSpec]) -> tuple[CompiledGroup, ...]:
    """Prepare groups for ``extract``."""
    return tuple(
        CompiledGroup(
            at=tuple(_key(key) for key in split_path(group.at)),
            fields=tuple(_field(spec) for spec in group.fields),
        )
        for group in groups
    )


def _field(spec: FieldSpec) -> CompiledField:
    like = None if spec.channels_like is None else split_path(spec.channels_like)
    state = QUANTITIES[spec.quantity].kind is Kind.STATE
    return CompiledField(spec, split_path(spec.path), like, state)


def _key(key: str) -> str | re.Pattern[str]:
    if key == "*":
        return re.compile(".*", re.DOTALL)
    if _CHANNEL in key:
        before, after = (re.escape(part) for part in key.split(_CHANNEL, 1))
        return re.compile(f"{before}(?P<channel>.+){after}", re.DOTALL)
    return key


def extract(
    groups: Sequence[CompiledGroup],
    root: object,
    channel: str,
    time: tuple[int, bool],
    problems: list[Problem],
) -> list[Block]:
    """The readings that the groups find in a payload.

    channel
        That of the topic, empty where it names none.
    time
        (microseconds since 1970 UTC, whether it is that of arrival) of the whole message.
    problems
        Gets what is there but isn't a value; the other fields are read all the same.
    """
    time_us, by_server = time
    blocks = []
    for group in groups:
        for place, place_channel in _places(root, group.at, channel):
            for field in group.fields:
                for name, value in _values(field, place, place_channel, problems):
                    block = Block(name, field.spec.quantity, [time_us], [value], 0, by_server)
                    blocks.append(block)
    return blocks


def _places(
    node: object, at: Sequence[str | re.Pattern[str]], channel: str
) -> Iterator[tuple[object, str]]:
    """Where a group applies, with the channel of each place."""
    if not at:
        yield node, channel
    elif isinstance(node, dict):
        key, rest = at[0], at[1:]
        if isinstance(key, str):
            if key in node:
                yield from _places(node[key], rest, channel)
            return
        for name, child in node.items():
            if found := key.fullmatch(name):
                yield from _places(child, rest, found.groupdict().get("channel", channel))


def _values(
    field: CompiledField, place: object, channel: str, problems: list[Problem]
) -> Iterator[tuple[str, float]]:
    """(channel, value in the quantity's unit) of a field; several where it is a list of channels."""
    found = look_up(place, field.path)
    if found is None:
        return
    name = field.spec.channel.replace(_CHANNEL, channel)
    for suffix, raw in _entries(field, found, place):
        try:
            value = _value(field, raw)
        except InputError as error:
            problems.append(Problem("bad_value", f"{field.spec.quantity}: {error}"))
            continue
        if value is not None:
            yield f"{name}:{suffix}" if name and suffix else name or suffix, value


def _entries(field: CompiledField, found: object, place: object) -> list[tuple[str, object]]:
    """(suffix of the channel, value) of a single value, or of what a list of them means."""
    if not isinstance(found, list) or field.spec.array == "refuse":
        return [("", found)]
    if field.spec.array == "first" and not _is_like(field, found, place):
        return [("", found[0])] if found else []
    return [(str(i), raw) for i, raw in enumerate(found, 1)]


def _is_like(field: CompiledField, found: list[object], place: object) -> bool:
    """Whether the sibling named by ``channels_like`` is a list of the same length."""
    sibling = None if field.like is None else look_up(place, field.like)
    return isinstance(sibling, list) and len(sibling) == len(found)


def _value(field: CompiledField, raw: object) -> float | None:
    texts: Mapping[str, float] | None = field.spec.map
    if texts is None:
        value = number(raw, state=field.state)
        return None if value is None else value * field.spec.scale
    if not isinstance(raw, str) or raw not in texts:
        raise InputError(f"a value must be one of {', '.join(texts)}, got {shown(raw)}")
    return texts[raw]
