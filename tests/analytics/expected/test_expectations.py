"""Expected against actual use of one building."""

from datetime import datetime, timedelta

import numpy as np
import pytest

from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.fitting import fit_baseline
from analytics.expected.expectations import (
    DAILY,
    ELECTRICITY,
    daily_expectations,
    excess,
    hourly_expectations,
)
from analytics.grid import Grid, Key, instant_of
from analytics.totals.rollup import day_edges, month_edges
from quotawatt.spans import Span
from tests.analytics.builders import SHANGHAI
from tests.analytics.expected.office import START, office_series, use_at, year

EXPECTED, LOW, HIGH, EXCESS, EXCESS_PCT = range(5)
STARTS, _, WEATHER = year(4, first=90)
DAYS = Span(START + timedelta(days=91), START + timedelta(days=94))
MONTHS = month_edges(DAYS, SHANGHAI)[:-1]
USE = use_at(STARTS, WEATHER)[24:]


@pytest.fixture(scope="module")
def model() -> FittedBaseline:
    found = fit_baseline(office_series())
    assert isinstance(found, FittedBaseline)
    return found


def expected_hours(model: FittedBaseline | None, weather: np.ndarray = WEATHER) -> Grid:
    edges = np.array([STARTS[24]], dtype=np.int64)
    return hourly_expectations("BLD-1", STARTS, weather, edges, lambda _: model)


def judged(
    model: FittedBaseline,
    use: np.ndarray = USE,
    now: datetime = DAYS.end,
    coverage: float = 1.0,
    estimated_h: int = 0,
) -> Grid:
    actual = Grid(
        (Key("BLD-1", ELECTRICITY),),
        STARTS[24:],
        use[np.newaxis],
        np.full((1, len(use)), coverage),
        (np.arange(len(use)) % 24 < estimated_h)[np.newaxis],
    )
    edges = day_edges(DAYS, SHANGHAI)
    hours = expected_hours(model)
    return daily_expectations("BLD-1", hours, actual, edges, MONTHS, lambda _: model, now)


def test_hours_follow_the_lead_in_and_are_estimates(model: FittedBaseline) -> None:
    hours = expected_hours(model)
    assert hours.starts[0] == STARTS[24]
    assert hours.known().all()
    assert hours.estimated.all()
    assert (hours.value[LOW] <= hours.value[EXPECTED]).all()
    assert (hours.value[HIGH] >= hours.value[EXPECTED]).all()


def test_each_month_has_its_own_model(model: FittedBaseline) -> None:
    asked: list[datetime] = []

    def at(instant: datetime) -> FittedBaseline | None:
        asked.append(instant)
        return None if len(asked) == 1 else model

    edges = np.array([STARTS[0], STARTS[48]], dtype=np.int64)
    hours = hourly_expectations("BLD-1", STARTS, WEATHER, edges, at)
    assert asked == [instant_of(STARTS[0]), instant_of(STARTS[48])]
    assert hours.known()[0].tolist() == [False] * 24 + [True] * 48


def test_without_model_nothing_is_said() -> None:
    assert not expected_hours(None).known().any()


def test_ordinary_day_has_no_excess(model: FittedBaseline) -> None:
    days = judged(model)
    assert days.known().all()
    assert days.value[EXCESS_PCT].tolist() == [0, 0, 0]
    assert days.value[EXPECTED, 0] == pytest.approx(
        expected_hours(model).value[EXPECTED, :24].sum()
    )


def test_doubled_use_is_an_excess(model: FittedBaseline) -> None:
    days = judged(model, use=2 * USE)
    actual = 2 * USE.reshape(3, 24).sum(axis=1)
    assert days.value[EXCESS] == pytest.approx(actual - days.value[EXPECTED])
    beyond = 100 * (actual - days.value[HIGH]) / days.value[EXPECTED]
    assert days.value[EXCESS_PCT] == pytest.approx(beyond)
    assert (days.value[EXCESS_PCT] > 50).all()


def test_day_in_progress_is_not_judged(model: FittedBaseline) -> None:
    days = judged(model, now=DAYS.end - timedelta(seconds=1))
    assert days.known()[EXPECTED].tolist() == [True, True, False]


@pytest.mark.parametrize(
    ("coverage", "estimated_h", "is_judged"),
    [(0.96, 0, True), (0.94, 0, False), (1.0, 6, True), (1.0, 7, False)],
)
def test_day_of_doubtful_use_is_expected_but_not_judged(
    model: FittedBaseline, coverage: float, estimated_h: int, is_judged: bool
) -> None:
    days = judged(model, coverage=coverage, estimated_h=estimated_h)
    assert days.known()[EXPECTED].all()
    assert days.known()[EXCESS].all() == is_judged
    assert days.known()[EXCESS_PCT].all() == is_judged


def test_rows_are_the_measures_agreed_on(model: FittedBaseline) -> None:
    assert [key.measure for key in judged(model).keys] == list(DAILY)


def test_days_have_a_band_of_their_own(model: FittedBaseline) -> None:
    # Hourly deviations partly cancel: the day's band is narrower than that of its hours together.
    days, hours = judged(model), expected_hours(model)
    reach = hours.value[HIGH, :24].sum() - hours.value[EXPECTED, :24].sum()
    assert 0 < days.value[HIGH, 0] - days.value[EXPECTED, 0] < reach


def test_each_day_is_summed_by_the_model_of_its_month(model: FittedBaseline) -> None:
    asked: list[datetime] = []

    def at(instant: datetime) -> FittedBaseline | None:
        asked.append(instant)
        return model if len(asked) == 1 else None

    edges = day_edges(DAYS, SHANGHAI)
    months = np.array([edges[0], edges[2]], dtype=np.int64)
    actual = Grid(
        (Key("BLD-1", ELECTRICITY),), STARTS[24:], USE[np.newaxis], np.ones((1, 72)),
        np.zeros((1, 72), dtype=bool),
    )  # fmt: skip
    days = daily_expectations("BLD-1", expected_hours(model), actual, edges, months, at, DAYS.end)
    assert asked == [instant_of(edges[0]), instant_of(edges[2])]
    assert days.known()[EXPECTED].tolist() == [True, True, False]


def test_weather_that_is_missing_for_long_has_no_answer(model: FittedBaseline) -> None:
    weather = WEATHER.copy()
    weather[30:50] = np.nan
    known = expected_hours(model, weather).known()[EXPECTED]
    assert known[:6].all()
    assert not known[6:26].any()


def test_excess_counts_from_the_band_and_in_percent_of_expected() -> None:
    # 130 used, 100 expected, up to 110 ordinary: 30 kWh above, 20 % of expected beyond the band.
    assert excess(130, 100, 110) == (30, 20)
    assert excess(105, 100, 110) == (5, 0)
    assert excess(60, 100, 110) == (-40, 0)
    assert excess(5, 0, 0) == (5, 0)
