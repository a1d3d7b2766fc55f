import numpy as np

from analytics.events.experience import ENOUGH_DAYS, WITHIN_C, is_experienced


def test_weather_is_judged_where_enough_days_like_it_were_learned_from() -> None:
    learned = np.concatenate([np.full(ENOUGH_DAYS, 10.0), np.full(ENOUGH_DAYS - 1, 25.0)])
    judged = np.array([10.0, 10.0 + WITHIN_C, 12.5, 25.0, -5.0])
    assert is_experienced(learned, judged).tolist() == [True, True, False, False, False]


def test_without_known_weather_nothing_is_said_against_a_judgement() -> None:
    assert is_experienced(np.array([np.nan]), np.array([10.0, np.nan])).all()
    assert is_experienced(np.full(99, 10.0), np.array([np.nan])).all()


def test_years_of_weather_judge_all_of_it() -> None:
    year = 12 + 14 * np.sin(2 * np.pi * np.arange(365) / 365)
    assert is_experienced(year, year).all()
