"""Dead letters: kept within limits, listed, counted."""

from datetime import UTC, datetime

from sqlalchemy import Engine, insert

from collectors.deadletters import (
    DROPPED,
    Refused,
    add_letters,
    count_letters,
    list_letters,
    remove_letters,
)
from collectors.decoded import Message, Problem
from quotawatt.settings import Settings
from quotawatt.storage.tables import dead_letters

NOW = datetime(2023, 7, 1, 12, 30, tzinfo=UTC)


def add(
    records: Engine,
    *letters: tuple[str, bytes, str],
    limit: int = 100,
    size: int = 1024,
    total: int = 2**30,
) -> int:
    """Add letters (topic, payload, reason); returns how many had to go."""
    rows = [
        Refused(Message(topic, body, NOW), Problem(code, code), len(body))
        for topic, body, code in letters
    ]
    settings = Settings(
        dead_letters_limit=limit, payload_limit_bytes=size, dead_letters_bytes_limit=total
    )
    with records.begin() as conn:
        return add_letters(conn, rows, settings).get(DROPPED, 0)


def test_listing_is_oldest_first_by_page_and_reason(records: Engine) -> None:
    add(records, ("a", b"1", "x"), ("b", b"2", "y"), ("c", b"3", "x"))
    with records.connect() as conn:
        first = list_letters(conn, limit=2)
        rest = list_letters(conn, after=first[-1].id)
        of_x = list_letters(conn, reason="x")
        assert count_letters(conn) == {"x": 2, "y": 1}
    assert [x.topic for x in first + rest] == ["a", "b", "c"]
    assert [x.topic for x in of_x] == ["a", "c"]
    assert first[0].arrived == NOW


def test_long_payloads_are_cut_and_strange_topics_survive(records: Engine) -> None:
    add(records, ("a\0/电", b"x" * 2000, "too_large"), size=1024)
    with records.connect() as conn:
        (letter,) = list_letters(conn)
    assert letter.payload == b"x" * 1024
    assert (letter.payload_bytes, letter.cut) == (2000, True)
    assert letter.topic == "a\ufffd/电"


def test_the_limit_holds_and_drops_are_counted(records: Engine) -> None:
    assert add(records, *[("t", str(i).encode(), "x") for i in range(10)], limit=4) == 6
    assert add(records, ("t", b"new", "x"), limit=4) == 1
    with records.connect() as conn:
        assert [x.payload for x in list_letters(conn)] == [b"7", b"8", b"9", b"new"]


def test_nothing_to_add_or_remove_is_harmless(records: Engine) -> None:
    assert add(records) == 0
    with records.begin() as conn:
        remove_letters(conn, [])
        assert count_letters(conn) == {}


def test_beyond_the_limit_of_bytes_the_oldest_go(records: Engine) -> None:
    letters = [("t", bytes([65 + i]) * 300_000, "x") for i in range(5)]
    assert add(records, *letters, size=400_000, total=1_048_576) == 2
    with records.connect() as conn:
        assert [x.payload[:1] for x in list_letters(conn)] == [b"C", b"D", b"E"]


def test_removed_letters_make_room(records: Engine) -> None:
    add(records, ("t", b"1", "x"), ("t", b"2", "x"), limit=2)
    with records.begin() as conn:
        remove_letters(conn, [letter.id for letter in list_letters(conn)[:1]])
    assert add(records, ("t", b"3", "x"), limit=2) == 0
    with records.connect() as conn:
        assert [x.payload for x in list_letters(conn)] == [b"2", b"3"]


def test_letters_of_a_version_that_did_not_count_them_are_counted(records: Engine) -> None:
    old = {"arrived": NOW, "topic": "t", "reason": "x", "message": "x"}
    with records.begin() as conn:
        conn.execute(insert(dead_letters), [{**old, "payload": b"1"}, {**old, "payload": b"2"}])
    assert add(records, ("t", b"3", "x"), limit=2) == 1
    with records.connect() as conn:
        left = list_letters(conn)
    assert [(x.payload, x.cut) for x in left] == [(b"2", False), (b"3", False)]
