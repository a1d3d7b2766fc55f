"""The demo's messages, a whole year of them."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise

import pytest

from simulators.cast import register_rows
from simulators.demo import YEAR_CLOSED, YEAR_START, demo_messages, live_messages
from simulators.dialects import Message
from simulators.timeline import ZONE
from simulators.world import World


@dataclass
class Year:
    """What the year's messages held, read here without the collectors' decoders."""

    messages: int = 0
    readings: int = 0
    ordered: bool = True
    dialects: Counter[str] = field(default_factory=Counter)
    lags_s: list[float] = field(default_factory=list)
    counters: dict[tuple[str, str], list[tuple[float, float]]] = field(
        default_factory=lambda: defaultdict(list)
    )


COUNTERS = ("electricity_import_kwh", "electricity_export_kwh", "water_m3", "heat_gj")


def samples(message: Message) -> Iterator[tuple[str, str, float, float]]:
    """Device, quantity, time (s) and value of each counter reading of a message."""
    content = json.loads(message.payload)
    if "ENERGY" in content:
        at = datetime.fromisoformat(content["Time"]).replace(tzinfo=ZONE).timestamp()
        device = message.topic.split("/")[1]
        yield device, COUNTERS[0], at, content["ENERGY"]["Total"]
    elif "params" in content:
        total = content["params"]["switch:0"]["aenergy"]["total"] / 1000
        yield content["src"], COUNTERS[0], content["params"]["ts"], total
    elif "times" in content:
        device = message.topic.split("/")[1]
        for name in COUNTERS:
            for at, value in zip(content["times"], content["values"].get(name, ()), strict=False):
                yield device, name, at, value


@pytest.fixture(scope="module")
def year() -> Year:
    year, last = Year(), YEAR_START
    for message in demo_messages():
        year.messages += 1
        year.readings += message.readings
        year.ordered = year.ordered and message.time >= last
        last = message.time
        year.dialects[message.topic.rpartition("/")[2]] += 1
        for device, name, at, value in samples(message):
            year.counters[device, name].append((at, value))
        if year.messages % 100 == 0 and b"times" in message.payload:
            year.lags_s.append(message.time.timestamp() - json.loads(message.payload)["times"][-1])
    return year


def test_size_of_the_year(year: Year) -> None:
    assert year.readings >= 800_000
    assert 50_000 < year.messages <= 120_000
    assert year.readings > 3 * year.messages


def test_messages_come_in_order_soon_after_their_last_sample(year: Year) -> None:
    assert year.ordered
    assert 0 < min(year.lags_s) <= max(year.lags_s) < 60


def test_all_dialects_are_spoken(year: Year) -> None:
    assert set(year.dialects) == {"readings", "SENSOR", "rpc"}
    assert year.dialects["SENSOR"] == year.dialects["rpc"] == 8761


def reckoned(readings: list[tuple[float, float]], size: float | None, spikes: set[float]) -> float:
    """Use from a counter's readings: wraps and resets counted, labelled spikes left out."""
    total, previous = 0.0, None
    for at, value in readings:
        if at in spikes:
            continue
        if previous is not None:
            step = value - previous
            if step < 0:
                step = step + size if size else value
            total += step
        previous = value
    return total


def test_readings_add_up_to_the_truth(year: Year, world: World) -> None:
    spikes = {f.start.timestamp() for f in world.faults if f.kind == "spike"}
    truths = {(truth.asset, truth.quantity): truth.metered for truth in world.truth()}
    for row in register_rows("bindings"):
        for name in COUNTERS:
            readings = year.counters.get((row["device"], name))
            if readings:
                size = float(row["register_size"]) if row["register_size"] else None
                used = float(row["multiplier"]) * reckoned(readings, size, spikes)
                key = (row["asset"], row["point_quantity"] or name)
                assert used == pytest.approx(truths.pop(key), rel=1e-9, abs=1e-4), key
    assert truths == {}


def test_readings_reach_from_edge_to_edge(year: Year) -> None:
    silent = {("em-edu-1-c", "electricity_import_kwh")}
    end = datetime(2024, 1, 1, tzinfo=ZONE).timestamp()
    for key, readings in year.counters.items():
        assert readings[0][0] == pytest.approx(YEAR_START.timestamp(), abs=0.2)
        if key not in silent:
            assert readings[-1][0] == pytest.approx(end, abs=0.2)


def test_a_device_off_line_sends_nothing(year: Year) -> None:
    start = datetime(2023, 4, 11, 9, tzinfo=ZONE).timestamp()
    times = [at for at, _ in year.counters["em-edu-2", "electricity_import_kwh"]]
    gap = max(later - at for at, later in pairwise(times))
    assert 5 * 86_400 < gap < 6 * 86_400
    assert not [at for at in times if start <= at < start + 5 * 86_400]
    silent = year.counters["em-edu-1-c", "electricity_import_kwh"][-1][0]
    assert datetime.fromtimestamp(silent, ZONE).date().isoformat() == "2023-12-19"


def test_parts_of_the_year_are_the_year() -> None:
    edge = datetime(2023, 6, 1, 3, 30, tzinfo=UTC)
    span = timedelta(hours=6)
    whole = list(demo_messages(edge - span, edge + span))
    parts = [*demo_messages(edge - span, edge), *demo_messages(edge, edge + span)]
    assert parts == whole
    assert len(whole) > 100


def test_live_goes_on_where_the_year_ends() -> None:
    before = list(demo_messages(YEAR_CLOSED - timedelta(hours=2), YEAR_CLOSED))
    live = live_messages(YEAR_CLOSED - timedelta(hours=2))
    assert list(islice(live, len(before))) == before
    following = list(islice(live, 500))
    assert following[0].time >= YEAR_CLOSED
    assert [m.time for m in following] == sorted(m.time for m in following)


def test_live_goes_on_over_the_seam_between_two_worlds() -> None:
    # One world serves to 8 January, the next one from there.
    seam = datetime(2024, 1, 8, tzinfo=ZONE)
    over = list(demo_messages(seam - timedelta(hours=3), seam + timedelta(hours=3)))
    counters = defaultdict(list)
    for message in over:
        for device, name, at, value in samples(message):
            counters[device, name].append((at, value))
    readings = counters["em-civic", "electricity_import_kwh"]
    assert [at for at, _ in readings] == sorted({at for at, _ in readings})
    assert all(later - at == 900 for (at, _), (later, _) in pairwise(readings))
    steps = [b - a for (_, a), (_, b) in pairwise(readings)]
    assert 0 < min(steps) <= max(steps) < 10
