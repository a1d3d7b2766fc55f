"""The tree of scopes in both ledgers: each node with what it is made of, its factor and its emission.

Location-based, grid electricity counts by the factor of the province's grid. Market-based, what cancelled
certificates of green power cover counts nothing, and the rest by the country's residual factor: that choice
is ours and marked unverified, for the guideline names the provincial factor only.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from analytics.carbon.emissions import ELECTRICITY, RESIDUAL, EmissionFactor, emission_factor
from analytics.carbon.factors import FactorUsed, grid_used, used
from analytics.carbon.nodes import EMITTING, EV_CHARGING, GRID
from analytics.carbon.uses import CarbonUse, Months
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.measures import measure
from quotawatt.register.model import Register
from quotawatt.rulebook.model import Rulebook, Trust

NOTHING = np.zeros(12)


@dataclass(frozen=True)
class Part:
    """A line below a node: an amount by month, the factor it was multiplied with, and the emission.

    what
        ``used``; of the grid ``bought``, ``passed_on`` (negative), ``taken_over``, ``green`` (negative,
        in the market ledger only); ``charged_elsewhere``.
    """

    measure: str
    what: str
    unit: str
    amounts: Months
    factor: FactorUsed

    @property
    def amount(self) -> float:
        """Over the year to date."""
        return math.fsum(self.amounts)

    @property
    def months_kgco2(self) -> Months:
        """Emission by month; nothing used is nothing emitted, whatever the factor."""
        return np.where(self.amounts == 0, 0.0, self.amounts * self.factor.value)

    @property
    def kgco2(self) -> float:
        """Emission of the year to date."""
        return math.fsum(self.months_kgco2)


@dataclass(frozen=True)
class Node:
    """A node: a scope with its nodes, or a node with its parts. Its figures are the sums of what is below."""

    id: str
    nodes: tuple["Node", ...] = ()
    parts: tuple[Part, ...] = ()

    @property
    def kgco2(self) -> float:
        """Emission of the year to date; NaN where a factor is missing."""
        return math.fsum([*(n.kgco2 for n in self.nodes), *(p.kgco2 for p in self.parts)])

    @property
    def all_parts(self) -> tuple[Part, ...]:
        """All parts below it, in order."""
        return (*self.parts, *(part for node in self.nodes for part in node.all_parts))

    @property
    def months_kgco2(self) -> Months:
        """Emission by month, January first."""
        below = [*(n.months_kgco2 for n in self.nodes), *(p.months_kgco2 for p in self.parts)]
        return np.sum(below, axis=0) if below else NOTHING


@dataclass(frozen=True)
class CarbonTree:
    """An asset's year to date in both ledgers.

    location, market
        The roots: scopes, their nodes, their parts. NaN where a factor is missing, as ``findings`` say.
    green_kwh
        Grid electricity that certificates cover, by month; never more than there is.
    memo
        Amounts that are shown beside and emit nothing: ``pv_self_use_kwh``, ``pv_export_kwh``,
        ``charged_at_own_kwh`` (within the electricity drawn), ``certificates_kwh`` (matched).
    """

    asset: str
    year: int
    location: Node
    market: Node
    green_kwh: Months
    memo: Mapping[str, float]
    coverage: float
    days: int
    findings: tuple[Finding, ...] = ()


def carbon_tree(
    use: CarbonUse,
    snapshots: Sequence[Register],
    rulebook: Rulebook,
    factor_set: str,
    green_kwh: Months = NOTHING,
) -> CarbonTree:
    """The tree of a use.

    snapshots
        Of the register on the days counted: they say whose grid it is.
    green_kwh
        Grid electricity by month that cancelled certificates cover; see ``certificates``.

    Findings say which factor is missing. Raises NotFoundError for a factor set that does not exist.
    """
    findings: list[Finding] = []

    def factor(name: str) -> FactorUsed:
        found = emission_factor(name, use.asset, use.year, snapshots, rulebook, factor_set)
        if isinstance(found, EmissionFactor):
            return used(name, found, factor_set, use.year)
        findings.append(Finding(found.code, use.asset, {"year": use.year, **found.detail}))
        return FactorUsed(name, math.nan, "", Trust.UNVERIFIED, factor_set)

    parts: dict[str, list[Part]] = {}
    for (node, name), amounts in use.by_node.items():
        parts.setdefault(node, []).append(_part(name, "used", amounts, factor(name)))
    place, residual = _grid_factors(use, rulebook, factor, findings)
    covered = np.minimum(np.maximum(green_kwh, 0.0), net_grid_kwh(use))
    location, market = dict(parts), dict(parts)
    for node, what, amounts in _electricity(use):
        location[node] = [*location.get(node, ()), _part(ELECTRICITY, what, amounts, place)]
        market[node] = [*market.get(node, ()), _part(ELECTRICITY, what, amounts, residual)]
    if covered.any():
        market[GRID] = [*market[GRID], _part(ELECTRICITY, "green", -covered, residual)]
    return CarbonTree(
        asset=use.asset,
        year=use.year,
        location=_root("location", location),
        market=_root("market", market),
        green_kwh=covered,
        memo={
            "pv_self_use_kwh": math.fsum(use.pv_self_use_kwh),
            "pv_export_kwh": math.fsum(use.pv_export_kwh),
            "charged_at_own_kwh": math.fsum(use.charged_at_own_kwh),
            "certificates_kwh": math.fsum(covered),
        },
        coverage=use.coverage,
        days=use.days,
        findings=_once(findings),
    )


def with_grid_factor(node: Node, factor: FactorUsed) -> Node:
    """The same tree with another factor for all electricity: the fixed-factor line of a course."""
    return Node(
        node.id,
        tuple(with_grid_factor(below, factor) for below in node.nodes),
        tuple(replace(p, factor=factor) if p.measure == ELECTRICITY else p for p in node.parts),
    )


def _electricity(use: CarbonUse) -> list[tuple[str, str, Months]]:
    lines = (
        (GRID, "bought", use.bought_kwh),
        (GRID, "passed_on", -use.passed_on_kwh),
        (GRID, "taken_over", use.taken_over_kwh),
        (EV_CHARGING, "charged_elsewhere", use.charged_elsewhere_kwh),
    )
    return [line for line in lines if line[2].any()]


def net_grid_kwh(use: CarbonUse) -> Months:
    """Grid electricity that the asset answers for, by month: drawn, not passed on, and taken over."""
    return use.bought_kwh - use.passed_on_kwh + use.taken_over_kwh


def _grid_factors(
    use: CarbonUse,
    rulebook: Rulebook,
    factor: Callable[[str], FactorUsed],
    findings: list[Finding],
) -> tuple[FactorUsed, FactorUsed]:
    """The province's factor and the residual one; nothing is said of them where no power was used."""
    unknown = FactorUsed(ELECTRICITY, math.nan, "kgCO2/kWh", Trust.UNVERIFIED, "")
    if not _electricity(use):
        return unknown, unknown
    try:
        residual = grid_used(rulebook.grid_factor(RESIDUAL, use.year), use.year)
    except NotFoundError:
        about: dict[str, str | float | int | None] = {"region": RESIDUAL, "year": use.year}
        findings.append(Finding("grid_factor_missing", use.asset, about))
        residual = unknown
    return factor(ELECTRICITY), residual


def _part(name: str, what: str, amounts: Months, factor: FactorUsed) -> Part:
    return Part(name, what, measure(name).unit, amounts, factor)


def _root(name: str, parts: Mapping[str, Sequence[Part]]) -> Node:
    scopes = (
        Node(scope, tuple(Node(n, parts=tuple(parts[n])) for n in nodes if n in parts))
        for scope, nodes in EMITTING.items()
    )
    return Node(name, tuple(scopes))


def _once(findings: Sequence[Finding]) -> tuple[Finding, ...]:
    return tuple({(f.code, str(f.detail)): f for f in findings}.values())
