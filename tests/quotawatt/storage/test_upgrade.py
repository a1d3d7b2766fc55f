"""A store of an older version is brought up to date when it is opened, and nothing in it is lost."""

from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import create_engine, inspect, select, text

from collectors.deadletters import list_letters
from quotawatt.register.repository import load_register
from quotawatt.storage.records import open_records
from quotawatt.storage.schema import metadata
from quotawatt.storage.tables import seen_devices

OLD = (
    "CREATE TABLE seen_devices (device VARCHAR(128) NOT NULL, channel VARCHAR(64) NOT NULL, "
    "profile VARCHAR(64) NOT NULL, PRIMARY KEY (device, channel))",
    "INSERT INTO seen_devices VALUES ('d', '', 'native')",
    "CREATE TABLE bindings ({id}, device VARCHAR(128) NOT NULL, channel VARCHAR(64) NOT NULL, "
    "quantity VARCHAR(64) NOT NULL, asset VARCHAR(64) NOT NULL, "
    "point_quantity VARCHAR(64) NOT NULL, valid_from {instant} NOT NULL, valid_until {instant}, "
    "multiplier FLOAT NOT NULL, register_size FLOAT)",
    "INSERT INTO bindings VALUES (1, 'd', '', '', 'MTR', '', '2023-01-01 00:00:00', NULL, 40, NULL)",
    "CREATE TABLE dead_letters ({id}, arrived {instant} NOT NULL, topic TEXT NOT NULL, "
    "payload {blob} NOT NULL, reason VARCHAR(64) NOT NULL, message TEXT NOT NULL)",
    "INSERT INTO dead_letters VALUES (1, '2023-01-01 00:00:00', 't', {brace}, 'not_json', 'm')",
)
SQLITE = {
    "id": "id INTEGER PRIMARY KEY AUTOINCREMENT",
    "instant": "DATETIME",
    "blob": "BLOB",
    "brace": "X'7B'",
}
POSTGRES = {
    "id": "id BIGSERIAL PRIMARY KEY",
    "instant": "TIMESTAMP WITH TIME ZONE",
    "blob": "BYTEA",
    "brace": r"'\x7b'",
}


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A store as an older version left it."""
    is_sqlite = request.param == "sqlite"
    address = (
        f"sqlite:///{tmp_path}/records.sqlite"
        if is_sqlite
        else str(request.getfixturevalue("postgres"))
    )
    engine = create_engine(address)
    with engine.begin() as conn:
        for statement in OLD:
            conn.execute(text(statement.format(**(SQLITE if is_sqlite else POSTGRES))))
    engine.dispose()
    return address


def test_an_older_store_gets_what_it_lacks_and_keeps_what_it_has(url: str, tmp_path: Path) -> None:
    for _ in range(2):
        engine = open_records(url, tmp_path)
        inspector = inspect(engine)
        for table in metadata.sorted_tables:
            assert {c["name"] for c in inspector.get_columns(table.name)} >= set(table.c.keys())
        (binding,) = load_register(engine).bindings
        assert (binding.multiplier, binding.datum) == (40, "wgs84")
        assert binding.valid_from == datetime(2023, 1, 1, tzinfo=UTC)
        with engine.connect() as conn:
            (letter,) = list_letters(conn)
            assert conn.execute(select(seen_devices)).all() == []
        assert (letter.payload, letter.payload_bytes) == (b"{", 0)
        engine.dispose()
