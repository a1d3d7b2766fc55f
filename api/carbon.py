"""Carbon for routes: an asset's tree in both ledgers, read from the stores."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from analytics.carbon.certificates import Matched, Period, match_certificates
from analytics.carbon.emissions import FACTOR_SET
from analytics.carbon.factors import fixed_grid_factor, grid_used
from analytics.carbon.reach import needed_pairs
from analytics.carbon.tree import CarbonTree, Node, carbon_tree, net_grid_kwh, with_grid_factor
from analytics.carbon.uses import CarbonUse, Months, carbon_use
from analytics.totals.segments import Segment, carbon_books, followed_tree, segments
from analytics.yearly.dailyuse import DailyUse, year_to_date, zone_of
from api.services import Services
from quotawatt.carbon.certificates import Certificate, list_certificates
from quotawatt.errors import NotFoundError
from quotawatt.readings import Grain
from quotawatt.register.model import Register
from quotawatt.rulebook.coalequivalent import national_set
from quotawatt.rulebook.model import FactorSet, Rulebook
from quotawatt.spans import Span, local_midnight

FIXED_BASE_YEAR = 2020
"""Whose grid factor the fixed-factor line has where no target says another."""


@dataclass(frozen=True)
class CarbonView:
    """An asset's year to date: its tree, the line with a fixed grid factor, and its certificates.

    fixed
        The location-based tree with the grid factor of the base year; None: no factor is known.
    matched
        What certificates cover: of an organisation its own, of a building its organisation's.
    coal
        By which energy is shown in coal equivalent too; None: no set converts it.
    """

    tree: CarbonTree
    use: CarbonUse
    fixed: Node | None
    matched: Matched | None
    certificates: tuple[Certificate, ...]
    first: date
    until: date
    coal: FactorSet | None = None


def read_view(
    services: Services, asset: str, as_of: datetime, period: Period = Period.YEAR
) -> CarbonView:
    """The carbon of an organisation or a building in the year judged at an instant."""
    register = services.register_source()
    zone = zone_of(asset, register, ZoneInfo(services.settings.timezone))
    to_date = year_to_date(as_of, zone)
    first = date(to_date.year, 1, 1)
    until = first + timedelta(days=to_date.days)
    pieces = segments(carbon_books(register), first, until)
    use = read_use(services, asset, pieces, zone)
    green, matched, certificates = _green(services, asset, use, pieces, zone, period)
    book = services.rulebook.as_of(until - timedelta(days=1))
    snapshots = [piece.register for piece in pieces]
    tree = carbon_tree(use, snapshots, book, FACTOR_SET, green)
    fixed, coal = _fixed(tree, book), national_set(book)
    return CarbonView(tree, use, fixed, matched, certificates, first, until, coal)


def read_use(
    services: Services, asset: str, pieces: Sequence[Segment], zone: ZoneInfo
) -> CarbonUse:
    """The use of an asset over pieces of one calendar year."""
    pairs = needed_pairs(asset, pieces)
    span = Span(local_midnight(pieces[0].first, zone), local_midnight(pieces[-1].until, zone))
    found = services.series.read_results(
        Grain.DAY, sorted({s for s, _ in pairs}), sorted({m for _, m in pairs}), span
    )
    return carbon_use(asset, DailyUse(found.to_pandas(), pieces[-1].register, zone), pieces)


def _green(
    services: Services,
    asset: str,
    use: CarbonUse,
    pieces: Sequence[Segment],
    zone: ZoneInfo,
    period: Period,
) -> tuple[Months, Matched | None, tuple[Certificate, ...]]:
    """Grid electricity that certificates cover, by month."""
    register = pieces[-1].register
    building = register.buildings.get(asset)
    holder = asset if building is None else building.organisation
    if holder not in register.organisations:
        return np.zeros(12), None, ()
    below = register.sub_organisations(holder, followed_tree(register, holder))
    with services.records.connect() as conn:
        held = tuple(entry.certificate for entry in list_certificates(conn, below))
    if not held:
        return np.zeros(12), None, ()
    uses = {
        code: net_grid_kwh(use if code == asset else read_use(services, code, pieces, zone))
        for code in dict.fromkeys([holder, *(c.organisation for c in held)])
    }
    as_of = pieces[-1].until - timedelta(days=1)
    children = _nearest(uses, register, holder)
    matched = match_certificates(uses, children, held, use.year, as_of, period)[holder]
    if building is None:
        return matched.matched_kwh, matched, held
    whole = uses[holder]
    share = np.divide(matched.matched_kwh, whole, out=np.zeros(12), where=whole > 0)
    return share * net_grid_kwh(use), matched, held


def _nearest(codes: Iterable[str], register: Register, top: str) -> dict[str, list[str]]:
    """Of organisations below ``top`` those that are directly below each, others left out."""
    kept = set(codes)
    tree = followed_tree(register, top)
    below = {code: set(register.sub_organisations(code, tree)) & kept - {code} for code in kept}
    return {
        code: sorted(c for c in under if not any(c in below[other] for other in under - {c}))
        for code, under in below.items()
    }


def _fixed(tree: CarbonTree, rulebook: Rulebook) -> Node | None:
    region = next((p.factor.region for p in tree.location.all_parts if p.factor.region), "")
    grid = fixed_grid_factor(rulebook, region, FIXED_BASE_YEAR)
    return (
        None if grid is None else with_grid_factor(tree.location, grid_used(grid, FIXED_BASE_YEAR))
    )


def require_holder(register: Register, code: str) -> None:
    """Raise NotFoundError where the code is not an organisation's or a building's."""
    if code not in register.organisations and code not in register.buildings:
        raise NotFoundError(f"carbon must be that of an organisation or a building, got {code!r}")
