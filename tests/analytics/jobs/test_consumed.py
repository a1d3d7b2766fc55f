"""What the check of the books looks at is summed over complete local days."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from sqlalchemy import Engine, select

from analytics.jobs import Reconciler
from analytics.jobs.consumed import used_last_month, used_last_year
from analytics.reconciliation.limits import Limits
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.repository import save_register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import local_midnight
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.tables import findings
from tests.analytics.builders import IMPORT, SHANGHAI, binding, meter, register
from tests.api.scene import result_rows

TODAY = date(2024, 6, 3)
NOW = local_midnight(TODAY, SHANGHAI) + timedelta(hours=10)
LIMITS = Limits()


def store(days: int, zone: ZoneInfo = SHANGHAI, subject: str = "BLD-1") -> MemorySeriesStore:
    """Daily results of 10 up to today, today's unfinished day included."""
    series = MemorySeriesStore()
    starts = [local_midnight(TODAY - timedelta(days=n), zone) for n in range(days)]
    rows = result_rows(subject, IMPORT, sorted(starts), 10.0)
    series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    return series


def test_the_last_month_has_its_thirty_complete_days() -> None:
    uses = used_last_month(store(40), register(), LIMITS, NOW, SHANGHAI)
    assert uses.span.end == local_midnight(TODAY, SHANGHAI)
    assert uses.of("BLD-1", IMPORT, 0.95) == pytest.approx(300.0)


def test_days_without_a_result_are_not_covered() -> None:
    uses = used_last_month(store(20), register(), LIMITS, NOW, SHANGHAI)
    assert uses.of("BLD-1", IMPORT, 0.95) is None
    assert uses.of("BLD-1", IMPORT, 0.6) == pytest.approx(190.0)
    assert uses.of("BLD-2", IMPORT, 0.0) is None


def test_the_last_year_is_of_buildings() -> None:
    uses = used_last_year(store(400), register(), LIMITS, NOW, SHANGHAI)
    assert uses.of("BLD-1", IMPORT, 0.9) == pytest.approx(3650.0)
    assert (
        used_last_year(store(400, subject="MTR-1"), register(), LIMITS, NOW, SHANGHAI).by_key == {}
    )


@pytest.mark.parametrize("zone", ["Europe/Berlin", "Asia/Kolkata"])
def test_a_site_in_another_zone_has_as_many_days(zone: str) -> None:
    uses = used_last_month(store(40, ZoneInfo(zone)), register(zone=zone), LIMITS, NOW, SHANGHAI)
    assert uses.of("BLD-1", IMPORT, 0.95) == pytest.approx(300.0)


def test_the_daily_check_lists_a_gap_and_clears_it(records: Engine) -> None:
    meters = [meter("M"), meter("A", parent="M")]
    book = register(binding("d-M", "M"), binding("d-A", "A"), meters=meters)
    save_register(records, book, actor="test", at=NOW)
    series = MemorySeriesStore()
    reconciler = Reconciler(series, records, lambda: book, Rulebook(), Settings())
    days = [local_midnight(TODAY - timedelta(days=n), SHANGHAI) for n in range(40, 0, -1)]
    for of_child, states in ((12.0, {"open"}), (9.5, {"cleared"})):
        rows = result_rows("M", IMPORT, days, 10.0) + result_rows("A", IMPORT, days, of_child)
        series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
        reconciler.run(NOW)
        with records.connect() as conn:
            found = conn.execute(select(findings)).all()
        listed = [row for row in found if row.code == "children_exceed_parent"]
        assert {row.state for row in listed} == states
        assert [(row.subject, row.organisation) for row in listed] == [("M", "ORG-LOW")]
        assert listed[0].detail["gap"] == pytest.approx(60.0)
