"""Why a payload becomes what it becomes: each step of decoding, as data.

The steps are those of ``decode`` itself, run with a reader that notes what it reads.
"""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from collectors.choice import Attempt, attempts
from collectors.conditions import Condition
from collectors.decode import Decoder
from collectors.decoded import Problem
from collectors.extraction import PlaceReader, Scene
from collectors.fields import Field
from collectors.groups import Group
from collectors.kinds import Kind, Route
from collectors.paths import Path, joined
from collectors.places import Place
from collectors.reading import device_name, framed, read_time, rooted, scene_of
from collectors.units import Conversion
from collectors.values import from_us, shown, to_us
from collectors.whypaths import leaves, located, sources, used, used_by_message
from quotawatt.errors import DecodeError

Step = dict[str, Any]

UNREAD_LIMIT = 40


def why(decoder: Decoder, topic: str, payload: bytes, arrived: datetime) -> list[Step]:
    """The steps of decoding a message, up to where it is refused or ignored, if it is.

    Each has ``step`` and what belongs to it: ``skipped`` (a kind of message that doesn't fit: profile,
    message, rule), ``shapes`` (count of those that any topic may have and that begin otherwise), ``taken``
    (profile, message), ``ignored`` (rule), ``device``, ``channel``, ``time``
    (value, source), ``field`` (path, raw, quantity, unit, value or problem), ``known`` (path: not stored),
    ``unread`` (paths that no field names), ``refused`` (reason, message). Announcements are not taken in.
    """
    steps: list[Step] = []
    try:
        steps += _steps(decoder, topic, payload, arrived, steps)
    except DecodeError as error:
        steps.append({"step": "refused", "reason": error.reason, "message": str(error)})
    return steps


def _steps(
    decoder: Decoder, topic: str, payload: bytes, arrived: datetime, steps: list[Step]
) -> list[Step]:
    routes = decoder.routes(topic)
    if not payload:
        return [{"step": "ignored", "rule": "empty"}]
    tried = list(attempts(routes, payload))
    chosen = tried.pop() if tried[-1].taken else None
    steps += _skipped(tried)
    if chosen is None:
        decoder.decode(topic, payload, arrived)  # raises what decoding raises
        return []
    steps.append({"step": "taken", **_name(chosen.route.kind)})
    return list(_reading(decoder, chosen.route, topic, payload, chosen.content, to_us(arrived)))


def _skipped(tried: Sequence[Attempt]) -> Iterator[Step]:
    """What didn't fit. Of kinds that any topic may have, those that fit in part; the others are counted."""
    others = 0
    for attempt in tried:
        kind = attempt.route.kind
        if not attempt.route.by_topic and attempt.failed in (None, kind.shape[0]):
            others += 1
            continue
        rule = rule_of(attempt.failed) if attempt.failed else str(attempt.refused)
        yield {"step": "skipped", **_name(kind), "rule": rule}
    if others:
        yield {"step": "shapes", "count": others}


def _reading(
    decoder: Decoder, route: Route, topic: str, payload: bytes, content: object, arrived_us: int
) -> Iterator[Step]:
    kind, said, _ = route
    if kind.spec.format == "native":
        yield {"step": "device", "value": device_name(route, topic, content), "source": "topic"}
        return
    if not (kind.groups.all or kind.announces):
        yield {"step": "ignored", "rule": "no_groups"}
        return
    content = framed(kind, content, payload, decoder.around.frames)
    for condition in kind.require:
        if not condition.holds(content, payload):
            yield {"step": "ignored", "rule": rule_of(condition)}
            return
    device = device_name(route, topic, content)
    source = "topic" if kind.device is None else kind.spec.device
    yield {"step": "device", "value": device, "source": source}
    root = rooted(kind, said, content)
    scene = scene_of(kind, said, device, content, arrived_us, decoder.around)
    source = "topic" if kind.channel is None else kind.spec.channel
    yield {"step": "channel", "value": scene.channel, "source": source}
    read_time(kind, root, scene)
    yield _time_step(kind, root, scene)
    yield from _fields(kind, root, scene)


def _time_step(kind: Kind, root: object, scene: Scene) -> Step:
    step = {"step": "time", "value": from_us(scene.time_us).isoformat().replace("+00:00", "Z")}
    if kind.time is None or scene.by_server:
        return step | {"source": "arrival"}
    zone = kind.spec.time.zone or (scene.zone.key if scene.zone else None)
    found = {"source": kind.spec.time.format, "raw": shown(kind.time.find(root))}
    return step | found | ({"zone": zone} if zone else {})


def _fields(kind: Kind, root: object, scene: Scene) -> Iterator[Step]:
    seen: set[Path] = set()
    for group, place in kind.groups.at_places(root, scene.channel):
        at = located(group.spec.at, place.captured)
        reader = _NotingReader(group, place, scene, at)
        reader.read()
        yield from reader.steps
        seen.update(reader.seen, ((*at, *path) for path in used(group)))
    seen.update(used_by_message(kind))
    unread = [
        path
        for path in leaves(root)
        if not any(path[:length] in seen for length in range(len(path) + 1))
    ]
    if unread:
        some = [joined(path) for path in unread[:UNREAD_LIMIT]]
        yield {"step": "unread", "paths": some, "more": len(unread) - len(some)}


class _NotingReader(PlaceReader):
    """Reads a place and notes each field that it finds."""

    def __init__(self, group: Group, place: Place, scene: Scene, at: Path) -> None:
        self.problems: list[Problem] = []
        super().__init__(group, place, scene, [], self.problems)
        self.at = at
        self.steps: list[Step] = []
        self.seen: list[Path] = []

    def read(self) -> None:
        """Read, and note what is wrong with the place as a whole."""
        super().read()
        noted = {step.get("problem") for step in self.steps}
        for problem in self.problems:
            if problem.message not in noted:
                self.steps.append({"step": "problem", "path": joined(self.at), **problem._asdict()})

    def add(
        self, field: Field, key: str, found: object, channel: str, given: Conversion | None
    ) -> None:
        """Note a field, and what becomes of its value."""
        path = (*self.at, *field.parent, key) if key else (*self.at, *field.spec.path)
        self.seen += sources(field, path)
        if not field.quantity:
            self.steps.append({"step": "known", "path": joined(path)})
            return
        before, wrong = len(self._blocks), len(self.problems)
        super().add(field, key, found, channel, given)
        step = {
            "step": "field",
            "path": joined(path),
            "raw": shown(found),
            "quantity": field.quantity,
            "by": _conversion_words(field, given),
        }
        for block in self._blocks[before:]:
            self.steps.append(step | {"channel": block.channel, "value": block.values[0]})
        for problem in self.problems[wrong:]:
            self.steps.append(step | {"problem": problem.message})
        if len(self._blocks) == before and len(self.problems) == wrong:
            self.steps.append(step | {"value": None})


def _conversion_words(field: Field, given: Conversion | None) -> str:
    """The part that was taken, and the unit or the factor by which it was converted; empty where neither."""
    spec, part = field.spec, ""
    if spec.words is not None:
        part = f"{spec.words.type} {spec.words.at} {spec.words.order}"
    elif spec.bit is not None:
        part = f"bit {spec.bit}"
    elif spec.split is not None:
        part = f"split {spec.split.index}"
    return ", ".join(word for word in (part, _factor_words(field, given)) if word)


def _factor_words(field: Field, given: Conversion | None) -> str:
    factor, offset = given or field.conversion
    if given is None and field.spec.unit is not None:
        return field.spec.unit
    added = f" + {offset:.15g}" if offset else ""
    return f"x * {factor:.15g}{added}" if added or factor != 1 else ""


def _name(kind: Kind) -> Step:
    return {"profile": kind.profile.id, "message": kind.number + 1}


def rule_of(condition: Condition) -> str:
    """A condition as the profile writes it."""
    said = condition.spec.model_dump(by_alias=True, exclude_defaults=True, exclude={"path"})
    tests = ", ".join(f"{key}: {value}" for key, value in said.items())
    return f"{joined(condition.spec.path)} {tests}".strip()
