"""Decoding: from topic and payload to readings in canonical units, by the profiles.

The same message always becomes the same readings, apart from what its device announced before. Whatever
the bytes are, the only exception is DecodeError with a reason code; ``REASONS`` lists them all.
"""

from collections.abc import Sequence
from copy import copy
from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from collectors.announced import Announced
from collectors.choice import choose
from collectors.content import FrameDecoders
from collectors.decoded import Block, Decoded, Problem
from collectors.frames import FRAME_DECODERS
from collectors.kinds import Kinds, Route
from collectors.native import decode_native
from collectors.reading import (
    Surroundings,
    ZoneOf,
    announcements,
    device_name,
    framed,
    is_name,
    read_groups,
    read_time,
    rooted,
    scene_of,
)
from collectors.remembered import Remembered
from collectors.specs import Profile
from collectors.values import shown, to_us
from quotawatt.errors import DecodeError

REASONS = (
    "too_large",
    "bad_name",
    "no_profile",
    "not_json",
    "not_text",
    "bad_payload",
    "bad_time",
    "bad_value",
    "unknown_quantity",
    "bad_frame",
    "unsupported_frame",
    "unmapped",
    "unknown_alias",
    "unknown_unit",
)

CHANNEL_LIMIT = 64
_TOPIC_LIMIT = 1024
_REMEMBERED = 50_000
_REMEMBERED_TOPIC = 256


def _nowhere(device: str) -> ZoneInfo | None:
    return None


class Decoder:
    """Decodes messages by profiles.

    zone
        Time zone of devices that write local times without one.
    payload_limit_bytes
        Larger payloads are refused unread.
    zone_of
        The zone of the site that a device is bound to, which goes before ``zone``.
    announced
        What devices announced.
    frames
        Decoders of binary frames, by name.
    """

    def __init__(
        self,
        profiles: Sequence[Profile],
        zone: ZoneInfo,
        payload_limit_bytes: int = 262_144,
        zone_of: ZoneOf = _nowhere,
        announced: Announced | None = None,
        frames: FrameDecoders = FRAME_DECODERS,
    ) -> None:
        self.announced = Announced() if announced is None else announced
        self.around = Surroundings(zone, zone_of, self.announced, frames)
        self._kinds = Kinds(profiles)
        self._limit_bytes = payload_limit_bytes
        self._routes = Remembered(self._kinds.routes, _REMEMBERED, _REMEMBERED_TOPIC)
        self._channels: set[str] = {""}

    def fresh(self) -> "Decoder":
        """One like this, to which no device has announced anything."""
        twin = copy(self)
        twin.announced = Announced()
        twin.around = replace(self.around, announced=twin.announced)
        return twin

    def decode(self, topic: str, payload: bytes, arrived: datetime) -> Decoded:
        """The readings of one message.

        ``arrived`` (with time zone) stands in for the time of messages without one. A message of which
        a part is readable comes with ``problems``. Raises DecodeError where nothing of it is.
        """
        if len(payload) > self._limit_bytes:
            rule = f"a payload must have at most {self._limit_bytes} bytes"
            raise DecodeError("too_large", f"{rule}, got {len(payload)}")
        routes = self.routes(topic)
        arrived_us = to_us(arrived)
        # An empty payload deletes a retained message; it says nothing about a device.
        if not payload:
            return _empty(routes, topic, arrived_us)
        route, content = choose(routes, topic, payload)
        problems: list[Problem] = []
        device, blocks = self._read(route, topic, content, payload, arrived_us, problems)
        for block in blocks:
            if block[0] not in self._channels and not self._is_channel(block[0]):
                blocks = _with_good_channels(blocks, problems)
                break
        if problems and not blocks:
            raise DecodeError(problems[0].reason, problems[0].message)
        profile = route.kind.profile
        return Decoded(profile.id, device, arrived_us, blocks, problems, profile.datum)

    def routes(self, topic: str) -> tuple[Route, ...]:
        """The kinds of message that a topic may have, in the order in which they are tried.

        Raises DecodeError (``no_profile``, ``bad_name``) where there are none.
        """
        if len(topic) > _TOPIC_LIMIT:
            rule = f"a topic must have at most {_TOPIC_LIMIT} characters"
            raise DecodeError("bad_name", f"{rule}, got {len(topic)}")
        found = self._routes[topic]
        if not found:
            raise DecodeError("no_profile", f"a topic must fit a profile, got {shown(topic)}")
        return found

    def profile_of(self, topic: str) -> str:
        """Which profile a topic belongs to; empty where none does.

        Families that are known by the shape of their payloads alone say nothing about a topic.
        """
        try:
            kinds = [route.kind for route in self.routes(topic)]
        except DecodeError:
            return ""
        return next((k.profile.id for k in kinds if any(t != "#" for t in k.spec.topics)), "")

    def device_of(self, topic: str) -> str:
        """Which device a topic names; the topic itself where it names none."""
        try:
            return self.routes(topic)[0].topic.device or topic
        except DecodeError:
            return topic

    def _read(
        self,
        route: Route,
        topic: str,
        content: object,
        payload: bytes,
        arrived_us: int,
        problems: list[Problem],
    ) -> tuple[str, list[Block]]:
        """Device and readings of a message whose kind is known."""
        kind, said, _ = route
        if kind.spec.format == "native":
            device = device_name(route, topic, content)
            return device, decode_native(content, arrived_us, problems)
        if not (kind.groups.all or kind.announces):
            return _ignored_device(route, topic), []
        content = framed(kind, content, payload, self.around.frames)
        if not all(condition.holds(content, payload) for condition in kind.require):
            return _ignored_device(route, topic), []
        device = device_name(route, topic, content)
        root = rooted(kind, said, content)
        scene = scene_of(kind, said, device, content, arrived_us, self.around)
        read_time(kind, root, scene)
        if kind.announces is not None:
            rows = announcements(kind.announces, kind, said, device, root, arrived_us)
            self.announced.note(rows)
        return device, read_groups(kind, root, scene, problems)

    def _is_channel(self, name: str) -> bool:
        """Whether a channel can be kept; those that can are remembered."""
        if not is_name(name, CHANNEL_LIMIT):
            return False
        if len(self._channels) < _REMEMBERED:
            self._channels.add(name)
        return True


def _ignored_device(route: Route, topic: str) -> str:
    """The device of a message that is ignored, as far as its topic tells."""
    return device_name(route, topic, None) if route.kind.device is None else topic


def _empty(routes: Sequence[Route], topic: str, arrived_us: int) -> Decoded:
    for route in routes:
        if route.by_topic:
            profile = route.kind.profile
            device = _ignored_device(route, topic)
            return Decoded(profile.id, device, arrived_us, [], [], profile.datum)
    raise DecodeError("no_profile", f"a topic must fit a profile, got {shown(topic)}")


def _with_good_channels(blocks: list[Block], problems: list[Problem]) -> list[Block]:
    rule = f"a channel must have at most {CHANNEL_LIMIT} printable characters"
    good = []
    for block in blocks:
        if is_name(block.channel, CHANNEL_LIMIT):
            good.append(block)
        else:
            problems.append(Problem("bad_name", f"{rule}, got {shown(block.channel)}"))
    return good
