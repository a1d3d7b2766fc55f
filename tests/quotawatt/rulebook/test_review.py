"""Instruments whose review is due, and only those."""

from datetime import date
from pathlib import Path

from quotawatt.rulebook.loader import load_rulebook
from quotawatt.rulebook.review import reviews_due
from tests.quotawatt.rulebook.test_loader import INSTRUMENT, pack


def due(folder: Path, text: str, day: date) -> list[tuple[str, object]]:
    book = load_rulebook([pack(folder, text)], builtin=False)
    return [(f.subject, f.detail["review_by"]) for f in reviews_due(book, day)]


def test_a_dated_instrument_is_due_after_three_years(tmp_path: Path) -> None:
    assert due(tmp_path, INSTRUMENT, date(2022, 12, 31)) == []
    assert due(tmp_path, INSTRUMENT, date(2023, 1, 1)) == [("local-1", "2023-01-01")]


def test_the_day_that_is_written_counts(tmp_path: Path) -> None:
    later = INSTRUMENT.replace("status:", "review_by: 2026-06-30\n    status:")
    assert due(tmp_path, later, date(2026, 6, 29)) == []
    assert due(tmp_path, later, date(2026, 6, 30)) == [("local-1", "2026-06-30")]


def test_a_leap_day_is_reviewed_on_the_last_of_february(tmp_path: Path) -> None:
    leap = INSTRUMENT.replace("2020-01-01", "2020-02-29")
    assert due(tmp_path, leap, date(2023, 2, 28)) == [("local-1", "2023-02-28")]


def test_what_is_undated_no_longer_in_force_or_a_template_is_not_due(tmp_path: Path) -> None:
    for old, new in (
        ("effective_from: 2020-01-01", "effective_from: null"),
        ("effective_until: null", "effective_until: 2024-01-01"),
        ("status: in_force", "status: template"),
        ("status: in_force", "review_by: null\n    status: in_force"),
    ):
        assert due(tmp_path, INSTRUMENT.replace(old, new), date(2025, 1, 1)) == []
