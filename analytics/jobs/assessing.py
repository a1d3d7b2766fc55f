"""What rankings, scores and reports rest on, read from the stores."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, Engine, or_, select

from analytics.assessment.figures import Amount, books_of
from analytics.assessment.gathered import AlertCount, Gathered, OpenFinding
from analytics.assessment.periods import Kind, Period, parse_period
from analytics.assessment.ranking import PeerRanking, rank_peers
from analytics.assessment.scoring import SchemeScore, score
from analytics.assessment.scoring_facts import Known, facts_of
from analytics.carbon.emissions import MEMOS, SCOPES
from analytics.carbon.statuses import CarbonAccounts, carbon_statuses
from analytics.jobs.returnduties import owed_returns
from analytics.jobs.yearly import read_decided
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.needed import account_series
from analytics.yearly.quotas import QuotaAccounts, quota_statuses
from quotawatt.assessment import confirmations
from quotawatt.errors import NotFoundError
from quotawatt.hand.entries import subject_of
from quotawatt.quantities import COUNTERS
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.returns.duties import returns_in_time
from quotawatt.rulebook.model import Rulebook
from quotawatt.spans import DAY, Span, judged_year, local_date, local_midnight, year_span
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.tables import alerts, findings

Amounts = dict[tuple[str, str], Amount]


class Sources(NamedTuple):
    """Where everything is read from, by which books it is judged, and in which time zone."""

    series: SeriesStore
    records: Engine
    register: Register
    rulebook: Rulebook
    zone: ZoneInfo


def read_rankings(
    sources: Sources, period: Period, only: Collection[str] | None = None
) -> tuple[PeerRanking, ...]:
    """The rankings (``only`` these; None: all) of a period, against the same days a year before."""
    return _ranked(gather_use(sources, period), only)


def gather(sources: Sources, period: Period, now: datetime, kind: str) -> Gathered:
    """What reports of a kind rest on, of a period; judged at its end, or at ``now`` where it lasts."""
    use = gather_use(sources, period)
    if kind == "publication":
        return use
    as_of = min(local_midnight(period.until, sources.zone), now)
    quotas, carbon = read_year_accounts(sources, as_of)
    with sources.records.connect() as conn:
        found = findings_open_at(conn, as_of)
        counted = _alerts(conn, Span(local_midnight(period.first, sources.zone), as_of))
    told = replace(
        use,
        rankings=_ranked(use, None),
        quotas=quotas.statuses,
        carbon=carbon.statuses,
        findings=found,
        alerts=counted,
    )
    if kind == "circular":
        return told
    scores = read_scores(sources, period.last.year, as_of)
    return replace(told, months=_months(sources, period), scores=scores)


def read_scores(
    sources: Sources, year: int, now: datetime, scheme: str | None = None
) -> tuple[SchemeScore, ...]:
    """The scores of the organisations for a year, as far as it is over at ``now``, by organisation.

    scheme
        By which; None: all that are no templates.

    Raises InputError for a year that has not begun, and NotFoundError for a scheme that does not exist.
    """
    period = parse_period(f"{year}").cut(local_date(now, sources.zone))
    as_of = min(local_midnight(period.until, sources.zone), now)
    book = sources.rulebook.as_of(period.last)
    if scheme is not None and scheme not in book.schemes:
        raise NotFoundError(f"a scheme must be one of the rulebook, got {scheme!r}")
    chosen = [
        s for s in book.schemes.values() if s.id == scheme or (scheme is None and not s.template)
    ]
    if not chosen:
        return ()
    known = _known(sources, period, as_of)
    found: list[SchemeScore] = []
    for one in sorted(chosen, key=lambda s: s.id):
        with sources.records.connect() as conn:
            rows = confirmations(conn, one.id, year)
        confirmed = {(row["organisation"], row["item"]): row["share"] for row in rows}
        facts = facts_of(replace(known, confirmed=confirmed))
        found += [score(one, code, facts[code]) for code in sorted(facts)]
    return tuple(found)


def read_year_accounts(sources: Sources, as_of: datetime) -> tuple[QuotaAccounts, CarbonAccounts]:
    """The yearly accounts of all organisations at an instant."""
    zone, register = sources.zone, sources.register
    year = judged_year(as_of, zone)
    span = Span(year_span(year - 1, zone).start - DAY, max(as_of, year_span(year, zone).start))
    pairs = account_series(register, sources.rulebook)
    subjects = {subject for subject, _ in pairs} | set(register.organisations)
    measures = {name for _, name in pairs} | set(SCOPES) | set(MEMOS)
    table = sources.series.read_results(Grain.DAY, sorted(subjects), sorted(measures), span)
    use = DailyUse(table.to_pandas(), register, zone)
    organisations = tuple(register.organisations)
    book = sources.rulebook
    with sources.records.connect() as conn:
        decided = read_decided(conn, year)
    return (
        quota_statuses(use, register, book, as_of, zone, organisations, decided),
        carbon_statuses(use, register, book, as_of, zone, organisations),
    )


def read_amounts(sources: Sources, period: Period) -> Amounts:
    """Use of organisations, what was entered of them, buildings and vehicles over a period.

    By subject and measure. The days are those of the installation's zone, for buildings elsewhere too:
    peers are compared over the same days.
    """
    register = sources.register
    entered = [subject_of(code, register) for code in register.organisations]
    subjects = [*register.organisations, *register.buildings, *register.vehicles, *entered]
    span = Span(
        local_midnight(period.first, sources.zone), local_midnight(period.until, sources.zone)
    )
    table = sources.series.sum_results(Grain.DAY, subjects, sorted(COUNTERS), span)
    found: Amounts = {}
    for row in table.to_pylist():
        if row["value"] is not None:
            coverage = (row["coverage"] or 0.0) * row["intervals"] / period.days
            found[row["subject"], row["measure"]] = Amount(row["value"], min(coverage, 1.0))
    return found


def findings_open_at(conn: Connection, instant: datetime) -> list[OpenFinding]:
    """What was found before an instant and not dealt with by then."""
    f = findings.c
    chosen = select(f.code, f.subject, f.organisation, f.first_seen).where(
        f.first_seen < instant,
        or_(f.state == "open", f.cleared_at >= instant, f.accepted_at >= instant),
    )
    return [
        OpenFinding(r.code, r.subject, r.organisation, r.first_seen) for r in conn.execute(chosen)
    ]


def gather_use(sources: Sources, period: Period) -> Gathered:
    """Use over a period and a year before with the books of both, and nothing else."""
    before = period.before
    return Gathered(
        books_of(sources.register, sources.rulebook, period),
        books_of(sources.register, sources.rulebook, before),
        read_amounts(sources, period),
        read_amounts(sources, before),
    )


def _ranked(use: Gathered, only: Collection[str] | None) -> tuple[PeerRanking, ...]:
    rankings = sorted(use.held.rulebook.rankings.values(), key=lambda r: r.id)
    found: list[PeerRanking] = []
    for ranking in rankings:
        if only is None or ranking.id in only:
            found += rank_peers(ranking, use.amounts, use.before, use.held, use.held_before)
    return tuple(found)


def _known(sources: Sources, period: Period, as_of: datetime) -> Known:
    quotas, carbon = read_year_accounts(sources, as_of)
    with sources.records.connect() as conn:
        found = findings_open_at(conn, as_of)
        owed = owed_returns(
            conn,
            sources.register,
            sources.rulebook,
            period.first,
            local_date(as_of, sources.zone),
            sources.zone,
        )
    return Known(
        register=sources.register.as_of(period.last),
        as_of=as_of,
        quotas=quotas.statuses,
        carbon=carbon.statuses,
        rankings=read_rankings(sources, period),
        findings=[(f.subject, f.organisation, f.since) for f in found],
        returns=returns_in_time(owed),
    )


def _alerts(conn: Connection, span: Span) -> list[AlertCount]:
    a = alerts.c
    chosen = select(a.asset, a.rule, a.firing_since, a.resolved_at).where(
        a.firing_since.is_not(None), a.firing_since < span.end
    )
    return [
        AlertCount(
            row.asset,
            row.rule,
            raised=row.firing_since >= span.start,
            firing=row.resolved_at is None or row.resolved_at >= span.end,
        )
        for row in conn.execute(chosen)
    ]


def _months(sources: Sources, period: Period) -> dict[tuple[str, str], Sequence[float | None]]:
    """Use of each organisation in each month of a year; of other periods nothing."""
    if period.kind is not Kind.YEAR:
        return {}
    span = Span(
        local_midnight(period.first, sources.zone), local_midnight(period.until, sources.zone)
    )
    table = sources.series.read_results(
        Grain.MONTH, list(sources.register.organisations), sorted(COUNTERS), span
    )
    found: dict[tuple[str, str], list[float | None]] = {}
    for row in table.to_pylist():
        months = found.setdefault((row["subject"], row["measure"]), [None] * 12)
        months[local_date(row["start"], sources.zone).month - 1] = row["value"]
    return dict(found)
