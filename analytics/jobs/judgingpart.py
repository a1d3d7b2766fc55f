"""A part of the series that are judged, held against their baselines: arrays in, anomalies out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from analytics.anomalies.event import Anomaly
from analytics.anomalies.finding import find_anomalies
from analytics.baselines.fitted import FittedBaseline
from analytics.baselines.inputs import Inputs, prepare
from analytics.baselines.series import UseSeries
from analytics.events.experience import is_experienced
from analytics.events.looking import sticks_out
from analytics.grid import Bools, Floats, Key, Micros, micros_of
from analytics.jobs.training import ready
from quotawatt.spans import Span
from quotawatt.storage.baselines import BaselineVersion


@dataclass(frozen=True)
class Part:
    """Series over the same hours, with what judges each; what goes to another process.

    series
        The window, and the hours before it that lead in.
    versions
        One of each series.
    sites
        The code of each one's site; empty where it has none.
    past_c
        Daily means of the temperature of sites, by the day's start, over the time that baselines may have
        learned from.
    """

    series: Sequence[UseSeries]
    versions: Sequence[BaselineVersion]
    sites: Sequence[str]
    past_c: Mapping[str, pd.Series]
    window: Span


class Found(NamedTuple):
    """The anomalies of one series, by the version of its baseline."""

    key: Key
    version: int
    anomalies: list[Anomaly]


@dataclass(frozen=True)
class _Weather:
    """Of one site: what baselines are asked with, and from which hour on the window is.

    day_c
        Mean of the day before each hour.
    past_us, past_c
        Days that baselines may have learned from.
    experienced
        Which hours have such weather as was learned from, by the time of learning.
    """

    inputs: Inputs
    first: int
    day_c: Floats
    past_us: Micros
    past_c: Floats
    experienced: dict[tuple[int, int], Bools] = field(default_factory=dict)

    def is_experienced(self, fitted: FittedBaseline) -> Bools:
        """Whether a baseline has learned from weather like that of each hour."""
        learned = micros_of(fitted.saw.first), micros_of(fitted.saw.last)
        if learned not in self.experienced:
            within = (self.past_us >= learned[0]) & (self.past_us < learned[1])
            self.experienced[learned] = is_experienced(self.past_c[within], self.day_c)
        return self.experienced[learned]


def judge_part(part: Part) -> list[Found]:
    """The anomalies of the series of a part; without those whose version predicts nothing."""
    found: list[Found] = []
    weather: dict[str, _Weather] = {}
    # Matrices are small: threads of the algebra library would wait for each other, not help.
    with threadpool_limits(limits=1, user_api="blas"):
        for series, version, site in zip(part.series, part.versions, part.sites, strict=True):
            fitted = ready(version)
            if fitted is None:
                continue
            if site not in weather:
                weather[site] = _weather(series, part.past_c.get(site), part.window)
            anomalies = _found(series, fitted, weather[site])
            found.append(Found(Key(series.subject, series.measure), version.version, anomalies))
    return found


def _weather(series: UseSeries, past: pd.Series | None, window: Span) -> _Weather:
    inputs = prepare(series.frame, series.zone, series.country, series.interval)
    day_c = series.frame["temperature_c"].rolling(24, min_periods=12).mean()
    known = pd.Series(index=pd.DatetimeIndex([], tz="UTC"), dtype=float) if past is None else past
    past_us = pd.DatetimeIndex(known.index).as_unit("us").asi8
    first = int(inputs.starts.searchsorted(pd.Timestamp(window.start)))
    return _Weather(inputs, first, day_c.to_numpy(float), past_us, known.to_numpy(float))


def _found(led: UseSeries, fitted: FittedBaseline, weather: _Weather) -> list[Anomaly]:
    """The anomalies of a series in the window; ``led`` has the hours before it, too."""
    predicted = fitted.predict(weather.inputs)
    experienced = weather.is_experienced(fitted)[weather.first :, np.newaxis]
    expected = np.where(experienced, predicted.to_numpy(float)[weather.first :], np.nan)
    if not sticks_out(led.frame["use"].to_numpy(float)[weather.first :], *expected.T):
        return []
    frame = led.frame.iloc[weather.first :]
    judged = pd.DataFrame(expected, index=frame.index, columns=predicted.columns)
    return find_anomalies(replace(led, frame=frame), judged)
