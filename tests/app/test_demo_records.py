"""Commits of the demo's replay wait for no disk; those before and after do."""

from pathlib import Path

from sqlalchemy import Engine, insert, text

from quotawatt.app.demo_records import hurried
from quotawatt.storage.facts import read_fact
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import state

NORMAL, FULL = 1, 2


def _synchronous(records: Engine) -> int:
    with records.connect() as conn:
        return int(conn.execute(text("PRAGMA synchronous")).scalar_one())


def test_only_the_replay_does_not_wait_for_the_disk(tmp_path: Path) -> None:
    records = open_records("sqlite", tmp_path)
    assert _synchronous(records) == FULL
    with hurried(records):
        assert _synchronous(records) == NORMAL
        with records.begin() as conn:
            conn.execute(insert(state).values(name="told", value="replayed"))
    assert _synchronous(records) == FULL
    with records.connect() as conn:
        assert read_fact(conn, "told", None) == "replayed"
    records.dispose()


def test_connections_in_use_go_on(tmp_path: Path) -> None:
    records = open_records("sqlite", tmp_path)
    with hurried(records):
        held = records.connect()
    assert held.execute(text("SELECT 1")).scalar_one() == 1
    held.close()
    assert _synchronous(records) == FULL
    records.dispose()
