"""Findings in the record store: opened, seen again, cleared, accepted and opened again."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, select

from quotawatt.findings import Finding
from quotawatt.register.findings_book import (
    ACCEPTED,
    CLEARED,
    GONE_FOR_GOOD,
    OPEN,
    BookReport,
    accepted_keys,
    assign_organisations,
    fade_findings,
    note_findings,
    open_seen,
    report_findings,
    responsible_organisation,
)
from quotawatt.register.findings_decisions import accept
from quotawatt.register.model import Binding, Building, Meter, Organisation, Register, Site
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import findings

T0 = datetime(2024, 5, 6, 7, tzinfo=UTC)
DAY = timedelta(days=1)
SILENT = Finding("meter_silent", "M-1", {"device": "d", "since": "2024-05-01T00:00:00+00:00"})
REGISTER = Register(
    organisations=[Organisation("O-1", "甲", "A", "party_government", "city")],
    sites=[Site("S-1", "院", "Yard", "Asia/Shanghai", "shandong", "B")],
    buildings=[Building("B-1", "楼", "House", "S-1", "O-1")],
    meters=[Meter("M-1", "表", "Meter", "B-1", "electricity")],
    bindings=[Binding("d", "M-1", T0 - 99 * DAY)],
)


@pytest.fixture
def records(tmp_path: Path) -> Engine:
    return open_records("sqlite", tmp_path)


def report(records: Engine, found: Iterable[Finding], at: datetime) -> BookReport:
    with records.begin() as conn:
        return report_findings(conn, "register", found, REGISTER, at)


def rows(records: Engine) -> list[dict[str, Any]]:
    with records.connect() as conn:
        return [dict(r) for r in conn.execute(select(findings).order_by(findings.c.id)).mappings()]


def test_what_is_found_is_listed_with_who_answers_for_it(records: Engine) -> None:
    assert report(records, [SILENT], T0) == BookReport(1, 0, 0, 0)
    (row,) = rows(records)
    assert (row["code"], row["subject"], row["key"], row["state"]) == (
        "meter_silent",
        "M-1",
        "d",
        OPEN,
    )
    assert (row["organisation"], row["source"]) == ("O-1", "register")
    assert row["span_start"] == datetime(2024, 5, 1, tzinfo=UTC) == row["span_end"]


def test_what_is_found_again_is_one_finding_with_the_newest_evidence(records: Engine) -> None:
    report(records, [SILENT], T0)
    worse = Finding("meter_silent", "M-1", {"device": "d", "days": 9.0})
    assert report(records, [worse, worse], T0 + DAY) == BookReport(0, 1, 0, 0)
    (row,) = rows(records)
    assert (row["first_seen"], row["last_seen"]) == (T0, T0 + DAY)
    assert row["detail"] == {"device": "d", "days": 9.0}


def test_what_is_not_found_any_more_is_cleared_and_may_come_back(records: Engine) -> None:
    report(records, [SILENT], T0)
    assert report(records, [], T0 + DAY) == BookReport(0, 0, 1, 0)
    assert report(records, [], T0 + 2 * DAY) == BookReport(0, 0, 0, 0)
    (row,) = rows(records)
    assert (row["state"], row["cleared_at"]) == (CLEARED, T0 + DAY)
    assert report(records, [SILENT], T0 + 3 * DAY) == BookReport(1, 0, 0, 0)
    (row,) = rows(records)
    assert (row["state"], row["cleared_at"], row["first_seen"]) == (OPEN, None, T0)


def test_what_comes_back_after_long_is_new(records: Engine) -> None:
    report(records, [SILENT], T0)
    report(records, [], T0 + DAY)
    back = T0 + DAY + GONE_FOR_GOOD
    report(records, [SILENT], back)
    assert [(r["state"], r["first_seen"]) for r in rows(records)] == [(OPEN, back)]


def test_a_check_clears_nothing_of_another_source(records: Engine) -> None:
    with records.begin() as conn:
        reset = Finding("counter_reset", "M-1", {"at": "2024-05-01T00:00:00+00:00"})
        assert note_findings(conn, "analysis", [reset], REGISTER, T0) == 1
    report(records, [], T0 + DAY)
    assert [(r["code"], r["state"]) for r in rows(records)] == [("counter_reset", OPEN)]


def test_what_is_accepted_never_repeats(records: Engine) -> None:
    report(records, [SILENT], T0)
    (row,) = rows(records)
    accepted = accept(records, row["id"], "li", "  taken down for the works ", T0 + DAY)
    assert (accepted["state"], accepted["accepted_by"]) == (ACCEPTED, "li")
    assert accepted["reason"] == "taken down for the works"
    worse = Finding("meter_silent", "M-1", {"device": "d", "days": 99.0})
    assert report(records, [worse], T0 + 2 * DAY) == BookReport(0, 0, 0, 1)
    # Gone for a while and back, and after that in one report after the other for a year.
    report(records, [], T0 + 3 * DAY)
    for day in range(4, 400, 7):
        assert report(records, [worse], T0 + day * DAY).opened == 0
    (row,) = rows(records)
    assert (row["state"], row["accepted_at"], row["detail"]["days"]) == (ACCEPTED, T0 + DAY, 99.0)
    with records.connect() as conn:
        assert accepted_keys(conn, "register") == {("meter_silent", "M-1", "d")}


def test_an_acceptance_ends_where_the_fault_was_gone_for_long(records: Engine) -> None:
    report(records, [SILENT], T0)
    accept(records, rows(records)[0]["id"], "li", "spare", T0)
    report(records, [], T0 + DAY)
    report(records, [], T0 + 20 * DAY)
    report(records, [SILENT], T0 + DAY + GONE_FOR_GOOD)
    (row,) = rows(records)
    assert (row["state"], row["accepted_by"], row["reason"]) == (OPEN, None, "")


def test_what_lasts_while_it_is_reported_fades(records: Engine) -> None:
    reset = Finding("counter_reset", "M-1", {"at": "2024-05-01T00:00:00+00:00"})
    with records.begin() as conn:
        note_findings(conn, "analysis", [reset, Finding("use_missing", "B-1")], REGISTER, T0)
        note_findings(conn, "intake", [Finding("device_flooding", "d")], REGISTER, T0)
    for days, left in ((7, 3), (8, 2), (30, 2), (31, 1)):
        with records.begin() as conn:
            fade_findings(conn, T0 + days * DAY)
        assert sum(row["state"] == OPEN for row in rows(records)) == left
    with records.begin() as conn:
        note_findings(conn, "analysis", [Finding("use_missing", "B-1")], REGISTER, T0 + 40 * DAY)
        open_seen(conn, "intake", T0)
        open_seen(conn, "intake", T0 + DAY)
    assert [row["state"] for row in rows(records)] == [OPEN, OPEN, OPEN]


def test_an_organisation_is_put_in_once_it_is_known(records: Engine) -> None:
    with records.begin() as conn:
        note_findings(conn, "intake", [Finding("device_flooding", "d")], Register(), T0)
        assert conn.execute(select(findings.c.organisation)).scalar_one() is None
        assign_organisations(conn, REGISTER)
        assert conn.execute(select(findings.c.organisation)).scalar_one() == "O-1"


@pytest.mark.parametrize(
    ("finding", "organisation"),
    [
        (Finding("c", "M-1"), "O-1"),
        (Finding("c", "B-1/quota/2024"), "O-1"),
        (Finding("c", "d//electricity_import_kwh"), "O-1"),
        (Finding("c", "anything", {"device": "d"}), "O-1"),
        (Finding("c", "S-1"), None),
        (Finding("c", "stranger"), None),
    ],
)
def test_who_answers_for_a_finding(finding: Finding, organisation: str | None) -> None:
    assert responsible_organisation(REGISTER, finding) == organisation


_SETS = st.lists(st.sets(st.integers(0, 4)), max_size=12)


@given(reports=_SETS)
def test_after_each_report_the_open_ones_are_those_found(
    tmp_path_factory: pytest.TempPathFactory, reports: list[set[int]]
) -> None:
    records = open_records("sqlite:///:memory:", tmp_path_factory.getbasetemp())
    standing: set[int] = set()
    for day, numbers in enumerate(reports):
        done = report(records, [Finding("c", str(n)) for n in numbers], T0 + day * DAY)
        assert (done.opened, done.cleared) == (len(numbers - standing), len(standing - numbers))
        standing = numbers
        opened = {int(r["subject"]) for r in rows(records) if r["state"] == OPEN}
        assert opened == numbers
    records.dispose()
