"""Norms and yearly scores for routes: what they rest on, read from the stores."""

from collections.abc import Mapping
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import Engine, or_, select

from analytics.assets.idle import IDLE_ASSET, said_idle
from analytics.assets.norms import norm_accounts
from analytics.assets.score import Facts, OpenFinding
from api.params import FIRST_YEAR, LAST_YEAR
from api.services import Services
from quotawatt.errors import InputError
from quotawatt.quantities import MAIN_QUANTITIES
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.spans import DAY, Span, judged_year, local_date, year_span
from quotawatt.storage.pool_tables import pool_offers
from quotawatt.storage.port import SeriesStore
from quotawatt.storage.tables import findings

_OPEN = "open"


def judged_span(year: int | None, now: datetime, zone: ZoneInfo) -> Span:
    """The part of a year that is over at ``now``; None: the year of ``now``.

    Raises InputError for a year that has not begun.
    """
    chosen = judged_year(now, zone) if year is None else year
    if not FIRST_YEAR <= chosen <= LAST_YEAR:
        raise InputError(f"a year must lie in {FIRST_YEAR} to {LAST_YEAR}, got {chosen}")
    whole = year_span(chosen, zone)
    if whole.start >= now:
        raise InputError(f"a year must have begun to be judged, got {chosen}")
    return Span(whole.start, min(whole.end, now))


def read_facts(services: Services, span: Span) -> Facts:
    """What the scores of the span's year rest on, as of its end."""
    zone = ZoneInfo(services.settings.timezone)
    # The last day that is judged: of a whole year the 31st of December.
    day = local_date(span.end - DAY / 2, zone)
    register = services.register_source().as_of(day)
    found = _findings_open_at(services.records, span.end)
    return Facts(
        register=register,
        day=day,
        as_of=span.end,
        norms=norm_accounts(register, services.rulebook, day),
        coverage=_coverage(services.series, register, span),
        idle=frozenset(said_idle(register)) | {s for code, s, _, _ in found if code == IDLE_ASSET},
        findings=[OpenFinding(o, s, since) for _, s, o, since in found if o is not None],
        pooled=_pooled(services.records, span),
    )


def _findings_open_at(
    records: Engine, instant: datetime
) -> list[tuple[str, str, str | None, datetime]]:
    """Code, subject, organisation and first day of what was found before and not dealt with by then."""
    f = findings.c
    chosen = select(f.code, f.subject, f.organisation, f.first_seen).where(
        f.first_seen < instant,
        or_(f.state == _OPEN, f.cleared_at >= instant, f.accepted_at >= instant),
    )
    with records.connect() as conn:
        return [(r.code, r.subject, r.organisation, r.first_seen) for r in conn.execute(chosen)]


def _coverage(series: SeriesStore, register: Register, span: Span) -> Mapping[str, float]:
    """Share of the span, from a meter's first binding on, over which its main quantity was heard."""
    main = {
        meter.code: MAIN_QUANTITIES[meter.carrier]
        for meter in register.meters.values()
        if meter.carrier in MAIN_QUANTITIES
    }
    table = series.sum_results(Grain.DAY, sorted(main), sorted(set(main.values())), span)
    found: dict[str, float] = {}
    for row in table.to_pylist():
        code = row["subject"]
        if row["measure"] != main[code] or row["coverage"] is None:
            continue
        bound = min((b.valid_from for b in register.bindings_of(code)), default=span.start)
        days = (span.end - max(span.start, min(bound, span.end))) / DAY
        found[code] = min(row["coverage"] * row["intervals"] / days, 1.0) if days > 0 else 0.0
    return found


def _pooled(records: Engine, span: Span) -> dict[str, frozenset[str]]:
    """Assets that were offered in the span or were still on offer at its start, by who offers them."""
    o = pool_offers.c
    chosen = select(o.holder, o.asset).where(
        o.offered_at < span.end, or_(o.closed_at.is_(None), o.closed_at >= span.start)
    )
    found: dict[str, set[str]] = {}
    with records.connect() as conn:
        for holder, asset in conn.execute(chosen):
            found.setdefault(holder, set()).add(asset)
    return {holder: frozenset(assets) for holder, assets in found.items()}


def norms_day(as_of: date | None, now: datetime, zone: ZoneInfo) -> date:
    """The day whose holdings are judged; None: today."""
    return local_date(now, zone) if as_of is None else as_of
