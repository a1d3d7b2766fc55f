"""Dead letters: kept, listed, counted, tried again."""

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Engine

from collectors import retry
from collectors.deadletters import add_letters, count_letters, list_letters, remove_letters
from collectors.decode import Decoder
from collectors.decoded import Message, Problem
from collectors.pipeline import Pipeline
from collectors.profile import parse_profile
from collectors.retry import RetryReport, retry_letters
from quotawatt.readings import SeriesKey
from quotawatt.register.model import Register
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records

NOW = datetime(2023, 7, 1, 12, 30, tzinfo=UTC)
MENDED = """\
id: mended
title_zh: 修好的
title_en: Mended
messages:
  - topics: ["gas/{device}"]
    groups:
      - fields:
          - {path: m3, quantity: gas_m3}
"""


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    engine = open_records("sqlite", tmp_path)
    yield engine
    engine.dispose()


def add(records: Engine, *letters: tuple[str, bytes, str], limit: int = 100, size: int = 50) -> int:
    rows = [(Message(topic, body, NOW), Problem(code, code)) for topic, body, code in letters]
    with records.begin() as conn:
        return add_letters(conn, rows, limit, size)


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
    add(records, ("a\0/电", b"x" * 1000, "too_large"), size=10)
    with records.connect() as conn:
        (letter,) = list_letters(conn)
    assert letter.payload == b"x" * 10
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


def test_retry_writes_what_a_mended_profile_reads_and_keeps_the_rest(
    records: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retry, "PAGE", 2)
    good = [(f"gas/g{i}", b'{"m3": 7.5}', "no_profile") for i in range(3)]
    add(records, good[0], ("gas/bad", b"{", "no_profile"), *good[1:])
    decoder = Decoder([parse_profile(MENDED, "mended.yaml")], ZoneInfo("UTC"))
    store = MemorySeriesStore()
    pipeline = Pipeline(store, records, Register, decoder, Settings())
    assert retry_letters(records, pipeline) == RetryReport(tried=4, recovered=3)
    keys = [SeriesKey(f"g{i}", "", "gas_m3") for i in range(3)]
    table = store.read_readings(keys, Span(NOW, NOW.replace(hour=13)))
    assert table["value"].to_pylist() == [7.5, 7.5, 7.5]
    assert set(table["arrived"].to_pylist()) == {NOW}
    with records.connect() as conn:
        (left,) = list_letters(conn)
    assert (left.topic, left.reason) == ("gas/bad", "not_json")
    assert retry_letters(records, pipeline, reason="no_profile") == RetryReport(0, 0)
