"""The grid of quarter-hours."""

from datetime import UTC, date, datetime

import numpy as np

from simulators.timeline import STEPS_PER_DAY, Timeline


def test_marks_are_local_quarter_hours() -> None:
    timeline = Timeline(date(2023, 1, 1), date(2023, 1, 3))
    assert timeline.steps == 2 * STEPS_PER_DAY == len(timeline.marks_s) - 1
    # Local midnight is 16:00 UTC of the day before.
    assert datetime.fromtimestamp(int(timeline.marks_s[0]), UTC) == datetime(
        2022, 12, 31, 16, tzinfo=UTC
    )
    assert set(np.diff(timeline.marks_s)) == {900}
    assert timeline.mark(date(2023, 1, 2)) == STEPS_PER_DAY
    assert timeline.hour[0] == 0.125
    assert timeline.hour[-1] == 23.875


def test_working_days_follow_the_chinese_calendar() -> None:
    timeline = Timeline(date(2023, 1, 1), date(2024, 1, 1))
    worked = dict(zip(timeline.days, timeline.working_days.tolist(), strict=True))
    assert not worked[date(2023, 1, 24)]  # Tuesday in the Spring Festival
    assert worked[date(2023, 1, 28)]  # Saturday worked in exchange
    assert not worked[date(2023, 10, 4)]
    assert worked[date(2023, 10, 10)]


def test_values_at_midnights_are_met_at_midnights() -> None:
    timeline = Timeline(date(2023, 1, 1), date(2023, 1, 3))
    between = timeline.between_midnights(np.array([0.0, 96.0, 0.0]))
    assert np.allclose(between[:96], np.arange(96) + 0.5)
    assert np.allclose(between[96:], (np.arange(96) + 0.5)[::-1])
