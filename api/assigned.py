"""Assigned targets and revised quotas for the routes: from what was asked to wishes, from values to rows."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from sqlalchemy import Connection

from analytics.yearly.assignedamounts import amounts_on
from api.access import Permit
from api.assigned_schemas import RevisionIn, TargetIn
from api.budget_schemas import MonthsIn
from api.citations import both
from api.params import today_of
from api.services import Services
from quotawatt.assigned.book import Version, add_versions, assigned_targets, target_years
from quotawatt.assigned.cascade import (
    OVER_PARENT,
    Cascade,
    cascade_findings,
    cascades,
)
from quotawatt.assigned.values import AssignedTarget, QuotaRevision, Versioned, in_force
from quotawatt.assigned.wishes import MONTHS, REVISION, TARGET, Setting, Wish
from quotawatt.register.findings_book import report_findings
from quotawatt.register.problems import Problem, Where
from quotawatt.rulebook.model import Tier
from quotawatt.settings import Language

SOURCE = "assigned"
"""Who finds that more was assigned than there is."""


def setting_of(services: Services, permit: Permit) -> Setting:
    """What wishes of this asker are judged by, now."""
    rulebook = services.rulebook
    return Setting(
        services.register_source(),
        rulebook.indicators,
        rulebook.quotas,
        permit.sees,
        permit.everywhere,
    )


def target_wish(body: TargetIn, row: int) -> Wish:
    """A body as a wish; ``row`` is its place among several, from 1."""
    given = body.model_dump(exclude={"indicator", "amount"})
    where = Where("targets", row)
    return Wish(kind=TARGET, name=body.indicator, amounts=(body.amount,), where=where, **given)


def revision_wish(asset: str, quota: str, body: RevisionIn) -> Wish:
    """A body as a wish."""
    given = body.model_dump(exclude={"value"})
    where = Where("revision")
    return Wish(kind=REVISION, asset=asset, name=quota, amounts=(body.value,), where=where, **given)


def month_wish(asset: str, quota: str, body: MonthsIn) -> Wish:
    """A body as a wish."""
    given = body.model_dump(exclude={"months"})
    months, where = tuple(body.months), Where("months")
    return Wish(kind=MONTHS, asset=asset, name=quota, amounts=months, where=where, **given)


def assign(
    services: Services, wishes: Sequence[Wish], setting: Setting, actor: str
) -> tuple[list[Version], list[Cascade]]:
    """Add targets and list who has passed on too much since. Raises RegisterError, and nothing is done."""
    with services.records.begin() as conn:
        added = add_versions(conn, wishes, setting, actor, services.wall_clock())
        over = _note_over(conn, services, {wish.year for wish in wishes})
    return added, over


def _note_over(conn: Connection, services: Services, years: Iterable[int]) -> list[Cascade]:
    """Bring the findings up to date, of all years, and give those of these."""
    day = today_of(services)
    found = [one for year in target_years(conn) for one in _over(conn, services, year, day)]
    report_findings(
        conn,
        SOURCE,
        cascade_findings(found),
        services.register_source(),
        services.clock(),
        [OVER_PARENT],
    )
    wanted = set(years)
    return [one for one in found if one.year in wanted]


def _over(conn: Connection, services: Services, year: int, day: date) -> list[Cascade]:
    """Who has passed on too much of a year, on the day or from a later one on."""
    later = {t.effective_from for t in assigned_targets(conn, year) if t.effective_from > day}
    over: dict[tuple[str, str], Cascade] = {}
    for judged in sorted({day_in(year, day), *later}):
        for one in cascades_of(conn, services, year, judged):
            if one.is_over:
                over.setdefault((one.assigner, one.indicator), one)
    return list(over.values())


def day_in(year: int, day: date) -> date:
    """The day itself, or the nearest of the year."""
    return min(max(day, date(year, 1, 1)), date(year, 12, 31))


def cascades_of(conn: Connection, services: Services, year: int, day: date) -> list[Cascade]:
    """How the targets of a year were passed on, as they count on a day of it."""
    register = services.register_source()
    standing = in_force(assigned_targets(conn, year), day)
    amount = amounts_on(day, register, services.rulebook)
    return cascades(standing, register.as_of(day), amount)


def target_item(target: AssignedTarget, services: Services) -> dict[str, Any]:
    """A target with names, title and unit."""
    indicator = services.rulebook.indicators.get(target.indicator)
    return {
        **_version(target),
        "name": name_of(target.asset, services),
        "title": {} if indicator is None else both(indicator.title),
        "unit": "" if indicator is None else indicator.unit,
        "account": target.account,
    }


def revision_item(revision: QuotaRevision, services: Services) -> dict[str, Any]:
    """A revision beside the quota's own value of its first day."""
    quota = services.rulebook.as_of(revision.effective_from).quotas.get(revision.quota)
    return {
        **_version(revision),
        "unit": "" if quota is None else quota.unit,
        "original": None if quota is None else quota.tiers.get(Tier.CONSTRAINT),
    }


def cascade_item(one: Cascade, services: Services) -> dict[str, Any]:
    """A cascade with names, title and unit."""
    indicator = services.rulebook.indicators.get(one.indicator)
    return {
        "assigner": one.assigner,
        "name": name_of(one.assigner, services),
        "indicator": one.indicator,
        "title": {} if indicator is None else both(indicator.title),
        "amount_unit": "" if indicator is None else indicator.amount_unit,
        "own_amount": one.own_amount,
        "assigned": one.assigned,
        "remainder": one.remainder,
        "over": one.is_over,
        "shares": [
            {
                "asset": share.target.asset,
                "name": name_of(share.target.asset, services),
                "amount": share.amount,
                "version": share.target.version,
            }
            for share in one.shares
        ],
    }


def name_of(code: str, services: Services) -> dict[str, str]:
    """An asset's name by language; empty where it is gone."""
    asset = services.register_source().assets.get(code)
    return {} if asset is None else {"zh": asset.name_zh, "en": asset.name_en}


def problem_item(problem: Problem, language: Language) -> dict[str, Any]:
    """A problem of a row as plain JSON."""
    where = problem.where
    return {
        "sheet": where.sheet,
        "row": where.row,
        "column": where.column or None,
        "cell": None,
        "rule": problem.rule.code,
        "text": problem.text(language),
    }


def _version(value: Versioned) -> dict[str, Any]:
    row = asdict(value)  # type: ignore[call-overload]
    return {**row, **row.pop("decision")}
