"""The models there are, by their kind."""

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from analytics.baselines.boosting import BoostedTrees
from analytics.baselines.changepoint import (
    ChangePoint3PCooling,
    ChangePoint3PHeating,
    ChangePoint4P,
    ChangePoint5P,
)
from analytics.baselines.degree_days import DegreeDays
from analytics.baselines.estimator import UseModel
from analytics.baselines.linear import LinearTemperature
from analytics.baselines.series import Interval
from analytics.baselines.towt import TimeOfWeek, TimeOfWeekTemperature
from quotawatt.errors import InputError

MODELS: Mapping[str, type[UseModel]] = {
    model.kind: model
    for model in (
        TimeOfWeek,
        LinearTemperature,
        ChangePoint3PHeating,
        ChangePoint3PCooling,
        ChangePoint4P,
        ChangePoint5P,
        DegreeDays,
        TimeOfWeekTemperature,
        BoostedTrees,
    )
}

_CHANGE_POINTS = ("3p_heating", "3p_cooling", "4p", "5p")

DEFAULT: Mapping[Interval, tuple[str, ...]] = {
    Interval.HOUR: ("calendar", "towt"),
    Interval.DAY: ("calendar", "linear", *_CHANGE_POINTS, "towt"),
    Interval.MONTH: ("degree_days",),
}
"""What is tried where nobody says, the simpler first.

Boosting is not among them: a year on it was worse than TOWT on nearly every real building, and takes
longer than all others together.
"""


def model_of(kind: str, zone: ZoneInfo, country: str, interval: Interval) -> UseModel:
    """An unfitted model. Raises InputError: there is none of that kind."""
    if kind not in MODELS:
        raise InputError(f"a model must be one of {', '.join(MODELS)}, got {kind!r}")
    return MODELS[kind](zone, country, interval)
