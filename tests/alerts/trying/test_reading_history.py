"""Leaving out the readings that change nothing changes nothing."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from alerts.engine.reading_samples import READING_STALE_AFTER
from alerts.engine.samples import Sample, instant_of
from alerts.trying.inputs import Limit, with_gaps
from alerts.trying.reading_history import Thinned
from alerts.trying.trial import spells_of
from alerts.trying.walking import walk
from quotawatt.rulebook.alert_rules import Direction, Flapping, Rule
from quotawatt.storage.frames import micros
from tests.alerts.rules import rule

START = datetime(2023, 6, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
RULE = replace(
    rule("r", "electricity_power_kw", 10, 8, for_=30 * MINUTE, keep=45 * MINUTE),
    flapping=Flapping(2, timedelta(hours=6)),
)


def told(rule: Rule, samples: list[tuple[datetime, Sample]], end: datetime) -> list[object]:
    moments = walk(rule, samples, end, lambda _: ZoneInfo("Asia/Shanghai"))
    return list(spells_of(rule, moments))


def sample(at: datetime, value: float | None) -> tuple[datetime, Sample]:
    return at, Sample("S", "S", value, at)


@given(
    st.lists(
        st.tuples(
            st.sampled_from([5, 10, 60, 200]), st.sampled_from([7.0, 8.0, 9.0, 10.0, 11.0, 12.0])
        ),
        min_size=1,
        max_size=60,
    ),
    st.integers(1, 5),
)
def test_a_thinned_course_tells_the_same(steps: list[tuple[int, float]], pieces: int) -> None:
    at, course = START, []
    for minutes, value in steps:
        at += minutes * MINUTE
        course.append((at, value))
    end = at + 24 * 60 * MINUTE
    whole = list(with_gaps([sample(*one) for one in course], READING_STALE_AFTER, end))

    thinned = Thinned(Limit(Direction.ABOVE, 8))
    for piece in np.array_split(np.arange(len(course)), pieces):
        times = np.array([micros(course[k][0]) for k in piece.tolist()], np.int64)
        values = np.array([course[k][1] for k in piece.tolist()], np.float64)
        thinned.take(times, values)
    thinned.end(micros(end))
    kept = [
        sample(instant_of(time), None if np.isnan(value) else value)
        for time, value in zip(thinned.time_us, thinned.value, strict=True)
    ]
    assert told(RULE, kept, end) == told(RULE, whole, end)
    assert thinned.ever_beyond is any(value > 8 for _, value in course)
