"""Energy is conserved: for random meters, gaps, rollovers, resets, swaps, glitches and orders of arrival."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.audit import audit
from analytics.consumption.cleaning import CleanReadings, clean, clean_any
from analytics.consumption.explain import explain_hours
from analytics.consumption.hourly import hourly_use
from analytics.consumption.increments import Counters, Increments
from analytics.consumption.points import Wiring
from analytics.consumption.policy import increments, judged_increments
from analytics.grid import HOUR_US, Floats, Grid, Key
from quotawatt.readings import Reading, SeriesKey, readings_table
from quotawatt.spans import Span, ceil_hour
from tests.analytics.builders import FAR, IMPORT, H, at
from tests.analytics.random_meters import RandomMeter, meters

POINT = Key("MTR-1", IMPORT)


def hours_of(meter: RandomMeter) -> Span:
    return Span(at(0), ceil_hour(meter.readings[-1].time) + H)


def use(meter: RandomMeter, span: Span, readings: Sequence[Reading] | None = None) -> Grid:
    given_readings = meter.readings if readings is None else readings
    held = clean(readings_table(given_readings), FAR)
    return hourly_use(held, Wiring(meter.register), [POINT], span)[0]


def close(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=1e-9)


def same(one: Floats, other: Floats) -> bool:
    return np.array_equal(one, other, equal_nan=True)


@given(meters(faults=False))
def test_what_passed_between_first_and_last_reading_is_counted_exactly(meter: RandomMeter) -> None:
    # A fall at the very end waits for the next reading, so the last one must not be a rollover.
    values = [r.value for r in meter.readings if r.device == meter.readings[-1].device]
    sizes = [b.register_size for b in meter.register.bindings]
    falls = [b < a for a, b in pairwise(values)]
    if (falls and falls[-1]) or (None in sizes and any(falls)):
        return
    assert close(float(np.nansum(use(meter, hours_of(meter)).value)), meter.use)


@given(meters(), st.data())
def test_sums_over_any_partition_agree(meter: RandomMeter, data: st.DataObject) -> None:
    whole = hours_of(meter)
    n_hours = round(whole.hours)
    cuts = sorted(data.draw(st.sets(st.integers(1, n_hours), max_size=4)) | {0, n_hours})
    parts = [use(meter, Span(at(a), at(b))) for a, b in pairwise(cuts)]
    total = float(np.nansum(use(meter, whole).value))
    assert close(sum(float(np.nansum(part.value)) for part in parts), total)


@given(meters(), st.data())
def test_any_order_of_arrival_gives_the_same(meter: RandomMeter, data: st.DataObject) -> None:
    twice = [*meter.readings, *data.draw(st.lists(st.sampled_from(meter.readings), max_size=5))]
    arrived = data.draw(st.permutations(twice))
    straight, shuffled = use(meter, hours_of(meter)), use(meter, hours_of(meter), arrived)
    assert same(straight.value, shuffled.value)
    assert same(straight.coverage, shuffled.coverage)
    assert same(straight.estimated, shuffled.estimated)


@given(meters(), st.data())
def test_an_auditor_finds_the_meters_own_counter(meter: RandomMeter, data: st.DataObject) -> None:
    whole = hours_of(meter)
    first, until = sorted(
        data.draw(st.sets(st.integers(0, round(whole.hours)), min_size=2, max_size=2))
    )
    span = Span(at(first), at(until))
    held = clean(readings_table(meter.readings), FAR)
    found = audit(held, Wiring(meter.register), POINT, span)
    assert close(found.difference(float(np.nansum(use(meter, span).value))), 0.0)


@given(meters(), st.integers(0, 40))
def test_steps_add_up_to_the_hour(meter: RandomMeter, first: int) -> None:
    span = Span(at(first), at(first + 5))
    held = clean(readings_table(meter.readings), FAR)
    explained = explain_hours(held, Wiring(meter.register), POINT, span)
    stored = use(meter, span)
    for hour, value in zip(explained, stored.value[0], strict=True):
        uses = [step.use for step in hour.steps if step.use is not None]
        assert (hour.value is None) == bool(np.isnan(value)) == (not uses)
        assert hour.value is None or close(sum(uses), hour.value)
        assert hour.value is None or hour.value == value


values = st.lists(
    st.one_of(st.floats(0, 50), st.sampled_from([0.0, 99_990.0, 5_000.0])), min_size=1, max_size=90
)


@given(values, st.lists(st.booleans(), min_size=30, max_size=30), st.booleans())
def test_meters_without_faults_take_the_short_way_to_the_same(
    steps: list[float], ordered: list[bool], rated: bool
) -> None:
    # Three segments; of each either rising or arbitrary values.
    rows = [(i % 3, step) for i, step in enumerate(steps)]
    parts = [[v for k, v in rows if k == n] for n in range(3)]
    parts = [sorted(p) if ordered[n] else p for n, p in enumerate(parts)]
    counters = Counters(
        offsets=np.append(0, np.cumsum([len(p) for p in parts])),
        time_us=np.concatenate([np.arange(len(p), dtype=np.int64) * HOUR_US for p in parts]),
        value=np.array([v for p in parts for v in p], dtype=float),
        most_per_hour=np.full(3, 60.0 if rated else np.inf),
        unit=np.ones(3),
        register_size=np.full(3, 100_000.0),
        closed=np.zeros(3, dtype=bool),
    )
    short, faults = increments(counters)
    every = np.arange(len(counters.value))
    general, all_faults = judged_increments(counters, counters.segments(), every)
    for one, other in zip(_sorted(short), _sorted(general), strict=True):
        assert same(one, other)
    assert [f.rows.tolist() for f in faults if len(f.rows)] == [
        f.rows.tolist() for f in all_faults if len(f.rows)
    ]


def _sorted(passed: Increments) -> list[Floats]:
    order = np.lexsort((passed.start_us, passed.segment))
    return [getattr(passed, name)[order].astype(float) for name in Increments.__dataclass_fields__]


@given(meters())
def test_readings_in_order_need_no_sorting(meter: RandomMeter) -> None:
    table = readings_table(sorted(meter.readings, key=lambda r: (r.device, r.time)))
    one, other = clean(table, FAR), clean_any(table, FAR)
    assert one.series == other.series
    assert one.offsets.tolist() == other.offsets.tolist()
    assert same(one.value, other.value)
    assert same(one.time_us.astype(float), other.time_us.astype(float))


def test_a_store_gives_values_without_their_names() -> None:
    import pyarrow as pa

    series = [
        SeriesKey("a", "", IMPORT),
        SeriesKey("b", "", "voltage_v"),
        SeriesKey("c", "", IMPORT),
    ]
    times = pa.array([at(0), at(1), at(0), at(2), at(3)], pa.timestamp("us", "UTC"))
    rows = [pa.array([0, 0, 1, 2, 2], pa.int32()), times, pa.array([1.0, np.inf, 2.0, 3.0, 4.0])]
    table = pa.Table.from_arrays(rows, ["series", "time", "value"])
    held = CleanReadings.of_values(series, table, at(2))
    assert held.series == (series[0], series[2])
    assert held.offsets.tolist() == [0, 1, 2]
    assert held.value.tolist() == [1.0, 3.0]
