"""When an event found is one that was there."""

import pandas as pd

from benchmarks.anomalies_matching import Event, Score, Truth, pairs, score, tolerance_of

DAY = pd.Timedelta(days=1)
START = pd.Timestamp("2025-01-01", tz="UTC")


def _event(first: float, last: float) -> Event:
    return START + first * DAY, START + last * DAY


def _truth(first: float, last: float) -> Truth:
    start, end = _event(first, last)
    return Truth("leak", start, end, tolerance_of(start, end, 0.25))


def test_an_event_must_overlap_and_begin_in_time() -> None:
    truth = _truth(10, 14)  # two days of tolerance
    assert pairs([truth], [_event(11.5, 30)]) == [(0, 0)]
    assert pairs([truth], [_event(8, 11)]) == [(0, 0)]
    assert pairs([truth], [_event(12.5, 14)]) == []
    assert pairs([truth], [_event(8, 10)]) == []


def test_one_truth_once_and_one_event_once() -> None:
    truths = [_truth(10, 50), _truth(12, 50)]
    events = [_event(12, 13), _event(11, 50), _event(14, 20)]
    assert sorted(pairs(truths, events)) == [(0, 1), (1, 0)]
    assert score(truths, events) == Score(hits=2, false=1, missed=0)


def test_f1_of_nothing_is_nothing() -> None:
    assert Score(0, 0, 0).f1 == 0
    assert Score(3, 1, 1).plus(Score(1, 0, 2)).f1 == 8 / 12
