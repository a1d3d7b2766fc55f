"""Instruments whose review is due, and only those."""

from datetime import date
from pathlib import Path

import yaml

from quotawatt.rulebook.loader import BUILTIN_PACKS, TESTS_SUFFIX, load_rulebook
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


def test_every_shipped_instrument_in_force_has_a_review_day_or_says_that_it_has_none() -> None:
    packs = [p for p in BUILTIN_PACKS.glob("*.yaml") if not p.name.endswith(TESTS_SUFFIX)]
    shipped = [
        instrument
        for path in packs
        for instrument in yaml.safe_load(path.read_text("utf-8")).get("instruments", ())
        if instrument["status"] in ("in_force", "amended")
    ]
    assert len(shipped) > 20
    assert [i["id"] for i in shipped if "review_by" not in i] == []


def test_shipped_instruments_are_not_due_in_the_demo_year_and_come_due_later() -> None:
    book = load_rulebook()
    assert [list(reviews_due(book, date(2023, month, 28))) for month in range(1, 13)] == [[]] * 12
    assert list(reviews_due(book, date(2026, 12, 31))) == []
    later = {f.subject for f in reviews_due(book, date(2029, 1, 1))}
    assert later >= {"db37t2672-2019", "gbt2589-2020", "jst303-2026", "conservation-regulation"}
    assert "grid-factors-2021" not in later
