"""Reading of payloads: the fields of groups applied to their places.

A field that is absent or null yields nothing: a partial update says nothing about the rest.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple
from zoneinfo import ZoneInfo

from collectors.decoded import Block, Problem
from collectors.fields import Field, entries, given_conversion
from collectors.groups import Container, Group, Groups
from collectors.keys import KeyTable
from collectors.paths import children, look_up
from collectors.places import Place
from collectors.specs import NamedSpec
from collectors.templates import Template, text_of
from collectors.times import TimeRule
from collectors.units import Conversion
from collectors.values import shown
from quotawatt.errors import InputError


class Announcement(NamedTuple):
    """What a device said that a value is: its name and unit, each empty where it said none."""

    name: str
    unit: str


def _nothing(key: str) -> Announcement | None:
    return None


@dataclass(slots=True)
class Scene:
    """What holds for a whole message.

    channel
        That of the topic or the message, empty where neither names one.
    time_us, by_server
        Its time in microseconds since 1970 UTC, and whether it is that of arrival.
    zone
        Of local times.
    announced
        What the device announced under a key.
    """

    channel: str
    time_us: int
    by_server: bool
    zone: ZoneInfo | None = None
    announced: Callable[[str], Announcement | None] = _nothing


def extract(
    groups: Groups,
    root: object,
    scene: Scene,
    problems: list[Problem],
) -> list[Block]:
    """The readings that the groups find in a payload.

    ``problems`` gets what is there but isn't a value; the other fields are read all the same. Raises
    DecodeError (``bad_payload``) where a group has too many places.
    """
    blocks: list[Block] = []
    for group, place in groups.at_places(root, scene.channel):
        PlaceReader(group, place, scene, blocks, problems).read()
    return blocks


class PlaceReader:
    """Reads one place. Whoever wants to know what it reads may override ``add``."""

    __slots__ = (
        "_blocks",
        "_by_server",
        "_channel",
        "_group",
        "_node",
        "_problems",
        "_scene",
        "_time_us",
    )

    def __init__(
        self,
        group: Group,
        place: Place,
        scene: Scene,
        blocks: list[Block],
        problems: list[Problem],
    ) -> None:
        self._group, self._scene = group, scene
        self._blocks, self._problems = blocks, problems
        self._node, self._channel = place.node, place.channel
        self._time_us, self._by_server = scene.time_us, scene.by_server

    def read(self) -> None:
        """Append the place's readings, and what is wrong with others."""
        group = self._group
        if group.time is not None and not self._read_time(group.time):
            return
        if group.spec.named is not None:
            self._read_named(group.spec.named)
            return
        if group.channel is not None:
            self._channel = place_channel(group.channel, self._node, self._channel)
        for container in group.containers:
            self._read_container(container, self._node, "")
        for field in group.whole:
            self.add(field, "", self._node, self._channel, None)

    def _read_container(self, container: Container, node: object, unit: str) -> None:
        holder = look_up(node, container.parent) if container.parent else node
        if container.table is not None:
            self._read_table(container.table, holder, unit)
            return
        for key, raw in _both(container.fields, holder):
            for field in container.fields[key]:
                self.add(field, key, raw, self._channel, None)

    def _read_time(self, rule: TimeRule) -> bool:
        """Whether the place can be read: it has a good time of its own, or none at all."""
        try:
            found = rule.read(self._node, self._scene.zone)
        except InputError as error:
            self._problems.append(Problem("bad_time", str(error)))
            return False
        if found is not None:
            self._time_us, self._by_server = found, False
        return True

    def _read_named(self, named: NamedSpec) -> None:
        name = entry_name(named, self._node, self._scene)
        if name is None:
            alias = text_of(look_up(self._node, named.alias)) if named.alias else None
            if alias is not None:
                rule = "an alias must have been announced"
                self._problems.append(Problem("unknown_alias", f"{rule}, got {shown(alias)}"))
            return
        if self._group.channel is not None:
            self._channel = place_channel(self._group.channel, self._node, self._channel, name)
        unit = text_of(look_up(self._node, named.unit)) if named.unit else None
        node = {name: look_up(self._node, named.value)}
        for container in self._group.containers:
            self._read_container(container, node, unit or "")

    def _read_table(self, table: KeyTable, holder: object, unit: str) -> None:
        for key, raw, fits in table.matches(holder):
            taken: Field | None = None
            for field, captured in fits:
                if taken is not None and not _shares(field, taken):
                    continue
                given: Conversion | None = None
                if field.spec.unit_given:
                    try:
                        given = self._given(field, key, unit)
                    except InputError as error:
                        self._problems.append(Problem("unknown_unit", f"{field.quantity}: {error}"))
                        break
                    if given is None:
                        continue
                taken = field
                of = self._channel if captured is None else captured
                self.add(field, key, raw, of, given)

    def _given(self, field: Field, key: str, unit: str) -> Conversion | None:
        """What converts the unit that is given for a key. Raises InputError where there is none."""
        if not unit:
            announced = self._scene.announced(key)
            unit = announced.unit if announced else ""
        unit = unit or field.spec.unit or ""
        if not unit:
            raise InputError(f"a value must come with its unit, got none for {shown(key)}")
        return given_conversion(unit, field.quantity, field.spec.offset)

    def add(
        self, field: Field, key: str, found: object, channel: str, given: Conversion | None
    ) -> None:
        """Append what a field makes of the value at a key."""
        if found is None or not field.quantity:
            return
        name = channel if field.template is None else field.channel(channel)
        kind = type(found)
        if given is None and (kind is float or kind is int) and field.low <= found <= field.high:  # type: ignore[operator]
            self._append(name, field.quantity, found * field.conversion.factor)  # type: ignore[operator]
            return
        try:
            parts = entries(field, found, self._node)
        except InputError as error:
            self._problems.append(Problem("bad_value", f"{field.quantity}: {error}"))
            return
        for suffix, raw in parts:
            try:
                value = field.value(raw, self._node, given)
            except InputError as error:
                self._problems.append(Problem("bad_value", f"{field.quantity}: {error}"))
                continue
            if value is not None:
                of = f"{name}:{suffix}" if name and suffix else name or suffix
                self._append(of, field.quantity, value)

    def _append(self, channel: str, quantity: str, value: float) -> None:
        times, values = [self._time_us], [value]
        self._blocks.append(Block(channel, quantity, times, values, 0, self._by_server))


def _both(fields: Mapping[str, tuple[Field, ...]], holder: object) -> list[tuple[str, object]]:
    """Keys with fields that stand in the object, with their values; goes through the shorter of both."""
    if isinstance(holder, dict) and len(fields) < len(holder):
        return [(key, holder[key]) for key in fields if key in holder]
    return [(key, raw) for key, raw in children(holder) if key in fields]


def _shares(field: Field, taken: Field) -> bool:
    """Whether two fields may read the same value: parts of it, such as bits, under one path."""
    return field.key == taken.key and not (field.spec.unit_given or taken.spec.unit_given)


def place_channel(template: Template, node: object, channel: str, name: str = "") -> str:
    """The channel that a group's template gives a place; empty where the place says none.

    ``name`` is that of an entry that names its value.
    """
    given = {"channel": channel, "name": name} if name else {"channel": channel}
    return template.fill(node, given) or ""


def entry_name(named: NamedSpec, node: object, scene: Scene) -> str | None:
    """The name of an entry, its own or the one announced for its alias; None where it has none."""
    name = text_of(look_up(node, named.name))
    if name or named.alias is None:
        return name
    alias = text_of(look_up(node, named.alias))
    announced = None if alias is None else scene.announced(alias)
    return announced.name if announced else None
