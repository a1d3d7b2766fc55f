"""Reports that are issued by themselves: each once, on the first night after its period.

What was missed is caught up, oldest first, and says that it is late. What stands already is left alone, so
running twice changes nothing. Each night what was issued is held against the present data; where they
differ a finding asks for a correction (更正).
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine

from analytics.assessment.contents import build
from analytics.assessment.gathered import Gathered
from analytics.assessment.periods import Kind, Period, last_of, next_of, parse_period
from analytics.jobs.assessing import Sources, gather, gather_use
from quotawatt.clock import require_utc
from quotawatt.errors import InputError
from quotawatt.findings import Finding
from quotawatt.issued import Draft, Issued, issue, issued_list, latest
from quotawatt.issued.compare import ISSUED_DIFFERS, differing
from quotawatt.register.findings_book import report_findings
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.settings import Settings
from quotawatt.spans import local_date
from quotawatt.storage.facts import lock_fact, put_fact, read_fact
from quotawatt.storage.port import SeriesStore

ACTOR = "system:reporter"
SOURCE = "reports"
"""What findings about reports go by."""

PERIODS: Mapping[str, Kind] = {
    "circular": Kind.MONTH,
    "publication": Kind.QUARTER,
    "analysis": Kind.YEAR,
}
"""How long the period of each kind of report is."""

_NIGHT = timedelta(hours=2)  # local time of day from which on it is done
_COMPARED = timedelta(days=400)
"""So long after the end of its period what was issued is held against the data."""

_LOOKED = "reports_looked"


@dataclass
class ReportingReport:
    """What was issued, and what could not be: ``skipped`` says of which period, whose, and why."""

    issued: list[Issued] = field(default_factory=list)
    skipped: list[str] = field(default_factory=list)
    differing: int = 0


class Reporter:
    """Issues the reports that the settings name; not to be shared between threads."""

    def __init__(
        self,
        series: SeriesStore,
        records: Engine,
        register_source: Callable[[], Register],
        rulebook_source: Callable[[], Rulebook],
        settings: Settings,
    ) -> None:
        self._series = series
        self._records = records
        self._register_source = register_source
        self._rulebook_source = rulebook_source
        self._settings = settings
        self._zone = ZoneInfo(settings.timezone)

    def run_if_due(self, now: datetime) -> ReportingReport | None:
        """``run`` once a local day, early in it."""
        today = local_date(require_utc(now, "now") - _NIGHT, self._zone).isoformat()
        with self._records.connect() as conn:
            if read_fact(conn, _LOOKED, "") == today:
                return None
        report = self.run(now)
        with self._records.begin() as conn:
            _put(conn, _LOOKED, today)
        return report

    def run(self, now: datetime) -> ReportingReport:
        """Issue what is due and hold against the data what was issued.

        Raises StoreError where a store fails; the next run goes on from there.
        """
        report = ReportingReport()
        sources = self._sources()
        for kind in self._settings.reports:
            for period in self._due(kind, now):
                gathered = gather(sources, period, now, kind)
                for subject in subjects_of(self._settings, sources.register):
                    self._issue(kind, subject, gathered, now, report)
                with self._records.begin() as conn:
                    _put(conn, _last(kind), period.name)
        report.differing = self._compare(sources, now)
        return report

    def _due(self, kind: str, now: datetime) -> Iterator[Period]:
        """The periods that are over and were not issued, oldest first; the last one where none ever was."""
        newest = last_of(PERIODS[kind], local_date(now, self._zone))
        with self._records.connect() as conn:
            done = read_fact(conn, _last(kind), "")
        period = next_of(parse_period(done)) if done else newest
        while period.until <= newest.until:
            yield period
            period = next_of(period)

    def _issue(
        self, kind: str, subject: str, gathered: Gathered, now: datetime, report: ReportingReport
    ) -> None:
        period = gathered.period
        with self._records.connect() as conn:
            if latest(conn, kind, subject, period.name) is not None:
                return
        try:
            content = build(kind, gathered, subject, self._register_source())
        except InputError as error:
            report.skipped.append(f"{kind} {period.name} {subject}: {error}")
            return
        if not content["totals"]:
            report.skipped.append(f"{kind} {period.name} {subject}: nothing is known of its use")
            return
        late = local_date(now, self._zone) > period.until
        draft = Draft(kind, subject, period.name, {**content, "late": late})
        with self._records.begin() as conn:
            report.issued.append(issue(conn, draft, ACTOR, now))

    def _compare(self, sources: Sources, now: datetime) -> int:
        """Say of what was issued where the data have changed since; returns of how many reports."""
        since = local_date(now, self._zone) - _COMPARED
        with self._records.connect() as conn:
            standing = [
                issued
                for kind in PERIODS
                for issued in issued_list(conn, kind, standing=True)
                if parse_period(issued.period).until >= since
            ]
        found = list(differences_of(sources, standing))
        with self._records.begin() as conn:
            report_findings(conn, SOURCE, found, sources.register, now, {ISSUED_DIFFERS})
        return len(found)

    def _sources(self) -> Sources:
        return Sources(
            self._series,
            self._records,
            self._register_source(),
            self._rulebook_source(),
            self._zone,
        )


def subjects_of(settings: Settings, register: Register) -> list[str]:
    """Who issues reports: whom the settings name and the register has, else who has no parent."""
    if settings.reports_of:
        return [code for code in settings.reports_of if code in register.organisations]
    return sorted(
        code
        for code, o in register.organisations.items()
        if o.region_parent is None and o.system_parent is None and o.status == "in_use"
    )


def differences_of(sources: Sources, standing: list[Issued]) -> list[Finding]:
    """A finding for each report whose figures the data contradict now."""
    use: dict[str, Gathered] = {}
    pairs = []
    for issued in standing:
        if issued.subject not in sources.register.organisations:
            continue
        if issued.period not in use:
            use[issued.period] = gather_use(sources, parse_period(issued.period))
        try:
            live = build(issued.kind, use[issued.period], issued.subject, sources.register)
        except InputError:  # classified since: nothing of it is compared, or shown, any more
            continue
        values = {cell: figure["value"] for cell, figure in live["figures"].items()}
        pairs.append((issued, values))
    return differing(pairs)


def issue_report(sources: Sources, draft: Draft, actor: str, now: datetime) -> Issued:
    """Issue a report that somebody asked for: its content is drawn up from the data as they are.

    draft
        Kind, subject, period, and what it corrects; its content is not looked at.

    Raises InputError where the period is not over, or is none of the kind; as ``issued.issue`` otherwise.
    """
    period = parse_period(draft.period)
    today = local_date(now, sources.zone)
    require_period(draft.kind, period)
    if period.until > today:
        raise InputError(f"a period must be over for its report to be issued, got {period.name}")
    gathered = gather(sources, period, now, draft.kind)
    content = build(draft.kind, gathered, draft.subject, sources.register)
    late = today > period.until
    whole = Draft(
        draft.kind,
        draft.subject,
        draft.period,
        {**content, "late": late},
        draft.corrects,
        draft.note,
    )
    with sources.records.begin() as conn:
        return issue(conn, whole, actor, now)


def require_period(kind: str, period: Period) -> None:
    """Raise InputError unless reports of this kind are about periods such as this."""
    wanted = PERIODS.get(kind)
    if wanted is not period.kind:
        rule = f"the period of a report must be a {wanted or 'period'}"
        raise InputError(f"{rule}, got {period.name}")


def _last(kind: str) -> str:
    return f"reports_last_{kind}"


def _put(conn: Connection, name: str, value: str) -> None:
    lock_fact(conn, name, value)
    put_fact(conn, name, value)
