"""Accounts under targets: whose there are, and the days that they are drawn up from."""

from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime
from functools import cache, partial
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.carbon.accountdays import AccountDays, account_days, account_pairs
from analytics.carbon.judging import Draft, judged
from analytics.carbon.reach import Pair
from analytics.carbon.standing import TargetStatus
from analytics.carbon.targets import BaseValues, denominator, target_days, targets_in_force
from analytics.carbon.yeartable import YearTable
from analytics.totals.segments import Segment, carbon_books, segments
from analytics.yearly.accounts import AccountYear, account_years
from analytics.yearly.dailyuse import DailyUse, YearToDate
from quotawatt.findings import Finding
from quotawatt.register.model import BaseValue, Register
from quotawatt.rulebook.indicators import CARBON_PER_AREA, HEADCOUNT
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.targets import TARGET_MEASURES, Target
from quotawatt.spans import DAY

_TOGETHER = 500
"""Accounts whose days are in memory at once."""


class TargetAccounts(NamedTuple):
    """All accounts that could be drawn up, and why others could not. Sorted by asset, then target."""

    statuses: tuple[TargetStatus, ...]
    findings: tuple[Finding, ...]


def target_statuses(
    daily: pd.DataFrame | DailyUse,
    register: Register,
    rulebook: Rulebook,
    as_of: datetime,
    zone: ZoneInfo,
    only: Collection[str] | None = None,
    measures: Collection[str] = tuple(TARGET_MEASURES),
) -> TargetAccounts:
    """The account of every organisation and building under every target that is in force.

    The arguments are those of ``analytics.yearly.quotas.quota_statuses``; ``measures`` are those of the
    targets that are asked for. Targets per head are those of organisations. An account without its base
    value has no status: those of carbon per m² say so by a finding ``base_value_missing``, for others need
    not be held. Other findings: ``denominator_missing``, ``use_missing``,
    ``account_factor_missing``, ``account_grid_region_ambiguous``, ``account_grid_factor_missing``.
    """
    use = daily if isinstance(daily, DailyUse) else DailyUse(daily, register, zone)
    asked, findings = _asked(use, register, rulebook, as_of, only, frozenset(measures))
    cut = cache(partial(segments, carbon_books(register)))
    statuses: list[TargetStatus] = []
    by_span: dict[tuple[int, int], list[_Asked]] = {}
    for one in asked:
        to_date = one.account.to_date
        by_span.setdefault((to_date.year, to_date.complete_days), []).append(one)
    for same in by_span.values():
        for first in range(0, len(same), _TOGETHER):
            drafts, missing = _drafts(same[first : first + _TOGETHER], use, rulebook, cut)
            findings += missing
            statuses += judged(drafts)
    return TargetAccounts(
        tuple(sorted(statuses, key=lambda s: (s.asset, s.target))),
        tuple(sorted(findings, key=lambda f: (f.subject, str(f.detail["target"])))),
    )


class _Asked(NamedTuple):
    """An account year with the targets that it is held against, and their base values."""

    account: AccountYear
    targets: tuple[tuple[Target, BaseValue], ...]


def _asked(
    use: DailyUse,
    register: Register,
    rulebook: Rulebook,
    as_of: datetime,
    only: Collection[str] | None,
    measures: Collection[str],
) -> tuple[list[_Asked], list[Finding]]:
    bases = BaseValues(register)
    in_force = cache(partial(targets_in_force, rulebook))
    asked: list[_Asked] = []
    findings: list[Finding] = []
    for account in account_years(use, register, as_of, only, carbon_books):
        held = []
        for target in in_force(account.pieces[-1].until - DAY):
            if target.measure not in measures or not _asked_of(account.asset, target, register):
                continue
            base = bases.of(account.asset, target)
            if base is not None:
                held.append((target, base))
            elif target.measure == CARBON_PER_AREA:
                findings.append(_no_base_value(account, target))
        if held:
            asked.append(_Asked(account, tuple(held)))
    return asked, findings


def _no_base_value(account: AccountYear, target: Target) -> Finding:
    about = {"year": account.to_date.year, "base_year": target.base_year}
    return Finding("base_value_missing", account.asset, {"target": target.id, **about})


def _asked_of(asset: str, target: Target, register: Register) -> bool:
    per_head = TARGET_MEASURES[target.measure].denominator == HEADCOUNT
    return not per_head or asset in register.organisations


def _drafts(
    asked: Sequence[_Asked],
    use: DailyUse,
    rulebook: Rulebook,
    cut: Callable[[date, date], tuple[Segment, ...]],
) -> tuple[list[Draft], list[Finding]]:
    """The accounts of some assets; all are judged over the same days."""
    year = asked[0].account.to_date.year
    before = cut(date(year - 1, 1, 1), date(year, 1, 1))
    pairs: set[Pair] = set()
    for one in asked:
        pairs |= account_pairs(one.account.asset, (*one.account.pieces, *before))
    this, last = YearTable(use, pairs, year), YearTable(use, pairs, year - 1)
    drafts: list[Draft] = []
    findings: list[Finding] = []
    for (asset, to_date, pieces), targets in asked:
        days = account_days(asset, pieces, before, this, last)
        book = rulebook.as_of(pieces[-1].until - DAY)
        for target, base in targets:
            found = _draft(asset, target, base, pieces, days, book, to_date)
            if isinstance(found, Finding):
                findings.append(found)
            else:
                drafts.append(found)
    return drafts, findings


def _draft(
    asset: str,
    target: Target,
    base: BaseValue,
    pieces: Sequence[Segment],
    account: AccountDays,
    rulebook: Rulebook,
    to_date: YearToDate,
) -> Draft | Finding:
    divided_by = denominator(asset, target, pieces)
    if divided_by is None:
        kind = TARGET_MEASURES[target.measure].denominator
        about: dict[str, str | float | int | None] = {"target": target.id, "year": to_date.year}
        return Finding("denominator_missing", asset, {**about, "denominator": kind})
    snapshots = [piece.register for piece in pieces]
    days = target_days(asset, target, to_date.year, account, snapshots, rulebook)
    if isinstance(days, Finding):
        return days
    return Draft(target, base, divided_by, days, account.memo, to_date)
