"""Cases: topics and payloads and what they become, as data. A new case needs no code.

``<folder>/<profile>/<name>.yaml`` holds ``topic``, ``payload`` (text) or ``payload_hex``, and where needed
``arrived`` and ``before`` (a list of messages that are decoded first: births, descriptions), and one of
``expect`` (the readings, in any order), ``reject`` (the reason), ``ignore: true``; beside ``expect``
``problems`` may list the reasons of parts that are refused.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isclose
from pathlib import Path
from typing import Any

import yaml

from collectors.decode import REASONS, Decoder
from collectors.values import shown
from quotawatt.errors import DecodeError, InputError
from quotawatt.readings import Reading

ARRIVED = "2023-06-01T00:00:00Z"
"""When a message of a case arrives that doesn't say."""

_KEYS = {
    "topic", "payload", "payload_hex", "arrived", "before", "expect", "problems", "reject", "ignore"
}  # fmt: skip
_READING_KEYS = {"device", "channel", "quantity", "value", "time", "revision", "timed_by_server"}


@dataclass(frozen=True, slots=True)
class Case:
    """One case. ``profile`` is the family that it belongs to, by its folder."""

    path: Path
    profile: str
    data: Mapping[str, Any]


def find_cases(folder: Path) -> list[Path]:
    """The files of all cases, by name."""
    return sorted(folder.glob("*/*.yaml"))


def load_case(path: Path) -> Case:
    """Read a case. Raises InputError where it is none, with every rule that it breaks."""
    try:
        data = yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)
    except (yaml.YAMLError, ValueError, OSError) as error:
        raise InputError(f"{path}: a case must be YAML in UTF-8, got {error}") from None
    if broken := list(_rules(data)):
        raise InputError("\n".join(f"{path}: a case must {rule}" for rule in broken))
    return Case(path, path.parent.name, data)


class _Loader(yaml.SafeLoader):
    """Reads times as the texts that they are written as."""


_Loader.add_constructor("tag:yaml.org,2002:timestamp", lambda loader, node: str(node.value))


def _rules(data: object) -> Iterator[str]:
    """The rules that a case breaks."""
    if not isinstance(data, dict):
        yield f"be an object, got {shown(data)}"
        return
    if unknown := sorted(map(str, data.keys() - _KEYS)):
        yield f"have no other keys than {', '.join(sorted(_KEYS))}, got {unknown}"
    yield from _message_rules(data)
    before = data.get("before", [])
    if not isinstance(before, list) or not all(isinstance(each, dict) for each in before):
        yield f"have a list of messages before it, got {shown(before)}"
    else:
        yield from (f"{rule}, before" for each in before for rule in _message_rules(each))
    if not _is_time(data.get("arrived", ARRIVED)):
        yield f"arrive at an ISO 8601 time with zone, got {shown(data['arrived'])}"
    outcomes = [key for key in ("expect", "reject", "ignore") if data.get(key)]
    if len(outcomes) != 1:
        yield f"have one of expect, reject, ignore, got {outcomes}"
    reject = data.get("reject")
    if reject is not None and reject not in REASONS:
        yield f"be refused for a known reason, got {reject!r}"
    expect = data.get("expect") or []
    for wanted in expect if isinstance(expect, list) else [expect]:
        yield from _reading_rules(wanted)


def _message_rules(message: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(message.get("topic"), str):
        yield f"have a topic, got {shown(message.get('topic'))}"
    payload, in_hex = message.get("payload"), message.get("payload_hex")
    if (payload is None) == (in_hex is None):
        yield "have either payload or payload_hex"
    if payload is not None and not isinstance(payload, str):
        yield f"have its payload in quotation marks (or after |), got {shown(payload)}"
    if in_hex is not None and not _is_hex(in_hex):
        yield f"have its payload_hex in quotation marks, two hex digits a byte, got {shown(in_hex)}"


def _reading_rules(wanted: object) -> Iterator[str]:
    if not isinstance(wanted, dict) or not wanted.keys() >= {"quantity", "value", "time"}:
        yield f"expect readings with quantity, value and time, got {shown(wanted)}"
        return
    if keys := sorted(map(str, wanted.keys() - _READING_KEYS)):
        yield f"expect keys of readings only, got {keys}"
    for name in ("device", "channel"):
        if not isinstance(wanted.get(name, ""), str):
            yield f"expect a {name} in quotation marks, got {wanted[name]!r}"
    value = wanted["value"]
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield f"expect a number as value, got {shown(value)}"
    if not _is_time(wanted["time"]):
        yield f"expect an ISO 8601 time with zone, got {shown(wanted['time'])}"


def _is_time(text: object) -> bool:
    try:
        return isinstance(text, str) and datetime.fromisoformat(text).tzinfo is not None
    except ValueError:
        return False


def _is_hex(text: object) -> bool:
    try:
        return isinstance(text, str) and bytes.fromhex(text) is not None
    except ValueError:
        return False


def failures(case: Case, decoder: Decoder) -> list[str]:
    """What a case doesn't get, a line each; empty where it holds.

    Of what devices announced only the messages before its own tell, where it has some.
    """
    data = case.data
    if "before" in data:
        decoder = decoder.fresh()
    arrived = datetime.fromisoformat(data.get("arrived", ARRIVED))
    for message in data.get("before", ()):
        try:
            decoder.decode(message["topic"], payload_of(message), arrived)
        except DecodeError as error:
            return [f"the message before, to {message['topic']}: got {error.reason}: {error}"]
    try:
        decoded = decoder.decode(data["topic"], payload_of(data), arrived)
    except DecodeError as error:
        wanted = data.get("reject")
        return [] if error.reason == wanted else [f"got {error.reason}: {error}", _outcome(data)]
    if "reject" in data:
        got = [line_of(reading) for reading in decoded.readings()] or ["got nothing to store"]
        return [f"expected reject: {data['reject']}", *got]
    found = []
    if decoded.profile != case.profile:
        found.append(f"expected profile {case.profile}, by its folder; got {decoded.profile}")
    reasons = [problem.reason for problem in decoded.problems]
    if sorted(reasons) != sorted(data.get("problems", [])):
        found.append(f"expected problems {data.get('problems', [])}, got {decoded.problems}")
    return found + _differences(data.get("expect") or [], decoded.readings())


def payload_of(message: Mapping[str, Any]) -> bytes:
    """The bytes of a case's message."""
    if "payload_hex" in message:
        return bytes.fromhex(message["payload_hex"])
    return bytes(message["payload"], "utf-8")


def _outcome(data: Mapping[str, Any]) -> str:
    if "expect" in data:
        return f"expected {len(data['expect'])} readings"
    return "expected nothing to store" if "ignore" in data else f"expected reject: {data['reject']}"


def _differences(expected: Sequence[Mapping[str, Any]], readings: Sequence[Reading]) -> list[str]:
    """Expected readings that did not come, and readings that were not expected."""
    left = list(readings)
    missing = []
    for wanted in expected:
        same = next((reading for reading in left if is_as_expected(reading, wanted)), None)
        if same is None:
            missing.append(f"expected {dict(wanted)}")
        else:
            left.remove(same)
    return missing + [line_of(reading) for reading in left]


def is_as_expected(reading: Reading, wanted: Mapping[str, Any]) -> bool:
    """Whether a reading is the one described; what that leaves out must have its ordinary value."""
    full = {"channel": "", "revision": 0, "timed_by_server": False, **wanted}
    value, time = full.pop("value"), datetime.fromisoformat(full.pop("time"))
    if reading.time != time or not isclose(reading.value, value, rel_tol=1e-12, abs_tol=1e-15):
        return False
    return all(getattr(reading, key) == expected for key, expected in full.items())


def line_of(reading: Reading) -> str:
    """A reading as a case would say it."""
    shown = {
        "device": reading.device,
        "channel": reading.channel,
        "quantity": reading.quantity,
        "value": reading.value,
        "time": reading.time.isoformat().replace("+00:00", "Z"),
    }
    extra = {"timed_by_server": True} if reading.timed_by_server else {}
    return f"got {shown | extra}"
