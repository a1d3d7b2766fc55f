"""Accounts drawn up as far as the judged day: use, denominator, adjustments; or why there is none."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from analytics.yearly.accounts import mean_people
from analytics.yearly.cases import About, Case, flow_pairs
from analytics.yearly.dayshares import working_days
from analytics.yearly.holdings import mean_of_column, people_of_building
from analytics.yearly.items import Items
from analytics.yearly.metered import metered_share, unmetered_area, unshared
from analytics.yearly.terms import (
    ASSUMED,
    CORRECTION,
    LEAVES_OUT,
    NOT_CORRECTED,
    Adjustment,
    Conversion,
    Term,
    areas_left_out,
    conversion,
)
from analytics.yearly.usetable import UseTable
from analytics.yearly.yardsticks import QUOTA, Yardstick
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.rulebook.indicators import (
    FLOWS,
    GROSS_AREA,
    HEADCOUNT,
    HEATED_AREA,
    KM_100,
    Correction,
    Indicator,
)
from quotawatt.rulebook.model import Rulebook

_KM = 100.0

OFFICE_HOURS = 8
"""Hours of a working day, where the register does not say how long a building is in use."""


@dataclass(frozen=True, slots=True)
class Draft:
    """One account up to the judged day.

    terms, conversions
        What is added up and taken off, and what a unit of each counts; both in the same order.
    amounts
        Of each term its use in its own unit.
    correction
        Product of all corrections.
    used
        In the account's unit, corrected.
    metered_area_share
        Share of the area whose buildings are metered, 0..1; None: no area to tell by.
    """

    asset: str
    yardstick: Yardstick
    table: UseTable
    terms: tuple[Term, ...]
    conversions: tuple[Conversion, ...]
    amounts: tuple[float, ...]
    correction: float
    used: float
    denominator: float
    coverage: float
    adjustments: tuple[Adjustment, ...]
    metered_area_share: float | None


def drawn_up(
    case: Case, table: UseTable, items: Items, rulebook: Rulebook
) -> tuple[Draft | None, list[Finding]]:
    """The account of a case, and what is to be said of it; no account where its figure would be none."""
    about = {**case.about, "year": table.period.year}
    terms = [t for t in case.terms if table.known(t.pair)]
    inside = [t for t in terms if t.role != LEAVES_OUT]
    if not any(table.known_days(t.pair, t.first, t.until) for t in inside):
        return None, [Finding("use_missing", case.asset, about)]
    denominator, adjustments = denominator_of(case, terms, table, items)
    if denominator is None:
        name = case.yardstick.indicator.denominator
        return None, [Finding("denominator_missing", case.asset, {**about, "denominator": name})]
    converted = _conversions(case, terms, rulebook)
    without = sorted({m for m, factor in converted.items() if factor is None})
    if without:
        missing = {"factor_set": case.yardstick.factor_set, "measures": ", ".join(without)}
        return None, [Finding("account_factor_missing", case.asset, {**about, **missing})]
    share, findings = metered_share(case, table, about)
    if share is not None and share < 1 and case.yardstick.indicator.partly_metered:
        adjustments.append(unmetered_area(case, denominator, share))
        denominator *= share
    known = {m: factor for m, factor in converted.items() if factor is not None}
    draft = _draft(case, table, terms, known, denominator, adjustments, share)
    findings += unshared(case, table, about)
    if unknown := [a.name for a in draft.adjustments if a.kind == NOT_CORRECTED]:
        said: About = {**about, "corrections": ", ".join(unknown)}
        findings.append(Finding("correction_unknown", case.asset, said))
    return draft, findings


def _draft(
    case: Case,
    table: UseTable,
    terms: Sequence[Term],
    known: Mapping[str, Conversion],
    denominator: float,
    adjustments: list[Adjustment],
    share: float | None,
) -> Draft:
    amounts = tuple(t.sign * table.amount(t.pair, t.first, t.until) for t in terms)
    conversions = tuple(known[t.measure] for t in terms)
    corrections = [*_corrections(case, denominator)]
    gamma = math.prod(a.factor for a in corrections if a.factor is not None)
    left_out = _left_out(terms, amounts, conversions, adjustments, case)
    used = gamma * math.fsum(a * c.value for a, c in zip(amounts, conversions, strict=True))
    return Draft(
        asset=case.asset,
        yardstick=case.yardstick,
        table=table,
        terms=tuple(terms),
        conversions=conversions,
        amounts=amounts,
        correction=gamma,
        used=used,
        denominator=denominator,
        coverage=table.coverage_of([t.pair for t in terms if t.role != LEAVES_OUT]),
        adjustments=(*left_out, *corrections),
        metered_area_share=share,
    )


def denominator_of(
    case: Case, terms: Sequence[Term], table: UseTable, items: Items
) -> tuple[float | None, list[Adjustment]]:
    """Area, people or kilometres; None where any of it is not known, for a part is not the whole."""
    indicator = case.yardstick.indicator
    if indicator.denominator in (GROSS_AREA, HEATED_AREA):
        return _area(case, indicator, terms, table)
    if indicator.denominator == HEADCOUNT:
        pieces = [one.piece for one in case.held]
        return mean_people(case.asset, case.yardstick.components, pieces), []
    if indicator.denominator in FLOWS:
        flow = math.fsum(table.amount(p) for p in flow_pairs(case, items) if table.known_days(p))
        return (flow / _KM if indicator.denominator == KM_100 else flow) or None, []
    return 1.0, []


def _area(
    case: Case, indicator: Indicator, terms: Sequence[Term], table: UseTable
) -> tuple[float | None, list[Adjustment]]:
    area = mean_of_column(case.held, indicator.denominator, indicator.carriers)
    if area is None or indicator.denominator != GROSS_AREA:
        return area, []
    left = areas_left_out(terms, case.held, table)
    trust = case.yardstick.trust
    adjustments = [Adjustment(LEAVES_OUT, p, 0.0, m2, None, trust) for p, m2 in left.items()]
    rest = area - math.fsum(left.values())
    return (rest if rest > 0 else None), adjustments


def _conversions(
    case: Case, terms: Sequence[Term], rulebook: Rulebook
) -> dict[str, Conversion | None]:
    yardstick = case.yardstick
    factors = rulebook.factor_sets.get(yardstick.factor_set)
    if factors is None and yardstick.kind == QUOTA and yardstick.indicator.converts:
        raise NotFoundError(
            "a quota must name a factor set of the rulebook,"
            f" got {yardstick.factor_set!r} in {yardstick.account}"
        )
    names = dict.fromkeys(t.measure for t in terms)
    return {m: conversion(m, yardstick.indicator, factors, yardstick.trust) for m in names}


def _corrections(case: Case, denominator: float) -> list[Adjustment]:
    """The factors on the use, and those that rest on an assumption or cannot be told at all.

    Those that change nothing and assume nothing are not listed.
    """
    found = []
    for correction in case.yardstick.indicator.corrections:
        kind, value = _corrected_by(correction, case, denominator)
        factor = None if kind == NOT_CORRECTED else correction.factor(value)
        if kind != CORRECTION or factor != 1:
            found.append(Adjustment(kind, correction.by, 0.0, None, factor, correction.trust))
    return found


def _corrected_by(correction: Correction, case: Case, area_m2: float) -> tuple[str, float | None]:
    """Hours a year, or m² a person, of a building, and whether the register says so.

    Hours that it does not say are those of the working calendar.
    """
    last = case.held[-1]
    building = next((b for b in last.buildings if b.code == case.asset), None)
    if correction.by == "hours_of_use":
        hours = None if building is None else building.hours_of_use
        return (
            (ASSUMED, _office_hours(last.piece.first.year))
            if hours is None
            else (CORRECTION, hours)
        )
    people = None if building is None else people_of_building(building, last.piece.register)
    return (CORRECTION, area_m2 / people) if people else (NOT_CORRECTED, None)


def _office_hours(year: int) -> float:
    """The hours of a year by the working calendar."""
    days = (date(year + 1, 1, 1) - date(year, 1, 1)).days
    return OFFICE_HOURS * float(working_days(date(year, 1, 1), days).sum())


def _left_out(
    terms: Sequence[Term],
    amounts: Sequence[float],
    conversions: Sequence[Conversion],
    areas: Sequence[Adjustment],
    case: Case,
) -> list[Adjustment]:
    """One adjustment a purpose: its use in the account's unit, and the area that left with it."""
    use: dict[str, float] = {}
    for term, amount, factor in zip(terms, amounts, conversions, strict=True):
        if term.role == LEAVES_OUT:
            use[term.purpose] = use.get(term.purpose, 0.0) - amount * factor.value
    by_purpose = {a.name: a.area_m2 for a in areas if a.kind == LEAVES_OUT}
    others = [a for a in areas if a.kind != LEAVES_OUT]
    trust = case.yardstick.indicator.trust
    return [
        *(Adjustment(LEAVES_OUT, p, u, by_purpose.get(p), None, trust) for p, u in use.items()),
        *others,
    ]
