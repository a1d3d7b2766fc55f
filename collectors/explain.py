"""What one payload becomes, as JSON objects: for whoever maps a device or looks into a complaint."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import numpy as np

from collectors.decoded import Decoded
from collectors.values import to_us
from quotawatt.plausibility import CLOCK_FROM, REASONS, Columns, implausible, limits_of
from quotawatt.readings import Quality, Reading


def explained(
    decoded: Decoded, clock_ahead_limit_s: float, clock_from: date = CLOCK_FROM
) -> list[dict[str, Any]]:
    """Check a decoded message by the limits of ``plausibility.implausible``, and show each reading.

    Each has ``profile, device, channel, quantity, value, time`` (ISO 8601, UTC), and where they apply
    ``quality`` and ``reason`` (a suspect reading), ``timed_by_server`` (the time is that of arrival) and
    ``revision``. Empty: the message is known and holds nothing to store.
    """
    readings = decoded.readings()
    reasons = implausible(_columns(readings), clock_ahead_limit_s, clock_from)
    return [
        _shown(decoded.profile, reading, REASONS[code])
        for reading, code in zip(readings, reasons, strict=True)
    ]


def _columns(readings: Sequence[Reading]) -> Columns:
    return Columns(
        time_us=np.array([to_us(reading.time) for reading in readings], dtype=np.int64),
        arrived_us=np.array([to_us(reading.arrived) for reading in readings], dtype=np.int64),
        value=np.array([reading.value for reading in readings], dtype=np.float64),
        **limits_of(reading.quantity for reading in readings)._asdict(),
    )


def _shown(profile: str, reading: Reading, reason: str) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "profile": profile,
        "device": reading.device,
        "channel": reading.channel,
        "quantity": reading.quantity,
        "value": reading.value,
        "time": reading.time.isoformat().replace("+00:00", "Z"),
    }
    if reason:
        shown |= {"quality": Quality.SUSPECT.value, "reason": reason}
    return shown | {
        key: value for key in ("timed_by_server", "revision") if (value := getattr(reading, key))
    }
