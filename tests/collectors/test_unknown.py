"""Unknown devices: listed, their messages kept within limits, nothing of them in the series store."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from collectors.decode import Decoder
from collectors.decoded import Block, Decoded, Message
from collectors.unknown import OFFERS_LIMIT, SHOWN_BYTES, Sightings
from collectors.values import to_us
from quotawatt.settings import Settings
from quotawatt.storage.tables import kept_messages, seen_devices
from tests.collectors.scenery import NOW, Stage, reading, stage

Make = Callable[..., Stage]


@pytest.fixture
def make(records_url: str, tmp_path: Path, decoder: Decoder) -> Iterator[Make]:
    with ExitStack() as stack:

        def made(**settings: Any) -> Stage:
            return stack.enter_context(stage(tmp_path, decoder, records_url, **settings))

        yield made


def kept(here: Stage) -> list[tuple[str, bytes]]:
    return [(row["device"], row["payload"]) for row in here.rows(kept_messages)]


def test_an_unknown_device_is_listed_and_kept_and_nothing_of_it_is_stored(make: Make) -> None:
    here = make()
    here.pipeline.process([reading("new", 0), reading("new", 1, channel="B")])
    here.pipeline.process([reading("new", 2)])
    assert here.values("new") == []
    (row,) = here.rows(seen_devices)
    assert (row["device"], row["profile"], row["messages"]) == ("new", "native", 3)
    assert (row["first_seen"], row["last_seen"]) == (NOW, NOW + timedelta(minutes=2))
    assert row["topic"] == "quotawatt/new/readings"
    assert row["payload"] == reading("new", 2).payload
    assert [(o["channel"], o["quantity"], o["value"]) for o in row["offers"]] == [
        ("", "water_m3", 2.0),
        ("B", "water_m3", 1.0),
    ]
    assert row["earliest_reading"] == NOW
    messages = [reading("new", 0), reading("new", 1, channel="B"), reading("new", 2)]
    assert kept(here) == [("new", message.payload) for message in messages]
    assert row["kept_bytes"] == sum(len(message.payload) for message in messages)
    assert here.total("messages_kept") == 3
    assert here.total("readings_written") == 0


def test_of_one_device_the_newest_messages_stay(make: Make) -> None:
    here = make(kept_messages_per_device=3)
    here.pipeline.process([reading("a", minute) for minute in range(5)])
    here.pipeline.process([reading("a", 5), reading("b", 5)])
    assert kept(here) == [
        ("a", reading("a", 3).payload),
        ("a", reading("a", 4).payload),
        ("a", reading("a", 5).payload),
        ("b", reading("b", 5).payload),
    ]
    first, second = here.rows(seen_devices)
    assert (first["messages"], first["kept"], first["dropped"]) == (6, 3, 3)
    assert (second["messages"], second["kept"], second["dropped"]) == (1, 1, 0)
    assert here.total("kept_messages_dropped") == 3


def test_of_all_devices_the_oldest_messages_go(make: Make) -> None:
    here = make(kept_messages_limit=4)
    here.pipeline.process([reading("a", 0), reading("b", 0), reading("a", 1)])
    here.pipeline.process([reading("c", 2), reading("c", 3), reading("c", 4)])
    assert [device for device, _ in kept(here)] == ["a", "c", "c", "c"]
    rows = {row["device"]: row for row in here.rows(seen_devices)}
    assert [(rows[d]["kept"], rows[d]["dropped"]) for d in "abc"] == [(1, 1), (0, 1), (3, 0)]
    assert here.total("kept_messages_dropped") == 2


def test_the_bytes_of_what_is_kept_are_limited(make: Make) -> None:
    here = make(kept_bytes_limit=1_048_576)
    padding = b" " * 250_000
    for minute in range(6):
        message = reading("a", minute)
        here.pipeline.process([message._replace(payload=message.payload + padding)])
    (row,) = here.rows(seen_devices)
    assert (row["kept"], row["dropped"]) == (4, 2)
    assert row["kept_bytes"] == sum(len(payload) for _, payload in kept(here)) <= 1_048_576
    assert len(row["payload"]) == SHOWN_BYTES
    assert row["payload_bytes"] > 250_000


def test_devices_not_seen_for_longest_leave_the_list(make: Make) -> None:
    here = make(seen_devices_limit=3)
    for minute in range(5):
        here.pipeline.process([reading(f"d{minute}", minute)])
    assert [row["device"] for row in here.rows(seen_devices)] == ["d2", "d3", "d4"]
    assert [device for device, _ in kept(here)] == ["d2", "d3", "d4"]
    assert here.total("seen_devices_forgotten") == here.total("kept_messages_dropped") == 2


def test_ten_thousand_random_devices_do_not_fill_the_table(make: Make) -> None:
    here = make(seen_devices_limit=50)
    for start in range(0, 10_000, 2_500):
        numbers = range(start, start + 2_500)
        here.pipeline.process([reading(f"{number:05}", number) for number in numbers])
    assert len(here.rows(seen_devices)) == len(here.rows(kept_messages)) == 50
    assert here.rows(seen_devices)[0]["device"] == "09950"


def test_a_partly_readable_message_of_an_unknown_device_is_kept_once(make: Make) -> None:
    here = make()
    body = b'{"values": {"water_m3": 3, "volts": 1}}'
    here.pipeline.process([Message("quotawatt/new/readings", body, NOW)])
    assert kept(here) == [("new", body)]
    assert here.total("rejected:unknown_quantity") == 0


def test_a_clock_far_off_is_no_time_to_bind_from(make: Make) -> None:
    here = make()
    body = b'{"time": "1970-01-01T00:00:00Z", "values": {"water_m3": 3}}'
    here.pipeline.process([Message("quotawatt/new/readings", body, NOW)])
    (row,) = here.rows(seen_devices)
    assert row["earliest_reading"] is None


def test_no_more_offers_are_listed_than_fit(make: Make) -> None:
    here = make()
    many = [reading("new", 0, channel=f"c{n:04}") for n in range(2 * OFFERS_LIMIT)]
    here.pipeline.process(many[:OFFERS_LIMIT])
    here.pipeline.process(many[OFFERS_LIMIT:])
    (row,) = here.rows(seen_devices)
    assert len(row["offers"]) == OFFERS_LIMIT
    assert row["offers"][0]["channel"] == f"c{OFFERS_LIMIT:04}"


@given(st.lists(st.integers(0, 4_000_000_000), min_size=1, max_size=20))
def test_the_earliest_plausible_time_is_noted_in_any_order(seconds: list[int]) -> None:
    settings = Settings()
    sightings = Sightings(settings)
    message = Message("t", b"", NOW)
    for second in seconds:
        block = Block("", "water_m3", [second * 1_000_000], [1.0])
        sightings.keep(message, Decoded("native", "d", to_us(NOW), [block], []))
    begin_s, end_s = 1_262_304_000, int(NOW.timestamp()) + 600
    plausible = [second for second in seconds if begin_s <= second <= end_s]
    expected = min(plausible) * 1_000_000 if plausible else None
    assert sightings.by_device["d"].earliest_us == expected
