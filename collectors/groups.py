"""Groups of profiles, compiled: which fields apply at which places of a payload.

Everything that can be is prepared once (``compile_groups``), since it is done for every message.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from collectors.conditions import Condition, compile_conditions
from collectors.fields import Field, compile_field
from collectors.keys import KeyTable
from collectors.paths import CHANNEL, Path, Place, Step, compile_steps, expand, is_plain
from collectors.specs import FieldSpec, GroupSpec
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

    first
        The first key to its places, where that is a plain one.
    whole
        Fields that are places themselves, or made of several values in them.
    """

    spec: GroupSpec
    first: str | None
    steps: tuple[Step, ...]
    when: tuple[Condition, ...]
    time: TimeRule | None
    channel: Template | None
    whole: tuple[Field, ...]
    containers: tuple[Container, ...]

    def suits(self, node: object) -> bool:
        """Whether it applies at a place that its path leads to."""
        if not (self.whole or isinstance(node, (dict, list))):
            return False
        return all(condition.holds(node) for condition in self.when)


def compile_groups(groups: Sequence[GroupSpec]) -> tuple[Group, ...]:
    """Prepare groups for ``extract``."""
    return tuple(_compile(spec) for spec in groups)


def _compile(spec: GroupSpec) -> Group:
    fields = [compile_field(field, spec.ignore_case) for field in (*spec.fields, *_by_name(spec))]
    return Group(
        spec=spec,
        first=spec.at[0] if spec.at and is_plain(spec.at[0]) else None,
        steps=compile_steps(spec.at),
        when=compile_conditions(spec.when),
        time=None if spec.time is None else compile_time(spec.time),
        channel=None if spec.channel == CHANNEL else compile_template(spec.channel),
        whole=tuple(field for field in fields if field.key is None),
        containers=tuple(_containers([field for field in fields if field.key is not None])),
    )


def _by_name(spec: GroupSpec) -> Iterator[FieldSpec]:
    """Fields of a group for keys that are names of quantities, where it has such."""
    if spec.quantities is not None:
        for name in QUANTITIES:
            yield FieldSpec(path=(*spec.quantities, name), quantity=name)


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


def places(groups: Sequence[Group], root: object, channel: str) -> Iterator[tuple[Group, Place]]:
    """Where each group applies. Raises DecodeError (``bad_payload``) where that is at too many places."""
    keyed = root if isinstance(root, dict) else None
    found: dict[Path, list[Place]] = {}  # groups often share their path
    for group in groups:
        if keyed is not None and group.first is not None and group.first not in keyed:
            continue
        path = group.spec.at
        if path not in found:
            found[path] = expand(root, group.steps, channel)
        for place in found[path]:
            if group.suits(place.node):
                yield group, place
