"""Statistics returns that are owed, from the record store, and those that are late as findings."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from quotawatt.findings import Finding
from quotawatt.register.model import Register
from quotawatt.returns.book import handed_in
from quotawatt.returns.duties import Duty, duties
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import local_date

RETURN_OVERDUE = "return_overdue"
"""A statistics return is not in although its day has passed."""

LOOKED_BACK = timedelta(days=400)
"""What was due earlier is not asked for any more."""


def owed_returns(
    conn: Connection,
    register: Register,
    rulebook: Rulebook,
    since: date,
    until: date,
    zone: ZoneInfo,
) -> list[Duty]:
    """The returns that were due on local days ``[since, until)``; see ``duties``."""
    return duties(handed_in(conn), register, rulebook, since, until, zone)


def overdue_findings(
    records: Engine, register: Register, rulebook: Rulebook, now: datetime, zone: ZoneInfo
) -> list[Finding]:
    """``return_overdue`` for each return of which the day has passed and that is not in, or was sent back."""
    today = local_date(now, zone)
    with records.connect() as conn:
        owed = owed_returns(conn, register, rulebook, today - LOOKED_BACK, today, zone)
    return [
        Finding(
            RETURN_OVERDUE,
            duty.organisation,
            {
                "form": duty.form,
                "return": str(duty.period),
                "due": duty.due.isoformat(),
                "days": (today - duty.due).days,
            },
        )
        for duty in owed
        if not duty.stands
    ]
