"""Checking the record store on both kinds: reachable, of a version that fits, writable; nothing changes."""

from pathlib import Path

import psycopg
import pytest
from sqlalchemy import Engine, inspect, text

from quotawatt.storage.checking.records_probe import check_records, revision_verdict, said_cause
from quotawatt.storage.records import open_records, records_engine
from tests.servers import Server, free_port


def causes(url: str, home: Path) -> list[tuple[str, str]]:
    engine = records_engine(url, home)
    try:
        return [(verdict.check, verdict.cause) for verdict in check_records(engine)]
    finally:
        engine.dispose()


def test_a_store_that_is_right(records: Engine, records_url: str, tmp_path: Path) -> None:
    expected = [("address", "answers"), ("version", "newest"), ("write", "came_back")]
    before = inspect(records).get_table_names()
    assert causes(records_url, tmp_path) == expected
    assert inspect(records).get_table_names() == before


@pytest.mark.postgres
def test_a_store_that_is_empty_stays_so(postgres: str, tmp_path: Path) -> None:
    assert causes(postgres, tmp_path)[1] == ("version", "records_later")
    engine = records_engine(postgres, tmp_path)
    assert inspect(engine).get_table_names() == []
    engine.dispose()


def test_a_store_of_a_newer_program_is_not_written(
    records: Engine, records_url: str, tmp_path: Path
) -> None:
    with records.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    assert causes(records_url, tmp_path)[1:] == [("version", "newer_records")]


def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "records.sqlite").write_bytes(
        b"no database at all, but long enough to look like one"
    )
    assert causes("sqlite", tmp_path) == [("address", "damaged")]


@pytest.mark.postgres
def test_a_database_user_or_server_that_is_not_there(
    postgres_server: Server, tmp_path: Path
) -> None:
    there = f"postgresql+psycopg://postgres@127.0.0.1:{postgres_server.port}"
    engine = records_engine(f"{there}/nowhere", tmp_path)
    (missing,) = check_records(engine)
    engine.dispose()
    assert (missing.cause, missing.facts["name"]) == ("no_such_database", "nowhere")
    stranger = there.replace("postgres@", "stranger@")
    assert causes(f"{stranger}/postgres", tmp_path) == [("address", "password_wrong")]
    gone = f"postgresql+psycopg://u:s3cret@127.0.0.1:{free_port()}/x"
    assert causes(gone, tmp_path) == [("address", "refused")]
    engine = records_engine(gone, tmp_path)
    (verdict,) = check_records(engine)
    engine.dispose()
    assert "s3cret" not in str(verdict)


@pytest.mark.postgres
def test_a_user_who_may_not_make_tables(postgres: str, tmp_path: Path) -> None:
    open_records(postgres, tmp_path).dispose()
    with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as connection:
        connection.execute("DROP ROLE IF EXISTS onlooker")
        connection.execute("CREATE ROLE onlooker LOGIN")
        connection.execute("GRANT SELECT ON ALL TABLES IN SCHEMA public TO onlooker")
    try:
        mine = postgres.replace("postgres@", "onlooker@")
        engine = records_engine(mine, tmp_path)
        *_, refused = check_records(engine)
        engine.dispose()
        assert (refused.check, refused.cause) == ("write", "not_permitted")
        assert refused.facts["said"] == "permission denied for schema public"
    finally:
        with psycopg.connect(postgres.replace("+psycopg", ""), autocommit=True) as connection:
            connection.execute("DROP OWNED BY onlooker")
            connection.execute("DROP ROLE onlooker")


def test_an_older_store_is_usable_and_a_newer_one_is_not() -> None:
    known = ("0001", "0002")
    assert revision_verdict("0002", True, "x", known).cause == "newest"
    assert revision_verdict("0001", True, "x", known).cause == "upgrades"
    assert revision_verdict(None, True, "x", known).cause == "upgrades"
    assert revision_verdict(None, False, "x", known).cause == "records_later"
    newer = revision_verdict("0003", True, "x", known)
    assert (newer.ok, newer.cause) == (False, "newer_records")


@pytest.mark.parametrize(
    ("said", "cause"),
    [
        ('FATAL:  password authentication failed for user "u"', "password_wrong"),
        ("fe_sendauth: no password supplied", "password_missing"),
        ('no pg_hba.conf entry for host "10.0.0.9", user "u"', "not_admitted"),
        ('FATAL:  database "x" does not exist', "no_such_database"),
        ('FATAL:  role "u" does not exist', "password_wrong"),
        (
            "failed to resolve host 'no.such.host': [Errno -2] Name or service not known",
            "unknown_host",
        ),
        ("connection timeout expired", "timeout"),
        ("database is locked", "locked"),
        ("attempt to write a readonly database", "not_writable"),
        ("database or disk is full", "disk_full"),
        ("database disk image is malformed", "damaged"),
        ("something new", "refused_otherwise"),
    ],
)
def test_what_a_store_says_is_called_by_its_cause(said: str, cause: str) -> None:
    assert said_cause(said) == cause
