"""Yearly quotas: what an asset has used of its quota, under which tier it stands, what it will come to.

The formulae are those of the rulebook's indicators; docs/quotas.md has each with a worked example:

    used = corrections x (use of carriers and items - use that is left out), by the quota's own factors
    limit of a tier = its value x denominator

The account is kept above the line, in kWh, kgce, tce, m³ or L. Coal equivalent uses the factor set that the
quota names and no other. An account of the heating season runs over the season's days.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd
import pyarrow as pa

from analytics.yearly.cases import Case
from analytics.yearly.dailyuse import DailyUse
from analytics.yearly.drafts import Draft, drawn_up
from analytics.yearly.gathering import Gathering
from analytics.yearly.needed import account_holders
from analytics.yearly.outlines import filled_in, outline_of
from analytics.yearly.outlook import Outlooks, outlooks
from analytics.yearly.periods import before, part_of_day
from analytics.yearly.quotastatus import QuotaAccounts, QuotaPart, QuotaStatus
from analytics.yearly.quotatables import figure_tables
from analytics.yearly.statusofdraft import status_of
from analytics.yearly.tiers import Standing
from analytics.yearly.usetable import Pair, Period, UseTable
from analytics.yearly.yardsticks import NOTHING_DECIDED, Decided
from quotawatt.findings import Finding
from quotawatt.readings import RESULTS
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook

__all__ = [
    "Decided",
    "QuotaAccounts",
    "QuotaPart",
    "QuotaStatus",
    "Standing",
    "drafts_of",
    "quota_results",
    "quota_statuses",
]


_CHUNK = 2000
"""Accounts whose series are in memory together."""


def quota_statuses(
    daily: pd.DataFrame | DailyUse,
    register: Register,
    rulebook: Rulebook,
    as_of: datetime,
    zone: ZoneInfo,
    only: Collection[str] | None = None,
    decided: Decided = NOTHING_DECIDED,
) -> QuotaAccounts:
    """The yearly account of every asset under every quota that is for it, at ``as_of``.

    daily
        Results of grain day: columns subject, measure, start (UTC), value, coverage, for this year and,
        where known, the year before; or the same as a ``DailyUse``. ``account_series`` says of what.
    rulebook
        All of it; each account is judged by what was in force on its judged day.
    as_of
        Timezone-aware; the judged year is the local year of the last instant before it. Days after that
        instant are not looked at; the day that holds it counts with what is there.
    zone
        Whose days and years those of organisations and vehicles are; buildings have their site's.
    only
        Assets that are asked for; None: all.
    decided
        Assigned targets, revised quotas and budgets of months, in all versions.

    Instead of a status there is a finding where the account cannot be drawn up: ``denominator_missing``,
    ``quota_ambiguous`` (two quotas of one indicator match), ``use_missing`` (nothing measured this
    year), ``account_factor_missing`` (the factor set lacks a carrier that was used),
    ``heating_season_missing``; ``quota_none`` where no quota in force is for an organisation that has
    buildings. ``partly_metered`` stands beside an account.
    """
    use = daily if isinstance(daily, DailyUse) else DailyUse(daily, register, zone)
    gathering = Gathering(use, register, rulebook, as_of, decided)
    holders = account_holders(register, rulebook)
    asked = holders if only is None else sorted(set(only).intersection(holders))
    statuses = [
        status_of(draft, ahead, i, register, rulebook)
        for drafts, ahead in _with_outlooks(gathering, asked)
        for i, draft in enumerate(drafts)
    ]
    statuses.sort(key=lambda s: (s.asset, s.quota))
    findings = sorted(gathering.findings, key=lambda f: f.subject)
    return QuotaAccounts(tuple(statuses), tuple(findings))


def quota_results(
    gathering: Gathering, assets: Iterable[str], day_start: datetime
) -> tuple[pa.Table, list[Finding]]:
    """The accounts of some assets as results of grain day (schema RESULTS), subject ``ASSET/QUOTA``.

    Figures and findings are those of ``quota_statuses``. ``day_start`` is the local midnight (UTC) at which
    the judged day began. Where there is no projection its measures are withdrawn, so that an earlier one
    does not outlive what it rested on. The day of exhaustion is that of the account's period, from 1.
    """
    tables = [
        table
        for drafts, ahead in _with_outlooks(gathering, assets)
        for table in figure_tables(drafts, ahead, day_start)
    ]
    return pa.concat_tables([RESULTS.empty_table(), *tables]), gathering.findings


def _with_outlooks(
    gathering: Gathering, assets: Iterable[str]
) -> Iterator[tuple[list[Draft], Outlooks]]:
    for drafts in drafts_of(gathering, assets):
        use, asset = gathering.use, drafts[0].asset
        over = part_of_day(gathering.as_of, use.zone_of(asset))
        yield drafts, outlooks(drafts, over, use.country_of(asset))


def drafts_of(gathering: Gathering, assets: Iterable[str]) -> Iterator[list[Draft]]:
    """The accounts of some assets without what lies ahead, in lists of one table and country each."""
    use = gathering.use
    cases: dict[tuple[Period, ZoneInfo, str], list[Case]] = {}
    for asset in assets:
        zone, country = use.zone_of(asset), use.country_of(asset)
        for period, case in gathering.cases(asset):
            cases.setdefault((period, zone, country), []).append(case)
    for (period, _, _), of_period in cases.items():
        book = gathering.book_of(period)
        for start in range(0, len(of_period), _CHUNK):
            chunk = of_period[start : start + _CHUNK]
            pairs = frozenset[Pair]().union(*(case.pairs for case in chunk))
            table = UseTable(use, pairs, period, before(period, book))
            found = [_draft_of(case, table, gathering, book) for case in chunk]
            if drafts := [draft for draft in found if draft is not None]:
                yield drafts


def _draft_of(case: Case, table: UseTable, gathering: Gathering, book: Rulebook) -> Draft | None:
    """By its outline of before where that still holds; else from the beginning, with a new outline."""
    outlines, items = gathering.kept.outlines, gathering.items
    key = case.asset, case.yardstick.account
    outline = outlines.get(key)
    if outline is not None and outline.is_of(case, table):
        draft = filled_in(outline, case, table, items) if outline.terms else None
        if draft is not None or not outline.terms:
            gathering.findings += outline.findings
            return draft
    draft, findings = drawn_up(case, table, items, book)
    gathering.findings += findings
    outlines.pop(key, None)
    if (new := outline_of(case, table, draft, findings)) is not None:
        outlines[key] = new
    return draft
