"""The cases that a trial counts are those that ``alerts.cases`` makes of the same course."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from hypothesis import example, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, Engine, select

from alerts.cases.model import Case
from alerts.cases.reacting import react
from alerts.cases.rows import case_of
from alerts.cases.verifying import verify
from alerts.engine.repository import Change, store_changes
from alerts.engine.samples import Sample
from alerts.trying.casework import CaseSpan, cases_of
from alerts.trying.walking import Moment, walk
from quotawatt.rulebook.alert_rules import CasePolicy, Rule
from quotawatt.storage.case_tables import cases
from tests.alerts.cases.scene import BOOK, NOW, REGISTER, ZONE, context_at
from tests.alerts.rules import DAY, rule

JUDGED = rule("over", "electricity_excess_pct", 15, for_=DAY, keep=DAY)


def walked(judged: Rule, values: Sequence[float | None], until: datetime) -> list[Moment]:
    """A value a day, None: no data."""
    samples = []
    for day, value in enumerate(values):
        at = NOW + day * DAY
        samples.append((at, Sample("MTR-1", "MTR-1", value, at)))
    return list(walk(judged, samples, until, lambda _asset: ZONE))


def kept(
    conn: Connection, judged: Rule, moments: Sequence[Moment], until: datetime
) -> list[CaseSpan]:
    """What the store's cases are after these moments, verified each day."""
    book = replace(BOOK, rules={judged.id: judged})
    last, number, verified = None, None, NOW
    for moment in moments:
        while verified <= moment.at:
            verify(conn, context_at(verified, REGISTER, book), verified)
            verified += DAY
        if moment.alert is not None and (moment.events or moment.alert is not last):
            change = Change(replace(moment.alert, id=number), moment.events, moment.note)
            (stored,) = store_changes(conn, [change])
            number, last = stored.alert.id, moment.alert
            react(conn, [stored], context_at(moment.at, REGISTER, book), moment.at)
            verify(conn, context_at(moment.at, REGISTER, book), moment.at)
    while verified <= until:
        verify(conn, context_at(verified, REGISTER, book), verified)
        verified += DAY
    rows = conn.execute(select(cases).order_by(cases.c.id)).mappings()
    return [_span(case_of(dict(row))) for row in rows]


def _span(case: Case) -> CaseSpan:
    return CaseSpan(case.opened_at, "", case.state, case.closed_at, None, case.reopened)


VALUES = st.lists(st.sampled_from([20.0, 10.0, 10.0, None]), max_size=12)


@settings(max_examples=20)
@given(VALUES, st.integers(0, 3), st.integers(0, 3), st.integers(0, 2))
@example([20, 20, 10, 10, 20, 20, 10, 10], 3, 0, 1)  # met and waiting is not clear
@example([20, 20, 10, 10, None, None, 10], 2, 0, 0)  # no data, then clear again
@example([20, 20, 10, 10, 20, None, 10, 10, 10], 3, 0, 2)  # no data while it waits, then dropped
@example([20, 20, 10, 10, 10, 20, 20, 20], 1, 3, 0)  # reopened
def test_a_trial_makes_the_cases_that_the_service_makes(
    book: Engine, values: list[float | None], verify_days: int, reopen_days: int, for_days: int
) -> None:
    policy = CasePolicy(verify_for=verify_days * DAY, reopen_within=reopen_days * DAY)
    judged = replace(JUDGED, case=policy, for_=for_days * DAY)
    until = NOW + (len(values) + 4) * DAY
    moments = walked(judged, values, until)
    expected = [
        replace(span, severity="", clear_since=None) for span in cases_of(moments, policy, until)
    ]
    with book.connect() as conn, conn.begin() as transaction:
        assert kept(conn, judged, moments, until) == expected
        transaction.rollback()
