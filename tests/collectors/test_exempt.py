"""Nothing is kept of where a vehicle exempt from tracking was."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, RowMapping, Table, select

from collectors.decode import Decoder
from collectors.decoded import Message
from collectors.pipeline import Pipeline
from collectors.replay import replay_kept
from quotawatt.quantities import POSITION_QUANTITIES
from quotawatt.register.kinds import Binding, Vehicle
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import counters, dead_letters, kept_messages, seen_devices

NOW = datetime(2024, 3, 1, 8, tzinfo=UTC)
CARS = [
    Vehicle(
        code, "车", code, "ORG", f"鲁Z·{code}", "sedan", "petrol", tracking_exempt=code == "CAR"
    )
    for code in ("CAR", "VAN")
]
BOUND = Register(
    vehicles=CARS,
    bindings=[
        Binding("secret", "CAR", NOW - timedelta(days=9)),
        Binding("open", "VAN", NOW - timedelta(days=9)),
    ],
)
VALUES = {"latitude_deg": 36.5, "longitude_deg": 117.25, "speed_kmh": 61.0, "odometer_km": 12.0}


def message(device: str, values: object = VALUES, at: datetime = NOW, channel: str = "") -> Message:
    topic = f"quotawatt/{device}/readings"
    said = {"time": at.isoformat(), "channel": channel, "values": values}
    return Message(topic, json.dumps(said).encode(), NOW)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    """An empty record store."""
    engine = open_records("sqlite", tmp_path)
    yield engine
    engine.dispose()


class Taken:
    """The stores after messages were taken in."""

    def __init__(self, records: Engine, decoder: Decoder, *messages: Message) -> None:
        self.register = BOUND
        self.series = MemorySeriesStore()
        self.records = records
        self.pipeline = Pipeline(self.series, records, lambda: self.register, decoder, Settings())
        self.pipeline.process(messages)

    def quantities(self, device: str) -> set[str]:
        """What there are readings of."""
        return {key.quantity for key in self.series.known_series() if key.device == device}

    def rows(self, table: Table) -> list[RowMapping]:
        """All rows of a table."""
        with self.records.connect() as conn:
            return list(conn.execute(select(table)).mappings())

    def total(self) -> int:
        """How many positions were not kept."""
        return sum(r["total"] for r in self.rows(counters) if r["name"] == "positions_exempt")


def test_the_odometer_stays_and_positions_go_and_are_counted(
    records: Engine, decoder: Decoder
) -> None:
    taken = Taken(records, decoder, message("secret"), message("open"))
    assert taken.quantities("secret") == {"odometer_km"}
    assert taken.quantities("open") == set(VALUES)
    assert taken.total() == 3
    assert taken.rows(dead_letters) == []


def test_a_wrong_clock_is_no_way_in(records: Engine, decoder: Decoder) -> None:
    wrong = [message("secret", at=NOW.replace(year=year)) for year in (2004, 2031)]
    taken = Taken(records, decoder, *wrong)
    assert taken.quantities("secret") == {"odometer_km"}


def test_before_the_device_came_into_the_vehicle_it_was_anybodys(
    records: Engine, decoder: Decoder
) -> None:
    taken = Taken(records, decoder, message("secret", at=NOW - timedelta(days=10)))
    assert taken.quantities("secret") == set(VALUES)


@pytest.mark.parametrize("device", ["secret", "open"])
def test_what_cannot_be_read_keeps_no_position_either(
    records: Engine, decoder: Decoder, device: str
) -> None:
    half = message(device, {**VALUES, "fuel_level_pct": "latitude 36.5"})
    broken = Message(half.topic, b'{"latitude": 36.5', NOW)
    letters = Taken(records, decoder, half, broken).rows(dead_letters)
    assert [letter["payload_bytes"] for letter in letters] == [
        len(half.payload),
        len(broken.payload),
    ]
    said = b"".join(letter["payload"] + letter["message"].encode() for letter in letters)
    assert (b"36.5" in said) == (device == "open")


@pytest.mark.parametrize("device", ["secret", "open"])
def test_an_unbound_channel_is_listed_without_them(
    records: Engine, decoder: Decoder, device: str
) -> None:
    (seen,) = Taken(records, decoder, message(device, channel="2")).rows(seen_devices)
    offered = {offer["quantity"] for offer in seen["offers"]}
    assert "odometer_km" in offered
    assert (b"36.5" in seen["payload"]) == (device == "open")
    assert bool(offered & POSITION_QUANTITIES) == (device == "open")


def test_what_was_kept_of_an_unknown_device_goes_when_it_becomes_one(
    records: Engine, decoder: Decoder
) -> None:
    taken = Taken(records, decoder, message("new"), message("new", channel="2"))
    assert len(taken.rows(kept_messages)) == 2
    binding = Binding("new", "CAR", NOW - timedelta(days=1))
    taken.register = Register(vehicles=CARS, bindings=[*BOUND.bindings, binding])
    assert list(replay_kept(records, taken.pipeline, taken.register))[-1]["replayed"] == 2
    assert taken.quantities("new") == {"odometer_km"}
    assert taken.rows(kept_messages) == []
    (seen,) = taken.rows(seen_devices)
    assert (seen["payload"], {o["quantity"] for o in seen["offers"]}) == (b"", {"odometer_km"})
