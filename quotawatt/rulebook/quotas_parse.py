"""Nodes of the section ``quotas`` → quotas, and their check against indicators and factor sets."""

from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise

import yaml

from quotawatt.register.rules import (
    CLIMATE_ZONES,
    COMFORT_CLASSES,
    COMPONENTS,
    HEATINGS,
    LEVELS,
)
from quotawatt.rulebook import schema
from quotawatt.rulebook.basics import Tier
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.indicators import HEADCOUNT, Indicator
from quotawatt.rulebook.model import FactorSet, Quota, Selector
from quotawatt.rulebook.schema import Fields, Problems

_JUDGED = ("organisation", "building")
_ASSET = "the asset of a quota (a vehicle has its own limit, in the register)"
_FREE = ("kind", "zone", "province")
_WORDS: Mapping[str, tuple[str, ...]] = {
    "level": LEVELS,
    "climate": CLIMATE_ZONES[1:],  # the first of the register's words is the empty one
    "heating": HEATINGS[1:],
    "comfort_class": COMFORT_CLASSES[1:],
}
"""What a selector may ask for, where the register has words for it."""


def parse_quota(node: yaml.Node, problems: Problems) -> Iterator[Located[Quota]]:
    """One quota."""
    keys = ("id", "title", "cites", "indicator", "unit", "selectors", "tiers", "trust")
    found = schema.fields(node, problems, "a quota", keys, ("factor_set", "headcount_components"))
    if not schema.complete(found, keys):
        return
    quota = Quota(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        indicator=schema.text(found["indicator"], problems, "indicator"),
        unit=schema.text(found["unit"], problems, "unit"),
        headcount_components=_components(found, problems),
        factor_set=schema.identifier(found["factor_set"], problems, "factor_set")
        if "factor_set" in found
        else "",
        selectors=tuple(_selectors(found["selectors"], problems)),
        tiers=_tiers(found["tiers"], problems),
        trust=schema.trust(found["trust"], problems),
    )
    yield Located(quota, problems.place(node))


def _components(found: Fields, problems: Problems) -> tuple[str, ...]:
    listed = found.get("headcount_components")
    if listed is None:
        return ()
    names = schema.items(listed, problems, "headcount_components")
    return tuple(schema.choice(n, problems, "a headcount component", COMPONENTS) for n in names)


def _selectors(node: yaml.Node, problems: Problems) -> Iterator[Selector]:
    entries = schema.items(node, problems, "selectors")
    if not entries:
        problems.note(node, "a quota must have a selector", "none")
    for entry in entries:
        found = schema.fields(entry, problems, "a selector", ("asset",), (*_FREE, *_WORDS))
        if "asset" not in found:
            continue
        values: dict[str, str] = {
            key: schema.text(found[key], problems, key) for key in _FREE if key in found
        }
        for key, allowed in _WORDS.items():
            if key in found:
                values[key] = schema.choice(found[key], problems, key, allowed)
        asset = schema.choice(found["asset"], problems, _ASSET, _JUDGED)
        yield Selector(asset=asset, **values)


def _tiers(node: yaml.Node, problems: Problems) -> dict[Tier, float]:
    """Values by tier; each must be below the one before it, or being over would mean nothing."""
    known = len(problems.found)
    found = schema.fields(node, problems, "tiers", ("constraint",), ("baseline", "guidance"))
    tiers = {
        tier: schema.number(found[tier.value], problems, tier.value, 0.001, 1e6)
        for tier in Tier
        if tier.value in found
    }
    values = list(tiers.values())
    readable = len(problems.found) == known  # else placeholders stand among the values
    if readable and any(b >= a for a, b in pairwise(values)):
        shown = ", ".join(f"{tier.value} {value:g}" for tier, value in tiers.items())
        problems.note(node, "tiers must fall from constraint to baseline to guidance", shown)
    return tiers


def check_quotas(draft: Draft) -> Iterator[str]:
    """What is wrong between quotas, their indicators and their factor sets."""
    indicators: dict[str, Indicator] = {x.value.id: x.value for x in draft.of("indicators")}
    for quota in draft.of("quotas"):
        indicator = indicators.get(quota.value.indicator)
        if indicator is None:
            known = ", ".join(sorted(indicators))
            yield f"{quota.place}: indicator must be one of {known}, got {quota.value.indicator}"
            continue
        yield from _unlike_its_indicator(quota, indicator)
        yield from _without_factors(quota, indicator, draft)


def _unlike_its_indicator(quota: Located[Quota], indicator: Indicator) -> Iterator[str]:
    value, place = quota.value, quota.place
    if value.unit != indicator.unit:
        yield f"{place}: the unit of {indicator.id} must be {indicator.unit}, got {value.unit}"
    if (indicator.denominator == HEADCOUNT) != bool(value.headcount_components):
        rule = "a quota must have headcount_components where it is per head, and only there"
        yield f"{place}: {rule}, got {indicator.id}"
    for asset in dict.fromkeys(s.asset for s in value.selectors):
        if asset not in indicator.assets:
            known = ", ".join(indicator.assets)
            yield f"{place}: the asset of {indicator.id} must be one of {known}, got {asset}"


def _without_factors(quota: Located[Quota], indicator: Indicator, draft: Draft) -> Iterator[str]:
    """Where the factor set cannot serve the quota, or does not hold as long as it does."""
    name = quota.value.factor_set
    if indicator.converts and not name:
        yield f"{quota.place}: a quota in coal equivalent must have factor_set, got none"
        return
    sets = [x for x in draft.of("factor_sets") if x.value.id == name]
    converts = indicator.converts
    if (name and not sets) or (converts and not all(x.value.coal_equivalent for x in sets)):
        yield f"{quota.place}: a quota must name a factor set with coal_equivalent, got {name}"
    elif sets and not quota.never and not _always(quota, sets):
        yield (
            f"{quota.place}: the factor set of a quota must be in force as long as the quota, "
            f"got {name} until {max(str(x.effective_until) for x in sets)}"
        )


def _always(quota: Located[Quota], sets: list[Located[FactorSet]]) -> bool:
    """Whether on every day on which the quota is in force one of the sets is."""
    days = [x.effective_until for x in sets if x.effective_until and quota.overlaps(x)]
    gaps = [day for day in days if not any(x.holds(day) for x in sets)]
    begun = quota.effective_from or date.min
    return any(x.holds(begun) for x in sets) and not any(quota.holds(day) for day in gaps)
