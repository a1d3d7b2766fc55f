"""Virtual meters below zero: a formula, or one of the meters in it, must be wrong."""

from collections.abc import Iterator

from analytics.grid import Key
from analytics.reconciliation.uses import Uses
from analytics.reconciliation.world import World, iso
from analytics.totals.virtual import weights_of
from quotawatt.findings import Finding
from quotawatt.register.model import VirtualMeter
from quotawatt.spans import local_date

TOLERANCE = 0.01
"""Of what is taken from: meters are exact to 1 % or so, and read a little apart."""


def negative_virtuals(world: World) -> Iterator[Finding]:
    """``virtual_negative``: the newest of the last complete days on which a virtual meter was below zero.

    Told until a whole week (``limits.negative_days``) went by without such a day, or its readings or its
    formula of that day were put right.
    """
    told: set[str] = set()
    for day in reversed(world.days):
        below = [
            meter
            for code, meter in world.register.virtual_meters.items()
            if code not in told and (day.of(code, meter.quantity, 0.0) or 0.0) < 0
        ]
        for finding in _of_day(world, day, [meter.code for meter in below]):
            told.add(finding.subject)
            yield finding


def _of_day(world: World, day: Uses, below: list[str]) -> Iterator[Finding]:
    if not below:
        return
    date = local_date(day.span.start, world.zone)
    register = world.book.as_of(date)
    weights = weights_of(register, date)
    for code in below:
        meter = register.virtual_meters[code]
        parts = weights.get(Key(code, meter.quantity), {})
        known = (
            (weight, day.by_key[key].value) for key, weight in parts.items() if key in day.by_key
        )
        taken_from = sum(weight * value for weight, value in known if weight > 0)
        value = day.of(code, meter.quantity, 0.0)
        if value is not None and value < -TOLERANCE * taken_from:
            yield _finding(meter, day, value, taken_from)


def _finding(meter: VirtualMeter, day: Uses, value: float, taken_from: float) -> Finding:
    return Finding(
        "virtual_negative",
        meter.code,
        {
            "quantity": meter.quantity,
            "since": iso(day.span.start),
            "until": iso(day.span.end),
            "value": value,
            "taken_from": taken_from,
            "formula": meter.formula,
        },
    )
