"""What cannot be right in a stored register: findings with code and subject, and the rest goes on."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from analytics.jobs import Analyser
from analytics.jobs.reconciling import Reconciler
from quotawatt.errors import RegisterError
from quotawatt.readings import Grain, Reading
from quotawatt.register.csvfolder import read_csv_folder
from quotawatt.register.model import Binding, Register, VirtualMeter
from quotawatt.register.repository import load_register, save_register
from quotawatt.register.rows import records_of
from quotawatt.rulebook.loader import load_rulebook
from quotawatt.settings import Settings
from quotawatt.spans import Span
from quotawatt.storage.duckdb import DuckDbSeriesStore
from quotawatt.storage.intake import store_readings
from quotawatt.storage.tables import findings
from tests.analytics.builders import IMPORT, at, binding, meter, reading, register
from tests.quotawatt.register.example import edited, write_example

END = 24 * 40
NOW = at(END)

BINDINGS = (
    binding("sound", "MTR-OK"),
    binding("wrong-size", "MTR-SIZE", register_size=1000.0),
    binding("other-size", "MTR-ROLL", register_size=1e9),
    binding("negative", "MTR-NEG", multiplier=-40.0),
    binding("twice", "MTR-A"),
    binding("twice", "MTR-B", valid_from=at(500)),
    binding("gone", "MTR-SWAP", valid_until=at(600)),
    Binding("come", "MTR-SWAP", at(600)),
    binding("one", "MTR-FED"),
    binding("two", "MTR-FED"),
)
EXPECTED = {
    ("counter_above_register", "MTR-SIZE"),
    ("rollover_size_differs", "MTR-ROLL"),
    ("counter_reset", "MTR-ROLL"),
    ("multiplier_not_positive", "MTR-NEG"),
    ("bindings_overlap", "MTR-A"),
    ("swap_without_reading", "MTR-SWAP"),
    ("asset_fed_twice", "MTR-FED"),
    ("formula_unknown_part", "VM-1"),
}


def _stored() -> Register:
    """As an older version may have left it: nothing of it passes the checks of today."""
    codes = sorted({b.asset for b in BINDINGS})
    base = register(*BINDINGS, meters=[meter(code) for code in codes])
    ghost = VirtualMeter("VM-1", "虚", "Virtual", "BLD-1", IMPORT, "MTR-OK - NOBODY")
    return Register(**{**records_of(base), "virtual_meters": [ghost]})


def _readings() -> Iterator[Reading]:
    start = {"wrong-size": 5000.0, "other-size": 99_990.0}
    for device in sorted({b.device for b in BINDINGS}):
        for hour in range(END - 48, END + 1):
            value = start.get(device, 100.0) + hour - (END - 48)
            yield reading(at(hour), value % 100_000 if device == "other-size" else value, device)
    for hour in range(500, 594):
        yield reading(at(hour), 50.0 + hour, "gone")
    for hour in range(607, 620):
        yield reading(at(hour), 3.0 + hour, "come")


@pytest.fixture
def listed(tmp_path: Path, records: Engine) -> Iterator[tuple[DuckDbSeriesStore, Engine]]:
    """The stores after the analyser and the daily check have gone over them."""
    series = DuckDbSeriesStore(tmp_path / "series.duckdb")
    save_register(records, _stored(), "test", at(0))
    book, settings, rulebook = load_register(records), Settings(home=tmp_path), load_rulebook()
    store_readings(series, records, list(_readings()))
    Analyser(series, records, lambda: book, rulebook, settings).run(NOW)
    Reconciler(series, records, lambda: book, rulebook, settings).run(NOW)
    yield series, records
    series.close()


def test_each_is_found_with_its_subject_and_the_rest_goes_on(
    listed: tuple[DuckDbSeriesStore, Engine],
) -> None:
    series, records = listed
    with records.connect() as conn:
        rows = conn.execute(select(findings.c.code, findings.c.subject)).all()
    assert {(code, subject) for code, subject in rows} >= EXPECTED
    span = Span(NOW - timedelta(hours=48), NOW)
    table = series.sum_results(Grain.HOUR, None, [IMPORT], span)
    used = {row["subject"]: row["value"] for row in table.to_pylist()}
    sound = ("MTR-OK", "MTR-SIZE", "MTR-B", "MTR-SWAP")
    assert {code: used[code] for code in sound} == pytest.approx(dict.fromkeys(sound, 48.0))
    assert used["MTR-FED"] == pytest.approx(96.0)
    assert "MTR-NEG" not in used
    # The sum of the building goes on without what cannot count.
    parts = sum(value for code, value in used.items() if code.startswith("MTR-"))
    assert used["BLD-1"] == pytest.approx(parts)


@pytest.mark.parametrize(
    ("kind", "old", "new", "words"),
    [
        ("bindings", ",40,99999", ",-40,99999", "must be above 0"),
        ("bindings", ",40,99999", ",0,99999", "must be above 0"),
        ("bindings", ",40,99999", ",40,-5", "must be above 0"),
        ("bindings", "dev-9,,", "dev-1,,", ""),
    ],
)
def test_most_of_it_is_refused_on_entry(
    tmp_path: Path, kind: str, old: str, new: str, words: str
) -> None:
    if not words:
        new, words = "dev-9,,,MTR-2,,2023-06-01T00:00:00+08:00,,1,\ndev-9,,", "overlap"
    folder = write_example(tmp_path / "csv", **edited(kind, old, new))
    with pytest.raises(RegisterError, match=words):
        read_csv_folder(folder)
