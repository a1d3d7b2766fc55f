"""Areas and head-counts that quotas need and the books lack."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, timedelta

from analytics.reconciliation.needs import Needs
from analytics.reconciliation.world import World
from quotawatt.findings import Finding
from quotawatt.register.model import Headcount
from quotawatt.rulebook.model import Quota
from quotawatt.spans import local_midnight

_DAY = timedelta(days=1)


def missing_denominators(world: World, needs: Needs) -> Iterator[Finding]:
    """``area_missing`` of buildings in use, ``headcount_missing`` of organisations that a quota counts.

    Each once, however many quotas wait for it, with how many do.
    """
    for code, building in world.register.buildings.items():
        if world.status(code) == "in_use" and not building.gross_area_m2:
            waiting = needs.area(code)
            yield Finding("area_missing", code, {"quota_count": len(waiting)})
    by_organisation = _by_organisation(world.register.headcounts)
    for code, quotas in needs.of_people.items():
        finding = _people(world, code, quotas, by_organisation.get(code, ()))
        if finding is not None:
            yield finding


def _people(
    world: World, code: str, quotas: Sequence[Quota], held: Sequence[Headcount]
) -> Finding | None:
    """What is missing of an organisation's people this year, for the first quota that lacks it."""
    first = date(world.today.year, 1, 1)
    gaps = {
        quota.id: gap
        for quota in quotas
        if (gap := _first_gap(quota, held, first, world.today + _DAY)) is not None
    }
    if not gaps:
        return None
    quota = next(q for q in quotas if q.id in gaps)
    zone = world.zone
    return Finding(
        "headcount_missing",
        code,
        {
            "components": ", ".join(quota.headcount_components),
            "since": local_midnight(min(gaps.values()), zone).isoformat(),
            "quota_count": len(gaps),
        },
    )


def _first_gap(quota: Quota, held: Sequence[Headcount], first: date, until: date) -> date | None:
    """The first day of ``[first, until)`` on which the people are not known; None: they are on all.

    At least one of the quota's components must be there, and each that is must be there on all days.
    """
    rows = [h for h in held if h.component in quota.headcount_components]
    in_time = [h for h in rows if h.valid_from < until and (h.valid_until or until) > first]
    if not in_time:
        return first
    components = {h.component for h in in_time}
    gaps = [_gap([h for h in in_time if h.component == c], first, until) for c in components]
    return min((gap for gap in gaps if gap is not None), default=None)


def _gap(rows: Sequence[Headcount], first: date, until: date) -> date | None:
    day = first
    for row in sorted(rows, key=lambda h: h.valid_from):
        if row.valid_from > day:
            return day
        day = max(day, row.valid_until or until)
    return day if day < until else None


def _by_organisation(headcounts: Sequence[Headcount]) -> Mapping[str, Sequence[Headcount]]:
    found: dict[str, list[Headcount]] = {}
    for headcount in headcounts:
        found.setdefault(headcount.organisation, []).append(headcount)
    return found
