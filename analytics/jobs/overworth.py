"""What excess is worth, from the stores: prices of the hours, the factor of emissions, quotas of the year."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd

from analytics.baselines.series import UseSeries
from analytics.carbon.emissions import FACTOR_SET, SCOPES, emission_factor
from analytics.grid import Floats, Key
from analytics.jobs.useseries import load_series
from analytics.jobs.yearquotas import YearQuotas
from analytics.money.supply import COST, COST_OF
from analytics.overuse.context import Context, context_of
from analytics.overuse.worth import Worth, prices_of
from analytics.totals.groups import building_of_item
from analytics.totals.tree import Tree
from quotawatt.findings import Finding
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.spans import Span, local_date
from quotawatt.storage.port import SeriesStore


def worth_of(
    store: SeriesStore,
    tree: Tree,
    rulebook: Rulebook,
    use: UseSeries,
    span: Span,
    quotas: YearQuotas,
) -> Worth:
    """The worth of a unit of a series' use, hour by hour over the span."""
    key = Key(use.subject, use.measure)
    return Worth(
        cny_per_unit=_prices(store, tree, use, span),
        kgco2_per_unit=_kgco2(tree, rulebook, key, span),
        quota=quotas.quota_of(key),
    )


def contexts_of(
    keys: Iterable[Key], tree: Tree, quotas: YearQuotas, worth: Worth
) -> Mapping[Key, Context]:
    """What sentences need, for each series; money at the mean price of the hours that have one."""
    prices = worth.cny_per_unit if worth.cny_per_unit is not None else np.array([])
    known = prices[np.isfinite(prices)]
    price = float(known.mean()) if len(known) else None
    return {
        key: context_of(
            tree.register,
            key.subject,
            key.measure,
            tree.zone_of(key.subject),
            quota=quotas.quota_of(key),
            cny_per_unit=price,
        )
        for key in keys
    }


def _prices(store: SeriesStore, tree: Tree, use: UseSeries, span: Span) -> Floats | None:
    """CNY a unit by the hour, from the stored costs of the subject."""
    carrier = CARRIER_OF.get(use.measure)
    if carrier is None:
        return None
    register = tree.register
    several = (register.buildings, register.organisations, register.spaces)
    name = COST_OF[carrier] if any(use.subject in kind for kind in several) else COST
    costs = load_series(store, tree, use.subject, name, span, least_coverage=0.0)
    starts = pd.DatetimeIndex(use.frame.index)
    amounts = costs.frame["use"].reindex(starts).to_numpy(float)
    return prices_of(starts, use.frame["use"].to_numpy(float), amounts, use.zone)


def _kgco2(tree: Tree, rulebook: Rulebook, key: Key, span: Span) -> float | None:
    """Location-based, by the year in which the span begins."""
    if key.measure not in SCOPES:
        return None
    holder = building_of(tree.register, key.subject)
    year = local_date(span.start, tree.zone_of(key.subject)).year
    found = emission_factor(key.measure, holder, year, [tree.register], rulebook, FACTOR_SET)
    return None if isinstance(found, Finding) else found.factor.value


def building_of(register: Register, subject: str) -> str:
    """The building that a meter, room or item is in; any other subject itself."""
    around = building_of_item(subject) or subject
    return getattr(register.assets.get(around), "building", None) or around
