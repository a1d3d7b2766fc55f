"""Penalised least squares over rows in folds: products are summed up once, each fold is taken off in turn."""

import numpy as np
from numpy.typing import NDArray

from analytics.baselines.inputs import Floats

Rows = NDArray[np.float32]
Ints = NDArray[np.int64]

_HUBER = 2.0
"""Robust standard deviations beyond which an error counts for its size only, not for its square."""


def solve_folds(
    rows: Rows, use: Floats, weights: Floats, penalty: Floats, folds: Ints
) -> tuple[Floats, dict[int, Floats]]:
    """Coefficients over all rows, and for each fold those over the others.

    penalty
        What each coefficient's square is charged with, in rows. Half the precision is more than the data
        have, and multiplies twice as fast.
    """
    root = np.sqrt(weights).astype(np.float32)[:, None]
    squares, products = {}, {}
    for fold in np.unique(folds).tolist():
        mine = folds == fold
        part = rows[mine] * root[mine]
        squares[fold] = (part.T @ part).astype(np.float64)
        products[fold] = part.T.astype(np.float64) @ (use[mine] * root[mine, 0])
    square = np.sum(list(squares.values()), axis=0) + np.diag(penalty)
    product = np.sum(list(products.values()), axis=0)
    others = {
        fold: np.linalg.solve(square - squares[fold], product - products[fold])
        for fold in (squares if len(squares) > 1 else ())
    }
    return np.linalg.solve(square, product), others


def robust_weights(rows: Rows, use: Floats, penalty: Floats, rounds: int = 2) -> Floats:
    """Huber's weights (0 to 1) of rows, from fits of few columns."""
    weights = np.ones(len(use))
    one = np.zeros(len(use), dtype=np.int64)
    for _ in range(rounds):
        coefficients, _ = solve_folds(rows, use, weights, penalty, one)
        weights = huber_weights(use - rows @ coefficients.astype(np.float32))
    return weights


def huber_weights(errors: Floats) -> Floats:
    """1 for errors within two robust standard deviations, falling with their size beyond."""
    size = np.abs(errors)
    scale = 1.4826 * float(np.median(size))
    if scale == 0.0:
        return np.ones(len(errors))
    return np.minimum(1.0, _HUBER * scale / np.maximum(size, 1e-300))
