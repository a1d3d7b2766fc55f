"""Findings and requests in the record store."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, select

from analytics.jobs.bookkeeping import (
    Request,
    accounted_until,
    ask_recompute,
    drop_requests,
    note_accounted,
    note_findings,
    recompute_requests,
    report_accounts,
)
from quotawatt.findings import Finding
from quotawatt.register.model import Register
from quotawatt.storage.tables import findings, state
from tests.analytics.builders import T0, at


def test_finding_seen_again_keeps_its_first_time(records: Engine) -> None:
    found = Finding("counter_reset", "M-1", {"device": "d", "at": "2023", "water_m3": 5.0})
    for hours in (0, 1):
        with records.begin() as conn:
            assert note_findings(conn, [found, found], Register(), at(hours)) == 1
    with records.connect() as conn:
        rows = conn.execute(select(findings)).all()
    assert [(r.first_seen, r.last_seen, r.detail["water_m3"]) for r in rows] == [(T0, at(1), 5.0)]


def test_what_the_check_of_the_register_says_is_not_said_twice(records: Engine) -> None:
    with records.begin() as conn:
        found = Finding("denominator_missing", "B-1", {"quota": "q"})
        assert note_findings(conn, [found], Register(), T0) == 0
        assert conn.execute(select(findings)).all() == []


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


def test_a_recomputation_is_asked_for_once(records: Engine) -> None:
    everything = Request("", "", T0)
    for _ in range(2):
        with records.begin() as conn:
            ask_recompute(conn, everything)
    with records.begin() as conn:
        assert recompute_requests(conn) == [everything]
        assert everything.is_everything
        assert not Request("a", "", T0).is_everything
        drop_requests(conn, [everything])
        assert recompute_requests(conn) == []


def test_the_last_midnight_with_accounts_is_remembered(records: Engine) -> None:
    with records.begin() as conn:
        assert accounted_until(conn) is None
        note_accounted(conn, None, None)
        assert accounted_until(conn) is None
        note_accounted(conn, None, T0)
    with records.begin() as conn:
        assert accounted_until(conn) == T0
        note_accounted(conn, T0, at(24))
        assert accounted_until(conn) == at(24)


def test_why_an_account_is_missing_is_cleared_once_it_is_not(records: Engine) -> None:
    missing = Finding("use_missing", "B-1", {"quota": "q", "year": 2026})
    other = Finding("use_missing", "B-2", {"quota": "q", "year": 2026})
    reset = Finding("counter_reset", "M-1", {"at": "2026"})
    with records.begin() as conn:
        note_findings(conn, [reset], Register(), T0)
        assert report_accounts(conn, [missing, other, reset], Register(), T0) == 2
    with records.begin() as conn:
        assert report_accounts(conn, [other], Register(), at(1)) == 1
        states = {(r.code, r.subject): r.state for r in conn.execute(select(findings))}
    assert states == {
        ("use_missing", "B-1"): "cleared",
        ("use_missing", "B-2"): "open",
        ("counter_reset", "M-1"): "open",
    }


@pytest.mark.parametrize("code", ["factor_missing", "grid_region_ambiguous", "grid_factor_missing"])
def test_a_factor_clears_its_accounts_and_not_what_each_interval_says(
    records: Engine, code: str
) -> None:
    account, interval = Finding(f"account_{code}", "B-1", {"target": "t"}), Finding(code, "B-1")
    with records.begin() as conn:
        note_findings(conn, [interval], Register(), T0)
        assert report_accounts(conn, [account], Register(), T0) == 1
    with records.begin() as conn:
        assert report_accounts(conn, [], Register(), at(1)) == 0
        states = {r.code: r.state for r in conn.execute(select(findings))}
    assert states == {account.code: "cleared", interval.code: "open"}
