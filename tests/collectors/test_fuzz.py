"""Messages of every family, spoilt at random: only DecodeError comes out, or readings that can be."""

import json
import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from collectors.cases_run import find_cases, load_case, payload_of
from collectors.profile import BUILT_IN_CASES
from tests.collectors.test_decode import TOPICS, survives

CASES = [load_case(path).data for path in find_cases(BUILT_IN_CASES)]
MESSAGES = [(case["topic"], payload_of(case)) for case in CASES]

ODD: list[Any] = [
    None, True, -1, -0.0, 1e308, -1e308, 10**30, 10**400, 2**64, "", "NaN", "inf", "1e999", "0x10",
    "1_000", "12,5", " 12 ", "unavailable", "on", "电量", "\x00", "\ud800", "a" * 70_000, [], {}, [[[]]],
    [1] * 5_000, {"电量": 1}, "2023-02-30T00:00:00Z", "9999-12-31T23:59:59-23:59", 1e18, -1e11,
]  # fmt: skip
LONG = 50_000
HOSTILE = [
    b"[" * LONG,
    b'{"a":' * 10_000,
    b'{"' + b"k" * LONG + b'": 1}',
    json.dumps({f"k{i}_电": i for i in range(2_000)}).encode(),
    json.dumps([{"n": i, "v": i} for i in range(1_500)]).encode(),
    b"[" + b"1," * 20_000 + b"1]",
    b'"' + b"\\" * LONG,
    b'm f="' + b'"a"' * 15_000,
    b"a=b,c " * 30_000,
    b"\xff" * LONG,
    b"\x68" * 10_000,
    b"6" * LONG,
]


def spoilt(node: Any, by: random.Random) -> Any:
    """A JSON value with some of its values, keys and entries changed."""
    if by.random() < 0.06:
        return by.choice(ODD)
    if isinstance(node, dict):
        kept = [(key, child) for key, child in node.items() if by.random() > 0.04]
        return {_key(key, by): spoilt(child, by) for key, child in kept}
    if isinstance(node, list):
        return [spoilt(child, by) for child in node] * by.choice([1, 1, 1, 0, 2, 30])
    if isinstance(node, float) and by.random() < 0.1:
        return by.choice([str(node), -node, node * 10.0 ** by.randint(-200, 200)])
    return node


def _key(key: str, by: random.Random) -> str:
    return by.choice([key.upper(), key[:-1], "电量", key * 40, ""]) if by.random() < 0.04 else key


def scratched(payload: bytes, by: random.Random) -> bytes:
    """A payload with some of its bytes changed, cut out or put in."""
    found = bytearray(payload)
    for _ in range(by.randint(1, 4)):
        at, length = by.randint(0, len(found)), by.randint(0, 6)
        found[at : at + by.choice([0, length])] = by.randbytes(length)
    return bytes(found[: by.choice([len(found), len(found), by.randint(0, len(found))])])


@settings(max_examples=600, deadline=None)
@given(st.integers(0, 2**32))
def test_spoilt_messages(seed: int) -> None:
    by = random.Random(seed)
    topic, payload = by.choice(MESSAGES)
    try:
        document = json.loads(payload)
    except ValueError:
        survives(topic, scratched(payload, by))
        return
    text = json.dumps(spoilt(document, by), ensure_ascii=by.random() < 0.5)
    survives(topic, scratched(payload, by) if by.random() < 0.2 else text.encode(errors="replace"))


@pytest.mark.parametrize("payload", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_payloads_on_every_topic(payload: bytes) -> None:
    for topic in TOPICS:
        survives(topic, payload)


def test_a_hostile_topic_takes_no_time() -> None:
    for level in ("a", "/", "a/", "status/", "sensor/", "devices/controls/", "{", "电/", "\x00"):
        topic = level * (1024 // len(level))
        for ending in ("", "/status", "/set", "/SENSOR!"):
            survives(topic[: 1024 - len(ending)] + ending, b"{}")
        survives(level * (65_000 // len(level)), b"{}")
