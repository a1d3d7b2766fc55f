"""Tests of norms as data: given holdings and people, what is allowed, by the same functions as in earnest.

``given`` has ``area_m2`` and ``occupants`` (with ``post``), ``vehicles`` and ``vehicle_quota``, or ``pieces``
and ``people``; ``expect`` any of ``held``, ``allowed`` and ``excess``.
"""

import math
from collections.abc import Mapping
from datetime import date

from analytics.assets.norms import norm_accounts
from quotawatt.register.model import (
    Building,
    Equipment,
    Headcount,
    Organisation,
    Register,
    Site,
    Space,
    Vehicle,
)
from quotawatt.rulebook.model import Rulebook
from quotawatt.rulebook.norms import Holding, Norm

_NEEDED = {
    Holding.OFFICE_AREA: ("area_m2", "occupants"),
    Holding.VEHICLES: ("vehicles", "vehicle_quota"),
    Holding.EQUIPMENT: ("pieces", "people"),
}


def judged_holding(
    norm_id: str, post: str, given: Mapping[str, float], year: int, rulebook: Rulebook
) -> tuple[Mapping[str, float], str]:
    """What comes out for a holding made up to fit the norm, and why nothing does (empty: it does)."""
    norm = rulebook.norms.get(norm_id)
    if norm is None:
        return {}, f"a test must name a norm of the rulebook, got {norm_id}"
    if missing := [name for name in _NEEDED[norm.holding] if name not in given]:
        return {}, f"a test of {norm.holding} must give {', '.join(missing)}, got {sorted(given)}"
    register = _register(norm, post, given, year)
    accounts = norm_accounts(register, rulebook, date(year, 7, 1))
    for status in accounts.statuses:
        if status.norm == norm.id:
            return {
                "held": status.held,
                "allowed": status.allowed,
                "excess": status.excess,
            }, ""
    return {}, f"a holding must be judged, got {[f.code for f in accounts.findings]}"


def _register(norm: Norm, post: str, given: Mapping[str, float], year: int) -> Register:
    quota = given.get("vehicle_quota")
    organisation = Organisation(
        "ORG",
        "",
        "",
        kind=norm.kind or "",
        level=norm.levels[0] if norm.levels else "city",
        vehicle_quota=None if quota is None else int(quota),
    )
    area, occupants = given.get("area_m2"), int(given.get("occupants", 0))
    room = Space("SPC", "", "", "BLD", "office", area, post=post, occupants=occupants)
    people = [
        Headcount("ORG", component, given.get("people", 0.0), date(year, 1, 1))
        for component in norm.headcount_components[:1]
    ]
    return Register(
        organisations=[organisation],
        headcounts=people,
        sites=[Site("SITE", "", "", "Asia/Shanghai", "", "")],
        buildings=[Building("BLD", "", "", "SITE", "ORG")],
        spaces=[room],
        equipment=[
            Equipment(f"EQP-{n}", "", "", norm.equipment[0], "ORG")
            for n in range(int(given.get("pieces", 0)))
        ],
        vehicles=[
            Vehicle(f"VEH-{n}", "", "", "ORG", "", "", "petrol")
            for n in range(int(given.get("vehicles", 0)))
        ],
    )


def difference(expected: Mapping[str, float], got: Mapping[str, float]) -> str:
    """What differs, as ``name must be X, got Y``; empty: nothing."""
    return "; ".join(
        f"{name} must be {want:g}, got {got.get(name, math.nan):.9g}"
        for name, want in expected.items()
        if not math.isclose(got.get(name, math.nan), want, rel_tol=1e-6, abs_tol=1e-9)
    )
