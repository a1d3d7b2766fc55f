"""What rules over readings see: the newest reading of every channel that is bound to the rule's quantity.

The newest readings are remembered from look to look, so that a look reads only what came since: of two
thousand series a second's readings and not an hour's.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
import pyarrow as pa

from alerts.engine.result_samples import Scene
from alerts.engine.samples import Sample, Seen, instant_of
from quotawatt.quantities import QUANTITIES, Kind
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.rulebook.alert_rules import Direction, Rule
from quotawatt.spans import HOUR
from quotawatt.storage.frames import Floats, Ints, Mask, floats, integers, micros

READING_STALE_AFTER = 2 * HOUR
"""An older reading says nothing about now: no data."""

QUIET_AFTER = timedelta(minutes=1)
"""A series without a newer reading may still get one that comes late."""

LOOKED_BACK = timedelta(seconds=5)
"""How far back a watch reads: readings arrive that much after their time, ordinarily."""

LATE_AFTER = timedelta(minutes=15)
"""How far back an evaluation reads for series without a newer reading: gateways send in batches."""

ALL_READ_EVERY = timedelta(minutes=5)
"""How often all that still counts is read for these series. A reading older than the newest known one of its
series does not change what holds now; ``reading_corrections`` judges the past by it."""

_TRANSFORMED = frozenset(
    {
        "electricity_power_kw",
        "electricity_reactive_power_kvar",
        "electricity_apparent_power_kva",
        "heat_power_kw",
        "water_flow_m3h",
    }
)


@dataclass(frozen=True, slots=True)
class Watched:
    """A series, and the subject that it is read for.

    multiplier
        Of the binding, for amounts and powers. What the device shows of voltages, currents and ratios stays
        as it is: CT × PT is a factor of neither alone.
    """

    series: SeriesKey
    quantity: str
    asset: str
    subject: str
    multiplier: float


def watched_of(rules: Iterable[Rule], register: Register, now: datetime) -> list[Watched]:
    """The series that rules over readings look at, as bound at ``now``; each once, sorted.

    The subject is the asset, or ``ASSET/CHANNEL`` where it has several of the quantity.
    """
    wanted = {rule.input for rule in rules}
    found: dict[SeriesKey, tuple[Binding, str]] = {}
    for binding in register.bindings:
        for series, quantity in _fed(binding, wanted):
            holding = register.binding(*series, now)
            if holding is binding and binding.multiplier > 0:
                found[series] = (binding, quantity)
    several = Counter((binding.asset, quantity) for binding, quantity in found.values())
    channels = Counter((b.asset, quantity, b.channel) for b, quantity in found.values())
    watched = []
    for series, (binding, quantity) in sorted(found.items(), key=lambda item: item[0]):
        subject = binding.asset
        if several[binding.asset, quantity] > 1:
            alone = binding.channel and channels[binding.asset, quantity, binding.channel] == 1
            channel = binding.channel if alone else f"{binding.device}:{binding.channel}"
            subject = f"{binding.asset}/{channel}"
        factor = binding.multiplier if _scales(series.quantity) else 1.0
        watched.append(Watched(series, quantity, binding.asset, subject, factor))
    return watched


class Newest:
    """The newest reading of every watched series; NaN: none yet."""

    def __init__(self, watched: Sequence[Watched]) -> None:
        self.watched = watched
        self.series = [one.series for one in watched]
        self.time_us: Ints = np.full(len(watched), np.iinfo(np.int64).min)
        self.value: Floats = np.full(len(watched), np.nan)
        self._multiplier = np.array([one.multiplier for one in watched], np.float64)

    @property
    def all(self) -> Ints:
        """The places of all series."""
        return np.arange(len(self.series))

    def older_than(self, instant: datetime) -> Ints:
        """The places of the series whose newest reading is older, or that have none."""
        return np.flatnonzero(self.time_us < micros(instant))

    def take(self, values: pa.Table, places: Ints) -> Mask:
        """Take over readings, a table of schema VALUES over the series at ``places``; says which changed.

        A reading of the same time as the one that is known wins over it: it is a correction.
        """
        changed = np.zeros(len(self.series), np.bool_)
        if not len(values):
            return changed
        series, time_us = integers(values["series"]), integers(values["time"])
        last = np.append(np.flatnonzero(np.diff(series)), len(series) - 1)
        place, newest = places[series[last]], time_us[last]
        shown = floats(values["value"])[last] * self._multiplier[place]
        differs = (newest > self.time_us[place]) | (
            (newest == self.time_us[place]) & (shown != self.value[place])
        )
        self.time_us[place[differs]] = newest[differs]
        self.value[place[differs]] = shown[differs]
        changed[place[differs]] = True
        return changed


def see_readings(
    rule: Rule,
    newest: Newest,
    changed: Mask,
    asked: Collection[str],
    steady: Collection[str],
    scene: Scene,
) -> Seen:
    """Subjects whose new reading meets the condition, and those that are ``asked`` for.

    steady
        Subjects that fire and of which only a reading that clears can change anything: the others are left
        out.
    """
    beyond = _is_beyond(rule, newest.value, rule.threshold)
    held = _among(newest, steady)
    clears = held & ~_is_beyond(rule, newest.value, rule.clear)
    chosen = (changed & np.where(held, clears, beyond)) | _among(newest, asked)
    mine = np.array([one.quantity == rule.input for one in newest.watched], np.bool_)
    places = np.flatnonzero(chosen & mine & np.isfinite(newest.value)).tolist()
    stale = micros(scene.now - READING_STALE_AFTER)
    samples = [
        _sample(newest, place, stale)
        for place in places
        if rule.applies_to.matches(scene.register, newest.watched[place].asset)
    ]
    return Seen(int((changed & mine).sum()), samples)


def _is_beyond(rule: Rule, values: Floats, limit: float) -> Mask:
    return values > limit if rule.direction is Direction.ABOVE else values < limit


def _among(newest: Newest, subjects: Collection[str]) -> Mask:
    if not subjects:
        return np.zeros(len(newest.watched), np.bool_)
    return np.array([one.subject in subjects for one in newest.watched], np.bool_)


def _sample(newest: Newest, place: int, stale_us: int) -> Sample:
    one, time = newest.watched[place], instant_of(int(newest.time_us[place]))
    value = float(newest.value[place])
    return Sample(
        subject=one.subject,
        asset=one.asset,
        value=None if newest.time_us[place] < stale_us else value,
        time=time,
        evidence={"last_reading": time.isoformat(), one.quantity: value},
    )


def _fed(binding: Binding, wanted: Collection[str]) -> Iterable[tuple[SeriesKey, str]]:
    """The series that a binding turns into one of these quantities, with that quantity."""
    if binding.quantity:
        quantity = binding.point_quantity or binding.quantity
        if quantity in wanted:
            yield SeriesKey(binding.device, binding.channel, binding.quantity), quantity
        return
    for quantity in wanted:
        yield SeriesKey(binding.device, binding.channel, quantity), quantity


def _scales(quantity: str) -> bool:
    return quantity in _TRANSFORMED or QUANTITIES[quantity].kind is Kind.COUNTER
