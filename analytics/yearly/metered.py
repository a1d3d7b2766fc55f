"""How much of an organisation is metered: what is divided by everybody must be the use of everybody."""

import math

from analytics.yearly.cases import About, Case, own_series
from analytics.yearly.terms import Adjustment
from analytics.yearly.usetable import UseTable
from quotawatt.findings import Finding

PARTLY_METERED = "partly_metered"


def metered_share(case: Case, table: UseTable, about: About) -> tuple[float | None, list[Finding]]:
    """The share of the area whose buildings have use of their own, of an organisation's account.

    A whole whose buildings are all unknown, or that has entries of its own, was entered as a whole.
    """
    carriers = case.yardstick.indicator.carriers
    buildings = {b.code: b for one in case.held for b in one.buildings}
    if not carriers or case.asset in buildings or not buildings:
        return None, []
    metered = {c for c in buildings if any(table.known_days((c, m)) for m in carriers)}
    own = any(table.known_days((own_series(case), m)) for m in carriers)
    areas = {c: b.gross_area_m2 for c, b in buildings.items()}
    total = math.fsum(a for a in areas.values() if a)
    if not metered or own or total <= 0:
        return None, []
    share = math.fsum(a for c, a in areas.items() if a and c in metered) / total
    missing = sorted(set(buildings) - metered)
    if not missing:
        return 1.0, []
    said: About = {"metered_area_pct": round(100 * share, 1), "buildings": ", ".join(missing[:10])}
    return share, [Finding(PARTLY_METERED, case.asset, {**about, **said})]


def unshared(case: Case, table: UseTable, about: About) -> list[Finding]:
    """Carriers of a shared building that no virtual meter shares, though area went with the others."""
    carriers = case.yardstick.indicator.carriers
    shared: dict[tuple[str, str], set[str]] = {}
    for one in case.held:
        for part, _ in one.moved:
            shared.setdefault((part.building.code, part.to), set()).add(part.quantity)
    found = []
    for (building, to), quantities in shared.items():
        rest = [m for m in carriers if m not in quantities and table.known_days((building, m))]
        if rest and quantities.intersection(carriers):
            said: About = {"building": building, "to": to, "measures": ", ".join(rest)}
            found.append(Finding("share_incomplete", case.asset, {**about, **said}))
    return found


def unmetered_area(case: Case, denominator: float, share: float) -> Adjustment:
    """The area without meters that an account is not divided by."""
    area = denominator * (1 - share)
    return Adjustment(PARTLY_METERED, "", 0.0, area, None, case.yardstick.trust)
