"""Findings and requests in the record store."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, insert, select

from analytics.jobs.bookkeeping import (
    Request,
    drop_requests,
    finding_key,
    note_findings,
    recompute_requests,
)
from quotawatt.findings import Finding
from quotawatt.storage.records import open_records
from quotawatt.storage.tables import findings, state
from tests.analytics.builders import T0, at


@pytest.fixture
def records(tmp_path: Path) -> Engine:
    return open_records("sqlite", tmp_path)


def test_finding_seen_again_keeps_its_first_time(records: Engine) -> None:
    found = Finding("counter_reset", "M-1", {"device": "d", "at": "2023", "water_m3": 5.0})
    for hours in (0, 1):
        with records.begin() as conn:
            assert note_findings(conn, [found, found], at(hours)) == 1
    with records.connect() as conn:
        rows = conn.execute(select(findings)).all()
    assert [(r.first_seen, r.last_seen, r.detail["water_m3"]) for r in rows] == [(T0, at(1), 5.0)]


def test_findings_of_two_instants_are_two() -> None:
    keys = {finding_key(Finding("c", "s", {"device": "d", "at": a})) for a in ("1", "2")}
    assert len(keys) == 2
    assert finding_key(Finding("c", "s", {"value": 3})) == ""
    assert len(finding_key(Finding("c", "s", {"measures": "x" * 999}))) == 256


def test_requests_are_dropped_but_for_newer_ones(records: Engine) -> None:
    with records.begin() as conn:
        assert recompute_requests(conn) == []
        wanted = [{"device": d, "channel": "", "from": T0.isoformat()} for d in ("a", "b")]
        conn.execute(insert(state).values(name="recompute", value=wanted))
    with records.begin() as conn:
        taken = recompute_requests(conn)
        assert taken == [Request("a", "", T0), Request("b", "", T0)]
        earlier = Request("b", "", T0 - timedelta(days=1))
        drop_requests(conn, [taken[0], earlier])
        assert recompute_requests(conn) == [taken[1]]
