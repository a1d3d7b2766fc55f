"""Least squares over a grid of bends: all pairs at once, by sums of products."""

from typing import NamedTuple

import numpy as np

from analytics.baselines.inputs import Bools, Floats


class Bend(NamedTuple):
    """The best pair: positions in the grids, constant, slope of either side, what is left of the squares."""

    below: int
    above: int
    constant: float
    slopes: tuple[float, float]
    left: float


def best_pair(
    below: Floats, above: Floats, use: Floats, weights: Floats, allowed: Bools, convex_only: bool
) -> Bend | None:
    """The pair of columns that leaves least of ``use``, of those with slopes of the right sign.

    below, above
        One row a candidate, one column an interval. A side of one row of zeros has no slope.
    allowed
        Which pairs count (rows of ``below`` by rows of ``above``).
    convex_only
        Slopes may fall below zero as long as their sum does not: the line bends upward.

    None: there is no such pair.
    """
    total = weights.sum()
    squares, products, spread = _centred(below, above, use, weights / total)
    bb, aa, ba = squares
    by, ay = products
    # Two unknowns: Cramer's rule. A side without spread has a slope of 0.
    flat_b, flat_a = bb <= 1e-12, aa <= 1e-12
    det = bb[:, None] * aa[None, :] - ba**2
    safe = np.where(det > 1e-9 * np.maximum(bb[:, None] * aa[None, :], 1e-300), det, np.inf)
    sb = (by[:, None] * aa[None, :] - ay[None, :] * ba) / safe
    sa = (ay[None, :] * bb[:, None] - by[:, None] * ba) / safe
    sb = np.where(flat_a[None, :], (by / np.where(flat_b, np.inf, bb))[:, None], sb)
    sa = np.where(flat_b[:, None], (ay / np.where(flat_a, np.inf, aa))[None, :], sa)
    right = sb + sa >= 0 if convex_only else (sb >= 0) & (sa >= 0)
    left = np.where(right & allowed, spread - sb * by[:, None] - sa * ay[None, :], np.inf)
    i, j = np.unravel_index(int(np.argmin(left)), left.shape)
    if not np.isfinite(left[i, j]):
        return None
    slopes = float(sb[i, j]), float(sa[i, j])
    share = weights / total
    constant = float(share @ (use - slopes[0] * below[i] - slopes[1] * above[j]))
    return Bend(int(i), int(j), constant, slopes, float(left[i, j] * total))


def _centred(
    below: Floats, above: Floats, use: Floats, share: Floats
) -> tuple[tuple[Floats, Floats, Floats], tuple[Floats, Floats], float]:
    """Weighted means of products of what is left when each column's own mean is taken off."""
    b = below - (below @ share)[:, None]
    a = above - (above @ share)[:, None]
    y = use - float(use @ share)
    weighted = y * share
    return (
        ((b**2) @ share, (a**2) @ share, (b * share) @ a.T),
        (b @ weighted, a @ weighted),
        float(y @ weighted),
    )
