"""Real messages of real devices, outside the project: their must-haves hold, their traps catch nothing.

``QUOTAWATT_REAL_PAYLOADS`` names a folder of messages (one JSON file each: topic, payload, format) with a
folder ``expected`` beside them.
"""

import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.decode import Decoder
from collectors.explain import explained
from quotawatt.errors import DecodeError

FOLDER = os.environ.get("QUOTAWATT_REAL_PAYLOADS")
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def payload_of(sample: dict[str, Any]) -> bytes:
    text: str = sample["payload"]
    return bytes.fromhex(text) if sample["format"] == "hex" else text.encode()


def fits(wanted: dict[str, Any], shown: dict[str, Any]) -> bool:
    """Whether a reading is what an expectation describes; what that leaves open is not compared."""
    if wanted["quantity"] not in (shown["quantity"], "*", "canonical"):
        return False
    if "quality" in shown and wanted.get("unless_suspect"):
        return False
    values = [wanted["value"], *wanted.get("alt_values", [])]
    if values[0] is not None and not any(
        math.isclose(v, shown["value"], rel_tol=1e-6, abs_tol=1e-9) for v in values
    ):
        return False
    times = [wanted.get("time"), *wanted.get("time_alt", [])]
    time = datetime.fromisoformat(shown["time"])
    near = (abs((time - datetime.fromisoformat(t)).total_seconds()) <= 0.002 for t in times if t)
    return times[0] is None or any(near)


def failure(sample: dict[str, Any], expected: dict[str, Any], decoder: Decoder) -> str:
    """What is wrong with what a message becomes; empty where nothing is."""
    outcomes = [expected["outcome"], *expected.get("also_accept", [])]
    try:
        decoded = decoder.decode(sample["topic"], payload_of(sample), NOW)
    except DecodeError as error:
        return "" if "rejected" in outcomes else f"refused, {error}"
    readings = explained(decoded, clock_ahead_limit_s=600)
    traps = [w for w in expected.get("must_not", []) if any(fits(w, r) for r in readings)]
    missing = [w for w in expected.get("must", []) if not any(fits(w, r) for r in readings)]
    if expected.get("ambiguous") or (not readings and "ignored" in outcomes):
        missing = []
    return f"missing {missing}, wrong {traps}" if missing or traps else ""


@pytest.mark.skipif(
    FOLDER is None, reason="QUOTAWATT_REAL_PAYLOADS names no folder of real messages"
)
def test_real_messages(decoder: Decoder) -> None:
    paths = sorted(Path(FOLDER or "").glob("*.json"))
    assert paths, f"QUOTAWATT_REAL_PAYLOADS must hold messages, got {FOLDER}"
    failures = {}
    for path in paths:
        sample = json.loads(path.read_text(encoding="utf-8"))
        expected = json.loads((path.parent / "expected" / path.name).read_text(encoding="utf-8"))
        if said := failure(sample, expected, decoder):
            failures[path.name] = said
    assert failures == {}
