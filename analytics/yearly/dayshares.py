"""The share of a year that each of its days gets, from last year's days.

A year becomes days by two kinds of day and a season (the day-level quotas of Chengdu: 工作日/非工作日).
With last year's days known, a day's weight is the mean use of last year's days of its kind in the five
weeks around it; the week is the same of 52 that wrap, Monday first. So working days of one week weigh
alike, and so do the others. Without last year every working day weighs the same, and another day half of
it; that half is an assumption, and whoever shows a budget that rests on it says so (``has_history``).

Weights divided by their sum are shares; a budget is the share times the year's limit. A holiday that
moves (Spring Festival) weighs as a non-working day of its weeks. Days of years whose working calendar is
not announced go by weekends and fixed holidays (``quotawatt.calendars.working_calendar_known``).
"""

from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray

from quotawatt.calendars import is_working_day, kept
from quotawatt.errors import InputError

Matrix = NDArray[np.float64]
Days = NDArray[np.bool_]

MIN_KNOWN_SHARE = 0.8
"""Share of last year's days that must be known for last year to serve as the pattern."""

NON_WORKING_WEIGHT = 0.5
"""Weight of a non-working day to a working day where nothing is known. Assumed."""

_SAME = 1e-6
"""Relative difference below which two days' use is one figure, spread."""
_MOST_SAME = 0.8
"""Share of the turns of the week that last year must not reach to tell kinds of days apart."""

_WEEKS = 52
_REACH = 2
"""Weeks before and after a week whose days say its level."""


def day_shares(
    last_years: Matrix, year: int, country: str = "CN", heating: Days | None = None
) -> Matrix:
    """The share of the year that each of its days gets, one row a series; rows sum to 1.

    last_years
        Daily use of the calendar year before, one row a series, one column a day; NaN: not known.
        Use below zero counts as none.
    country
        Whose working calendar, see ``quotawatt.calendars``.
    heating
        The days of ``year`` on which a heating account may use anything; the others get 0. None: all.

    Raises InputError where ``last_years`` has another number of days than that year, and where
    ``heating`` is not one value a day or leaves no day.
    """
    first = date(year, 1, 1)
    until = date(year + 1, 1, 1)
    return span_shares(last_years, date(year - 1, 1, 1), first, until, country, heating)


def span_shares(
    history: Matrix,
    history_first: date,
    first: date,
    until: date,
    country: str = "CN",
    open_days: Days | None = None,
) -> Matrix:
    """As ``day_shares`` for the days ``[first, until)`` of any account, such as a heating season.

    ``history`` begins on ``history_first``; it is the year, or season, before.
    """
    n_days = (until - first).days
    allowed = np.ones(n_days, dtype=bool) if open_days is None else open_days
    if allowed.shape != (n_days,) or not allowed.any():
        raise InputError(
            f"the days of use must be one value for each of {n_days} days and leave one, "
            f"got {allowed.shape} with {int(allowed.sum())}"
        )
    if history_first.toordinal() + history.shape[1] > first.toordinal():
        raise InputError(
            f"a history must end before {first} begins, got {history.shape[1]} days "
            f"from {history_first}"
        )
    working = working_days(first, n_days, country)
    usual = np.where(working, 1.0, NON_WORKING_WEIGHT)
    levels = _levels(history, working_days(history_first, history.shape[1], country), history_first)
    kind_and_week = np.where(working, 0, _WEEKS) + _week_of(first, n_days)
    kinds = has_kinds(history, history_first, country)
    learnt = levels[:, kind_and_week] * allowed * np.where(kinds[:, None], 1.0, usual)
    usable = has_history(history) & (learnt.sum(axis=1) > 0)
    weights = np.where(usable[:, None], learnt, usual * allowed)
    shares: Matrix = weights / weights.sum(axis=1, keepdims=True)
    return shares


def has_history(history: Matrix) -> Days:
    """Whether each series' last year is known well enough to serve as the pattern, and used anything."""
    if history.shape[1] == 0:
        return np.zeros(len(history), dtype=bool)
    known = np.mean(~np.isnan(history), axis=1) >= MIN_KNOWN_SHARE
    used = np.nansum(np.maximum(history, 0.0), axis=1) > 0
    found: Days = known & used
    return found


def has_kinds(history: Matrix, first: date, country: str = "CN") -> Days:
    """Whether each series' last year tells working days from others; not where bills were spread over both.

    Looked at are the turns between days of different kinds with use on either: if the use is the very same
    before and after nearly all of them, nobody measured it by the day. ``first`` is the history's first day.
    """
    working = working_days(first, history.shape[1], country)
    turns = np.flatnonzero(working[1:] != working[:-1])
    before, after = history[:, turns], history[:, turns + 1]
    used = np.fmax(np.abs(before), np.abs(after))
    same = (np.abs(after - before) <= _SAME * used) & (used > 0)
    counted = (~np.isnan(after - before) & (used > 0)).sum(axis=1)
    found: Days = same.sum(axis=1) < _MOST_SAME * np.maximum(counted, 1)
    return found


def working_days(first: date, n_days: int, country: str = "CN") -> Days:
    """Which of ``n_days`` days from ``first`` on are working days."""
    return np.array(_working(first, n_days, country), dtype=bool)


def _levels(history: Matrix, working: Days, first: date) -> Matrix:
    """Mean use by kind of day and week: 52 columns of working days, then 52 of the others.

    A week without a known day of the kind has the mean of the kind over the year; a kind without a
    known day has the mean of the other, weighted as assumed.
    """
    known = ~np.isnan(history)
    values = np.where(known, np.maximum(history, 0.0), 0.0)
    week = _week_of(first, history.shape[1])
    levels = [_level_of_kind(values, known, week, kind) for kind in (working, ~working)]
    levels[0] = np.where(np.isnan(levels[0]), levels[1] / NON_WORKING_WEIGHT, levels[0])
    levels[1] = np.where(np.isnan(levels[1]), levels[0] * NON_WORKING_WEIGHT, levels[1])
    found: Matrix = np.nan_to_num(np.concatenate(levels, axis=1))
    return found


def _level_of_kind(values: Matrix, known: Days, week: NDArray[np.int64], kind: Days) -> Matrix:
    sums, counts = _by_week(values * kind, week), _by_week(known & kind, week)
    near_sums, near_counts = _with_neighbours(sums), _with_neighbours(counts)
    all_counts = counts.sum(axis=1, keepdims=True)
    nothing = np.full((len(values), 1), np.nan)
    usual = np.divide(
        sums.sum(axis=1, keepdims=True), all_counts, out=nothing, where=all_counts > 0
    )
    fallback = np.broadcast_to(usual, sums.shape).copy()
    level: Matrix = np.divide(near_sums, near_counts, out=fallback, where=near_counts > 0)
    return level


def _by_week(days: Matrix | Days, week: NDArray[np.int64]) -> Matrix:
    """Sums by week, 52 columns; days at both ends of a year may lie in one week."""
    starts = np.flatnonzero(np.diff(week, prepend=-1))
    runs = np.add.reduceat(days, starts, axis=1, dtype=np.float64)
    weeks = np.zeros((len(days), _WEEKS))
    for run, at in enumerate(week[starts]):
        weeks[:, at] += runs[:, run]
    return weeks


def _with_neighbours(weeks: Matrix) -> Matrix:
    around = range(-_REACH, _REACH + 1)
    total: Matrix = np.sum([np.roll(weeks, shift, axis=1) for shift in around], axis=0)
    return total


def _week_of(first: date, n_days: int) -> NDArray[np.int64]:
    """Which of the 52 weeks each day lies in. Day 1 of the ordinal calendar is a Monday."""
    return (first.toordinal() - 1 + np.arange(n_days)) // 7 % _WEEKS


@kept(maxsize=64)
def _working(first: date, n_days: int, country: str) -> tuple[bool, ...]:
    return tuple(is_working_day(first + timedelta(days=n), country) for n in range(n_days))
