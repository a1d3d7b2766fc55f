"""What counts between two counter readings."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.consumption.increments import Counters
from analytics.consumption.policy import REACH, increments
from analytics.grid import HOUR_US


def counters(
    values: list[float],
    hours: list[float] | None = None,
    most: float = 100.0,
    size: float = math.nan,
    segments: list[int] | None = None,
    closed: bool = False,
) -> Counters:
    n = len(values)
    times = list(range(n)) if hours is None else hours
    lengths = np.bincount(np.array(segments or [0] * n, dtype=np.intp), minlength=1)
    return Counters(
        offsets=np.append(0, np.cumsum(lengths)),
        time_us=np.array([round(h * HOUR_US) for h in times], dtype=np.int64),
        value=np.array(values, dtype=float),
        most_per_hour=np.full(len(lengths), most),
        unit=np.ones(len(lengths)),
        register_size=np.full(len(lengths), size),
        closed=np.full(len(lengths), closed),
    )


def amounts(values: list[float], **others: object) -> list[float]:
    passed, _ = increments(counters(values, **others))  # type: ignore[arg-type]
    return [float(a) for a in passed.amount]


def faults(values: list[float], **others: object) -> dict[str, list[int]]:
    _, found = increments(counters(values, **others))  # type: ignore[arg-type]
    return {f.code: f.rows.tolist() for f in found if len(f.rows)}


@pytest.mark.parametrize("n", [0, 1])
def test_too_few_readings_give_nothing(n: int) -> None:
    assert amounts([5.0] * n) == []
    assert faults([5.0] * n) == {}


def test_rising_counter_gives_its_differences() -> None:
    assert amounts([10, 12, 12, 20]) == [2, 0, 8]
    assert faults([10, 12, 12, 20]) == {}


def test_dip_and_return_is_bridged() -> None:
    # 110 -> 3 -> 115: the 3 is left out, 5 kWh passed between its neighbours.
    assert amounts([100, 110, 3, 115, 120]) == [10, 5, 5]
    assert faults([100, 110, 3, 115, 120]) == {"counter_glitch": [2]}


def test_spike_is_bridged() -> None:
    assert amounts([100, 110, 99_999, 115, 120]) == [10, 5, 5]
    assert faults([100, 110, 99_999, 115, 120]) == {"counter_glitch": [2]}


def test_spike_of_a_meter_without_rating_is_bridged_too() -> None:
    assert amounts([100, 110, 99_999, 115], most=math.inf) == [10, 5]


def test_small_dip_is_the_lower_reading_not_its_predecessor() -> None:
    assert amounts([100, 110, 109, 111, 112]) == [10, 1, 1]
    assert faults([100, 110, 109, 111, 112]) == {"counter_glitch": [2]}


def test_rollover_where_the_wrapped_increase_fits() -> None:
    # 99_990 -> 5 over a register of 100_000 is 15 kWh in an hour: fits 100 kW.
    passed, found = increments(counters([99_980, 99_990, 5, 12], size=100_000))
    assert passed.amount.tolist() == [10, 15, 7]
    assert passed.covers.all()
    assert not passed.estimated.any()
    assert not any(len(f.rows) for f in found)


def test_wrap_that_does_not_fit_is_a_reset() -> None:
    # From 60_000 a wrap would be 40_005 kWh in an hour: it was reset, and 5 kWh passed since.
    passed, _ = increments(counters([59_990, 60_000, 5, 12], size=100_000))
    assert passed.amount.tolist() == [10, 5, 7]
    assert passed.covers.tolist() == [True, False, True]
    assert passed.estimated.tolist() == [False, True, False]
    assert faults([59_990, 60_000, 5, 12], size=100_000) == {"counter_reset": [2]}


def test_register_size_that_readings_reach_is_wrong() -> None:
    assert amounts([9_990, 10_010, 10_020], size=10_000) == [20, 10]
    assert faults([9_990, 10_010, 10_020], size=10_000) == {"counter_above_register": [1, 2]}


def test_reset_that_fits_a_rollover_at_another_size_says_so() -> None:
    # Six digits in the register book, five on the meter: 99_990 -> 5 would be 15 kWh at 100_000.
    found = faults([99_980, 99_990, 5, 12], size=1_000_000)
    assert found == {"counter_reset": [2], "rollover_size_differs": [2]}


def test_fall_without_known_register_is_never_a_rollover() -> None:
    assert amounts([99_980, 99_990, 5, 12]) == [10, 5, 7]
    found = faults([99_980, 99_990, 5, 12])
    assert found == {"counter_reset": [2], "rollover_size_differs": [2]}


def test_value_after_reset_that_cannot_have_passed_does_not_count() -> None:
    # The new meter came with 7_000 kWh on its register: more than 100 kW gives in an hour.
    result = amounts([99_980, 99_990, 7_000, 7_005])
    assert result[0] == 10
    assert math.isnan(result[1])
    assert result[2] == 5


def test_value_after_reset_of_a_meter_without_rating_does_not_count() -> None:
    assert math.isnan(amounts([90, 100, 5, 12], most=math.inf)[1])


def test_newest_fall_is_provisional() -> None:
    assert math.isnan(amounts([99_980, 99_990, 5], size=100_000)[1])
    assert faults([99_980, 99_990, 5], size=100_000) == {}


def test_rollover_at_a_recorded_end_counts() -> None:
    assert amounts([99_980, 99_990, 5], size=100_000, closed=True) == [10, 15]
    assert math.isnan(amounts([99_980, 99_990, 5], closed=True)[1])


def test_newest_jump_is_provisional_until_confirmed() -> None:
    assert math.isnan(amounts([100, 110, 5_000])[1])
    passed, _ = increments(counters([100, 110, 5_000, 5_010]))
    assert passed.amount.tolist() == [10, 4_890, 10]
    assert passed.estimated.tolist() == [False, True, False]
    assert faults([100, 110, 5_000, 5_010]) == {"counter_above_rating": [2]}


def test_jump_that_the_next_reading_denies_does_not_count() -> None:
    # 110 -> 50_000 -> 4_000: neither a spike (4_000 does not fit 110) nor confirmed.
    result = amounts([100, 110, 50_000, 4_000, 4_010])
    assert result[0] == 10
    assert math.isnan(result[1])
    assert math.isnan(result[2])
    assert result[3] == 10


def test_margin_and_one_unit_are_granted() -> None:
    # 100 kW x 1 h x 1.2 + 1 unit = 121.
    assert amounts([0, 121]) == [121]
    assert math.isnan(amounts([0, 121.01])[0])


def test_gap_of_over_an_hour_is_estimated_unless_nothing_passed() -> None:
    passed, _ = increments(counters([0, 50, 50, 60], hours=[0, 3, 9, 10]))
    assert passed.estimated.tolist() == [True, False, False]


def test_nothing_passes_between_segments() -> None:
    passed, _ = increments(counters([10, 12, 500, 503], segments=[0, 0, 1, 1]))
    assert passed.amount.tolist() == [2, 3]
    assert passed.segment.tolist() == [0, 1]


rises = st.lists(st.floats(0, 90), min_size=2, max_size=30)


@given(rises, st.integers(1, 1000))
def test_increments_telescope(steps: list[float], start: int) -> None:
    values = np.cumsum([float(start), *steps])
    total = sum(amounts(values.tolist()))
    assert total == pytest.approx(values[-1] - values[0], rel=1e-9)


@given(rises, st.data())
def test_one_glitch_anywhere_inside_changes_no_total(
    steps: list[float], data: st.DataObject
) -> None:
    values = np.cumsum([1000.0, *steps])
    where = data.draw(st.integers(1, len(values) - 2))
    spoilt = values.copy()
    spoilt[where] = data.draw(st.sampled_from([0.0, 10.0, 1e6, 1e9]))
    assert sum(amounts(spoilt.tolist())) == pytest.approx(values[-1] - values[0], rel=1e-9)


@given(st.lists(st.floats(0, 1000), min_size=8, max_size=40), st.data())
def test_a_change_alters_no_increment_out_of_reach(
    values: list[float], data: st.DataObject
) -> None:
    where = data.draw(st.integers(0, len(values) - 1))
    changed = [*values]
    changed[where] = data.draw(st.floats(0, 1000))

    def far(of: list[float]) -> list[tuple[int, int, float]]:
        passed, _ = increments(counters(of))
        pairs = zip(
            passed.start_us // HOUR_US, passed.end_us // HOUR_US, passed.amount, strict=True
        )
        return [
            (int(a), int(b), -1.0 if math.isnan(v) else float(v))
            for a, b, v in pairs
            if b <= where - REACH or a >= where + REACH
        ]

    assert far(values) == far(changed)
