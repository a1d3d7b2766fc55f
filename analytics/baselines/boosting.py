"""Gradient boosting on calendar and weather, without lags: scikit-learn's histogram trees.

The trees are kept as plain numbers, and answers are read from those, so that a stored model is text that
nobody executes and answers alike under every version of scikit-learn.
"""

import numpy as np
from numpy.typing import NDArray
from sklearn.ensemble import HistGradientBoostingRegressor

from analytics.baselines.estimator import Document, UseModel
from analytics.baselines.inputs import Bools, Floats, Inputs

SETTINGS = {
    "max_iter": 100,
    "learning_rate": 0.1,
    "max_leaf_nodes": 16,
    "min_samples_leaf": 20,
    "early_stopping": False,
    "random_state": 0,
}
"""Of the trees; the seed is fixed, so that the same data give the same model."""


class BoostedTrees(UseModel):
    """Trees on hour, weekday, kind of day, bridge, temperature and inertia; from a fixed seed."""

    kind = "boosting"

    @property
    def parameters_count(self) -> int:
        """One a feature, and a constant: leaves are no parameters in the sense of n - p."""
        return len(_FEATURES) + 1

    def _fit(self, inputs: Inputs, use: Floats, known: Bools) -> None:
        trees = HistGradientBoostingRegressor(**SETTINGS)
        trees.fit(features(inputs)[known], use[known])
        tables = [tree.nodes for trees_of_step in trees._predictors for tree in trees_of_step]
        self.first_ = np.cumsum([0, *(len(table) for table in tables)])
        nodes = np.concatenate(tables)
        base = np.repeat(self.first_[:-1], np.diff(self.first_))
        leaf = nodes["is_leaf"].astype(bool)
        self.constant_ = float(np.ravel(trees._baseline_prediction)[0])
        self.feature_ = np.where(leaf, -1, nodes["feature_idx"].astype(np.int64))
        self.threshold_ = np.where(leaf, 0.0, nodes["num_threshold"])
        self.left_ = np.where(leaf, 0, nodes["left"].astype(np.int64) + base)
        self.right_ = np.where(leaf, 0, nodes["right"].astype(np.int64) + base)
        self.value_ = nodes["value"].astype(np.float64)

    def _predict(self, inputs: Inputs) -> Floats:
        given = features(inputs)
        value = np.full(len(given), self.constant_)
        for root in self.first_[:-1].tolist():
            value += self.value_[self._leaves(given, root)]
        return value

    def _leaves(self, given: Floats, root: int) -> NDArray[np.int64]:
        """The leaf that each row comes to from this root."""
        node = np.full(len(given), root)
        row = np.arange(len(given))
        while True:
            inner = self.feature_[node] >= 0
            if not inner.any():
                return node
            here, which = node[inner], row[inner]
            goes_left = given[which, self.feature_[here]] <= self.threshold_[here]
            node[inner] = np.where(goes_left, self.left_[here], self.right_[here])

    def _learned(self) -> Document:
        return {
            "constant": self.constant_,
            "first": self.first_.tolist(),
            "feature": self.feature_.tolist(),
            "threshold": self.threshold_.tolist(),
            "left": self.left_.tolist(),
            "right": self.right_.tolist(),
            "value": self.value_.tolist(),
        }

    def _learn(self, document: Document) -> None:
        self.constant_ = float(document["constant"])
        for name in ("first", "feature", "left", "right"):
            setattr(self, f"{name}_", np.asarray(document[name], dtype=np.int64))
        for name in ("threshold", "value"):
            setattr(self, f"{name}_", np.asarray(document[name], dtype=np.float64))


_FEATURES = ("hour", "weekday", "kind", "bridge", "temperature_c", "inertia_c")


def features(inputs: Inputs) -> Floats:
    """One column a feature."""
    given = inputs.calendar._asdict() | inputs._asdict()
    return np.column_stack([given[name] for name in _FEATURES]).astype(np.float64)
