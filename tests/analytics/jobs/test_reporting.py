"""Reports that are issued by themselves: once, late ones caught up, differences found."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pytest
from sqlalchemy import Engine, select

from analytics.jobs.reporting import Reporter, subjects_of
from quotawatt.issued import Issued, issued_list
from quotawatt.readings import RESULTS, Grain
from quotawatt.register.model import Register
from quotawatt.register.rows import records_of
from quotawatt.settings import Settings
from quotawatt.spans import local_midnight
from quotawatt.storage.memory import MemorySeriesStore
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import findings
from tests.api.scene import REGISTER, ZONE, filled_series, result_rows, shipped_rulebook


def at(day: date, hours: float = 3) -> datetime:
    return local_midnight(day, ZONE) + timedelta(hours=hours)


@pytest.fixture
def records(tmp_path: Path) -> Iterator[Engine]:
    """SQLite alone: what differs between record stores is tested where it is written."""
    engine = open_records("sqlite", tmp_path)
    yield engine
    engine.dispose()


@pytest.fixture
def series() -> MemorySeriesStore:
    return filled_series()


def reporter(
    series: MemorySeriesStore,
    records: Engine,
    register: Register = REGISTER,
    reports: tuple[str, ...] = ("circular",),
    **settings: object,
) -> Reporter:
    chosen = Settings(home=Path("var"), reports=reports, **settings)  # type: ignore[arg-type]
    return Reporter(series, records, lambda: register, shipped_rulebook, chosen)


def kept(records: Engine, kind: str = "circular") -> list[Issued]:
    with records.connect() as conn:
        return issued_list(conn, kind)


def test_the_first_night_issues_the_month_and_running_again_nothing(
    series: MemorySeriesStore, records: Engine
) -> None:
    own = reporter(series, records)
    assert own.run_if_due(at(date(2023, 4, 1))) is not None
    (issued,) = kept(records)
    assert (issued.number, issued.issued_by) == ("circular-2023-03-ORG-1-1", "system:reporter")
    # 31 days of 450 kWh in all; ORG-2 has 31 x 200.
    assert issued.content["totals"][0]["amount"] == 13_950
    assert issued.figures["ORG-2/electricity_import_kwh"]["value"] == 6_200
    assert issued.content["late"] is False
    assert own.run_if_due(at(date(2023, 4, 1), 9)) is None
    assert reporter(series, records).run(at(date(2023, 4, 2))).issued == []
    assert len(kept(records)) == 1


def test_nothing_is_done_before_two_in_the_morning(
    series: MemorySeriesStore, records: Engine
) -> None:
    own = reporter(series, records)
    own.run_if_due(at(date(2023, 4, 1)))
    assert own.run_if_due(at(date(2023, 4, 2), 1.9)) is None
    assert own.run_if_due(at(date(2023, 4, 2), 2.1)) is not None


def test_what_was_missed_is_caught_up_and_says_that_it_is_late(
    series: MemorySeriesStore, records: Engine
) -> None:
    reporter(series, records).run(at(date(2023, 4, 1)))
    report = reporter(series, records).run(at(date(2023, 7, 15)))
    assert [(i.period, i.content["late"]) for i in report.issued] == [
        ("2023-04", True),
        ("2023-05", True),
        ("2023-06", True),
    ]


def test_each_kind_has_its_own_period(series: MemorySeriesStore, records: Engine) -> None:
    own = reporter(series, records, reports=("circular", "publication", "analysis"))
    report = own.run(at(date(2024, 1, 1)))
    assert [i.number for i in report.issued] == [
        "circular-2023-12-ORG-1-1",
        "publication-2023-Q4-ORG-1-1",
        "analysis-2023-ORG-1-1",
    ]
    assert report.issued[2].content["months"]["electricity_import_kwh"] == [13_687.5] * 12


def test_a_period_of_which_nothing_is_known_is_skipped_and_said(records: Engine) -> None:
    report = reporter(MemorySeriesStore(), records).run(at(date(2023, 4, 1)))
    assert report.issued == []
    assert report.skipped == ["circular 2023-03 ORG-1: nothing is known of its use"]


def test_a_classified_unit_publishes_nothing_and_the_others_do(
    series: MemorySeriesStore, records: Engine
) -> None:
    hidden = [
        replace(o, classified=o.code == "ORG-1", region_parent=None)
        for o in REGISTER.organisations.values()
    ]
    register = Register(**{**records_of(REGISTER), "organisations": hidden})  # type: ignore[arg-type]
    own = reporter(series, records, register, reports=("publication",))
    report = own.run(at(date(2023, 4, 1)))
    assert [i.subject for i in report.issued] == ["ORG-2"]
    assert "must be of a unit that is not classified, got ORG-1" in report.skipped[0]


def test_later_data_make_a_finding_and_leave_the_report_as_it_is(
    series: MemorySeriesStore, records: Engine
) -> None:
    own = reporter(series, records)
    own.run(at(date(2023, 4, 1)))
    rows = result_rows(
        "ORG-2", "electricity_import_kwh", [local_midnight(date(2023, 3, 5), ZONE)], 900
    )
    series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    assert own.run(at(date(2023, 4, 2))).differing == 1
    with records.connect() as conn:
        (row,) = conn.execute(select(findings).where(findings.c.code == "issued_differs"))
    # 200 became 900 on one day: 6,200 + 700.
    assert (row.subject, row.detail["issued_value"], row.detail["present_value"]) == (
        "ORG-1",
        6_200,
        6_900,
    )
    assert kept(records)[0].figures["ORG-2/electricity_import_kwh"]["value"] == 6_200
    rows[0]["value"] = 200.0
    series.write_results(Grain.DAY, pa.Table.from_pylist(rows, RESULTS))
    assert own.run(at(date(2023, 4, 3))).differing == 0
    with records.connect() as conn:
        (row,) = conn.execute(select(findings).where(findings.c.code == "issued_differs"))
    assert row.state == "cleared"


def test_off_by_default_and_for_whom_the_settings_say(records: Engine) -> None:
    assert Settings().reports == ()
    assert subjects_of(Settings(), REGISTER) == ["ORG-1"]
    named = Settings(reports_of=("ORG-2", "GONE"))  # type: ignore[arg-type]
    assert subjects_of(named, REGISTER) == ["ORG-2"]
    now = datetime(2023, 4, 1, 3, tzinfo=UTC)
    assert reporter(filled_series(), records, reports=()).run(now).issued == []
