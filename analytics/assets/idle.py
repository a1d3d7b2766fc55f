"""Idle assets: equipment and rooms that telemetry shows unused, and those that the register says to be idle.

A *sign* is what one source shows of an asset on one local day: the energy that a meter counted, or the
highest value that a sensor or switch sent. An asset is idle where at least one of its sources was heard for
long enough, and none of them, however briefly heard, shows use. Silent is not idle.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

import pandas as pd

from analytics.assets.norms import HELD, cited
from quotawatt.findings import Finding
from quotawatt.quantities import QUANTITIES
from quotawatt.register.model import Equipment, Register, Space
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.norms import IdleRule
from quotawatt.spans import DAY, Span, local_date, local_midnight

IDLE_ASSET = "idle_asset"
ENERGY = "electricity_import_kwh"
POWER = "electricity_power_kw"

SIGNS = ("asset", "source", "quantity", "start", "value", "coverage")
"""Columns of a frame of signs, one row for each (asset, source, quantity, local day).

``source`` is a meter's code or a device; ``start`` the local midnight (UTC); ``value`` kWh of the day for
``electricity_import_kwh``, else the day's highest value; ``coverage`` the share of the day that was heard.
"""

_HOURS_A_DAY = 24.0


@dataclass(frozen=True, slots=True)
class IdleAsset:
    """An asset that nobody uses, with what shows it.

    rule
        Of the rulebook, with the whole local days that it looked at.
    source, measured
        The meter's code or the device, and the quantity that shows it; ``coverage`` is the share of the
        time over which it was heard.
    shown, limit
        In the quantity's unit: energy over the whole time, else the highest value; and what either may
        come to while nobody uses the asset.
    """

    asset: str
    rule: str
    span: Span
    source: str
    measured: str
    coverage: float
    shown: float
    limit: float

    def finding(self, rulebook: Rulebook) -> Finding:
        """The finding ``idle_asset`` with the evidence, the rule and its clause."""
        rule = rulebook.idle_rules[self.rule]
        detail: dict[str, str | float | int | None] = {
            "rule": rule.id,
            **cited(rulebook, rule.cites, rule.trust),
            "since": self.span.start.isoformat(),
            "until": self.span.end.isoformat(),
            "hours": self.span.hours,
            "coverage": self.coverage,
            "source": self.source,
            "measured": self.measured,
            "shown": self.shown,
            "limit": self.limit,
            "unit": QUANTITIES[self.measured].unit,
        }
        return Finding(IDLE_ASSET, self.asset, detail)


def idle_assets(
    register: Register,
    rulebook: Rulebook,
    signs: pd.DataFrame,
    now: datetime,
    default_zone: ZoneInfo,
) -> tuple[IdleAsset, ...]:
    """Equipment and rooms that telemetry shows idle at ``now``, by code.

    register
        As it stands on that day.
    signs
        A frame of columns ``SIGNS``; days beyond a rule's time are left out.
    default_zone
        Whose days count for an asset at no known site.
    """
    by_asset = dict(list(signs.groupby("asset", sort=False))) if len(signs) else {}
    found = []
    for asset in judged_assets(register):
        zone = register.zone_of_asset(asset.code) or default_zone
        rules = rules_for(asset, rulebook) if asset.code in by_asset else ()
        shown = (_judge(asset, r, by_asset[asset.code], rule_span(r, now, zone)) for r in rules)
        idle = next((one for one in shown if one is not None), None)
        if idle is not None:
            found.append(idle)
    return tuple(found)


def said_idle(register: Register) -> Iterator[str]:
    """Codes of equipment and rooms that the register says to be idle: by status, or an office of nobody's."""
    for asset in judged_assets(register):
        empty = isinstance(asset, Space) and asset.use == "office" and asset.occupants == 0
        if asset.status == "idle" or empty:
            yield asset.code


def judged_assets(register: Register) -> Iterator[Equipment | Space]:
    """Equipment and rooms that somebody holds, by code."""
    held: Mapping[str, Equipment | Space] = {**register.equipment, **register.spaces}
    for code in sorted(held):
        if held[code].status in HELD:
            yield held[code]


def rules_for(asset: Equipment | Space, rulebook: Rulebook) -> Iterator[IdleRule]:
    """The rules for an asset, by its kind or use."""
    what = "equipment" if isinstance(asset, Equipment) else "space"
    kind = asset.kind if isinstance(asset, Equipment) else asset.use
    for rule in rulebook.idle_rules.values():
        if rule.asset == what and (not rule.kinds or kind in rule.kinds):
            yield rule


def rule_span(rule: IdleRule, now: datetime, zone: ZoneInfo) -> Span:
    """The whole local days before ``now`` that a rule looks at."""
    today = local_date(now, zone)
    return Span(local_midnight(today - rule.unused_for, zone), local_midnight(today, zone))


def _judge(
    asset: Equipment | Space, rule: IdleRule, signs: pd.DataFrame, span: Span
) -> IdleAsset | None:
    """Of the sources that were heard for long enough the best heard one is the evidence."""
    within = signs[(signs["start"] >= span.start) & (signs["start"] < span.end)]
    best: IdleAsset | None = None
    for (source, quantity), days in within.groupby(["source", "quantity"], sort=True):
        limit = _limit(asset, rule, str(quantity))
        values = days["value"].dropna()
        if limit is None or not len(values):
            continue
        if values.max() > limit:
            return None
        coverage = min(float(days["coverage"].sum()) / (rule.unused_for / DAY), 1.0)
        if coverage >= rule.least_coverage and (best is None or coverage > best.coverage):
            shown, most = float(values.max()), limit
            if quantity == ENERGY:
                shown, most = float(values.sum()), limit * (rule.unused_for / DAY)
            best = IdleAsset(
                asset.code,
                rule.id,
                span,
                str(source),
                str(quantity),
                round(coverage, 4),
                round(shown, 3),
                round(most, 3),
            )
    return best


def _limit(asset: Equipment | Space, rule: IdleRule, quantity: str) -> float | None:
    """What a day may show at most of an asset that nobody uses; None: the quantity says nothing of it."""
    if quantity == ENERGY:
        return _standby_kw(asset, rule) * _HOURS_A_DAY
    if quantity == POWER:
        return _standby_kw(asset, rule)
    return rule.peaks.get(quantity)


def _standby_kw(asset: Equipment | Space, rule: IdleRule) -> float:
    """0 where rating or area is not known: then only what takes nothing at all stands idle for certain."""
    if isinstance(asset, Equipment):
        return (asset.rated_power_kw or 0.0) * rule.standby_pct / 100
    return (asset.area_m2 or 0.0) * rule.standby_w_per_m2 / 1000
