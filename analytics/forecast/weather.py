"""The temperature of a day to come: given, or where nobody gives it like that of the days before."""

from datetime import timedelta
from typing import NamedTuple

import numpy as np
import pandas as pd

LAST_DAY = 0.6
"""What the last known day counts, the mean of the week up to it the rest; our own choice, round."""

_WEEK = 7


class Outlook(NamedTuple):
    """Temperatures in °C by the hour, up to the end of the day that is forecast.

    likely
        What was measured, and ahead what is given or to be expected.
    foreseen
        The same where the day's temperatures are given; else of every hour, past ones too, what was to be
        expected of it.
    given
        Whether those of the day are given, each hour's.
    """

    likely: pd.Series
    foreseen: pd.Series
    given: bool


def outlook(
    temperature_c: pd.Series, weather: pd.DataFrame | None, starts: pd.DatetimeIndex, lead_days: int
) -> Outlook:
    """The outlook for the hours ``starts`` of a day.

    temperature_c
        By the hour, UTC, in a row, up to the end of the day; NaN: not known.
    weather
        Index UTC hours, column ``temperature_c``: what is given of hours ahead; NaN and infinities: not.
    """
    ahead = persisted(temperature_c, lead_days)
    likely = temperature_c
    if weather is not None:
        given = weather["temperature_c"].astype(float).replace([np.inf, -np.inf], np.nan)
        likely = likely.combine_first(given.reindex(likely.index))
    is_given = bool(likely.reindex(starts).notna().all())
    likely = likely.combine_first(ahead)
    return Outlook(likely, likely if is_given else ahead, is_given)


def persisted(temperature_c: pd.Series, lead_days: int) -> pd.Series:
    """For every hour the temperature that could be expected ``lead_days`` before, in °C.

    From the same hour on the last known day and on those of the week up to it; NaN where none is known.
    """
    shifts = [timedelta(days=lead_days + n) for n in range(_WEEK)]
    days = pd.concat([temperature_c.shift(freq=by) for by in shifts], axis=1)
    days = days.reindex(temperature_c.index)
    last, week = days.iloc[:, 0], days.mean(axis=1)
    return (LAST_DAY * last + (1 - LAST_DAY) * week).combine_first(week)
