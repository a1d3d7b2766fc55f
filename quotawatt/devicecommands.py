"""Commands to devices as values: what each means, how a device family is told, what answers it.

The table fixes the meaning: which quantity a command changes and what its reading must say afterwards. How a
family is told stands in its device profile. Only commands that may be repeated without harm are here: they
say what shall be, never that something shall change over.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from types import MappingProxyType

from quotawatt.errors import InputError

LIMIT = 256
"""Characters of a topic and of a payload, at most."""

_PLACE = re.compile(r"\{(device|channel|value)\}")
# A name must not become a wildcard, a further JSON member or another line.
_UNSAFE = re.compile(r"""[\x00-\x20\x7f-\x9f+#"'\\{}]""")


@dataclass(frozen=True, slots=True)
class CommandKind:
    """What a command means.

    title_zh, title_en
        What people read.
    quantity
        What it changes: the device's reading of it is the answer.
    expected
        What that reading must be; None: the value that was asked for.
    low, high
        Widest range of the value in the unit of the quantity, both ends included; without meaning where
        ``expected`` is given.
    undo
        The command that takes it back; itself: with the value that held before.
    """

    name: str
    title_zh: str
    title_en: str
    quantity: str
    expected: float | None
    undo: str
    low: float = 0.0
    high: float = 0.0

    @property
    def takes_value(self) -> bool:
        """Whether whoever asks for it says a value."""
        return self.expected is None


KINDS: Mapping[str, CommandKind] = MappingProxyType(
    {
        kind.name: kind
        for kind in (
            CommandKind("switch_off", "断开", "Switch off", "switch_on", 0.0, "switch_on"),
            CommandKind("switch_on", "接通", "Switch on", "switch_on", 1.0, "switch_off"),
            CommandKind(
                "set_point",
                "设定温度",
                "Set the temperature",
                "temperature_setpoint_c",
                None,
                "set_point",
                5.0,
                35.0,
            ),
        )
    }
)
"""Every command there is; a rule offers these, a profile says how."""


@dataclass(frozen=True, slots=True)
class DeviceCommand:
    """How devices of a family are told.

    topic, payload
        With the places ``{device}``, ``{channel}`` and ``{value}``.
    channels
        Regular expression of the channels that can be commanded; empty: the device as a whole.
    answer_within
        How long the device may take until its reading says so.
    low, high
        Range of the value that the family takes; both 0 where there is none.
    step
        Between two values; 0: any value.
    """

    kind: CommandKind
    topic: str
    payload: str
    channels: str
    answer_within: timedelta
    low: float = 0.0
    high: float = 0.0
    step: float = 0.0

    def expected(self, value: float | None) -> float:
        """What the answer must say where this value was asked for."""
        return self.kind.expected if self.kind.expected is not None else float(value or 0.0)


Catalogue = Mapping[str, Mapping[str, DeviceCommand]]
"""Commands by the id of the device profile and by name."""

CatalogueSource = Callable[[], Catalogue]


@dataclass(frozen=True, slots=True)
class Telegram:
    """What is published for one device: topic and payload, filled in."""

    topic: str
    payload: str


def require_kind(name: str) -> CommandKind:
    """The command of this name. Raises InputError where there is none."""
    if name not in KINDS:
        raise InputError(f"a command must be one of {', '.join(KINDS)}, got {name!r}")
    return KINDS[name]


def require_value(command: DeviceCommand, value: float | None) -> float | None:
    """The value as it is sent; None where the command takes none.

    Raises InputError where one is missing, too many, outside the range or between two steps.
    """
    kind = command.kind
    if not kind.takes_value:
        if value is not None:
            raise InputError(f"{kind.name} must be asked for without a value, got {value:.15g}")
        return None
    if value is None:
        raise InputError(f"{kind.name} must be asked for with a value, got none")
    if not command.low <= value <= command.high:
        limits = f"from {command.low:.15g} to {command.high:.15g}"
        raise InputError(f"the value of {kind.name} must be {limits}, got {value:.15g}")
    steps = (value - command.low) / command.step if command.step else 0.0
    if abs(steps - round(steps)) > 1e-6:
        step = f"{command.step:.15g} from {command.low:.15g} on"
        raise InputError(f"the value of {kind.name} must go in steps of {step}, got {value:.15g}")
    return float(value)


def telegram(command: DeviceCommand, device: str, channel: str, value: float | None) -> Telegram:
    """What tells this device.

    Raises InputError where its name could become another topic or payload, where the family has no such
    channel to command, where it becomes too long, and as ``require_value``.
    """
    taken = require_value(command, value)
    for name, what in ((device, "device"), (channel, "channel")):
        if _UNSAFE.search(name) or "" in name.split("/")[1:]:
            rule = (
                "that is commanded must have no empty level, no space and none of + # \" ' \\ { }"
            )
            raise InputError(f"a {what} {rule}, got {name!r}")
    if re.fullmatch(command.channels, channel) is None:
        allowed = f"like {command.channels}" if command.channels else "the whole device"
        raise InputError(
            f"a channel that {command.kind.name} reaches must be {allowed}, got {channel!r}"
        )
    places = {
        "device": device,
        "channel": channel,
        "value": "" if taken is None else f"{taken:.15g}",
    }
    filled = Telegram(_filled(command.topic, places), _filled(command.payload, places))
    if not device or max(len(filled.topic), len(filled.payload)) > LIMIT:
        raise InputError(
            f"a device that is commanded must have 1 to {LIMIT} characters, got {device!r}"
        )
    return filled


def _filled(template: str, places: Mapping[str, str]) -> str:
    return _PLACE.sub(lambda found: places[found[1]], template)


def template_problems(topic: str, payload: str, channels: str, *, takes_value: bool) -> list[str]:
    """The rules that a profile's templates of a command break, in words; empty where they are sound."""
    found = []
    if ("{channel}" in topic + payload) is not bool(channels):
        found.append(
            "channels must stand where the topic or the payload holds {channel}, and only there"
        )
    if "{device}" not in topic or set(topic) & set("+#") or "{value}" in topic:
        found.append("the topic of a command must hold {device}, and no + # {value}")
    if re.search(r"\{[a-z_#]*\}", _PLACE.sub("", topic + payload)):
        found.append("the places of a command must be {device}, {channel}, {value}")
    if ("{value}" in payload) is not takes_value:
        words = "must hold {value}" if takes_value else "must not hold {value}"
        found.append(f"the payload of this command {words}")
    if "toggle" in (topic + payload).casefold():
        found.append("a command must say what shall be, never toggle: it may be sent twice")
    return found
