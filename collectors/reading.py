"""From the content of a message to its readings: device, channel, time, announcements, groups."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from collectors.announced import Announced, AnnouncedRow
from collectors.content import FrameDecoders, with_frame
from collectors.decoded import Block, Problem
from collectors.extraction import Announcement, Scene, extract
from collectors.kinds import Announces, Kind, Route
from collectors.paths import look_up
from collectors.recognition import recognised
from collectors.templates import text_of
from collectors.topics import Topic
from collectors.values import from_us, shown
from quotawatt.errors import DecodeError, InputError

DEVICE_LIMIT = 128

ZoneOf = Callable[[str], ZoneInfo | None]
"""The zone of the site that a device is bound to; None where it is bound to none."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What decoding needs beside the message itself.

    zone, zone_of
        Zone of local times: that of the device's site, else ``zone``.
    announced
        What devices announced; grows as they do.
    frames
        Decoders of binary frames, by name.
    """

    zone: ZoneInfo
    zone_of: ZoneOf
    announced: Announced
    frames: FrameDecoders


def device_name(route: Route, topic: str, content: object) -> str:
    """The device of a message. Raises DecodeError (``bad_name``) where it is none that can be kept."""
    kind, said, _ = route
    if kind.device is None:
        name: str | None = said.device or topic
    else:
        name = kind.device.fill(content, given_names(said))
    if not name:
        rule = f"a message must name its device as {kind.spec.device}"
        raise DecodeError("bad_name", f"{rule}, got none in {shown(topic)}")
    if not is_name(name, DEVICE_LIMIT):
        rule = f"a device must have 1 to {DEVICE_LIMIT} printable characters"
        raise DecodeError("bad_name", f"{rule}, got {shown(name)}")
    return name


def given_names(said: Topic) -> dict[str, str]:
    """What a topic gives templates to fill in."""
    names = {"device": said.device, "channel": said.channel}
    return names | {"name": said.name} if said.name else names


def is_name(name: str, limit: int) -> bool:
    """Whether a text has a length that can be kept, and no sign that can't be printed."""
    return len(name) <= limit and name.isprintable()


def framed(kind: Kind, content: object, payload: bytes, frames: FrameDecoders) -> object:
    """The content with what the frame in it says. Raises DecodeError where no decoder takes it."""
    frame = kind.spec.frame
    return content if frame is None else with_frame(frame, content, payload, frames)


def rooted(kind: Kind, said: Topic, content: object) -> object:
    """The part of the content in which paths begin; under the name that the topic gives, if it does.

    Raises DecodeError (``bad_payload``) where that is nothing to look for paths in.
    """
    root = look_up(content, kind.root)
    if said.name:
        return None if root is None else {said.name: root}
    if kind.spec.format == "json":
        if kind.root:
            _require_object(content, kind.root[0].isdigit())
        if root is not None or not kind.root:
            _require_object(root, kind.lists)
    return root


def _require_object(value: object, lists: bool) -> None:
    if not isinstance(value, (dict, list) if lists else dict):
        rule = "a message must be a JSON object" + (" or list" if lists else "")
        raise DecodeError("bad_payload", f"{rule}, got {shown(value)}")


def scene_of(
    kind: Kind, said: Topic, device: str, content: object, arrived_us: int, around: Surroundings
) -> Scene:
    """What holds for all readings of a message, its time apart."""
    channel = said.channel
    if kind.channel is not None:
        channel = kind.channel.fill(content, given_names(said)) or ""
    scene = Scene(channel, arrived_us, True)
    if kind.local:
        scene.zone = around.zone_of(device) or around.zone
    if kind.tells:
        scene.announced = _finder(kind.profile.id, device, from_us(arrived_us), around.announced)
    return scene


def _finder(
    profile: str, device: str, arrived: datetime, announced: Announced
) -> Callable[[str], Announcement | None]:
    return lambda key: announced.find(profile, device, key, arrived)


def read_time(kind: Kind, root: object, scene: Scene) -> None:
    """Put the message's own time into the scene. Raises DecodeError (``bad_time``)."""
    if kind.time is None:
        return
    try:
        found = kind.time.read(root, scene.zone)
    except InputError as error:
        raise DecodeError("bad_time", str(error)) from None
    if found is not None:
        scene.time_us, scene.by_server = found, False


def announcements(
    announces: Announces, kind: Kind, said: Topic, device: str, root: object, arrived_us: int
) -> list[AnnouncedRow]:
    """What a message announces. A place without key or name announces nothing."""
    rows, arrived = [], from_us(arrived_us)
    for place in announces.each.find(root, said.channel).get(0, ()):
        given = given_names(said) | {str(i): text for i, text in enumerate(place.captured, 1)}
        key = announces.key.fill(place.node, given)
        name = announces.name.fill(place.node, given)
        unit_path = announces.spec.unit
        unit = None if unit_path is None else text_of(look_up(place.node, unit_path))
        if key and name:
            rows.append(AnnouncedRow(kind.profile.id, device, key, name, unit or "", arrived))
    return rows


def read_groups(kind: Kind, root: object, scene: Scene, problems: list[Problem]) -> list[Block]:
    """The readings. Raises DecodeError (``unmapped``) where the profile wants all messages to have some."""
    blocks = extract(kind.groups, root, scene, problems)
    if kind.positions:
        blocks = _without_zero_positions(blocks)
    wanted = kind.spec.otherwise == "refuse" and kind.announces is None
    if wanted and not (blocks or problems) and not recognised(kind.groups, root, scene):
        raise DecodeError("unmapped", f"a value must be mapped by a profile, got {shown(root)}")
    return blocks


def _without_zero_positions(blocks: list[Block]) -> list[Block]:
    """Without positions that are exactly 0, 0: receivers give that where they have no fix."""
    zero = [
        {(b.channel, b.times_us[0]) for b in blocks if b.quantity == name and b.values[0] == 0}
        for name in ("latitude_deg", "longitude_deg")
    ]
    without = zero[0] & zero[1]
    if not without:
        return blocks
    positions = ("latitude_deg", "longitude_deg")
    return [
        b
        for b in blocks
        if b.quantity not in positions or (b.channel, b.times_us[0]) not in without
    ]
