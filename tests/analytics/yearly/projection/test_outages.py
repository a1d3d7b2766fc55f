"""Zeros that are outages, and zeros that are not."""

import numpy as np

from analytics.yearly.projection.daykinds import day_kinds
from analytics.yearly.projection.outages import without_outages
from tests.analytics.yearly.projection.days import days

LAST, THIS = day_kinds(2023), day_kinds(2024)


def unknown_days(last: np.ndarray, this: np.ndarray | None = None) -> tuple[int, int]:
    """How many days of each year are not to be learned from."""
    so_far = days((60, 10)) if this is None else this
    cleaned = without_outages(last, so_far, LAST, THIS)
    return int(np.isnan(cleaned[0]).sum()), int(np.isnan(cleaned[1]).sum())


def test_a_few_zeros_amid_use_are_an_outage() -> None:
    assert unknown_days(days((100, 10), (10, 0), (255, 10))) == (10, 0)
    assert unknown_days(days((365, 10)), days((50, 10), (10, 0))) == (0, 10)


def test_it_may_reach_over_new_year() -> None:
    assert unknown_days(days((360, 10), (5, 0)), days((4, 0), (56, 10))) == (5, 4)


def test_more_than_two_weeks_are_taken_for_what_they_are() -> None:
    assert unknown_days(days((100, 10), (15, 0), (250, 10))) == (0, 0)


def test_weekends_and_holidays_are_none() -> None:
    used_on_working_days = np.where(LAST == 0, 10.0, 0.0)[None, :]
    assert unknown_days(used_on_working_days) == (0, 0)
    spring_festival = days((365, 10))
    spring_festival[0, 20:27] = 0  # 21 to 27 January 2023, days off
    assert unknown_days(spring_festival) == (0, 0)


def test_use_that_fades_out_is_none() -> None:
    fading = days((100, 10), (5, 1), (10, 0), (5, 1), (245, 10))
    assert unknown_days(fading) == (0, 0)


def test_a_series_that_is_often_zero_has_none() -> None:
    assert unknown_days(days(*[(8, 10), (3, 0)] * 32, (13, 10))) == (0, 0)


def test_a_meter_that_was_not_there_yet_even_with_a_stray_value() -> None:
    assert unknown_days(days((121, 0), (1, 8), (17, 0), (226, 10)))[0] == 139


def test_a_meter_that_was_gone_before_the_year_ended() -> None:
    assert unknown_days(days((330, 10), (35, 0)), days((60, 10)))[0] == 35


def test_a_cooling_season_is_none() -> None:
    assert unknown_days(days((130, 0), (150, 10), (85, 0)), days((60, 0))) == (0, 0)


def test_a_heating_season_is_none() -> None:
    assert unknown_days(days((75, 10), (240, 0), (50, 10))) == (0, 0)
