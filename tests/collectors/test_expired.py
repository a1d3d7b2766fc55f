"""Readings from before the raw horizon are refused, the others of their message are taken."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from collectors.decode import Decoder
from collectors.decoded import Block, Decoded, Message
from collectors.expired import Horizon
from collectors.pipeline import Pipeline
from collectors.values import to_us
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.horizon import announce_horizon
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.tables import dead_letters

HORIZON = datetime(2023, 7, 1, tzinfo=UTC)
HOUR = timedelta(hours=1)
CLOCK_FROM = Settings().clock_from


def message(*times: datetime) -> Decoded:
    block = Block("", "water_m3", [to_us(t) for t in times], [float(n) for n in range(len(times))])
    return Decoded("native", "meter", to_us(HORIZON), [block], [])


def test_the_rest_of_a_message_is_taken() -> None:
    given = message(HORIZON - 2 * HOUR, HORIZON, HORIZON + HOUR)
    sifted = Horizon(HORIZON, CLOCK_FROM).sift(given)
    assert [(b.times_us, b.values) for b in sifted.blocks] == [
        ([to_us(HORIZON), to_us(HORIZON + HOUR)], [1.0, 2.0])
    ]
    assert sifted.problems[0].reason == "raw_expired"
    assert "2023-07-01T00:00:00+00:00" in sifted.problems[0].message
    assert "got 1, the first of 2023-06-30T22:00:00+00:00" in sifted.problems[0].message


@pytest.mark.parametrize(
    ("horizon", "time"),
    [
        (None, HORIZON - HOUR),
        (HORIZON, HORIZON),
        (HORIZON, datetime(1970, 1, 1, tzinfo=UTC)),
        (HORIZON, datetime(2009, 12, 31, 23, tzinfo=UTC)),
    ],
)
def test_what_is_not_late_passes_as_it_is(horizon: datetime | None, time: datetime) -> None:
    given = message(time)
    assert Horizon(horizon, CLOCK_FROM).sift(given) is given


def test_a_late_message_is_a_dead_letter_and_can_be_tried_again(
    records: Engine, decoder: Decoder, tmp_path: Path
) -> None:
    series = MemorySeriesStore()
    register = Register(bindings=[Binding("meter", "MTR-1", datetime(2020, 1, 1, tzinfo=UTC))])
    pipeline = Pipeline(series, records, lambda: register, decoder, Settings(home=tmp_path))
    with records.begin() as conn:
        announce_horizon(conn, HORIZON)
    for time in (HORIZON - HOUR, HORIZON + HOUR):
        document = {"time": time.isoformat(), "values": {"water_m3": 5}}
        body = json.dumps(document).encode()
        pipeline.process([Message("quotawatt/meter/readings", body, HORIZON + 2 * HOUR)])
    key = SeriesKey("meter", "", "water_m3")
    found = series.read_readings([key], Span(HORIZON - 9 * HOUR, HORIZON + 9 * HOUR))
    assert found["time"].to_pylist() == [HORIZON + HOUR]
    with records.connect() as conn:
        assert conn.execute(select(dead_letters.c.reason)).scalars().all() == ["raw_expired"]
