"""Decoding: from topic and payload to readings in canonical units, by the profiles.

Pure: the same message always becomes the same readings. Whatever the bytes are, the only exception is
DecodeError with a reason code; ``REASONS`` lists them all.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import msgspec

from collectors.decoded import Block, Decoded, Problem
from collectors.fields import (
    CompiledGroup,
    compile_groups,
    extract,
    look_up,
    split_path,
)
from collectors.native import decode_native
from collectors.profile import MessageSpec, Profile
from collectors.topics import TopicPattern, compile_topic
from collectors.values import auto_us, epoch_us, iso_us, shown, to_us
from quotawatt.errors import DecodeError, InputError

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
)

DEVICE_LIMIT = 128
CHANNEL_LIMIT = 64
_TOPIC_LIMIT = 1024
_ROUTES_LIMIT = 20_000


@dataclass(frozen=True, slots=True)
class _Kind:
    """A ``MessageSpec``, compiled."""

    profile: str
    spec: MessageSpec
    patterns: tuple[TopicPattern, ...]
    root: tuple[str, ...]
    required: tuple[tuple[tuple[str, ...], frozenset[str]], ...]
    groups: tuple[CompiledGroup, ...]
    time_path: tuple[str, ...]
    zone: ZoneInfo


@dataclass(frozen=True, slots=True)
class _Route:
    """What a topic means: which kind of message, from which device and channel."""

    kind: _Kind
    device: str
    channel: str


class Decoder:
    """Decodes messages by profiles.

    zone
        Time zone of devices that write local times without one.
    payload_limit_bytes
        Larger payloads are refused unread.
    """

    def __init__(
        self, profiles: Sequence[Profile], zone: ZoneInfo, payload_limit_bytes: int = 262_144
    ) -> None:
        self._kinds = [_compile(p.id, spec, zone) for p in profiles for spec in p.messages]
        self._limit_bytes = payload_limit_bytes
        self._routes: dict[str, _Route | None] = {}
        self._parse = msgspec.json.Decoder().decode

    def decode(self, topic: str, payload: bytes, arrived: datetime) -> Decoded:
        """The readings of one message.

        ``arrived`` (with time zone) stands in for the time of messages without one. A message of which
        a part is readable comes with ``problems``. Raises DecodeError where nothing of it is.
        """
        if len(payload) > self._limit_bytes:
            rule = f"a payload must have at most {self._limit_bytes} bytes"
            raise DecodeError("too_large", f"{rule}, got {len(payload)}")
        route = self._route(topic)
        arrived_us = to_us(arrived)
        problems: list[Problem] = []
        blocks = self._blocks(route, payload, arrived_us, problems)
        if any(not _is_name(block.channel, CHANNEL_LIMIT) for block in blocks):
            blocks = _with_good_channels(blocks, problems)
        if problems and not blocks:
            raise DecodeError(problems[0].reason, problems[0].message)
        return Decoded(route.kind.profile, route.device, arrived_us, blocks, problems)

    def _route(self, topic: str) -> _Route:
        if topic not in self._routes:
            if len(topic) > _TOPIC_LIMIT:
                rule = f"a topic must have at most {_TOPIC_LIMIT} characters"
                raise DecodeError("bad_name", f"{rule}, got {len(topic)}")
            if len(self._routes) >= _ROUTES_LIMIT:
                self._routes.clear()
            self._routes[topic] = self._find_route(topic)
        route = self._routes[topic]
        if route is None:
            raise DecodeError("no_profile", f"a topic must fit a profile, got {shown(topic)}")
        if not route.device or not _is_name(route.device, DEVICE_LIMIT):
            rule = f"a device must have 1 to {DEVICE_LIMIT} printable characters"
            raise DecodeError("bad_name", f"{rule}, got {shown(route.device)}")
        return route

    def _find_route(self, topic: str) -> _Route | None:
        for kind in self._kinds:
            for pattern in kind.patterns:
                if (found := pattern.match(topic)) is not None:
                    return _Route(kind, *found)
        return None

    def _blocks(
        self, route: _Route, payload: bytes, arrived_us: int, problems: list[Problem]
    ) -> list[Block]:
        kind = route.kind
        # An empty payload deletes a retained message; it says nothing about a device.
        if not payload or kind.spec.format == "any":
            return []
        if kind.spec.format == "native":
            return decode_native(self._json(payload), arrived_us, problems)
        content = _text(payload) if kind.spec.format == "plain" else self._json(payload)
        if not kind.groups or not _is_required(kind, content):
            return []
        if kind.spec.format == "json" and not isinstance(content, dict):
            rule = "a message must be a JSON object"
            raise DecodeError("bad_payload", f"{rule}, got {shown(content)}")
        root = look_up(content, kind.root)
        time = _time(kind, root, arrived_us)
        return extract(kind.groups, root, route.channel, time, problems)

    def _json(self, payload: bytes) -> object:
        try:
            return self._parse(payload)
        except (ValueError, RecursionError) as error:
            message = f"a payload must be JSON ({error}), got {shown(payload[:60])}"
            raise DecodeError("not_json", message) from None


def _compile(profile: str, spec: MessageSpec, zone: ZoneInfo) -> _Kind:
    return _Kind(
        profile=profile,
        spec=spec,
        patterns=tuple(compile_topic(text) for text in spec.topics),
        root=split_path(spec.root),
        required=tuple((split_path(p), frozenset(ok)) for p, ok in spec.require.items()),
        groups=compile_groups(spec.groups),
        time_path=split_path(spec.time.path),
        zone=ZoneInfo(spec.time.zone) if spec.time.zone else zone,
    )


def _is_required(kind: _Kind, content: object) -> bool:
    found = ((look_up(content, path), ok) for path, ok in kind.required)
    return all(isinstance(value, str) and value in ok for value, ok in found)


def _time(kind: _Kind, root: object, arrived_us: int) -> tuple[int, bool]:
    """(microseconds since 1970, whether it is that of arrival)."""
    rule = kind.spec.time.format
    value = None if rule == "none" else look_up(root, kind.time_path)
    if value is None:
        return arrived_us, True
    try:
        match rule:
            case "iso":
                return iso_us(value), False
            case "local":
                return iso_us(value, kind.zone), False
            case "auto":
                return auto_us(value), False
            case _:
                return epoch_us(value, milliseconds=rule == "epoch_ms"), False
    except InputError as error:
        raise DecodeError("bad_time", str(error)) from None


def _text(payload: bytes) -> str:
    try:
        return payload.decode().strip()
    except UnicodeDecodeError:
        message = f"a payload must be UTF-8 text, got {shown(payload[:60])}"
        raise DecodeError("not_text", message) from None


def _is_name(name: str, limit: int) -> bool:
    return len(name) <= limit and name.isprintable()


def _with_good_channels(blocks: list[Block], problems: list[Problem]) -> list[Block]:
    rule = f"a channel must have at most {CHANNEL_LIMIT} printable characters"
    good = []
    for block in blocks:
        if _is_name(block.channel, CHANNEL_LIMIT):
            good.append(block)
        else:
            problems.append(Problem("bad_name", f"{rule}, got {shown(block.channel)}"))
    return good
