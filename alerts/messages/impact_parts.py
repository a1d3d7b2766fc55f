"""The impact of one case, from its figures and the totals of its span."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from alerts.cases.model import Case
from alerts.messages.figures import account_unit, unit_of
from alerts.messages.impact import NOTHING_KNOWN, Impact
from alerts.messages.sums import Sums
from alerts.places import zone_of
from alerts.wording import account_of
from analytics.carbon.emissions import FACTOR_SET, SCOPES, emission_factor
from analytics.money.supply import COST_OF
from quotawatt.errors import NotFoundError
from quotawatt.findings import Finding
from quotawatt.formatting import formula
from quotawatt.measures import MEASURES
from quotawatt.register.model import Register
from quotawatt.rulebook.coalequivalent import BASES, ELECTRICITY, coal_equivalent, national_set
from quotawatt.rulebook.model import FactorSet, Rulebook
from quotawatt.rulebook.tariffs import CARRIER_OF
from quotawatt.spans import local_date

CARBON = "carbon_kgco2"
ENERGY_COSTS = tuple(cost for carrier, cost in COST_OF.items() if carrier != "water")
WATER_COSTS = (COST_OF["water"],)

_KGCE = {"kgce": 1.0, "tce": 1000.0}


@dataclass(frozen=True, slots=True)
class Scene:
    """What impacts are computed from.

    book
        Gives the book that a case is judged by.
    zone
        Of assets without a site.
    """

    register: Register
    book: Callable[[Case], Rulebook]
    zone: ZoneInfo
    now: datetime

    def zone_of(self, case: Case) -> ZoneInfo:
        """The zone of a case's asset."""
        return zone_of(self.register, case.asset, self.zone)


def costs_of(suffix: str) -> tuple[str, ...]:
    """The measures of what an account in this unit costs."""
    if suffix == "m3":
        return WATER_COSTS
    return ENERGY_COSTS if suffix in ("kgce", "tce", "kwh") else ()


def of_account(kind: str, case: Case, sums: Sums, book: Rulebook) -> Impact:
    suffix = account_unit(kind, case.figures)
    used, limit, projected = (
        _figure(case, f"{kind}_{part}_{suffix}") for part in ("used", "limit", "projected")
    )
    over, is_projected = _beyond(used, limit, projected)
    share = _figure(case, f"{kind}_{'projected_' if is_projected else ''}share_pct")
    found = Impact(over, formula(unit_of(suffix)), is_projected, share_pct=share)
    if over is None:
        return found
    if kind == "carbon":
        return replace(found, kgco2=over)
    part = over / used if used else None
    return replace(
        _with_coal_of_account(found, kind, case, suffix, book),
        cost_cny=_part_of(sums, costs_of(suffix), part),
        kgco2=_part_of(sums, (CARBON,), part),
    )


def _beyond(
    used: float | None, limit: float | None, projected: float | None
) -> tuple[float | None, bool]:
    """How far beyond the limit, and whether that is only projected."""
    if limit is None:
        return None, False
    if used is not None and used > limit:
        return used - limit, False
    if projected is not None and projected > limit:
        return projected - limit, True
    return None, False


def _with_coal_of_account(
    found: Impact, kind: str, case: Case, suffix: str, book: Rulebook
) -> Impact:
    name, _ = account_of(case.subject)
    account = book.quotas.get(name) if kind == "quota" else book.targets.get(name)
    factors = book.factor_sets.get(account.factor_set) if account else None
    over = found.amount
    if factors is None or over is None:
        return found
    if suffix in _KGCE:
        basis = BASES.get(factors.electricity_basis, "")
        return replace(found, kgce=over * _KGCE[suffix], basis=basis, factor_set=factors.id)
    return _with_coal(found, ELECTRICITY, over, factors) if suffix == "kwh" else found


def _with_coal(found: Impact, measure: str, amount: float, factors: FactorSet | None) -> Impact:
    if factors is None:
        return found
    try:
        coal = coal_equivalent(measure, amount, factors)
    except NotFoundError:
        return found
    basis = coal.basis if measure == ELECTRICITY else ""
    return replace(
        found, kgce=coal.kgce, basis=basis, factor_set=coal.factor_set, kgce_trust=coal.trust
    )


def _part_of(sums: Sums, measures: Iterable[str], part: float | None) -> float | None:
    """This part of what the measures sum up to; None where none of them is known."""
    known = [sums[name] for name in measures if name in sums]
    return sum(known) * part if known and part is not None else None


def of_use(case: Case, measure: str, amount: float | None, sums: Sums, scene: Scene) -> Impact:
    """Of an amount of a measure that is too much."""
    if amount is None or amount <= 0:
        return NOTHING_KNOWN
    unit = formula(MEASURES[measure].unit)
    found = _with_coal(Impact(amount, unit), measure, amount, national_set(scene.book(case)))
    used, carrier = sums.get(measure), CARRIER_OF.get(measure)
    cost = _part_of(sums, (COST_OF[carrier],), amount / used) if used and carrier else None
    return _with_carbon(replace(found, cost_cny=cost), measure, amount, case, scene)


def _with_carbon(found: Impact, measure: str, amount: float, case: Case, scene: Scene) -> Impact:
    if measure not in SCOPES:
        return found
    year = local_date(scene.now, scene.zone_of(case)).year
    place = _held_by(scene.register, case.asset)
    try:
        factor = emission_factor(
            measure, place, year, [scene.register], scene.book(case), FACTOR_SET
        )
    except NotFoundError:
        return found
    if isinstance(factor, Finding):
        return found
    return replace(found, kgco2=amount * factor.factor.value, kgco2_trust=factor.factor.trust)


def _held_by(register: Register, asset: str) -> str:
    """The building of what stands in one, else the asset itself."""
    return str(getattr(register.assets.get(asset), "building", "") or asset)


def _figure(case: Case, name: str) -> float | None:
    found = case.figures.get(name)
    return found if isinstance(found, float | int) else None
