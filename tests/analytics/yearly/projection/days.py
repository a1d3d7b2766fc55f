"""Years of days for tests."""

import numpy as np

NAN = np.nan


def days(*runs: tuple[int, float]) -> np.ndarray:
    """One series: ``(count, value)`` after each other."""
    return np.concatenate([np.full(count, value, dtype=float) for count, value in runs])[None, :]


def with_rest(so_far: np.ndarray, length: int = 365, rest: float = NAN) -> np.ndarray:
    """A year that begins like this, its other days alike."""
    return np.pad(so_far, ((0, 0), (0, length - so_far.shape[1])), constant_values=rest)
