"""What rules on ``silence_h`` see: hours since the last reading of every bound asset."""

from collections.abc import Collection
from datetime import UTC, datetime

import pyarrow as pa

from alerts.engine.samples import Sample, Seen
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Register, Vehicle
from quotawatt.rulebook.alert_rules import Rule
from quotawatt.spans import HOUR

_BY_HAND = "asset:"


def silence_samples(
    last: pa.Table, register: Register, now: datetime, listening_since: datetime
) -> list[Sample]:
    """Hours since the last reading of every bound asset.

    ``last`` is what ``SeriesStore.last_readings(now)`` gives. An asset that has not reported since it was
    bound counts from then, and from ``listening_since`` at the earliest; its evidence says ``waiting_since``
    instead of ``last_reading``. Vehicles are left out, for they stand still lawfully, and so is what is read
    by hand.
    """
    readings = _last_by_channel(last)
    heard: dict[str, tuple[datetime, str]] = {}
    for binding in register.bindings:
        if binding.device.startswith(_BY_HAND) or not binding.holds(binding.quantity, now):
            continue
        if isinstance(register.assets.get(binding.asset), Vehicle):
            continue
        times = [
            time
            for quantity, time in readings.get((binding.device, binding.channel), ())
            if binding.holds(quantity, time)
        ]
        waiting = max(binding.valid_from, listening_since)
        latest = (max(times), "last_reading") if times else (waiting, "waiting_since")
        heard[binding.asset] = max(latest, heard.get(binding.asset, latest))
    return [
        Sample(
            subject=asset,
            asset=asset,
            value=(now - time) / HOUR,
            time=time,
            evidence={of: time.astimezone(UTC).isoformat()},
        )
        for asset, (time, of) in heard.items()
    ]


def see_silence(
    rule: Rule, samples: Collection[Sample], asked: Collection[str], register: Register
) -> Seen:
    """Of all samples those that a rule is for and that meet its condition, or are ``asked`` for."""
    mine = [sample for sample in samples if rule.applies_to.matches(register, sample.asset)]
    chosen = [
        sample
        for sample in mine
        if sample.subject in asked
        or (sample.value is not None and rule.direction.beyond(sample.value, rule.threshold))
    ]
    return Seen(len(mine), chosen)


def _last_by_channel(last: pa.Table) -> dict[tuple[str, str], list[tuple[str, datetime]]]:
    found: dict[tuple[str, str], list[tuple[str, datetime]]] = {}
    names = (last.column(name).to_pylist() for name in (*SeriesKey._fields, "time"))
    for device, channel, quantity, time in zip(*names, strict=True):
        found.setdefault((device, channel), []).append((quantity, time))
    return found
