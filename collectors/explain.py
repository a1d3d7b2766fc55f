"""What one payload becomes, as JSON objects: for whoever maps a device or looks into a complaint."""

from typing import Any

from collectors.batch import Batch
from collectors.decoded import Decoded


def explained(decoded: Decoded, clock_ahead_limit_s: float) -> list[dict[str, Any]]:
    """Check a decoded message and show each reading.

    Each has ``profile, device, channel, quantity, value, time`` (ISO 8601, UTC), and where they apply
    ``quality`` and ``reason`` (a suspect reading), ``timed_by_server`` (the time is that of arrival) and
    ``revision``. Empty: the message is known and holds nothing to store.
    """
    batch = Batch()
    batch.add(decoded)
    rows = batch.checked(clock_ahead_limit_s).readings.to_pylist()
    return [_shown(decoded.profile, row) for row in rows]


def _shown(profile: str, row: dict[str, Any]) -> dict[str, Any]:
    shown = {
        "profile": profile,
        "device": row["device"],
        "channel": row["channel"],
        "quantity": row["quantity"],
        "value": row["value"],
        "time": row["time"].isoformat().replace("+00:00", "Z"),
    }
    if row["reason"]:
        shown |= {"quality": row["quality"], "reason": row["reason"]}
    return shown | {k: row[k] for k in ("timed_by_server", "revision") if row[k]}
