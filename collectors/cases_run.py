"""Cases: topics and payloads and what they become, as data. A new case needs no code.

``<folder>/<profile>/<name>.yaml`` holds ``topic``, ``payload`` (text) or ``payload_hex``, and where needed
``arrived`` and ``before`` (a list of messages that are decoded first: births, descriptions), and one of
``expect`` (the readings, in any order), ``reject`` (the reason), ``ignore: true``; beside ``expect``
``problems`` may list the reasons of parts that are refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from math import isclose
from pathlib import Path
from typing import Any

import yaml

from collectors.decode import REASONS, Decoder
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
    """Read a case. Raises InputError where it is none."""
    try:
        data = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise InputError(f"{path}: a case must be YAML in UTF-8, got {error}") from None
    for rule, holds in _rules(data):
        if not holds:
            raise InputError(f"{path}: a case must {rule}")
    return Case(path, path.parent.name, data)


def _rules(data: object) -> Iterator[tuple[str, bool]]:
    yield "be an object", isinstance(data, dict)
    assert isinstance(data, dict)
    unknown = sorted(map(str, data.keys() - _KEYS))
    yield f"have no other keys than {', '.join(sorted(_KEYS))}, got {unknown}", not unknown
    yield "have a topic", isinstance(data.get("topic"), str)
    outcomes = [key for key in ("expect", "reject", "ignore") if data.get(key)]
    yield f"have one of expect, reject, ignore, got {outcomes}", len(outcomes) == 1
    reject = data.get("reject")
    yield f"be refused for a known reason, got {reject!r}", reject is None or reject in REASONS
    for wanted in data.get("expect") or ():
        named = isinstance(wanted, dict) and {"quantity", "value", "time"} <= wanted.keys()
        yield f"expect readings with quantity, value and time, got {wanted!r}", named
        keys = sorted(wanted.keys() - _READING_KEYS)
        yield f"expect keys of readings only, got {keys}", not keys


def failures(case: Case, make_decoder: Callable[[], Decoder]) -> list[str]:
    """What a case doesn't get, a line each; empty where it holds.

    ``make_decoder`` is asked for a decoder to which no device has announced anything where the case has
    messages before its own.
    """
    decoder = make_decoder()
    data = case.data
    try:
        arrived = datetime.fromisoformat(data.get("arrived", ARRIVED)).astimezone(UTC)
        for message in data.get("before", ()):
            decoder.decode(message["topic"], payload_of(message), arrived)
        payload = payload_of(data)
    except (ValueError, KeyError, TypeError, DecodeError) as error:
        return [f"the case cannot be run: {error!r}"]
    try:
        decoded = decoder.decode(data["topic"], payload, arrived)
    except DecodeError as error:
        wanted = data.get("reject")
        return [] if error.reason == wanted else [f"got {error.reason}: {error}", _outcome(data)]
    if "reject" in data:
        got = [line_of(reading) for reading in decoded.readings()] or ["got nothing to store"]
        return [f"expected reject: {data['reject']}", *got]
    found = [] if decoded.profile == case.profile else [f"got profile {decoded.profile}"]
    reasons = [problem.reason for problem in decoded.problems]
    if sorted(reasons) != sorted(data.get("problems", [])):
        found.append(f"expected problems {data.get('problems', [])}, got {decoded.problems}")
    return found + _differences(data.get("expect") or [], decoded.readings())


def payload_of(message: Mapping[str, Any]) -> bytes:
    """The bytes of a case's message. Raises ValueError or KeyError where it has none."""
    if "payload_hex" in message:
        return bytes.fromhex(message["payload_hex"])
    return str(message["payload"]).encode()


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
