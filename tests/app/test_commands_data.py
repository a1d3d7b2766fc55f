"""``analyse`` over a home folder: by this machine's cores, and by a cluster."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow as pa
from sqlalchemy import func, select
from typer.testing import CliRunner, Result

from quotawatt.app.main import app
from quotawatt.errors import StoreError
from quotawatt.measures import MEASURES
from quotawatt.readings import Grain, readings_table
from quotawatt.register.repository import save_register
from quotawatt.spans import Span
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger
from tests.analytics.builders import binding, meter, reading, register
from tests.dask_cluster import run_cluster
from tests.servers import HOST, free_port

START = datetime(2023, 3, 1, tzinfo=UTC)
SPAN = Span(START - timedelta(days=40), START + timedelta(days=40))


def make_home(home: Path) -> None:
    """Three meters with three days of readings."""
    home.mkdir()
    meters = [meter(f"M-{n}") for n in range(3)]
    records = open_records("sqlite", home)
    series = DuckDbSeriesStore(home / "series.duckdb")
    found = register(*(binding(f"dev-{m.code}", m.code) for m in meters), meters=meters)
    save_register(records, found, "test", START)
    rows = [
        reading(START + timedelta(minutes=17 * n), 1.3 * n, f"dev-{m.code}")
        for n in range(250)
        for m in meters
    ]
    series.write_readings(readings_table(rows))
    series.close()
    records.dispose()


def analyse(home: Path, *options: str) -> Result:
    spans = ["--from", "2023-03-01", "--until", "2023-03-05"]
    return CliRunner().invoke(app, ["analyse", "--home", str(home), *spans, *options])


def results(home: Path) -> list[pa.Table]:
    series = DuckDbSeriesStore(home / "series.duckdb")
    try:
        return [series.read_results(grain, None, list(MEASURES), SPAN) for grain in Grain]
    finally:
        series.close()


def recomputations(home: Path) -> int:
    """How many the ledger tells of."""
    records = open_records("sqlite", home)
    with records.connect() as conn:
        told = ledger.c.action == "results_recomputed"
        found = conn.execute(select(func.count()).select_from(ledger).where(told)).scalar_one()
    records.dispose()
    return int(found)


def test_a_cluster_writes_what_this_machine_does(tmp_path: Path) -> None:
    alone, clustered = tmp_path / "alone", tmp_path / "clustered"
    for home in (alone, clustered):
        make_home(home)
    assert "results written" in analyse(alone).output
    with run_cluster(tmp_path, workers=2) as cluster:
        answer = analyse(clustered, "--cluster", cluster.address)
    assert answer.exit_code == 0, answer.output
    assert len(results(clustered)[0]) > 300
    assert results(clustered) == results(alone)
    assert recomputations(clustered) == 1


def test_a_cluster_that_does_not_answer_is_named_and_nothing_is_said_to_be_done(
    tmp_path: Path,
) -> None:
    home, address = tmp_path / "home", f"tcp://{HOST}:{free_port()}"
    make_home(home)
    answer = analyse(home, "--cluster", address)
    assert isinstance(answer.exception, StoreError)
    assert address in str(answer.exception)
    assert recomputations(home) == 0
