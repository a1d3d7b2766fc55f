"""The status of one quota account, from its draft and what lies ahead of it."""

from collections.abc import Mapping

import numpy as np

from analytics.yearly.coal import Coal, coal_of
from analytics.yearly.drafts import Draft
from analytics.yearly.outlook import Outlooks, limits_of
from analytics.yearly.projection import Matrix
from analytics.yearly.quotastatus import QuotaPart, QuotaStatus
from analytics.yearly.tiers import standing
from quotawatt.measures import measure
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook, Tier
from quotawatt.spans import DAY


def status_of(
    draft: Draft, ahead: Outlooks, i: int, register: Register, rulebook: Rulebook
) -> QuotaStatus:
    """The status of an account; ``i`` is its place in ``ahead``."""
    yardstick, period = draft.yardstick, draft.table.period
    limits = limits_of(draft)
    constraint, projected = limits[Tier.CONSTRAINT], _known(ahead.projected, i)
    exhausted, budget = _known(ahead.exhaustion_day, i), _known(ahead.budget_to_date, i)
    coal: Coal = coal_of(draft, register, rulebook)
    return QuotaStatus(
        asset=draft.asset,
        quota=yardstick.account,
        indicator=yardstick.indicator.id,
        year=period.year,
        unit=yardstick.indicator.amount_unit,
        denominator_name=yardstick.indicator.denominator,
        denominator=draft.denominator,
        used=draft.used,
        intensity=draft.used / draft.denominator,
        limits=limits,
        standing=standing(draft.used, limits),
        share_pct=100 * draft.used / constraint,
        projected=projected,
        projected_standing=None if projected is None else standing(projected, limits),
        projected_share_pct=None if projected is None else 100 * projected / constraint,
        days=period.days,
        days_in_year=period.length,
        coverage=draft.coverage,
        parts=_parts(draft),
        kind=yardstick.kind,
        document=yardstick.document,
        first=period.first,
        until=period.until,
        projected_low=_known(ahead.projected_low, i),
        projected_high=_known(ahead.projected_high, i),
        over_probability=_by_tier(ahead.over_probability, i),
        budget_to_date=budget,
        ahead=None if budget is None else draft.used - budget,
        exhaustion_day=None if exhausted is None else period.first + (int(exhausted) - 1) * DAY,
        allowance_per_day=_known(ahead.allowance_per_day, i),
        kgce=coal.kgce,
        tce=None if coal.kgce is None else coal.kgce / 1000,
        factor_set=coal.factor_set,
        basis=coal.basis,
        correction=draft.correction,
        adjustments=draft.adjustments,
        metered_area_share=draft.metered_area_share,
    )


def _known(values: Matrix, i: int) -> float | None:
    return None if np.isnan(values[i]) else float(values[i])


def _by_tier(values: Mapping[Tier, Matrix], i: int) -> dict[Tier, float]:
    return {tier: float(of[i]) for tier, of in values.items() if not np.isnan(of[i])}


def _parts(draft: Draft) -> tuple[QuotaPart, ...]:
    """What adds up to the use: each series with its factor, what is left out with a minus."""
    return tuple(
        QuotaPart(
            measure=term.measure,
            amount=amount,
            unit=measure(term.measure).unit,
            factor=factor.value,
            factor_unit=factor.unit,
            factor_trust=factor.trust,
            value=amount * factor.value * draft.correction,
            subject=term.subject,
            role=term.role,
            purpose=term.purpose,
            factor_set=factor.from_set,
            first=term.first,
            until=term.until,
            weight=term.weight,
        )
        for term, amount, factor in zip(draft.terms, draft.amounts, draft.conversions, strict=True)
    )
