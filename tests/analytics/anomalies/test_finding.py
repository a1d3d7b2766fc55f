"""Each kind of fault is one event, at its place; ordinary life is none."""

from datetime import timedelta

import numpy as np
import pytest

from analytics.anomalies.event import Anomaly, Likely, Shape
from analytics.anomalies.finding import find_anomalies
from analytics.baselines.series import UseSeries
from quotawatt.errors import InputError
from simulators.seriesfaults import Lost, SeriesFault, SeriesFaultKind, inject
from tests.analytics.anomalies.courses import ZONE, day, expectation, office, with_use

K = SeriesFaultKind


def _found(fault: SeriesFault, series: UseSeries | None = None) -> tuple[list[Anomaly], float]:
    """What is found of a fault, and its true size."""
    series = series or office()
    frame, truth = inject(series.frame, [fault], ZONE, seed=1)
    broken = with_use(series, frame["use"])
    return find_anomalies(broken, expectation(series)), float(truth["size"].iloc[0])


def test_an_ordinary_course_has_none() -> None:
    series = office(days=365)
    assert find_anomalies(series, expectation(series)) == []


@pytest.mark.parametrize(
    ("kind", "first", "days", "strength", "likely"),
    [
        (K.NIGHT_RUNNING, 40, 21, 0.4, Likely.NIGHT_RUNNING),
        (K.WEEKEND_RUNNING, 28, 28, 0.5, Likely.WEEKEND_RUNNING),
        (K.LATE_SWITCH_OFF, 63, 19, 0.4, Likely.LATE_SWITCH_OFF),
        (K.LEAK, 50, 20, 0.4, Likely.JUMP),
    ],
)
def test_what_comes_back_by_the_day_is_one_event(
    kind: SeriesFaultKind, first: int, days: int, strength: float, likely: Likely
) -> None:
    fault = SeriesFault(kind, day(first), day(first + days), strength)
    (event,), size = _found(fault)
    assert (event.likely, event.shape) == (likely, Shape.DAY)
    assert timedelta(0) <= event.start - fault.start <= timedelta(days=6)  # a weekend begins late
    assert abs(event.end - fault.end) <= timedelta(days=3)
    assert event.size == pytest.approx(size, rel=0.1)
    assert event.confidence > 0.7
    assert not event.open


def test_water_that_runs_round_the_clock_is_a_leak() -> None:
    series = office()
    water = UseSeries("B-1", "water_m3", "m³", ZONE, "DE", series.interval, series.frame)
    (event,), _ = _found(SeriesFault(K.LEAK, day(50), day(70), 0.4), water)
    assert event.likely is Likely.LEAK


def test_growth_is_told_from_a_step() -> None:
    (event, *more), size = _found(SeriesFault(K.CREEP, day(100), day(200), 0.8), office(days=300))
    assert event.likely is Likely.CREEP
    assert more == []
    assert abs(event.start - day(100)) <= timedelta(days=30)
    assert event.size == pytest.approx(size, rel=0.25)


@pytest.mark.parametrize("lost", list(Lost))
def test_an_outage_is_one_event_with_what_is_caught_up(lost: Lost) -> None:
    fault = SeriesFault(K.OUTAGE, day(50, 9), day(51, 9), lost=lost)
    events, _ = _found(fault)
    if lost is Lost.MISSING:
        assert events == []  # what is missing is no anomaly
        return
    (event,) = events
    assert event.likely is Likely.OUTAGE
    assert event.start == fault.start
    assert event.evidence["caught_up_h"] == (1 if lost is Lost.CATCH_UP else 0)


def test_missing_use_that_comes_in_at_once_is_an_outage() -> None:
    series = office()
    use = series.frame["use"].copy()
    use.iloc[50 * 24 : 51 * 24] = np.nan
    use.iloc[51 * 24] += 1200
    (event,) = find_anomalies(with_use(series, use), expectation(series))
    assert (event.likely, event.start) == (Likely.OUTAGE, day(50))


def test_one_value_again_and_again_is_stuck() -> None:
    fault = SeriesFault(K.STUCK, day(50, 12), day(52))
    (event,), _ = _found(fault)
    assert event.likely is Likely.STUCK
    assert event.start == fault.start - timedelta(hours=1)  # the hour whose value is repeated
    assert event.evidence["repeats_h"] == 37


@pytest.mark.parametrize("factor", [0.001, 0.1, 10.0, 1000.0])
def test_another_unit_is_told_with_its_factor(factor: float) -> None:
    (event,), size = _found(SeriesFault(K.UNIT_MISTAKE, day(50, 8), day(52, 18), factor))
    assert event.likely in (Likely.UNIT_MISTAKE, Likely.OUTAGE)  # a thousandth may be nothing
    assert event.start == day(50, 8)
    assert event.size == pytest.approx(size, rel=0.1)
    if event.likely is Likely.UNIT_MISTAKE:
        assert event.evidence["factor"] == pytest.approx(factor)


def test_a_spike_is_a_point() -> None:
    (event,), size = _found(SeriesFault(K.SPIKE, day(50, 3), day(50, 4), 2.0))
    assert (event.likely, event.shape, event.hours) == (Likely.SPIKE, Shape.POINT, 1)
    assert event.start == day(50, 3)
    assert event.size == pytest.approx(size, rel=0.1)


def test_what_goes_on_at_the_end_is_open() -> None:
    (event,), _ = _found(SeriesFault(K.NIGHT_RUNNING, day(105), day(120), 0.5))
    assert event.open
    assert event.likely is Likely.NIGHT_RUNNING


def test_a_foreign_holiday_and_a_christmas_break_are_no_anomalies() -> None:
    series = office()
    use = series.frame["use"].copy()
    for first, days in ((31, 1), (56, 9)):
        away = use.iloc[24 * first : 24 * (first + days)]
        use.loc[away.index] = away - np.where(away > 60, 80, 0)
    assert find_anomalies(with_use(series, use), expectation(series)) == []


def test_two_faults_are_two_events_in_order() -> None:
    series = office()
    faults = [
        SeriesFault(K.NIGHT_RUNNING, day(30), day(44), 0.5),
        SeriesFault(K.STUCK, day(80), day(82)),
    ]
    frame, _ = inject(series.frame, faults, ZONE, seed=1)
    events = find_anomalies(with_use(series, frame["use"]), expectation(series))
    assert [e.likely for e in events] == [Likely.NIGHT_RUNNING, Likely.STUCK]


def test_sensitivity_finds_smaller_ones() -> None:
    series = office()
    frame, _ = inject(
        series.frame, [SeriesFault(K.NIGHT_RUNNING, day(40), day(54), 0.04)], ZONE, seed=1
    )
    weak = with_use(series, frame["use"])
    (found,) = find_anomalies(weak, expectation(series), sensitivity=2)
    assert found.likely is Likely.NIGHT_RUNNING
    assert find_anomalies(weak, expectation(series), sensitivity=0.3) == []


@pytest.mark.parametrize("sensitivity", [0.0, -1.0, float("nan"), float("inf")])
def test_a_sensitivity_must_be_above_zero(sensitivity: float) -> None:
    series = office(days=7)
    with pytest.raises(InputError, match="sensitivity must be a number above 0"):
        find_anomalies(series, expectation(series), sensitivity=sensitivity)
