import numpy as np
import pandas as pd
import pytest

from analytics.events import looking

HOURS = 35 * 24


def sticks_out(use: np.ndarray[tuple[int], np.dtype[np.float64]], frame: pd.DataFrame) -> bool:
    return looking.sticks_out(use, *frame.to_numpy().T)


def expected(level: float = 20.0) -> pd.DataFrame:
    starts = pd.date_range("2026-05-01", periods=HOURS, freq="h", tz="UTC")
    values = {"expected": level, "low": level - 3.0, "high": level + 3.0}
    return pd.DataFrame(values, index=starts)


def ordinary() -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    """Noise of which nine in ten hours lie within the band."""
    return 20.0 + np.random.default_rng(7).normal(0, 3.0 / 1.645, HOURS)


def test_ordinary_weeks_need_no_full_look() -> None:
    assert not sticks_out(ordinary(), expected())


@pytest.mark.parametrize(
    ("first_h", "until_h", "more"),
    [(100, 101, 40.0), (100, 112, 10.0), (240, 288, 6.0), (336, 504, 4.0)],
    ids=["an hour", "half a day", "two days", "a week"],
)
def test_what_lasts_sticks_out_with_less(first_h: int, until_h: int, more: float) -> None:
    use = ordinary()
    use[first_h:until_h] += more
    assert sticks_out(use, expected())


def test_one_hour_of_every_day_sticks_out() -> None:
    use = ordinary()
    use[240 + 20 : 240 + 20 + 10 * 24 : 24] += 6.0
    assert sticks_out(use, expected())


@pytest.mark.parametrize("value", [20.0, np.nan])
def test_standing_still_sticks_out(value: float) -> None:
    use = ordinary()
    use[400:420] = value
    assert sticks_out(use, expected())


def test_what_is_not_known_says_nothing() -> None:
    unknown = expected().assign(expected=np.nan, low=np.nan, high=np.nan)
    assert not sticks_out(ordinary(), unknown)
    assert not sticks_out(np.array([]), expected()[:0])
    assert not sticks_out(ordinary()[:5], expected()[:5])


def test_no_band_and_endless_values_are_looked_at() -> None:
    flat = expected().assign(low=20.0, high=20.0)
    use = ordinary()
    assert sticks_out(use, flat)
    use[5] = np.inf
    assert sticks_out(use, expected())
