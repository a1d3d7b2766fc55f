"""A batch: from decoded messages to a checked table and the hours it touches."""

from datetime import UTC, date, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from collectors.batch import Batch
from collectors.decoded import Block, Decoded
from collectors.values import to_us
from quotawatt.readings import READINGS, readings_table
from quotawatt.spans import floor_hour
from quotawatt.storage.touched import Touched

NOW = datetime(2023, 7, 1, 12, 30, tzinfo=UTC)
LIMIT_S = 600.0


def decoded(*blocks: Block, device: str = "dev", arrived: datetime = NOW) -> Decoded:
    return Decoded("native", device, to_us(arrived), list(blocks), [])


def block(quantity: str, *pairs: tuple[datetime, float], channel: str = "") -> Block:
    return Block(channel, quantity, [to_us(t) for t, _ in pairs], [v for _, v in pairs])


def test_the_table_is_that_of_the_single_readings() -> None:
    messages = [
        decoded(block("water_m3", (NOW, 1.0), (NOW - timedelta(hours=1), 0.5))),
        decoded(block("voltage_v", (NOW, 230.0), channel="2"), device="other"),
        decoded(Block("", "water_m3", [to_us(NOW)], [2.0], 3, True)),
    ]
    batch = Batch()
    for message in messages:
        batch.add(message)
    table = batch.checked(LIMIT_S).readings
    assert table.schema == READINGS
    assert table.equals(readings_table([r for m in messages for r in m.readings()]))
    assert len(batch) == 4


def test_an_empty_batch_is_an_empty_table() -> None:
    checked = Batch().checked(LIMIT_S)
    assert checked.readings.schema == READINGS
    assert (len(checked.readings), checked.touched, dict(checked.suspect)) == (0, frozenset(), {})


def test_suspect_readings_say_why_and_are_counted() -> None:
    batch = Batch()
    day = timedelta(days=1)
    batch.add(decoded(block("water_m3", (NOW, -1.0), (NOW - day, 5.0), (NOW + day, 6.0))))
    checked = batch.checked(LIMIT_S)
    assert checked.readings["quality"].to_pylist() == ["suspect", "measured", "suspect"]
    assert checked.readings["reason"].to_pylist() == ["counter_below_zero", "", "clock_ahead"]
    assert dict(checked.suspect) == {"counter_below_zero": 1, "clock_ahead": 1}


def test_touched_are_the_hours_of_counters_and_gauges_with_a_right_clock() -> None:
    batch = Batch()
    old = datetime(1970, 1, 1, tzinfo=UTC)
    batch.add(
        decoded(
            block("water_m3", (NOW, -1.0), (NOW + timedelta(minutes=5), 5.0), (old, 1.0)),
            block("outdoor_temperature_c", (NOW - timedelta(hours=1), 20.0)),
            block("switch_on", (NOW, 1.0)),
        ),
    )
    hour = datetime(2023, 7, 1, 12, tzinfo=UTC)
    assert batch.checked(LIMIT_S).touched == {
        Touched("dev", "", "water_m3", hour),
        Touched("dev", "", "outdoor_temperature_c", hour - timedelta(hours=1)),
    }


@given(st.lists(st.datetimes(datetime(2010, 1, 2), datetime(2199, 12, 31)), max_size=20))  # noqa: DTZ001
def test_every_reading_touches_its_hour(naive: list[datetime]) -> None:
    times = [time.replace(tzinfo=UTC) for time in naive]
    batch = Batch()
    late = datetime(2199, 12, 31, 23, tzinfo=UTC)
    batch.add(decoded(block("heat_gj", *[(t, 1.0) for t in times]), arrived=late))
    assert {key.hour for key in batch.checked(LIMIT_S).touched} == {floor_hour(t) for t in times}


def test_the_day_from_which_a_clock_can_be_right_is_a_setting() -> None:
    batch = Batch()
    batch.add(decoded(block("water_m3", (datetime(2015, 1, 1, tzinfo=UTC), 1.0), (NOW, 2.0))))
    assert dict(batch.checked(LIMIT_S).suspect) == {}
    assert dict(batch.checked(LIMIT_S, date(2016, 1, 1)).suspect) == {"clock_before_2010": 1}


def test_a_message_without_readings_leaves_the_others_their_arrival() -> None:
    batch = Batch()
    later = NOW + timedelta(minutes=1)
    batch.add(decoded(block("water_m3", (NOW, 1.0), (NOW, 2.0)), block("voltage_v", (NOW, 3.0))))
    batch.add(decoded(arrived=later))
    batch.add(decoded(block("water_m3", (NOW, 4.0)), arrived=later))
    table = batch.checked(LIMIT_S).readings
    assert table["value"].to_pylist() == [1.0, 2.0, 3.0, 4.0]
    assert table["arrived"].to_pylist() == [NOW, NOW, NOW, later]
