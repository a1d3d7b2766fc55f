"""Boosted trees answer from plain numbers as scikit-learn does from its own."""

import json

import numpy as np
import pytest
from sklearn.ensemble import HistGradientBoostingRegressor

from analytics.baselines.boosting import SETTINGS, BoostedTrees, features
from tests.analytics.baselines.made import SHANGHAI, office

OFFICE = office(days=60)


def test_answers_are_scikit_learns_and_survive_text() -> None:
    model = BoostedTrees(SHANGHAI, "CN").fit(OFFICE.frame, OFFICE.frame["use"])
    inputs = model.inputs(OFFICE.frame)
    known = inputs.weather_known
    theirs = HistGradientBoostingRegressor(**SETTINGS).fit(
        features(inputs)[known], OFFICE.frame["use"].to_numpy()[known]
    )
    expected = np.maximum(theirs.predict(features(inputs)[known]), 0)
    assert model.predict(OFFICE.frame)[known] == pytest.approx(expected)
    text = json.dumps(model.to_document(), allow_nan=False)
    again = BoostedTrees(SHANGHAI, "CN").learn(json.loads(text))
    assert again.predict(OFFICE.frame)[known] == pytest.approx(expected)
