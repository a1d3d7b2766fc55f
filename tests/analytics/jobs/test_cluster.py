"""Partitions on real Dask workers: the same results, lost workers, and clusters that cannot be used."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest
from sqlalchemy import Engine

from analytics.consumption.amounts import Amount
from analytics.consumption.partition import Partition
from analytics.consumption.points import Wiring
from analytics.grid import Key
from analytics.jobs import Analyser, whole
from analytics.jobs.build import build_here, code_digest
from analytics.jobs.cluster import ClusterExecutor, pack, unpack
from analytics.jobs.executors import Executor, LocalExecutor
from quotawatt.errors import InputError, StateError, StoreError
from quotawatt.measures import MEASURES
from quotawatt.readings import Grain, Reading, SeriesKey, readings_table
from quotawatt.register.model import Register
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import HOUR, Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.values import values_table
from tests.analytics.builders import IMPORT, binding, meter, register
from tests.analytics.jobs import cluster_work
from tests.dask_cluster import Cluster, run_cluster
from tests.servers import HOST, free_port

START = datetime(2023, 1, 20, tzinfo=UTC)
SPAN = Span(START, START + timedelta(days=25))
METERS = 12
PRELOADS = Path(__file__).parent


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    with run_cluster(tmp_path_factory.mktemp("cluster"), workers=2) as running:
        yield running


def city() -> Register:
    meters = [meter(f"M-{n}", building=f"BLD-{n % 3 + 1}") for n in range(METERS)]
    bindings = [
        binding(f"dev-{n}", m.code, multiplier=10.0, register_size=500.0)
        for n, m in enumerate(meters)
    ]
    return register(*bindings, meters=meters, buildings=3)


def readings() -> list[Reading]:
    """A counter each, every 37 minutes or so; some are lost, some are nothing, all roll over."""
    chance = np.random.default_rng(5)
    found = []
    for number in range(METERS):
        shown = np.cumsum(chance.uniform(0, 3, 950)) % 500.0
        shown[chance.random(950) < 0.002] = 0.0
        minutes = np.cumsum(chance.integers(20, 55, 950))
        kept = np.flatnonzero(chance.random(950) < 0.97)
        for value, minute in zip(shown[kept].tolist(), minutes[kept].tolist(), strict=True):
            at = START + timedelta(minutes=minute)
            found.append(Reading(f"dev-{number}", "", IMPORT, at, value, at))
    return found


def results_by(executor: Executor, records: Engine, series: MemorySeriesStore) -> list[pa.Table]:
    source = RegisterSource(records, check_every_s=0)
    analyser = Analyser(series, records, source, Rulebook(), Settings(), executor)
    analyser.recompute(SPAN, SPAN.end)
    ever = Span(START - timedelta(days=400), SPAN.end + timedelta(days=40))
    return [series.read_results(grain, None, list(MEASURES), ever) for grain in Grain]


def test_a_cluster_gives_the_same_results_to_the_last_bit(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    records = open_records(f"sqlite:///{tmp_path / 'records.sqlite'}", tmp_path)
    monkeypatch.setattr(whole, "_COMPUTED", 1000)
    save_register(records, city(), "test", START)
    series = MemorySeriesStore()
    series.write_readings(readings_table(readings()))
    other = series.copy()
    local = results_by(LocalExecutor(), records, series)
    with ClusterExecutor(cluster.address) as executor:
        remote = results_by(executor, records, other)
    assert [len(table) > 100 for table in local] == [True, True, False]
    records.dispose()
    assert remote == local


def test_both_workers_are_used_and_results_come_in_order(cluster: Cluster) -> None:
    with ClusterExecutor(cluster.address) as executor:
        pids = list(executor.map(cluster_work.worker_of, [0.3, 0.1, 0.3, 0.1, 0.3, 0.1]))
        numbers = list(executor.map(str, range(20)))
    assert len(set(pids)) == 2
    assert numbers == [str(n) for n in range(20)]


def test_payloads_are_drawn_only_a_few_ahead_of_the_results(cluster: Cluster) -> None:
    drawn: list[int] = []

    def payloads() -> Iterator[int]:
        for number in range(50):
            drawn.append(number)
            yield number

    with ClusterExecutor(cluster.address) as executor:
        first = next(executor.map(str, payloads()))
    assert first == "0"
    assert len(drawn) == 4


def test_what_a_lost_worker_was_at_another_one_does(cluster: Cluster, tmp_path: Path) -> None:
    cluster.add_worker("spare")
    payloads = [(number, tmp_path / "seen") for number in range(8)]
    with ClusterExecutor(cluster.address) as executor:
        found = list(executor.map(cluster_work.doubled_at_second_try, payloads))
    assert found == [2 * number for number in range(8)]
    assert (tmp_path / "seen").exists()


def test_what_computing_raises_comes_through(cluster: Cluster) -> None:
    with (
        ClusterExecutor(cluster.address) as executor,
        pytest.raises(InputError, match="another one, got 7"),
    ):
        list(executor.map(cluster_work.refusing, [7]))


def test_a_scheduler_that_is_not_there_is_named() -> None:
    address = f"tcp://{HOST}:{free_port()}"
    with pytest.raises(StoreError, match=address):
        ClusterExecutor(address, wait_s=1)


def test_a_cluster_that_is_lost_piece_by_piece_says_what_is_missing(tmp_path: Path) -> None:
    with run_cluster(tmp_path, workers=0) as doomed:
        doomed.add_worker("first")
        with pytest.raises(StoreError, match=r"a worker within 0.1 s"):
            ClusterExecutor(doomed.address, wait_s=0.1)
        with ClusterExecutor(doomed.address, wait_s=60) as executor:
            executor._wait_s = 1.0
            with pytest.raises(StoreError, match=r"a worker within 1 s"):
                list(executor.map(cluster_work.killing, [1]))
        doomed.add_worker("second")

        def payloads() -> Iterator[float]:
            yield from [0.1] * 3
            doomed.kill_scheduler()
            yield from [0.1] * 3

        doomed.wait_for(2)
        with (
            ClusterExecutor(doomed.address, wait_s=5) as executor,
            pytest.raises(StoreError, match=doomed.address),
        ):
            list(executor.map(cluster_work.worker_of, payloads()))


@pytest.mark.parametrize("address", ["nowhere", "http://127.0.0.1:1", "tcp://"])
def test_an_address_that_is_none_is_named(address: str) -> None:
    with pytest.raises(StoreError, match=address):
        ClusterExecutor(address, wait_s=1)


def test_a_worker_of_another_build_is_refused_also_when_it_joins_later(cluster: Cluster) -> None:
    refused = pytest.raises(StateError, match=r"this very build, .*another one")
    with (
        ClusterExecutor(cluster.address) as executor,
        cluster.joined("other", "--preload", str(PRELOADS / "other_build.py")),
    ):
        with refused:
            list(executor.map(cluster_work.worker_of, [0.2] * 24))
        with refused:
            ClusterExecutor(cluster.address)


def test_a_worker_without_the_program_is_refused(cluster: Cluster) -> None:
    with (
        cluster.joined("bare", "--preload", str(PRELOADS / "no_program.py")),
        pytest.raises(StateError, match="must have this program installed"),
    ):
        ClusterExecutor(cluster.address)


def test_a_partition_is_packed_without_its_wiring_and_comes_back_whole() -> None:
    wiring = Wiring(city())
    times = np.arange(1000) * 900_000_000
    values = values_table(np.zeros(1000, dtype=np.int64), times, np.sqrt(times))
    point = Key("M-0", IMPORT)
    amounts = (Amount(point, START, START + HOUR, 1.5),)
    series = (SeriesKey("dev-0", "", IMPORT),)
    partition = Partition(series, values, wiring, (point,), SPAN, amounts, SPAN.end)
    packed, found = pack(partition)
    assert found is wiring
    back = unpack(packed, wiring)
    assert back == partition
    assert back.values.equals(values)
    assert len(packed) < values.nbytes
    assert b"M-11" not in packed


def test_any_change_of_the_code_makes_another_build(tmp_path: Path) -> None:
    source = tmp_path / "inner" / "some.py"
    source.parent.mkdir()
    source.write_text("A = 1\n")
    (tmp_path / "note.txt").write_text("no code")
    first = code_digest([tmp_path])
    (tmp_path / "note.txt").write_text("no code either")
    assert code_digest([tmp_path]) == first
    source.write_text("A = 2\n")
    second = code_digest([tmp_path])
    source.rename(tmp_path / "inner" / "other.py")
    assert len({first, second, code_digest([tmp_path])}) == 3
    assert f"({build_here().code})" in str(build_here())
