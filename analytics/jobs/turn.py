"""One turn of the analyser: what it did, and what is on its way."""

from dataclasses import dataclass, field
from datetime import datetime

import pyarrow as pa

from quotawatt.findings import Finding


@dataclass
class AnalyseReport:
    """What a run did: marks taken, result rows written by grain, findings listed.

    ``accounts`` are the figures of yearly accounts; they are among ``days`` too.
    """

    now: datetime
    marks: int = 0
    hours: int = 0
    days: int = 0
    months: int = 0
    accounts: int = 0
    findings: int = 0


@dataclass
class Turn:
    """State of a turn.

    days_to_write
        Daily results that are computed and not stored yet.
    account_findings
        Why accounts are missing, by the newest that were drawn up; None: none were of the last day.
    changed_from
        From when on results were computed anew; None: none were.
    frozen
        Before when results stay as they are, since their readings are gone; None: nowhere.
    readings_ahead
        Whether there are readings later than ``now``, left for another turn.
    """

    report: AnalyseReport
    findings: list[Finding] = field(default_factory=list)
    days_to_write: list[pa.Table] = field(default_factory=list)
    account_findings: list[Finding] | None = None
    changed_from: datetime | None = None
    frozen: datetime | None = None
    readings_ahead: bool = False

    @property
    def now(self) -> datetime:
        """The instant up to which readings are looked at."""
        return self.report.now
