"""Cases and notices as rows, for tests that need no engine."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert

from alerts.cases.rows import open_key
from quotawatt.storage.case_tables import cases, notices
from tests.alerts.people.notice_samples import T0


def add_cases(conn: Connection, rows: Iterable[Mapping[str, Any]]) -> list[int]:
    """Insert cases; what a row leaves out is that of an open warning of a silent meter at S1."""
    numbers = []
    for row in rows:
        values = {
            "rule": "meter-silent",
            "subject": "M1",
            "organisation": "ORG",
            "site": "S1",
            "source": "results",
            "severity": "warning",
            "state": "open",
            "firing": True,
            "began_at": T0,
            "opened_at": T0,
            "changed_at": T0,
            "owner": "",
            "assignee": "",
            "closed_how": "",
            "reopened": 0,
            "escalated": 0,
            "figures": {},
            "version": 1,
            **row,
        }
        values.setdefault("asset", values["subject"].partition("/")[0])
        if values["state"] not in {"closed", "retracted"}:
            values["open_key"] = open_key(values["rule"], values["subject"])
        statement = insert(cases).values(values).returning(cases.c.id)
        numbers.append(conn.execute(statement).scalar_one())
    return numbers


def add_notice(conn: Connection, case: int, at: datetime = T0, **row: Any) -> int:
    """Insert a notice that waits; what is left out is that of the opening of a case at S1, at once."""
    values = {
        "case": case,
        "event": "opened",
        "at": at,
        "recipient": "account:li",
        "channel": "email",
        "route": "warnings",
        "site": "S1",
        "rule": "meter-silent",
        "severity": "warning",
        "at_once": True,
        "state": "waiting",
        "reason": "",
        "message": "",
        **row,
    }
    return int(conn.execute(insert(notices).values(values).returning(notices.c.id)).scalar_one())
