"""The record store on both dialects: opening, upserts, writers side by side, errors."""

import re
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, insert, select, text

from quotawatt.errors import SettingError, StoreError
from quotawatt.storage.records import bump_counters, open_records, records_engine, upsert
from quotawatt.storage.schema import metadata
from quotawatt.storage.tables import counters, state, touched
from tests.servers import free_port

NOON = datetime(2023, 6, 1, 12, tzinfo=UTC)


def _totals(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return {row.name: row.total for row in connection.execute(select(counters))}


def test_every_table_is_created(records: Engine) -> None:
    with records.connect() as connection:
        counts = [
            connection.scalar(select(func.count()).select_from(t)) for t in metadata.sorted_tables
        ]
    assert counts == [0] * len(metadata.sorted_tables)


def test_counters_start_at_zero_and_add_up(records: Engine) -> None:
    with records.begin() as connection:
        bump_counters(connection, {"readings_written": 5, "rejected:not_json": 0})
        bump_counters(connection, {"readings_written": 2, "duplicates": 1})
        bump_counters(connection, {})
    assert _totals(records) == {"readings_written": 7, "duplicates": 1}


def test_upsert_replaces_adds_or_leaves(records: Engine) -> None:
    def mark(generation: int) -> dict[str, object]:
        key = {"device": "电表-1", "channel": "", "quantity": "heat_gj", "hour": NOON}
        return {**key, "generation": generation}

    keys = ["device", "channel", "quantity", "hour"]
    seen = []
    with records.begin() as connection:
        for changes in ({}, {"update": ["generation"]}, {"add": ["generation"]}, {}):
            upsert(connection, touched, [mark(3)], keys, **changes)
            upsert(connection, touched, [mark(4)], keys, **changes)
            seen.append(connection.scalar(select(touched.c.generation)))
        assert connection.scalar(select(touched.c.hour)) == NOON
    assert seen == [3, 4, 11, 11]


def test_what_was_committed_is_there_after_reopening(tmp_path: Path) -> None:
    first = open_records("sqlite", tmp_path / "new" / "home")
    with first.begin() as connection:
        connection.execute(insert(state).values(name="clock", value={"at": "2023"}))
    first.dispose()
    second = open_records("sqlite", tmp_path / "new" / "home")
    with second.connect() as connection:
        assert connection.scalar(select(state.c.value)) == {"at": "2023"}
    second.dispose()


def test_a_transaction_that_fails_leaves_nothing(records: Engine) -> None:
    def fail_half_way() -> None:
        with records.begin() as connection:
            bump_counters(connection, {"readings_written": 1})
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    assert _totals(records) == {}


def test_writers_that_first_read_do_not_refuse_each_other(records: Engine) -> None:
    with records.begin() as connection:
        connection.execute(insert(counters).values(name="n", total=0))
    lock_row = select(counters.c.total).where(counters.c.name == "n").with_for_update()

    def count_up() -> None:
        for _ in range(20):
            with records.begin() as connection:
                total = connection.execute(lock_row).scalar_one()
                connection.execute(counters.update().values(total=total + 1))

    threads = [threading.Thread(target=count_up) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert _totals(records) == {"n": 80}


def test_a_reader_neither_waits_for_a_writer_nor_holds_it_up(records: Engine) -> None:
    with records.connect() as reader:
        assert reader.scalar(select(func.count()).select_from(counters)) == 0
        with records.begin() as writer:
            bump_counters(writer, {"n": 1})
            assert _totals(records) == {}
    assert _totals(records) == {"n": 1}


def test_sqlite_is_set_up_to_survive_power_cuts_and_to_check_references(tmp_path: Path) -> None:
    engine = open_records("sqlite", tmp_path)
    with engine.connect() as connection:
        pragmas = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        values = [connection.scalar(text(f"PRAGMA {name}")) for name in pragmas]
    engine.dispose()
    assert values == ["wal", 2, 1, 30_000]


@pytest.mark.postgres
def test_roles_that_start_together_all_find_the_tables(postgres: str, tmp_path: Path) -> None:
    engines: list[Engine] = []
    threads = [
        threading.Thread(target=lambda: engines.append(open_records(postgres, tmp_path)))
        for _ in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [_totals(engine) for engine in engines] == [{}] * 4
    for engine in engines:
        engine.dispose()


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StoreError, match=r"record store must .*file/home"):
        open_records("sqlite", tmp_path / "file" / "home")


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_text("not a database" * 100)
    with pytest.raises(StoreError, match=r"records\.sqlite says: file is not a database"):
        open_records("sqlite", tmp_path)


def test_an_unreachable_server_is_named_without_its_password(tmp_path: Path) -> None:
    url = f"postgresql+psycopg://meter:s3cret@127.0.0.1:{free_port()}/quotawatt"
    with pytest.raises(StoreError, match=re.escape("meter:***@127.0.0.1")) as caught:
        open_records(url, tmp_path)
    assert "s3cret" not in str(caught.value)


def test_a_store_that_fails_later_raises_store_error(tmp_path: Path) -> None:
    engine = open_records("sqlite", tmp_path)
    with engine.begin() as connection:
        connection.execute(text("DROP TABLE counters"))
    with pytest.raises(StoreError, match="no such table: counters"):
        _totals(engine)
    engine.dispose()


def test_a_damaged_file_raises_store_error(tmp_path: Path) -> None:
    engine = open_records("sqlite", tmp_path)
    with engine.begin() as connection:
        bump_counters(connection, {f"name {n}": n + 1 for n in range(2000)})
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    engine.dispose()
    path = tmp_path / "records.sqlite"
    whole = path.read_bytes()
    # The first pages say what tables there are; the rest is what they hold.
    path.write_bytes(whole[:8192] + b"\xa5" * (len(whole) - 8192))
    broken = records_engine("sqlite", tmp_path)
    with pytest.raises(StoreError, match=r"records\.sqlite says: database disk image is malformed"):
        _totals(broken)
    broken.dispose()


@pytest.mark.postgres
def test_no_statement_runs_for_ever(postgres: str, tmp_path: Path) -> None:
    engine = open_records(postgres, tmp_path)
    with engine.connect() as connection:
        assert connection.execute(text("SHOW statement_timeout")).scalar() == "10min"
        connection.execute(text("SET statement_timeout = 50"))
        with pytest.raises(StoreError, match="statement timeout"):
            connection.execute(text("SELECT pg_sleep(30)"))
    engine.dispose()


@pytest.mark.parametrize("url", ["mysql://u:s3cret@h/d", "nonsense", "", "postgresql://u:s3cret@h"])
def test_another_kind_of_address_is_refused_without_showing_it(url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="records_url must be sqlite or") as caught:
        open_records(url, tmp_path)
    assert "s3cret" not in str(caught.value)
