"""Real messages of real devices, outside the project: their must-haves hold, their traps catch nothing.

``QUOTAWATT_REAL_PAYLOADS`` names a folder of messages (one JSON file each: topic, payload) with a folder
``expected`` beside them.
"""

import json
import math
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from collectors.decode import Decoder
from quotawatt.errors import DecodeError
from quotawatt.readings import Reading

FOLDER = os.environ.get("QUOTAWATT_REAL_PAYLOADS")
FAMILIES = ("tasmota_*.json", "shelly_gen2_*.json")
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def samples() -> list[Path]:
    return sorted(
        path for family in FAMILIES for path in Path(FOLDER or "/nonexistent").glob(family)
    )


def fits(wanted: dict[str, Any], reading: Reading) -> bool:
    """Whether a reading is what an expectation describes; what that leaves open is not compared."""
    if wanted["quantity"] not in (reading.quantity, "*"):
        return False
    if wanted["value"] is not None and not math.isclose(
        wanted["value"], reading.value, abs_tol=1e-9
    ):
        return False
    times = [wanted.get("time"), *wanted.get("time_alt", [])]
    return times[0] is None or reading.time in [datetime.fromisoformat(t) for t in times if t]


@pytest.mark.skipif(
    FOLDER is None, reason="QUOTAWATT_REAL_PAYLOADS names no folder of real messages"
)
def test_real_messages(decoder: Decoder) -> None:
    assert samples(), f"QUOTAWATT_REAL_PAYLOADS must hold messages, got {FOLDER}"
    failures = []
    for path in samples():
        sample = json.loads(path.read_text(encoding="utf-8"))
        expected = json.loads((path.parent / "expected" / path.name).read_text(encoding="utf-8"))
        try:
            readings = decoder.decode(sample["topic"], sample["payload"].encode(), NOW).readings()
        except DecodeError as error:
            failures.append(f"{path.name}: refused, {error}")
            continue
        missing = [w for w in expected.get("must", []) if not any(fits(w, r) for r in readings)]
        traps = [w for w in expected.get("must_not", []) if any(fits(w, r) for r in readings)]
        if missing or traps:
            failures.append(f"{path.name}: missing {missing}, wrong {traps}")
    assert failures == []
