"""Any single change of any field of any row is found, and the right entry named."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, reject, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text, update
from sqlalchemy.exc import DBAPIError

from quotawatt.ledger import Ledger
from quotawatt.ledger.entry import START
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import ledger as table
from quotawatt.storage.tables import ledger_head

AT = datetime(2023, 3, 1, 8, 30, 0, 123456, UTC)
COUNT = 7
LARGE = 4
"""The entry with an attachment."""

FIELDS = ("seq", "at", "actor", "action", "subject", "detail", "previous", "hash")
# As SQLite takes them: any type in any column.
WORDS = st.one_of(st.text(max_size=70), st.integers(-5, 50), st.floats(), st.binary(max_size=10))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    return _filled(tmp_path_factory.mktemp("ledger"))


def _filled(home: Path) -> Engine:
    engine = open_records("sqlite", home)
    for n in range(1, COUNT + 1):
        with engine.begin() as conn:
            Ledger(engine).append(
                conn,
                at=AT + timedelta(minutes=n),
                actor="li",
                action="changed",
                subject=f"BLD-{n}",
                detail={"n": n},
                after={"rows": ["x" * 50] * 1000} if n == LARGE else None,
                mentions=["MTR-1", "MTR-2"] if n % 2 else (),
            )
    assert Ledger(engine).verify() == []
    return engine


def _found_after(engine: Engine, statement: str, values: dict[str, Any]) -> list[tuple[str, str]]:
    """What a verification says after the change, which is undone."""
    return _tried(engine, statement, values)[1]


def _tried(
    engine: Engine, statement: str, values: dict[str, Any]
) -> tuple[bool, list[tuple[str, str]]]:
    """Whether the change changed anything, and what a verification then says; undone."""
    before = _dump(engine)
    with _changed(engine, statement, values):
        changed = _dump(engine) != before
        findings = Ledger(engine).verify()
    return changed, [(f.code, f.subject) for f in findings]


@contextmanager
def _changed(
    engine: Engine, statement: str, values: Mapping[str, Any] = MappingProxyType({})
) -> Iterator[None]:
    """The stores after a change, which is undone at the end."""
    before = _dump(engine)
    try:
        with engine.begin() as conn:
            conn.execute(text(statement), values)
    except (DBAPIError, OverflowError):
        reject()  # the column does not take it, or another row has the key
    yield
    with engine.begin() as conn:
        for name, rows in before.items():
            conn.execute(text(f"DELETE FROM {name}"))
            for row in rows:
                names = ", ".join(f":{column}" for column in row)
                conn.execute(text(f"INSERT INTO {name} VALUES ({names})"), row)


_TABLES = ("ledger", "ledger_head", "ledger_attachments", "ledger_mentions")


def _dump(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    with engine.connect() as conn:
        return {
            table: [dict(row) for row in conn.execute(text(f"SELECT * FROM {table}")).mappings()]
            for table in _TABLES
        }


@settings(max_examples=150)
@given(seq=st.integers(1, COUNT), field=st.sampled_from(FIELDS), value=WORDS)
def test_any_change_of_an_entry_names_it(store: Engine, seq: int, field: str, value: Any) -> None:
    statement = f"UPDATE ledger SET {field} = :value WHERE seq = {seq}"
    changed, found = _tried(store, statement, {"value": value})
    assert (f"ledger/{seq}" in [subject for _, subject in found]) == changed, found


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("seq", range(1, COUNT + 1))
def test_no_field_of_any_entry_can_be_changed_unseen(store: Engine, seq: int, field: str) -> None:
    value: Any = 99 if field == "seq" else "2001-01-01 00:00:00.000000"
    found = _found_after(store, f"UPDATE ledger SET {field} = :v WHERE seq = {seq}", {"v": value})
    gone = "ledger_cut" if seq == COUNT else "ledger_gap"
    moved = [(gone, f"ledger/{seq}"), ("ledger_beyond_head", "ledger/99")]
    assert found == (moved if field == "seq" else [("ledger_altered", f"ledger/{seq}")])


@pytest.mark.parametrize("number", [0.5, 2.5, 6.25, -3, "x", b"5"])
@pytest.mark.parametrize("seq", [2, 5, COUNT])
def test_a_number_that_is_none_is_a_stray_and_its_own_place_is_empty(
    store: Engine, seq: int, number: object
) -> None:
    found = _found_after(store, f"UPDATE ledger SET seq = :v WHERE seq = {seq}", {"v": number})
    gone = "ledger_cut" if seq == COUNT else "ledger_gap"
    assert found == [("ledger_stray", f"ledger/{number}"), (gone, f"ledger/{seq}")]


def test_every_fault_of_many_is_named_and_nothing_else(store: Engine) -> None:
    changes = "UPDATE ledger SET actor = 'x', seq = CASE seq WHEN 4 THEN -4 ELSE seq END"
    found = _found_after(store, f"{changes} WHERE seq IN (2, 4, 6)", {})
    assert found == [
        ("ledger_stray", "ledger/-4"),
        ("ledger_altered", "ledger/2"),
        ("ledger_gap", "ledger/4"),
        ("ledger_altered", "ledger/6"),
    ]


@pytest.mark.parametrize("field", ["actor", "hash", "previous", "at"])
def test_a_part_that_ends_with_a_fault_leaves_the_next_part_right(
    store: Engine, field: str
) -> None:
    with _changed(store, f"UPDATE ledger SET {field} = 'f' WHERE seq = 3"):
        first = Ledger(store).walk(START, 3)
        rest = Ledger(store).walk(first.end)
    assert [f.subject for f in first.findings] == ["ledger/3"]
    assert (first.complete, rest.complete, rest.findings) == (False, True, ())


def test_a_detail_that_the_ledger_never_writes_is_named_though_all_hashes_fit(
    store: Engine,
) -> None:
    for detail in ('{"attachment":5}', '{"attachment":', '{"mentions":7}', '{"attachment":{}}'):
        with _changed(store, "SELECT 1"):
            _rewrite(store, 3, detail)
            found = [(f.code, f.subject) for f in Ledger(store).verify()]
        assert found == [("ledger_altered", "ledger/3")], detail


def _rewrite(engine: Engine, seq: int, detail: str) -> None:
    """Another detail, and all hashes from there on made anew, that of the head included."""
    entries = Ledger(engine).entries(after=seq - 1)
    previous = entries[0].previous
    with engine.begin() as conn:
        conn.execute(text("DELETE FROM ledger_mentions WHERE seq = :seq"), {"seq": seq})
        for entry in entries:
            kept = detail if entry.seq == seq else entry.detail
            forged = replace(entry, detail=kept, previous=previous)
            previous = forged.expected_hash()
            values = {"detail": kept, "previous": forged.previous, "hash": previous}
            conn.execute(update(table).where(table.c.seq == entry.seq).values(values))
        conn.execute(update(ledger_head).values(hash=previous))


@pytest.mark.parametrize("seq", range(1, COUNT + 1))
def test_no_entry_can_be_taken_out_unseen(store: Engine, seq: int) -> None:
    found = _found_after(store, f"DELETE FROM ledger WHERE seq = {seq}", {})
    assert found == [("ledger_cut" if seq == COUNT else "ledger_gap", f"ledger/{seq}")]


def test_two_entries_that_change_places_are_found(store: Engine) -> None:
    swap = "UPDATE ledger SET seq = CASE seq WHEN 3 THEN -5 ELSE seq END"
    assert ("ledger_gap", "ledger/3") in _found_after(store, swap, {})


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ("seq = 3", ("ledger_head_altered", "ledger/3")),
        ("seq = 9", ("ledger_cut", f"ledger/{COUNT + 1}")),
        ("seq = 'x'", ("ledger_head_missing", f"ledger/{COUNT}")),
        ("hash = 'f'", ("ledger_head_altered", f"ledger/{COUNT}")),
        ("id = 2", ("ledger_head_missing", f"ledger/{COUNT}")),
    ],
)
def test_a_forged_head_is_found(store: Engine, change: str, found: tuple[str, str]) -> None:
    assert _found_after(store, f"UPDATE ledger_head SET {change}", {}) == [found]


@settings(max_examples=60)
@given(at=st.integers(0, 10_000), byte=st.integers(0, 255))
def test_no_byte_of_an_attachment_changes_what_it_says(store: Engine, at: int, byte: int) -> None:
    raw = bytearray(_dump(store)["ledger_attachments"][0]["content"])
    (entry,) = Ledger(store).entries(1, after=LARGE - 1)
    said = Ledger(store).attachment_of(entry)
    raw[at % len(raw)] = byte
    found = _found_after(store, "UPDATE ledger_attachments SET content = :c", {"c": bytes(raw)})
    assert found in ([], [("ledger_attachment", f"ledger/{LARGE}")])
    assert Ledger(store).attachment_of(entry) == said


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_mentions SET code = 'MTR-9' WHERE seq = 3 AND code = 'MTR-1'",
        "DELETE FROM ledger_mentions WHERE seq = 3 AND code = 'MTR-2'",
        "INSERT INTO ledger_mentions VALUES ('MTR-7', 3)",
        "UPDATE ledger_mentions SET code = x'00' WHERE seq = 3 AND code = 'MTR-1'",
    ],
)
def test_no_mention_can_be_changed_unseen(store: Engine, statement: str) -> None:
    assert _found_after(store, statement, {}) == [("ledger_mentions", "ledger/3")]
