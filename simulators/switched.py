"""Switched loads: a plug or a cooling unit that is told something, does it, and reports what it does.

What they hear and say is written from the families' own documentation, apart from the collectors' profiles,
so that the two check each other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType

import msgspec

from simulators.dialects import Body, native_values, tasmota_sensor
from simulators.faults import FaultKind
from simulators.timeline import ZONE

SET_POINT_C = 26.0
"""What the set point of a cooling unit is at first."""

SAVED_PER_K = 0.06
"""Share of its power that a cooling unit saves with each kelvin above that: invented, of the right size."""

_encode = msgspec.json.Encoder().encode


class Dialect(StrEnum):
    """Whose topics and payloads a load speaks."""

    NATIVE = "native"
    TASMOTA = "tasmota"
    SHELLY = "shelly"


@dataclass(frozen=True, slots=True)
class SwitchedLoad:
    """A load and where it stands.

    power_kw
        What it takes while it is on, at the set point that it has at first.
    fault
        ``deaf``: it hears commands and does not obey. None: it obeys.
    total_kwh
        Its register as of ``since``.
    """

    device: str
    dialect: Dialect
    power_kw: float
    since: datetime
    total_kwh: float = 0.0
    on: bool = True
    set_point_c: float = SET_POINT_C
    fault: FaultKind | None = None

    @property
    def command_topic(self) -> str:
        """The topic that it listens to."""
        return {
            Dialect.NATIVE: f"quotawatt/{self.device}/command",
            Dialect.TASMOTA: f"cmnd/{self.device}/POWER",
            Dialect.SHELLY: f"{self.device}/rpc",
        }[self.dialect]

    @property
    def present_kw(self) -> float:
        """What it takes now."""
        warmer_k = self.set_point_c - SET_POINT_C
        return self.power_kw * max(0.0, 1 - SAVED_PER_K * warmer_k) if self.on else 0.0

    def at(self, now: datetime) -> "SwitchedLoad":
        """The same with its register as of ``now``."""
        hours = max(0.0, (now - self.since).total_seconds()) / 3600
        return replace(self, since=now, total_kwh=self.total_kwh + hours * self.present_kw)

    def told(self, payload: bytes, now: datetime) -> "SwitchedLoad":
        """The load after it was told something; unchanged where it does not understand or obey."""
        if self.fault is FaultKind.DEAF:
            return self
        counted = self.at(now)
        try:
            return _UNDERSTOOD[self.dialect](counted, payload)
        except (msgspec.DecodeError, KeyError, TypeError, ValueError):
            return counted

    def report(self, now: datetime) -> list[Body]:
        """What it says of itself, as of ``now``."""
        return _SAID[self.dialect](self.at(now), now)


def _native_told(load: SwitchedLoad, payload: bytes) -> SwitchedLoad:
    said = msgspec.json.decode(payload)
    if said["command"] == "set_point":
        return replace(load, set_point_c=float(said["value"]))
    return replace(load, on={"switch_on": True, "switch_off": False}[said["command"]])


def _tasmota_told(load: SwitchedLoad, payload: bytes) -> SwitchedLoad:
    return replace(load, on={"ON": True, "OFF": False}[payload.decode().upper()])


def _shelly_told(load: SwitchedLoad, payload: bytes) -> SwitchedLoad:
    said = msgspec.json.decode(payload)
    if said["method"] != "Switch.Set" or said["params"]["id"] != 0:
        return load
    return replace(load, on=bool(said["params"]["on"]))


def _native_said(load: SwitchedLoad, now: datetime) -> list[Body]:
    values = {
        "switch_on": float(load.on),
        "temperature_setpoint_c": load.set_point_c,
        "electricity_power_kw": round(load.present_kw, 3),
        "electricity_import_kwh": round(load.total_kwh, 3),
    }
    return [native_values(load.device, now, values)]


def _tasmota_said(load: SwitchedLoad, now: datetime) -> list[Body]:
    total = round(load.total_kwh, 3)
    state = Body(f"stat/{load.device}/POWER", b"ON" if load.on else b"OFF", 1)
    local = now.astimezone(ZONE)
    return [state, tasmota_sensor(load.device, local, [total, 0.0, 0.0], load.present_kw)]


def _shelly_said(load: SwitchedLoad, now: datetime) -> list[Body]:
    status = {
        "id": 0,
        "source": "MQTT",
        "output": load.on,
        "apower": round(load.present_kw * 1000, 1),
        "aenergy": {"total": round(load.total_kwh * 1000, 3)},
    }
    return [Body(f"{load.device}/status/switch:0", _encode(status), 3)]


_UNDERSTOOD: Mapping[Dialect, Callable[[SwitchedLoad, bytes], SwitchedLoad]] = MappingProxyType(
    {
        Dialect.NATIVE: _native_told,
        Dialect.TASMOTA: _tasmota_told,
        Dialect.SHELLY: _shelly_told,
    }
)
_SAID: Mapping[Dialect, Callable[[SwitchedLoad, datetime], list[Body]]] = MappingProxyType(
    {
        Dialect.NATIVE: _native_said,
        Dialect.TASMOTA: _tasmota_said,
        Dialect.SHELLY: _shelly_said,
    }
)
