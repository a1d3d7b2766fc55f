"""How devices put readings on MQTT: topic and payload as each family sends them.

Written from the families' own documentation, apart from the collectors' decoders, so that the two
check each other.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import msgspec

_encode = msgspec.json.Encoder().encode


class Message(NamedTuple):
    """One MQTT message: when it is sent (UTC), topic, payload, how many readings it carries."""

    time: datetime
    topic: str
    payload: bytes
    readings: int


class Body(NamedTuple):
    """What a device sends, before it is known when: topic, payload, number of readings."""

    topic: str
    payload: bytes
    readings: int


def native_columns(
    device: str, times_s: Sequence[int], values: Mapping[str, Sequence[float]]
) -> Body:
    """The project's own format, column form: samples of several quantities at the same instants.

    times_s
        Seconds since the epoch.
    """
    payload = _encode({"channel": "", "times": times_s, "values": values})
    return Body(f"quotawatt/{device}/readings", payload, len(times_s) * len(values))


def native_values(device: str, time: datetime, values: Mapping[str, float]) -> Body:
    """The project's own format, short form: several quantities at one instant."""
    payload = _encode({"time": time, "channel": "", "values": values})
    return Body(f"quotawatt/{device}/readings", payload, len(values))


def tasmota_sensor(
    device: str, local_time: datetime, total_kwh: Sequence[float], power_kw: float
) -> Body:
    """Tasmota's periodic ``tele/.../SENSOR`` of a metering plug.

    local_time
        The device's own clock; it tells no zone.
    total_kwh
        The counter now, at the last midnight and at the one before.
    """
    now, today_start, yesterday_start = total_kwh
    watts = round(power_kw * 1000)
    volts = _mains_voltage(power_kw)
    factor = 0.92
    apparent = round(watts / factor)
    energy = {
        "TotalStartTime": "2021-06-01T08:00:00",
        "Total": now,
        "Yesterday": round(today_start - yesterday_start, 3),
        "Today": round(now - today_start, 3),
        "Period": round(power_kw * 1000),
        "Power": watts,
        "ApparentPower": apparent,
        "ReactivePower": round((apparent**2 - watts**2) ** 0.5),
        "Factor": factor,
        "Voltage": volts,
        "Current": round(apparent / volts, 3),
    }
    body = {"Time": local_time.strftime("%Y-%m-%dT%H:%M:%S"), "ENERGY": energy}
    # Total, the three powers, factor, voltage and current; what the day adds up to is not a reading.
    return Body(f"tele/{device}/SENSOR", _encode(body), 7)


def shelly_notify_status(
    device: str, time_s: int, total_kwh: float, power_kw: float, last_minutes_kwh: float
) -> Body:
    """Shelly Gen2's ``NotifyStatus``: only what has changed, energy in Wh.

    last_minutes_kwh
        Energy of each of the last three minutes.
    """
    watts = round(power_kw * 1000, 1)
    volts = _mains_voltage(power_kw)
    milliwatthours = round(last_minutes_kwh * 1e6, 3)
    switch = {
        "id": 0,
        "apower": watts,
        "voltage": volts,
        "current": round(watts / volts / 0.95, 3),
        "aenergy": {
            "by_minute": [milliwatthours] * 3,
            "minute_ts": time_s - time_s % 60,
            "total": round(total_kwh * 1000, 3),
        },
    }
    body = {
        "src": device,
        "dst": f"{device}/events",
        "method": "NotifyStatus",
        "params": {"ts": time_s + 0.13, "switch:0": switch},
    }
    return Body(f"{device}/events/rpc", _encode(body), 4)


def _mains_voltage(power_kw: float) -> float:
    """A 230 V outlet, a little lower under load."""
    return round(231.0 - 0.9 * power_kw, 1)
