"""What devices announced outlives the process, and reaches other collectors."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from collectors.announced import AnnouncedRow
from collectors.announcements import announcements_in, write_announcements
from quotawatt.storage.records import open_records


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def records(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = "sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres")
    engine = open_records(url, tmp_path)
    yield engine
    engine.dispose()


def write(records: Engine, *rows: AnnouncedRow) -> None:
    with records.begin() as conn:
        write_announcements(conn, rows)


def test_the_latest_of_a_key_is_fetched_by_device(records: Engine) -> None:
    first = AnnouncedRow("sparkplug_b", "edge/pump", "7", "Energy", "kWh")
    other = AnnouncedRow("sparkplug_b", "edge/fan", "7", "Speed", "")
    write(records, first, other)
    write(records, first._replace(unit="MWh"))
    write(records)
    assert announcements_in(records)("edge/pump") == [first._replace(unit="MWh")]
    assert announcements_in(records)("nobody") == []


def test_texts_that_a_store_refuses_are_mended(records: Engine) -> None:
    write(records, AnnouncedRow("p", "d", "k\0", "电\ud800", "\0"))
    assert announcements_in(records)("d") == [AnnouncedRow("p", "d", "k\ufffd", "电?", "\ufffd")]
