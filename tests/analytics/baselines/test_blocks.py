"""Blocks of cross-validation."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from analytics.baselines.blocks import FOLDS, folds_of
from analytics.baselines.series import Interval


@settings(max_examples=30)
@given(first=st.integers(0, 30_000), days=st.integers(42, 800))
def test_whole_blocks_are_left_out_and_every_fold_has_one(first: int, days: int) -> None:
    day = np.repeat(np.arange(first, first + days), 24)
    folds = folds_of(day, Interval.HOUR)
    length = 28 if days > FOLDS * 28 else 7
    changes = np.flatnonzero(np.diff(folds)) + 1
    assert (np.diff(np.concatenate([[0], changes]))[1:] == 24 * length).all()
    assert set(folds.tolist()) == set(range(FOLDS))


def test_months_are_dealt_one_by_one() -> None:
    day = np.arange(0, 360, 30)
    assert folds_of(day, Interval.MONTH).tolist() == [0, 1, 2, 3, 4, 5] * 2
    assert len(folds_of(day[:0], Interval.DAY)) == 0
