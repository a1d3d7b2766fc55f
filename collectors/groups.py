"""Groups of profiles, compiled: which fields apply at which places of a payload.

Everything that can be is prepared once, since it is done for every message.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from collectors.conditions import Condition, compile_conditions
from collectors.fields import Field, compile_field
from collectors.fieldspecs import FieldSpec
from collectors.keys import KeyTable
from collectors.paths import CHANNEL, Path
from collectors.places import Place, Places
from collectors.specs import GroupSpec
from collectors.templates import Template, compile_template
from collectors.times import TimeRule, compile_time
from quotawatt.quantities import QUANTITIES


@dataclass(frozen=True, slots=True)
class Container:
    """Fields of one object within a place.

    fields
        By plain key, those that are not stored too; or, where one has a pattern or takes a given unit,
        ``table``.
    """

    parent: Path
    fields: Mapping[str, tuple[Field, ...]]
    table: KeyTable | None


@dataclass(frozen=True, slots=True)
class Group:
    """A ``GroupSpec``, compiled.

    number
        Which of its message's groups it is, from 0.
    only
        The key without which a place has nothing for it, where there is such a one.
    whole
        Fields that are places themselves, or made of several values in them.
    """

    spec: GroupSpec
    number: int
    only: str | None
    when: tuple[Condition, ...]
    time: TimeRule | None
    channel: Template | None
    whole: tuple[Field, ...]
    containers: tuple[Container, ...]

    def suits(self, node: object) -> bool:
        """Whether it applies at a place that its path leads to."""
        if not isinstance(node, dict):
            if not (self.whole or isinstance(node, list)):
                return False
        elif self.only is not None and self.only not in node:
            return False
        for condition in self.when:  # noqa: SIM110  # a generator costs more than what it asks for
            if not condition.holds(node):
                return False
        return True


class Groups:
    """The groups of a message, in their order."""

    def __init__(self, specs: Sequence[GroupSpec]) -> None:
        paths = list(dict.fromkeys(spec.at for spec in specs))
        self.all = tuple(_compile(spec, number) for number, spec in enumerate(specs))
        self._places = Places(paths)
        self._deep = paths != [()]
        self._by_path = [[g for g in self.all if g.spec.at == path] for path in paths]

    def at_places(self, root: object, channel: str) -> Iterator[tuple[Group, Place]]:
        """Where each applies. Raises DecodeError (``bad_payload``) where that is at too many places."""
        found = self._places.find(root, channel) if self._deep else {0: [Place(root, channel)]}
        there = [(group, found[path]) for path in found for group in self._by_path[path]]
        if len(found) > 1:
            there.sort(key=lambda each: each[0].number)
        for group, places in there:
            for place in places:
                if group.suits(place.node):
                    yield group, place


def _compile(spec: GroupSpec, number: int) -> Group:
    fields = [compile_field(field, spec.ignore_case) for field in spec.fields]
    if spec.quantities is not None:
        fields += _by_name(spec.quantities, spec.ignore_case)
    whole = tuple(field for field in fields if field.key is None)
    containers = tuple(_containers([field for field in fields if field.key is not None]))
    return Group(
        spec=spec,
        number=number,
        only=None if whole or spec.named else _only_key(containers),
        when=compile_conditions(spec.when),
        time=None if spec.time is None else compile_time(spec.time),
        channel=None if spec.channel == CHANNEL else compile_template(spec.channel),
        whole=whole,
        containers=containers,
    )


@lru_cache(maxsize=64)
def _by_name(holder: Path, ignore_case: bool) -> tuple[Field, ...]:
    """Fields for keys of an object that are names of quantities."""
    specs = (FieldSpec(path=(*holder, name), quantity=name) for name in QUANTITIES)
    return tuple(compile_field(spec, ignore_case) for spec in specs)


def _only_key(containers: Sequence[Container]) -> str | None:
    """The one key in which all fields of a group begin; None where there are several, or patterns."""
    keys: set[str] = set()
    for container in containers:
        if container.parent:
            keys.add(container.parent[0])
        elif container.table is None:
            keys |= container.fields.keys()
        else:
            return None
    return keys.pop() if len(keys) == 1 else None


def _containers(fields: list[Field]) -> Iterator[Container]:
    """Fields by the object that holds them, in the order in which the objects first occur."""
    parents = list(dict.fromkeys(field.parent for field in fields))
    for parent in parents:
        inside = [field for field in fields if field.parent == parent]
        if any(field.pattern or field.spec.unit_given for field in inside):
            yield Container(parent, {}, KeyTable(inside))
        else:
            keys = dict.fromkeys(field.key or "" for field in inside)
            by_key = {key: tuple(f for f in inside if f.key == key) for key in keys}
            yield Container(parent, by_key, None)
