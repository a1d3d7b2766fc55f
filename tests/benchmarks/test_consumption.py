"""The fleet of the benchmarks of consumption, and the script that our analyser is held against."""

from datetime import datetime
from pathlib import Path

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from benchmarks import pandas_baseline
from benchmarks.consumption_agree import agreement
from benchmarks.consumption_fleet import (
    ALL,
    GAPS,
    GLITCHES,
    RESET,
    ROLLOVER,
    SOUND,
    Fleet,
    batches,
    make_fleet,
)
from benchmarks.consumption_kills import all_batches, kill_fleet
from benchmarks.consumption_rig import SERIES_FILE, make_home, meters_frame, system_at


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Fifty meters over two months, computed by the analyser and by the script."""
    folder = tmp_path_factory.mktemp("fleet")
    fleet = small_fleet()
    make_home(folder, fleet)
    meters_frame(fleet).to_parquet(folder / "meters.parquet")
    for mode in ("whole", "loop"):
        arguments = [folder / SERIES_FILE, folder / "meters.parquet", folder / f"{mode}.duckdb"]
        options = ["--loop"] if mode == "loop" else []
        pandas_baseline.main([*map(str, arguments), *options])
    system = system_at(folder, fleet.span.end)
    system.analyser.recompute(fleet.span, fleet.span.end)
    system.close()
    return folder


def small_fleet() -> Fleet:
    return make_fleet(50, 59, seed=4)


@pytest.mark.parametrize("mode", ["whole", "loop"])
def test_analyser_and_script_agree_on_every_hour_day_and_month(home: Path, mode: str) -> None:
    found = agreement(home / SERIES_FILE, home / f"{mode}.duckdb", small_fleet(), 50)
    assert found.compared > 50 * 59 * 24
    assert (found.differing, found.off_total, found.unsound) == (0, 0, 0)


def test_a_difference_is_seen(home: Path) -> None:
    other = home / "other.duckdb"
    other.write_bytes((home / "whole.duckdb").read_bytes())
    with duckdb.connect(str(other)) as connection:
        connection.execute("UPDATE hours SET value = value + 1e-6 WHERE meter = 7 AND value < 1")
        connection.execute("DELETE FROM days WHERE meter = 8")
        connection.execute("UPDATE months SET coverage = 0.5 WHERE meter = 9")
    found = agreement(home / SERIES_FILE, other, small_fleet(), 50)
    assert found.differing >= 59 + 2


def test_a_fleet_has_every_kind_of_fault_and_is_the_same_each_time() -> None:
    first, second = small_fleet(), small_fleet()
    assert set(first.kinds) == {SOUND, GAPS, GLITCHES, ROLLOVER, RESET, ALL}
    assert np.array_equal(first.shown, second.shown)
    assert np.array_equal(first.sent, second.sent)
    kinds = np.array(first.kinds)
    falls = (np.diff(first.shown, axis=1) < 0).sum(axis=1)
    assert not falls[(kinds == SOUND) | (kinds == GAPS)].any()
    assert (falls[kinds == RESET] == 2).all()
    assert first.sent[kinds == SOUND].all()
    assert not first.sent[kinds == GAPS].all()
    assert pa.concat_tables(batches(first)).num_rows == first.readings


def test_the_batches_of_the_kills_hold_every_reading_out_of_order_and_some_twice() -> None:
    fleet = kill_fleet()
    sent = pa.concat_tables(all_batches(fleet)).to_pandas()
    assert len(sent.drop_duplicates(["device", "time"])) == fleet.readings
    assert len(sent) > fleet.readings
    assert not sent["time"].is_monotonic_increasing


def test_the_script_takes_an_outage_for_estimated_and_a_dip_for_nothing() -> None:
    times = pd.to_datetime(["2023-01-10 00:00", "2023-01-10 01:00", "2023-01-10 02:00"])
    late = [datetime(2023, 1, 10, 6), datetime(2023, 1, 10, 7)]  # noqa: DTZ001 - UTC, as pandas has it
    stamps = [*times, *late]
    readings = pd.DataFrame(
        {
            "meter": np.zeros(5, dtype="int16"),
            "time_us": [int(pd.Timestamp(t).value // 1000) for t in stamps],
            "value": [100.0, 0.0, 104.0, 112.0, 115.0],
        }
    )
    meters = pd.DataFrame(
        {"meter": [0], "multiplier": [10.0], "register_size": [1e6], "most_per_hour": [10.0]}
    )
    hours = pandas_baseline.use_of(readings, meters).hours
    assert hours["value"].tolist() == [20.0] * 6 + [30.0]
    assert hours["estimated"].tolist() == [True] * 6 + [False]
    assert hours["coverage"].tolist() == [1.0] * 7
