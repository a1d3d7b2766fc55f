"""Outdoor temperature as expected values need it: by the hour, short gaps closed, with its inertia."""

import numpy as np

from analytics.grid import Floats

LONGEST_FILLED_GAP_H = 3
"""Hours without a reading in a row that are interpolated; over longer ones temperature is not known."""

INERTIA_H = 24
"""A building answers to the weather of about a day, not of the moment alone."""


def fill_gaps(hourly_c: Floats) -> Floats:
    """Hourly temperature in °C with gaps (NaN) of up to three hours interpolated linearly.

    Longer gaps, and those at either end, stay NaN.
    """
    known = ~np.isnan(hourly_c)
    if not known.any():
        return hourly_c.copy()
    hour = np.arange(len(hourly_c))
    filled = np.interp(hour, hour[known], hourly_c[known], left=np.nan, right=np.nan)
    return np.where(known | (_gap_lengths(known) <= LONGEST_FILLED_GAP_H), filled, np.nan)


def trailing_mean(hourly_c: Floats) -> Floats:
    """Mean of each hour and the 23 before it; NaN where any of them is not known."""
    mean = np.full(len(hourly_c), np.nan)
    if len(hourly_c) >= INERTIA_H:
        windows = np.lib.stride_tricks.sliding_window_view(hourly_c, INERTIA_H)
        mean[INERTIA_H - 1 :] = windows.mean(axis=1)
    return mean


def _gap_lengths(known: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> Floats:
    """For each hour, how many in a row are as it is."""
    edge = np.flatnonzero(np.diff(known)) + 1
    lengths = np.diff(np.concatenate([[0], edge, [len(known)]]))
    return np.repeat(lengths, lengths).astype(float)
