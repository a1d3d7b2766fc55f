"""Which model fits a series best: the one whose errors on left-out blocks are smallest."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from analytics.baselines.blocks import folds_of
from analytics.baselines.estimator import UseModel
from analytics.baselines.inputs import Floats, Inputs
from analytics.baselines.metrics import Fit, fit_figures
from analytics.baselines.models import model_of
from quotawatt.errors import InputError

_BETTER = 0.98
"""A model must leave this share of a simpler one's error, or less, to be taken instead."""


class Choice(NamedTuple):
    """The chosen model, fitted; what it expects of blocks it had not seen; figures of all by kind."""

    model: UseModel
    held_out: Floats
    compared: Mapping[str, Fit]


def choose(
    inputs: Inputs, use: Floats, kinds: Sequence[str], zone: ZoneInfo, country: str
) -> Choice:
    """Fit every kind, each judged on the same intervals; ``kinds`` from the simpler to the richer.

    use
        NaN where there is nothing to learn. Raises InputError where no model has enough rows.
    """
    folds = folds_of(inputs.calendar.day, inputs.interval)
    tried: dict[str, tuple[UseModel, Floats]] = {}
    for kind in kinds:
        model = model_of(kind, zone, country, inputs.interval)
        tried[kind] = model, model.cross_predict(inputs, use, folds)
    everywhere = np.all([np.isfinite(held_out) for _, held_out in tried.values()], axis=0)
    judged = np.where(everywhere, use, np.nan)
    compared = {kind: fit_figures(judged, held_out) for kind, (_, held_out) in tried.items()}
    best = _best(compared)
    return Choice(*tried[best], compared)


def _best(compared: Mapping[str, Fit]) -> str:
    """The kind with the least error, a simpler one where it is about as good."""
    if not compared:
        raise InputError("there must be a model to choose from, got none")
    best, *others = compared
    for kind in others:
        if not compared[kind].cv_rmse_pct >= _BETTER * compared[best].cv_rmse_pct:
            best = kind
    return best
