"""Kinds of messages: the ``MessageSpec`` of all profiles, compiled, and which of them fit a topic."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from collectors.conditions import Condition, compile_conditions
from collectors.groups import Group, compile_groups
from collectors.paths import EACH, Path, Step, compile_steps
from collectors.specs import AnnouncesSpec, MessageSpec, Profile
from collectors.templates import Template, compile_template
from collectors.times import TimeRule, compile_time
from collectors.topics import ANY, Topic, TopicPattern, compile_topic


@dataclass(frozen=True, slots=True)
class Announces:
    """An ``AnnouncesSpec``, compiled."""

    spec: AnnouncesSpec
    each: tuple[Step, ...]
    key: Template
    name: Template


@dataclass(frozen=True, slots=True)
class Kind:
    """A ``MessageSpec``, compiled.

    number
        Which of its profile's messages it is, from 0.
    device, channel
        Templates, None where the topic says all.
    local
        Whether a local time without zone occurs in it.
    tells
        Whether it takes names or units that were announced.
    positions
        Whether it holds latitudes.
    lists
        Whether it may be a list in which its paths begin.
    """

    profile: Profile
    number: int
    spec: MessageSpec
    patterns: tuple[TopicPattern, ...]
    shape: tuple[Condition, ...]
    require: tuple[Condition, ...]
    device: Template | None
    channel: Template | None
    root: Path
    time: TimeRule | None
    announces: Announces | None
    groups: tuple[Group, ...]
    local: bool
    tells: bool
    positions: bool
    lists: bool


class Route(NamedTuple):
    """A kind of message that a topic may have, what the topic says then, and whether it says anything."""

    kind: Kind
    topic: Topic
    by_topic: bool


class Kinds:
    """All kinds of messages, in the order in which they are tried.

    Those whose topic may be any one come last: they go by the shape of the payload.
    """

    def __init__(self, profiles: Sequence[Profile]) -> None:
        kinds = [
            compile_kind(profile, number)
            for profile in profiles
            for number in range(len(profile.messages))
        ]
        placed = [(kind, p) for kind in kinds for p in kind.patterns if p.text != ANY]
        placed += [(kind, p) for kind in kinds for p in kind.patterns if p.text == ANY]
        self._kinds = placed

    def routes(self, topic: str) -> tuple[Route, ...]:
        """The kinds that a topic may have, up to the first that is had whatever the payload."""
        found: list[Route] = []
        for route in self._fitting(topic):
            found.append(route)
            if not route.kind.shape:
                break
        return tuple(found)

    def _fitting(self, topic: str) -> Iterator[Route]:
        first = topic.partition("/")[0]
        for kind, pattern in self._kinds:
            if pattern.first is not None and pattern.first != first:
                continue
            if (said := pattern.match(topic)) is not None:
                yield Route(kind, said, pattern.text != ANY)


def compile_kind(profile: Profile, number: int) -> Kind:
    """Prepare a kind of message."""
    spec = profile.messages[number]
    groups = compile_groups(spec.groups)
    time = compile_time(spec.time)
    rules = [time, *(group.time for group in groups)]
    fields = [field for group in spec.groups for field in group.fields]
    return Kind(
        profile=profile,
        number=number,
        spec=spec,
        patterns=tuple(compile_topic(text) for text in spec.topics),
        shape=compile_conditions(spec.shape),
        require=compile_conditions(spec.require),
        device=None if spec.device == "{device}" else compile_template(spec.device),
        channel=None if spec.channel == "{channel}" else compile_template(spec.channel),
        root=spec.root,
        time=time,
        announces=None if spec.announces is None else _announces(spec.announces),
        groups=groups,
        tells=any(f.unit_given for f in fields)
        or any(g.named and g.named.alias for g in spec.groups),
        local=any(rule is not None and rule.local for rule in rules),
        positions=any(field.quantity == "latitude_deg" for field in fields),
        lists=any(_may_be_list(group.steps) for group in groups),
    )


def _announces(spec: AnnouncesSpec) -> Announces:
    key, name = compile_template(spec.key), compile_template(spec.name)
    return Announces(spec, compile_steps(spec.each), key, name)


def _may_be_list(steps: Sequence[Step]) -> bool:
    """Whether a group begins in a list: at each of its entries, or at one by number."""
    if not steps:
        return False
    first = steps[0]
    return first.isdigit() if isinstance(first, str) else first is EACH or not first.captures
