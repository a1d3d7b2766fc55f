"""Every case of ``collectors/cases``: a topic and payload, and what it becomes. A new case needs no code."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

import collectors
from collectors.decode import REASONS, Decoder
from collectors.profile import load_profiles
from quotawatt.errors import DecodeError
from quotawatt.readings import Reading

CASES = Path(collectors.__file__).parent / "cases"
FILES = sorted(CASES.glob("*/*.yaml"))
ARRIVED = "2023-06-01T00:00:00Z"


def named(path: Path) -> str:
    return f"{path.parent.name}/{path.stem}"


def shown(reading: Reading, wanted: dict[str, Any]) -> dict[str, Any]:
    """A reading with the keys of the case; what the case does not name must have its ordinary value."""
    keys = {"device", *wanted} if "device" in wanted else set(wanted)
    keys |= {"channel", "quantity", "value", "time", "revision", "timed_by_server"}
    return {key: getattr(reading, key) for key in keys}


def filled(wanted: dict[str, Any]) -> dict[str, Any]:
    time = datetime.fromisoformat(wanted["time"]).astimezone(UTC)
    value = pytest.approx(wanted["value"], rel=1e-12)
    return {"revision": 0, "timed_by_server": False, **wanted, "time": time, "value": value}


@pytest.mark.parametrize("path", FILES, ids=named)
def test_case(path: Path, decoder: Decoder) -> None:
    case = yaml.safe_load(path.read_text(encoding="utf-8"))
    arrived = datetime.fromisoformat(case.get("arrived", ARRIVED))
    payload = case["payload"].encode()
    if "reject" in case:
        assert case["reject"] in REASONS
        with pytest.raises(DecodeError) as refused:
            decoder.decode(case["topic"], payload, arrived)
        assert refused.value.reason == case["reject"]
        return
    decoded = decoder.decode(case["topic"], payload, arrived)
    assert decoded.profile == path.parent.name
    assert [p.reason for p in decoded.problems] == case.get("problems", [])
    wanted = [] if case.get("ignore") else case["expect"]
    readings = decoded.readings()
    assert len(readings) == len(wanted)
    found = [shown(r, w) for r, w in zip(readings, wanted, strict=True)]
    assert found == [filled(w) for w in wanted]


def test_every_profile_has_cases() -> None:
    assert {path.parent.name for path in FILES} == {profile.id for profile in load_profiles()}
