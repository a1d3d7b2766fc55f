"""Why an hour of a point has the figure it has: which readings, which rule, measured or estimated."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from analytics.consumption.amounts import Amount
from analytics.consumption.cleaning import CleanReadings
from analytics.consumption.hourly import hourly_use
from analytics.consumption.increments import RULES
from analytics.consumption.passing import Passed, passed_at
from analytics.consumption.points import Wiring
from analytics.consumption.policy import LONGEST_MEASURED_GAP_US
from analytics.grid import HOUR_US, Key, instant_of
from quotawatt.readings import Quality
from quotawatt.spans import Span


@dataclass(frozen=True, slots=True)
class Step:
    """What one increment gives to an hour.

    device, channel, quantity
        Where its readings come from; device is empty for a bill, a purchase or a charging session.
    start, end
        Of the increment: the instants of its readings, or of the bill.
    before, after
        What the device showed at both, before the multiplier; None for a bill.
    multiplier
        None for a bill.
    rule
        ``difference`` within the hour, ``interpolated`` over its edge, ``outage`` over a gap of more than
        an hour; ``rollover``, ``reset``, ``above_rating``, ``provisional`` as in ``policy``; ``power`` as
        in the module of that name; ``amount`` and ``session`` as in ``amounts``.
    amount
        What passed over the whole increment, in the unit of the point; None: it does not count.
    share
        The part of the increment's time that lies in the hour, 0..1.
    use
        What of the amount falls in the hour; None where it does not count.
    quality
        Whether that is measured, estimated or missing.
    """

    device: str
    channel: str
    quantity: str
    start: datetime
    end: datetime
    before: float | None
    after: float | None
    multiplier: float | None
    rule: str
    amount: float | None
    share: float
    use: float | None
    quality: Quality


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A reading of the hour that is a glitch and counts for nothing."""

    device: str
    channel: str
    time: datetime
    shown: float


@dataclass(frozen=True, slots=True)
class Explanation:
    """One hour of a point: its result as ``hourly_use`` has it, and the steps that add up to it.

    value
        In the unit of the quantity; None: there is no result.
    """

    point: Key
    start: datetime
    value: float | None
    coverage: float
    quality: Quality
    steps: tuple[Step, ...]
    left_out: tuple[LeftOut, ...]


def explain_hours(
    readings: CleanReadings,
    wiring: Wiring,
    point: Key,
    hours: Span,
    amounts: Sequence[Amount] = (),
) -> list[Explanation]:
    """The hours of ``hours`` (ends on full UTC hours) of a counted point, explained.

    ``readings`` and ``amounts`` as for ``hourly_use``.
    """
    grid, _ = hourly_use(readings, wiring, [point], hours, amounts)
    passed = passed_at(readings, wiring, [point], amounts)
    found = []
    for column, start_us in enumerate(grid.starts.tolist()):
        value = float(grid.value[0, column])
        known = not np.isnan(value)
        sure = Quality.ESTIMATED if grid.estimated[0, column] else Quality.MEASURED
        found.append(
            Explanation(
                point,
                instant_of(start_us),
                value if known else None,
                float(grid.coverage[0, column]),
                sure if known else Quality.MISSING,
                tuple(_steps(passed, start_us)),
                tuple(_left_out(passed, start_us)),
            )
        )
    return found


def _steps(passed: Passed, hour_us: int) -> Iterator[Step]:
    made = passed.increments
    low, high = np.maximum(made.start_us, hour_us), np.minimum(made.end_us, hour_us + HOUR_US)
    inside = np.flatnonzero(high > low)
    # By source, then by time.
    for row in inside[np.lexsort((made.start_us[inside], made.segment[inside]))].tolist():
        share = int(high[row] - low[row]) / int(made.end_us[row] - made.start_us[row])
        yield step_of(passed, row, share)


def step_of(passed: Passed, row: int, share: float = 1.0) -> Step:
    """One of the increments, of which this share falls into the time asked about."""
    made, segments = passed.increments, passed.segments
    number, rule = int(made.segment[row]), _rule(passed, row, share)
    amount = None if np.isnan(made.amount[row]) else float(made.amount[row])
    sure = Quality.ESTIMATED if made.estimated[row] else Quality.MEASURED
    billed = number >= len(segments.stretches)
    stretch = None if billed else segments.stretches[number]
    return Step(
        device="" if stretch is None else stretch.series.device,
        channel="" if stretch is None else stretch.series.channel,
        quantity=passed.points[number].measure if stretch is None else stretch.series.quantity,
        start=instant_of(made.start_us[row]),
        end=instant_of(made.end_us[row]),
        before=None if billed else float(segments.shown[made.first[row]]),
        after=None if billed else float(segments.shown[made.second[row]]),
        multiplier=None if stretch is None else stretch.binding.multiplier,
        rule=rule,
        amount=amount,
        share=share,
        use=None if amount is None else amount * share,
        quality=Quality.MISSING if amount is None else sure,
    )


def _rule(passed: Passed, row: int, share: float) -> str:
    """The rule's name, with what became of a difference in the hour."""
    made = passed.increments
    rule = RULES[made.rule[row]]
    if rule == "difference" and made.end_us[row] - made.start_us[row] > LONGEST_MEASURED_GAP_US:
        return "outage"
    return "interpolated" if rule == "difference" and share < 1 else rule


def _left_out(passed: Passed, hour_us: int) -> Iterator[LeftOut]:
    segments = passed.segments
    glitches = [f.rows.tolist() for f in passed.faults if f.code == "counter_glitch"]
    for row in sorted(row for rows in glitches for row in rows):
        if hour_us <= segments.time_us[row] < hour_us + HOUR_US:
            series = segments.stretch_of(row).series
            at, shown = instant_of(segments.time_us[row]), float(segments.shown[row])
            yield LeftOut(series.device, series.channel, at, shown)
