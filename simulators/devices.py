"""Devices as sources of messages: registers over time, and which marks are sent how."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Protocol

import numpy as np

from simulators.dialects import (
    Body,
    native_columns,
    native_values,
    shelly_notify_status,
    tasmota_sensor,
)
from simulators.streams import Floats
from simulators.timeline import STEPS_PER_DAY, ZONE, Flags, Ints, Timeline
from simulators.vehicles import Track

_TOGETHER_S = 60
_POINTS_A_MESSAGE = 10


class Source(Protocol):
    """Something that sends messages in order of time."""

    @property
    def times_s(self) -> Ints:
        """When each message is sent, in seconds since the epoch."""

    def body(self, index: int) -> Body:
        """The message sent at ``times_s[index]``."""


@dataclass(frozen=True)
class Sampler:
    """A device that samples registers at marks and sends several samples at a time.

    registers
        Value at each mark of the timeline by the device's quantity, before any multiplier.
    every, stride
        Marks from message to message, and from sample to sample.
    delay_s
        Seconds from the last sample to the message.
    heard
        Marks whose messages get through.
    """

    timeline: Timeline
    device: str
    registers: Mapping[str, Floats]
    first_mark: int
    every: int
    stride: int
    delay_s: int
    heard: Flags

    @cached_property
    def _marks(self) -> Ints:
        marks = np.arange(0, self.timeline.steps + 1, self.every)
        return marks[(marks >= self.first_mark) & self.heard[marks]]

    @property
    def times_s(self) -> Ints:
        """When each message is sent."""
        return self.timeline.marks_s[self._marks] + self.delay_s

    def body(self, index: int) -> Body:
        """The samples since the message before, in the project's own column form."""
        last = int(self._marks[index])
        samples = slice(
            max(last - self.every + self.stride, self.first_mark), last + 1, self.stride
        )
        times = self.timeline.marks_s[samples].tolist()
        values = {name: column[samples].tolist() for name, column in self.registers.items()}
        return native_columns(self.device, times, values)


class TasmotaPlug(Sampler):
    """A metering plug with Tasmota."""

    def body(self, index: int) -> Body:
        """Its SENSOR message."""
        mark = int(self._marks[index])
        total = self.registers["electricity_import_kwh"]
        midnight = mark - mark % STEPS_PER_DAY
        counters = [float(total[m]) for m in (mark, midnight, max(midnight - STEPS_PER_DAY, 0))]
        clock = datetime.fromtimestamp(int(self.timeline.marks_s[mark]), ZONE)
        power_kw = float(self.registers["electricity_power_kw"][mark])
        return tasmota_sensor(self.device, clock, counters, power_kw)


class ShellyPlug(Sampler):
    """A second-generation Shelly relay that meters."""

    def body(self, index: int) -> Body:
        """Its NotifyStatus message."""
        mark = int(self._marks[index])
        power_kw = float(self.registers["electricity_power_kw"][mark])
        return shelly_notify_status(
            self.device,
            int(self.timeline.marks_s[mark]),
            float(self.registers["electricity_import_kwh"][mark]),
            power_kw,
            power_kw / 60,
        )


@dataclass(frozen=True)
class VehicleTerminal:
    """A vehicle's terminal: it tells its track from ``since_s`` on.

    Points that are close together and tell the same quantities are sent as one message, up to ten of
    them; every other point is one of its own.
    """

    device: str
    track: Track
    since_s: int

    @cached_property
    def _sent(self) -> tuple[Ints, Ints]:
        """First and last point of each message."""
        points = np.flatnonzero(self.track.times_s >= self.since_s)
        told = ~np.isnan(np.array([self.track.columns[name] for name in self.track.columns]))
        apart = np.diff(self.track.times_s) > _TOGETHER_S
        other = apart | (told[:, 1:] != told[:, :-1]).any(axis=0)
        firsts, first = [], -_POINTS_A_MESSAGE
        for point in points.tolist():
            if point - first >= _POINTS_A_MESSAGE or other[point - 1]:
                first = point
                firsts.append(point)
        starts = np.array(firsts, np.int64)
        return starts, np.append(starts[1:], len(self.track.times_s)) - 1

    @property
    def times_s(self) -> Ints:
        """When each message is sent: two seconds after its last point."""
        return self.track.times_s[self._sent[1]] + 2

    def body(self, index: int) -> Body:
        """The points' values: of one in the project's own short form, of several in columns."""
        first, last = (int(points[index]) for points in self._sent)
        columns = {
            name: column[first : last + 1]
            for name, column in self.track.columns.items()
            if not np.isnan(column[first])
        }
        times_s = self.track.times_s[first : last + 1].tolist()
        if len(times_s) > 1:
            values = {name: column.tolist() for name, column in columns.items()}
            return native_columns(self.device, times_s, values)
        time = datetime.fromtimestamp(times_s[0], ZONE)
        return native_values(self.device, time, {n: float(c[0]) for n, c in columns.items()})
