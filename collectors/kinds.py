"""Kinds of messages: the ``MessageSpec`` of all profiles, compiled, and which of them fit a topic."""

from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter
from typing import NamedTuple

from collectors.conditions import Condition, compile_conditions
from collectors.groups import Groups
from collectors.paths import EACH, Path, compile_steps
from collectors.places import Places
from collectors.specs import AnnouncesSpec, MessageSpec, Profile
from collectors.templates import Template, compile_template
from collectors.times import TimeRule, compile_time
from collectors.topics import ANY, Topic, TopicPattern, compile_topic


@dataclass(frozen=True, slots=True)
class Announces:
    """An ``AnnouncesSpec``, compiled."""

    spec: AnnouncesSpec
    each: Places
    key: Template
    name: Template


@dataclass(frozen=True, slots=True)
class Kind:
    """A ``MessageSpec``, compiled.

    number
        Which of its profile's messages it is, from 0.
    form
        Its format; kinds that divide CSV in their own way have one of their own.
    prefix
        Bytes with which its payloads begin, as far as its shape says.
    key
        Without which an object has not its shape, where there is such a one.
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
    form: str
    prefix: bytes
    key: str | None
    require: tuple[Condition, ...]
    device: Template | None
    channel: Template | None
    root: Path
    time: TimeRule | None
    announces: Announces | None
    groups: Groups
    local: bool
    tells: bool
    positions: bool
    lists: bool


class Route(NamedTuple):
    """A kind of message that a topic may have, what the topic says then, and whether it says anything."""

    kind: Kind
    topic: Topic
    by_topic: bool


class _Placed(NamedTuple):
    """A kind and one of its patterns; ``number`` says when it is tried."""

    number: int
    kind: Kind
    pattern: TopicPattern


_NUMBER = itemgetter(0)


class Kinds:
    """All kinds of messages, in the order in which they are tried.

    Those whose topic may be any one come last: they go by the shape of the payload, which they all have.
    """

    def __init__(self, profiles: Sequence[Profile]) -> None:
        kinds = [
            compile_kind(profile, number)
            for profile in profiles
            for number in range(len(profile.messages))
        ]
        placed = [(kind, p) for kind in kinds for p in kind.patterns]
        nothing = Topic("", "", "")
        self._any = tuple(Route(kind, nothing, False) for kind, p in placed if p.text == ANY)
        self._by_first: dict[str, list[_Placed]] = {}
        self._by_last: dict[str, list[_Placed]] = {}
        self._others: list[_Placed] = []
        for number, (kind, pattern) in enumerate(placed):
            if pattern.text != ANY:
                self._list_of(pattern).append(_Placed(number, kind, pattern))

    def routes(self, topic: str) -> tuple[Route, ...]:
        """The kinds that a topic may have, up to the first that is had whatever the payload."""
        found: list[Route] = []
        for _, kind, pattern in self._possible(topic):
            if found and found[-1].kind is kind:
                continue  # by an earlier pattern of it; the shape asked for is the same
            if (said := pattern.match(topic)) is None:
                continue
            found.append(Route(kind, said, True))
            if not kind.shape:
                return tuple(found)
        return (*found, *self._any) if found else self._any

    def _possible(self, topic: str) -> list["_Placed"]:
        """What may fit a topic by its first and last level, in order."""
        first, last = topic.partition("/")[0], topic.rpartition("/")[2]
        return sorted(
            [*self._by_first.get(first, ()), *self._by_last.get(last, ()), *self._others],
            key=_NUMBER,
        )

    def _list_of(self, pattern: TopicPattern) -> list["_Placed"]:
        if pattern.first is not None:
            return self._by_first.setdefault(pattern.first, [])
        if pattern.last is not None:
            return self._by_last.setdefault(pattern.last, [])
        return self._others


def compile_kind(profile: Profile, number: int) -> Kind:
    """Prepare a kind of message."""
    spec = profile.messages[number]
    groups = Groups(spec.groups)
    shape = compile_conditions(spec.shape)
    time = compile_time(spec.time)
    rules = [time, *(group.time for group in groups.all)]
    fields = [field for group in spec.groups for field in group.fields]
    return Kind(
        profile=profile,
        number=number,
        spec=spec,
        patterns=tuple(compile_topic(text) for text in spec.topics),
        shape=shape,
        form=spec.format if spec.csv is None else f"{profile.id} {number}",
        prefix=next((c.prefix for c in shape if c.prefix is not None), b""),
        key=next((c.needs for c in shape if c.needs is not None), None),
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
        lists=any(_may_be_list(group.at) for group in spec.groups),
    )


def _announces(spec: AnnouncesSpec) -> Announces:
    key, name = compile_template(spec.key), compile_template(spec.name)
    return Announces(spec, Places([spec.each]), key, name)


def _may_be_list(path: Path) -> bool:
    """Whether a path begins in a list: at each of its entries, or at one by number."""
    if not path:
        return False
    first = compile_steps(path)[0]
    return first.isdigit() if isinstance(first, str) else first is EACH or not first.captures
