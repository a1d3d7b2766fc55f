"""Replay: what was kept of a device becomes readings once the device is bound, whatever breaks off."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest

from collectors import replay
from collectors.decode import Decoder
from collectors.decoded import Message
from collectors.replay import replay_kept
from quotawatt.errors import StoreError
from quotawatt.readings import SeriesKey
from quotawatt.register.repository import save_register
from quotawatt.storage.port import WriteReport
from quotawatt.storage.tables import kept_messages, seen_devices
from quotawatt.storage.touched import take
from tests.collectors.scenery import ALWAYS, NOW, Stage, bound, reading, register, stage
from tests.collectors.written import decoder_of


@pytest.fixture
def here(records_url: str, tmp_path: Path, decoder: Decoder) -> Iterator[Stage]:
    with stage(tmp_path, decoder, records_url) as made:
        yield made


def run(here: Stage, *devices: str) -> list[dict[str, int]]:
    known = register(*[bound(device) for device in devices])
    return list(replay_kept(here.records, here.pipeline, known))


def test_what_was_kept_is_taken_in_and_forgotten(here: Stage) -> None:
    here.pipeline.process([reading("new", minute) for minute in range(5)])
    here.pipeline.process([reading("other", 0)])
    assert run(here, "new") == [{"replayed": 5, "readings": 5, "refused": 0}]
    assert here.values("new") == [0, 1, 2, 3, 4]
    assert [row["device"] for row in here.rows(kept_messages)] == ["other"]
    assert [row["device"] for row in here.rows(seen_devices)] == ["other"]
    assert here.total("messages_replayed") == 5


def test_arrival_is_that_of_then_and_results_are_asked_for(here: Stage) -> None:
    here.pipeline.process([reading("new", 0)])
    run(here, "new")
    table = here.series.read_readings([SeriesKey("new", "", "water_m3")], ALWAYS)
    assert table["arrived"].to_pylist() == [NOW]
    with here.records.begin() as conn:
        assert [row.hour for row in take(conn)[1]] == [NOW.replace(minute=0)]


def test_pages_keep_the_order(here: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(replay, "PAGE", 2)
    here.pipeline.process([reading("new", minute) for minute in range(5)])
    assert [step["replayed"] for step in run(here, "new")] == [2, 4, 5]
    assert here.values("new") == [0, 1, 2, 3, 4]


def test_breaking_off_loses_and_doubles_nothing(
    here: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(replay, "PAGE", 2)
    here.pipeline.process([reading("new", minute) for minute in range(5)])
    known = register(bound("new"))
    steps = replay_kept(here.records, here.pipeline, known)
    next(steps)
    steps.close()  # as when the process dies between two steps
    write = here.series.write_readings

    def then_fail(readings: pa.Table) -> WriteReport:
        write(readings)
        raise StoreError("the store must answer, it is off")

    monkeypatch.setattr(here.series, "write_readings", then_fail)
    with pytest.raises(StoreError):
        list(replay_kept(here.records, here.pipeline, known))
    assert len(here.rows(kept_messages)) == 3
    monkeypatch.undo()
    run(here, "new")
    assert here.values("new") == [0, 1, 2, 3, 4]
    assert here.rows(kept_messages) == []


def test_what_is_still_unbound_stays_listed(here: Stage) -> None:
    here.pipeline.process([reading("new", 0), reading("new", 1, channel="B")])
    run(here, "new")
    (row,) = here.rows(seen_devices)
    assert [offer["channel"] for offer in row["offers"]] == ["B"]
    assert (row["kept"], row["kept_bytes"]) == (0, 0)
    assert here.values("new", "B") == [1]


def test_a_message_no_longer_readable_becomes_a_dead_letter(here: Stage) -> None:
    body = b'{"values": {"water_m3": 3, "volts": 1}}'
    here.pipeline.process([Message("quotawatt/new/readings", body, NOW)])
    assert run(here, "new")[-1]["refused"] == 1
    assert here.values("new") == [3]
    assert here.total("rejected:unknown_quantity") == 1


def test_months_of_one_message_are_marked_hour_by_hour(here: Stage) -> None:
    start = datetime(2023, 3, 1, tzinfo=UTC)
    times = [(start + n * timedelta(minutes=15)).timestamp() for n in range(92 * 96)]
    document = {"times": times, "values": {"water_m3": list(range(len(times)))}}
    body = json.dumps(document).encode()
    here.pipeline.process([Message("quotawatt/new/readings", body, NOW)])
    (row,) = here.rows(seen_devices)
    assert row["earliest_reading"] == start
    run(here, "new")
    assert len(here.values("new")) == len(times)
    with here.records.begin() as conn:
        assert len(take(conn)[1]) == 92 * 24


BIRTHS = """
- topics: ["b/{device}/birth"]
  announces: {each: "m[]", key: "{alias}", name: "{name}"}
  groups: &values
    - at: "m[]"
      named: {name: name, value: v, alias: alias}
      channel: "{name}"
      fields: [{path: "*", quantity: water_m3}]
- topics: ["b/{device}/data"]
  groups: *values
"""


def test_what_a_device_announced_then_holds_for_what_it_sent_then(
    records_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An alias that stands for something else since a later birth, while live messages go on."""
    monkeypatch.setattr(replay, "PAGE", 1)

    def sent(kind: str, minute: int, **entry: object) -> Message:
        body = json.dumps({"m": [{"alias": 1, **entry}]}).encode()
        return Message(f"b/new/{kind}", body, NOW + timedelta(minutes=minute))

    with stage(tmp_path, decoder_of(BIRTHS), records_url) as here:
        here.pipeline.process(
            [
                sent("birth", 0, name="cold", v=10),
                sent("data", 1, v=11),
                sent("birth", 2, name="warm", v=20),
                sent("data", 3, v=21),
            ]
        )
        known = register(bound("new", channel="cold"), bound("new", "MTR-2", "warm"))
        save_register(here.records, known, "officer", NOW)
        for step in replay_kept(here.records, here.pipeline, known):
            live = sent("data", 10 + step["replayed"], v=30 + step["replayed"])
            here.pipeline.process([live])
        assert here.values("new", "cold") == [10, 11]
        assert here.values("new", "warm") == [20, 21, 31, 32, 33, 34]
