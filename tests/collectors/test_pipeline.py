"""The way of a batch through the stores: memory and a real SQLite file."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pyarrow as pa
import pytest
from sqlalchemy import Engine, RowMapping, select

from collectors.deadletters import list_letters
from collectors.decode import Decoder
from collectors.decoded import Message, Problem
from collectors.pipeline import Pipeline
from quotawatt.errors import StoreError
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Binding, Register
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.port import WriteReport
from quotawatt.storage.tables import counters, findings, kept_messages, seen_devices
from quotawatt.storage.touched import clear, take

NOW = datetime(2023, 7, 1, 12, 30, tzinfo=UTC)
REGISTER = Register(bindings=[Binding("known", "MTR-1", datetime(2023, 1, 1, tzinfo=UTC))])
ALL = Span(datetime(1900, 1, 1, tzinfo=UTC), datetime(2199, 1, 1, tzinfo=UTC))


class Store(MemorySeriesStore):
    """The memory store, with something that happens before each write."""

    def __init__(self) -> None:
        super().__init__()
        self.before: Callable[[], None] = lambda: None

    def write_readings(self, readings: pa.Table) -> WriteReport:
        self.before()
        return super().write_readings(readings)


@pytest.fixture
def store() -> Store:
    return Store()


@pytest.fixture
def pipeline(store: Store, records: Engine, decoder: Decoder) -> Pipeline:
    return Pipeline(store, records, lambda: REGISTER, decoder, Settings(dead_letters_limit=3))


def message(value: object, time: datetime = NOW, device: str = "known") -> Message:
    document = {"time": time.isoformat(), "values": {"water_m3": value}}
    return Message(f"quotawatt/{device}/readings", json.dumps(document).encode(), NOW)


def totals(records: Engine) -> dict[str, int]:
    with records.connect() as conn:
        rows = conn.execute(select(counters.c.name, counters.c.total))
        internal = ("touched", "dead_letters_held")
        return {name: total for name, total in rows if not name.startswith(internal)}


def stored(store: Store, device: str = "known") -> list[tuple[datetime, float, str]]:
    table = store.read_readings([SeriesKey(device, "", "water_m3")], ALL)
    return [(r["time"], r["value"], r["quality"]) for r in table.to_pylist()]


def marks(records: Engine) -> list[datetime]:
    with records.begin() as conn:
        return [row.hour for row in take(conn)[1]]


def fail() -> None:
    raise StoreError("the store must answer, it is off")


def test_a_batch_is_written_marked_and_counted(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    report = pipeline.process([message(1.0), message(2.0, NOW + timedelta(minutes=1))])
    assert report.written == 2
    assert [value for _, value, _ in stored(store)] == [1.0, 2.0]
    assert marks(records) == [datetime(2023, 7, 1, 12, tzinfo=UTC)]
    assert totals(records) == {"messages_received": 2, "readings_written": 2}


def test_the_same_message_twice_is_one_reading(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    pipeline.process([message(1.0)])
    pipeline.process([message(1.0)])
    assert len(stored(store)) == 1
    assert totals(records)["readings_duplicate"] == 1


def test_two_values_of_one_instant_are_a_finding(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    for value in (5.0, 4.0, 4.0):
        pipeline.process([message(value)])
    assert [value for _, value, _ in stored(store)] == [5.0]
    with records.connect() as conn:
        (row,) = conn.execute(select(findings.c.code, findings.c.subject))
    assert tuple(row) == ("reading_conflict", "known//water_m3")
    assert totals(records)["reading_conflicts"] == 2


def test_of_a_known_device_unbound_channels_are_stored_and_listed(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    document = b'{"channel": "L2", "values": {"water_m3": 3}}'
    pipeline.process([message(1.0), Message("quotawatt/known/readings", document, NOW)])
    table = store.read_readings([SeriesKey("known", "L2", "water_m3")], ALL)
    assert table["value"].to_pylist() == [3.0]
    with records.connect() as conn:
        (row,) = conn.execute(select(seen_devices)).mappings()
        assert conn.execute(select(kept_messages)).all() == []
    assert (row["device"], row["messages"], row["kept"]) == ("known", 1, 0)
    assert row["offers"] == [
        {"channel": "L2", "quantity": "water_m3", "value": 3.0, "time": NOW.isoformat()}
    ]


def test_while_the_record_store_fails_the_register_stays(
    store: Store, records: Engine, decoder: Decoder
) -> None:
    answers: list[Register | None] = [REGISTER, None, REGISTER]

    def source() -> Register:
        answer = answers.pop(0)
        if answer is None:
            raise StoreError("the store must answer, it is off")
        return answer

    pipeline = Pipeline(store, records, source, decoder, Settings())
    pipeline.process([message(1.0)])
    pipeline.process([message(2.0, NOW + timedelta(minutes=1))])
    assert len(stored(store)) == 2


def test_dropped_messages_of_a_flooding_device_are_a_finding(
    pipeline: Pipeline, records: Engine
) -> None:
    for dropped in (200, 50):
        intake = pipeline.begin()
        intake.add(message(1.0))
        intake.dropped["known"] += dropped
        pipeline.commit(intake)
    with records.connect() as conn:
        (row,) = conn.execute(select(findings)).mappings()
    assert (row["code"], row["subject"]) == ("device_flooding", "known")
    assert (row["detail"], row["last_seen"]) == ({"dropped": 250}, NOW)
    assert totals(records)["messages_flood_dropped"] == 250


def test_a_message_refused_beforehand_tells_its_true_size(
    pipeline: Pipeline, records: Engine
) -> None:
    intake = pipeline.begin()
    cut = Message("quotawatt/known/readings", b"{", NOW)
    intake.refuse(cut, Problem("too_large", "too large"), 10_000_000)
    pipeline.commit(intake)
    with records.connect() as conn:
        (letter,) = list_letters(conn)
    assert (letter.payload, letter.payload_bytes, letter.cut) == (b"{", 10_000_000, True)
    assert totals(records)["messages_received"] == 1


def test_poison_becomes_a_dead_letter_and_stops_nobody(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    poison = Message("quotawatt/known/readings", b"\xff\x00{", NOW)
    pipeline.process([poison, message(1.0), Message("nobody/knows", b"1", NOW)])
    assert len(stored(store)) == 1
    with records.connect() as conn:
        letters = list_letters(conn)
    assert [(x.reason, x.payload) for x in letters] == [
        ("not_json", b"\xff\x00{"),
        ("no_profile", b"1"),
    ]
    assert letters[0].arrived == NOW
    found = totals(records)
    assert (found["rejected:not_json"], found["rejected:no_profile"]) == (1, 1)


def test_a_partly_wrong_message_gives_its_good_readings_and_is_kept(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    document = b'{"values": {"water_m3": 3, "volts": 1}}'
    pipeline.process([Message("quotawatt/known/readings", document, NOW)])
    assert [value for _, value, _ in stored(store)] == [3.0]
    with records.connect() as conn:
        assert [x.reason for x in list_letters(conn)] == ["unknown_quantity"]


def test_suspect_readings_are_stored_as_such_and_counted(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    pipeline.process([message(-1.0), message(1.0, datetime(1970, 1, 1, tzinfo=UTC))])
    assert [quality for _, _, quality in stored(store)] == ["suspect", "suspect"]
    found = totals(records)
    assert found["suspect:counter_below_zero"] == found["suspect:clock_before_2010"] == 1


def suspects(records: Engine) -> dict[tuple[str, str], RowMapping]:
    """The findings of suspect readings by subject and reason."""
    chosen = select(findings).where(findings.c.code == "reading_suspect")
    with records.connect() as conn:
        return {(row["subject"], row["key"]): row for row in conn.execute(chosen).mappings()}


def test_a_suspect_position_is_told_without_where_it_is(
    pipeline: Pipeline, records: Engine
) -> None:
    told = {"latitude_deg": 36.65, "speed_kmh": 20.0}
    payload = json.dumps({"time": "1970-01-01T00:00:00Z", "values": told}).encode()
    pipeline.process([Message("quotawatt/known/readings", payload, NOW)])
    found = {subject: row["detail"]["value"] for (subject, _), row in suspects(records).items()}
    assert found == {"known//latitude_deg": None, "known//speed_kmh": 20.0}


def test_a_suspect_reading_is_a_finding_by_series_and_reason(
    pipeline: Pipeline, records: Engine
) -> None:
    volts = b'{"channel": "L1", "values": {"voltage_v": 800001}}'
    ahead = NOW + timedelta(seconds=601)
    old = datetime(1970, 1, 1, tzinfo=UTC)
    pipeline.process(
        [
            *(message(-1.0 - n, NOW - timedelta(minutes=n)) for n in range(2)),
            message(1.0, old),
            message(1.0, ahead),
            message(1.0),
            Message("quotawatt/known/readings", volts, NOW),
        ]
    )
    found = suspects(records)
    water = "known//water_m3"
    assert {named: row["detail"] for named, row in found.items()} == {
        (water, "counter_below_zero"): {
            "rule": "a counter must not be below zero",
            "value": -2.0,
            "time": (NOW - timedelta(minutes=1)).isoformat(),
            "arrived": NOW.isoformat(),
            "count": 2,
        },
        (water, "clock_before_2010"): {
            "rule": "a clock must not be before 2010-01-01",
            "value": 1.0,
            "time": old.isoformat(),
            "arrived": NOW.isoformat(),
            "count": 1,
        },
        (water, "clock_ahead"): {
            "rule": "a clock must not be more than 600 s ahead of arrival",
            "value": 1.0,
            "time": ahead.isoformat(),
            "arrived": NOW.isoformat(),
            "count": 1,
        },
        ("known/L1/voltage_v", "out_of_range"): {
            "rule": "voltage_v must lie within 0 to 800000",
            "value": 800001.0,
            "time": NOW.isoformat(),
            "arrived": NOW.isoformat(),
            "count": 1,
        },
    }
    assert {(row["first_seen"], row["last_seen"]) for row in found.values()} == {(NOW, NOW)}


def test_of_suspect_readings_the_latest_batch_counts(pipeline: Pipeline, records: Engine) -> None:
    later = NOW + timedelta(hours=1)
    pipeline.process([message(-1.0), message(-2.0, NOW - timedelta(minutes=1))])
    document = json.dumps({"time": later.isoformat(), "values": {"water_m3": 1e300}})
    pipeline.process([Message("quotawatt/known/readings", document.encode(), later)])
    document = json.dumps({"time": later.isoformat(), "values": {"water_m3": -7}})
    pipeline.process([Message("quotawatt/known/readings", document.encode(), later)])
    pipeline.process([message(1.0)])
    found = suspects(records)
    row = found["known//water_m3", "counter_below_zero"]
    assert (row["detail"]["value"], row["detail"]["count"]) == (-7.0, 1)
    assert (row["first_seen"], row["last_seen"]) == (NOW, later)
    row = found["known//water_m3", "out_of_range"]
    assert row["detail"]["rule"] == "water_m3 must lie within 0 to 1000000000000"
    assert row["detail"]["value"] == 1e300


def test_plausible_readings_are_no_finding(pipeline: Pipeline, records: Engine) -> None:
    pipeline.process([message(1.0)])
    assert suspects(records) == {}


def test_a_suspect_value_leaves_the_good_one_of_its_instant(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    for value in (104.0, 1e300):
        pipeline.process([message(value)])
    assert stored(store) == [(NOW, 104.0, "measured")]
    assert list(suspects(records)) == [("known//water_m3", "out_of_range")]


def test_ignored_messages_are_counted(pipeline: Pipeline, records: Engine) -> None:
    pipeline.process([Message("plug/status/cloud", b"{}", NOW)])
    assert totals(records) == {"messages_received": 1, "messages_ignored": 1}


def test_beyond_the_limit_the_oldest_letters_go_and_are_counted(
    pipeline: Pipeline, records: Engine
) -> None:
    for number in range(5):
        pipeline.process([Message("nobody/knows", str(number).encode(), NOW)])
    with records.connect() as conn:
        assert [x.payload for x in list_letters(conn)] == [b"2", b"3", b"4"]
    assert totals(records)["dead_letters_dropped"] == 2


def test_a_failing_store_leaves_the_mark_and_may_be_tried_again(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    intake = pipeline.begin()
    intake.add(message(1.0))
    intake.add(Message("nobody/knows", b"1", NOW))
    store.before = fail
    with pytest.raises(StoreError):
        pipeline.commit(intake)
    assert totals(records) == {}
    assert len(marks(records)) == 1
    store.before = lambda: None
    pipeline.commit(intake)
    assert totals(records)["rejected:no_profile"] == totals(records)["readings_written"] == 1


def test_a_reading_that_an_analyser_could_not_see_yet_stays_marked(
    pipeline: Pipeline, store: Store, records: Engine
) -> None:
    def analyse() -> None:
        with records.begin() as conn:
            generation, rows = take(conn)
        assert len(rows) == 1
        with records.begin() as conn:
            clear(conn, generation)

    store.before = analyse
    pipeline.process([message(1.0)])
    assert marks(records) == [datetime(2023, 7, 1, 12, tzinfo=UTC)]


def test_a_mistake_of_ours_costs_one_message_not_the_batch(
    store: Store, records: Engine, decoder: Decoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    decode = decoder.decode

    def broken(topic: str, payload: bytes, arrived: datetime) -> object:
        if payload == b"boom":
            raise KeyError("boom")
        return decode(topic, payload, arrived)

    monkeypatch.setattr(decoder, "decode", broken)
    pipeline = Pipeline(store, records, lambda: REGISTER, decoder, Settings())
    pipeline.process([Message("x", b"boom", NOW), message(1.0)])
    assert len(stored(store)) == 1
    assert totals(records)["rejected:internal_error"] == 1
