"""An installation's own profiles: mended while the collector runs, they hold from then on."""

from pathlib import Path

import pytest
from sqlalchemy import Engine

from collectors.chores import Chores
from collectors.decoded import Message
from collectors.making import ProfileFiles, make_pipeline
from collectors.pipeline import Pipeline
from quotawatt.readings import SeriesKey
from quotawatt.register.repository import RegisterSource, save_register
from quotawatt.settings import Settings
from quotawatt.storage.jobs import RETRY, Job, add_job, read_job
from quotawatt.storage.memory import MemorySeriesStore
from tests.collectors.scenery import ALWAYS, NOW, bound, register

PROFILE = """
id: orchard
title_zh: 果园水表
title_en: Water meters of the orchard
messages:
  - topics: ["orchard/{device}"]
    otherwise: refuse
    groups: [{fields: [{path: PATH, quantity: water_m3}]}]
"""
SENT = Message("orchard/tap", b'{"litres_so_far": 5}', NOW)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    path = tmp_path / "profiles"
    path.mkdir()
    write(path, "typo")
    return path


@pytest.fixture
def records(records: Engine) -> Engine:
    save_register(records, register(bound("tap")), "test", NOW)
    return records


def write(folder: Path, path: str) -> None:
    (folder / "orchard.yaml").write_text(PROFILE.replace("PATH", path), encoding="utf-8")


class Bench:
    """A pipeline by a folder of profiles, and its chores."""

    def __init__(self, folder: Path, records: Engine) -> None:
        self.records, self.series = records, MemorySeriesStore()
        self.pipeline: Pipeline = make_pipeline(
            Settings(profiles=(folder,)), self.series, records, RegisterSource(records)
        )
        self._seconds = 0.0
        self._chores = Chores(records, self.pipeline, "one", lambda: NOW, lambda: self._seconds)

    def retry(self) -> Job:
        """Ask for another try of the dead letters and see it through."""
        with self.records.begin() as conn:
            number = add_job(conn, RETRY, {}, "officer", NOW)
        self._seconds += 2
        while self._chores.step():
            pass
        with self.records.connect() as conn:
            return read_job(conn, number)

    def values(self) -> list[float]:
        table = self.series.read_readings([SeriesKey("tap", "", "water_m3")], ALWAYS)
        values: list[float] = table["value"].to_pylist()
        return values


def test_a_profile_mended_while_the_collector_runs_recovers_dead_letters(
    folder: Path, records: Engine
) -> None:
    bench = Bench(folder, records)
    bench.pipeline.process([SENT])
    assert bench.retry().result == {"tried": 1, "recovered": 0, "cut": 0}
    write(folder, "litres_so_far")
    assert bench.retry().result == {"tried": 1, "recovered": 1, "cut": 0}
    assert bench.values() == [5]
    bench.pipeline.process([SENT._replace(payload=b'{"litres_so_far": 6}')])
    assert bench.values() == [6]


def test_a_profile_that_is_wrong_fails_the_retry_and_the_ones_before_stay(
    folder: Path, records: Engine
) -> None:
    write(folder, "litres_so_far")
    bench = Bench(folder, records)
    (folder / "orchard.yaml").write_text("id: orchard\n", encoding="utf-8")
    job = bench.retry()
    assert (job.state, job.result) == ("failed", {})
    assert "orchard.yaml" in job.error
    assert "Error:" not in job.error
    bench.pipeline.process([SENT])
    assert bench.values() == [5]
    assert bench.retry().state == "failed"
    write(folder, "litres_so_far")
    assert bench.retry().state == "done"


def test_files_that_come_and_go_are_changes(folder: Path) -> None:
    files = ProfileFiles([folder])
    assert files.changed() is False
    (folder / "other.yaml").write_text("")
    assert files.changed() is True
    assert files.changed() is False
    (folder / "other.yaml").unlink()
    assert files.changed() is True
    (folder / "notes.txt").write_text("")
    assert files.changed() is False
