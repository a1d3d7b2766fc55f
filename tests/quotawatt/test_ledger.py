"""The chain holds under concurrency, and every kind of tampering shows."""

import hashlib
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, delete, insert, update

from quotawatt.errors import InputError
from quotawatt.ledger import GENESIS, Ledger
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger as table
from quotawatt.storage.tables import ledger_head

AT = datetime(2023, 3, 1, 8, 30, 0, 123456, UTC)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    url = "sqlite" if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = open_records(url, tmp_path)
    yield opened
    opened.dispose()


@pytest.fixture
def sqlite(tmp_path: Path) -> Iterator[Engine]:
    opened = open_records("sqlite", tmp_path)
    yield opened
    opened.dispose()


def _append(engine: Engine, count: int = 1, actor: str = "张工") -> None:
    for n in range(count):
        with engine.begin() as conn:
            Ledger(engine).append(
                conn,
                at=AT + timedelta(minutes=n),
                actor=actor,
                action="acknowledged",
                subject="BLD-1",
                detail={"评论": "已查看", "n": n},
            )


def test_an_empty_ledger_holds(engine: Engine) -> None:
    assert Ledger(engine).verify() == []
    assert Ledger(engine).head() == (0, GENESIS)


def test_entries_chain_and_read_back(engine: Engine) -> None:
    _append(engine, 5)
    found = Ledger(engine).entries(limit=2, after=2)
    assert [e.seq for e in found] == [3, 4]
    assert found[1].previous == found[0].hash
    assert found[0].at == AT + timedelta(minutes=2)
    assert found[0].detail == '{"n":2,"评论":"已查看"}'
    assert Ledger(engine).verify() == []
    assert Ledger(engine).head()[0] == 5


def test_the_hash_is_what_the_docstring_says(sqlite: Engine) -> None:
    # A stranger must be able to verify the chain with what is written down, without this code:
    # sha256 of the text below.
    text = (
        '{"action":"fired","actor":"a","at":"2023-03-01T08:30:00.123456+00:00","detail":"{}",'
        '"previous":"' + "0" * 64 + '","seq":1,"subject":"s"}'
    )
    with sqlite.begin() as conn:
        entry = Ledger(sqlite).append(
            conn, at=AT, actor="a", action="fired", subject="s", detail={}
        )
    assert entry.hash == hashlib.sha256(text.encode()).hexdigest()


def test_an_entry_falls_with_its_transaction(engine: Engine) -> None:
    _append(engine)
    with engine.connect() as conn:
        Ledger(engine).append(conn, at=AT, actor="a", action="b", subject="c", detail={})
        conn.rollback()
    assert Ledger(engine).head()[0] == 1
    assert Ledger(engine).verify() == []


def test_two_appenders_never_fork_the_chain(engine: Engine) -> None:
    # The very first append races too: there is no head row yet.
    threads = [threading.Thread(target=_append, args=(engine, 25, f"t{n}")) for n in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    entries = Ledger(engine).entries(limit=100)
    assert [e.seq for e in entries] == list(range(1, 51))
    assert {e.actor for e in entries} == {"t0", "t1"}
    assert Ledger(engine).verify() == []


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", AT - timedelta(days=1)),
        ("actor", "李工"),
        ("action", "resolved"),
        ("subject", "BLD-2"),
        ("detail", '{"n":99,"评论":"已查看"}'),
        ("previous", "f" * 64),
        ("hash", "f" * 64),
    ],
)
def test_every_altered_field_is_found(sqlite: Engine, column: str, value: Any) -> None:
    _append(sqlite, 4)
    with sqlite.begin() as conn:
        conn.execute(update(table).where(table.c.seq == 3).values({column: value}))
    (finding,) = Ledger(sqlite).verify()
    assert (finding.code, finding.subject) == ("ledger_altered", "ledger/3")


def test_an_entry_rewritten_with_its_hash_breaks_the_next_one(sqlite: Engine) -> None:
    _append(sqlite, 4)
    second = Ledger(sqlite).entries(limit=1, after=1)[0]
    forged = {c.name: getattr(second, c.name) for c in table.c} | {"actor": "nobody"}
    forged["hash"] = type(second)(**forged).expected_hash()
    with sqlite.begin() as conn:
        conn.execute(update(table).where(table.c.seq == 2).values(forged))
    (finding,) = Ledger(sqlite).verify()
    assert (finding.code, finding.subject) == ("ledger_broken", "ledger/3")


def test_a_removed_entry_is_a_gap(sqlite: Engine) -> None:
    _append(sqlite, 4)
    with sqlite.begin() as conn:
        conn.execute(delete(table).where(table.c.seq == 2))
    (finding,) = Ledger(sqlite).verify()
    assert (finding.code, finding.subject) == ("ledger_gap", "ledger/2")


def test_a_cut_tail_shows_against_the_head(sqlite: Engine) -> None:
    _append(sqlite, 4)
    with sqlite.begin() as conn:
        conn.execute(delete(table).where(table.c.seq > 2))
    (finding,) = Ledger(sqlite).verify()
    assert (finding.code, finding.subject) == ("ledger_cut", "ledger/3")
    assert finding.detail["head"] == 4


def test_a_head_of_another_hash_shows(sqlite: Engine) -> None:
    _append(sqlite, 2)
    with sqlite.begin() as conn:
        conn.execute(update(ledger_head).values(hash="f" * 64))
    assert [f.code for f in Ledger(sqlite).verify()] == ["ledger_cut"]


def test_an_entry_slipped_in_behind_the_head_shows(sqlite: Engine) -> None:
    _append(sqlite, 2)
    last = Ledger(sqlite).entries(after=1)[0]
    extra = {c.name: getattr(last, c.name) for c in table.c}
    extra |= {"seq": 3, "previous": last.hash}
    with sqlite.begin() as conn:
        conn.execute(insert(table), extra)
    (finding,) = Ledger(sqlite).verify()
    assert (finding.code, finding.subject) == ("ledger_beyond_head", "ledger/3")


@pytest.mark.parametrize("detail", [{"x": float("nan")}, {"x": object()}, {"x": "\ud800"}])
def test_what_is_not_plain_json_is_refused(sqlite: Engine, detail: dict[str, object]) -> None:
    with pytest.raises(InputError, match="plain JSON"), sqlite.begin() as conn:
        Ledger(sqlite).append(conn, at=AT, actor="a", action="b", subject="c", detail=detail)
    assert Ledger(sqlite).verify() == []


def test_a_time_without_zone_is_refused(sqlite: Engine) -> None:
    naive = AT.replace(tzinfo=None)
    with pytest.raises(InputError, match="time zone"), sqlite.begin() as conn:
        Ledger(sqlite).append(conn, at=naive, actor="a", action="b", subject="c", detail={})
