"""From which day on a change of the register makes a difference to results, and to which of them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from quotawatt.register.former import Held
from quotawatt.register.formulas import codes_in
from quotawatt.register.kinds import Asset
from quotawatt.register.model import Register
from quotawatt.register.rows import kind_of
from quotawatt.spans import local_midnight

FED_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "meters": (*("building", "carrier", "item", "parent", "rated_power_kw", "serves", "status"),),
    "pv_plants": ("building", "peak_power_kw", "status"),
    "chargers": ("building", "status"),
    "vehicles": (
        *("organisation", "energy", "status", "tank_l", "battery_kwh", "tracking_exempt"),
    ),
}
"""What results of assets that readings come in by follow, and the totals that they are in."""

TOTAL_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "organisations": ("region_parent", "system_parent", "status"),
    "sites": ("timezone",),
    "buildings": ("site", "organisation", "status"),
    "virtual_meters": ("building", "quantity", "formula", "serves", "status"),
}
"""What the totals of others follow. Areas, zones and head-counts make no total, only yearly accounts: those
are drawn up anew whenever the register has changed."""

ALWAYS = date.min

_Told = tuple[Asset, Mapping[str, Sequence[Held]]]
"""An asset, and of the columns that were ever changed what they held."""

_FURTHEST = timedelta(hours=14)
"""So far ahead of UTC a day can begin."""


def changed_assets(
    before: Register, after: Register, codes: Iterable[str]
) -> Iterator[tuple[str, date]]:
    """Of these assets those of which something differs that results follow, each with the first such day.

    ``ALWAYS`` where it differs from the beginning. What was added or removed differs from the beginning;
    of organisations, sites and buildings what hangs on them says so itself, and on a virtual meter nothing
    hangs.
    """
    for code in codes:
        if code in before.assets and code in after.assets:
            kind = kind_of(after.assets[code])
            columns = FED_COLUMNS.get(kind) or TOTAL_COLUMNS.get(kind) or ()
            if (day := first_difference(before, after, code, columns)) is not None:
                yield code, day
        elif code in before.virtual_meters or code in after.virtual_meters:
            yield code, ALWAYS


def first_fed(code: str, registers: Sequence[Register]) -> datetime | None:
    """When the first reading can have come in for an asset or for what its total is made of."""
    starts = (
        binding.valid_from
        for register in registers
        for fed in _below(register, code)
        for binding in register.bindings_of(fed)
    )
    return min(starts, default=None)


def begins(register: Register, code: str, day: date) -> datetime:
    """The instant at which a day begins at an asset's place; anywhere, where that is not known."""
    zone = register.zone_of_asset(code)
    if zone is not None:
        return local_midnight(day, zone)
    return datetime.combine(day, time(), tzinfo=UTC) - _FURTHEST


def first_difference(
    before: Register, after: Register, code: str, columns: Sequence[str]
) -> date | None:
    """The first day on which two registers say different things of these columns; None: never.

    ``ALWAYS`` from the beginning, as where the asset was of another kind.
    """
    old, new = ((r.assets[code], r.history_of(code)) for r in (before, after))
    if kind_of(old[0]) != kind_of(new[0]):
        return ALWAYS
    days = (_differ_from(_steps(old, name), _steps(new, name)) for name in columns)
    return min((day for day in days if day is not None), default=None)


def _steps(told: _Told, column: str) -> Sequence[Held]:
    asset, changed = told
    return changed.get(column) or [Held(getattr(asset, column), None, None)]


def _differ_from(old: Sequence[Held], new: Sequence[Held]) -> date | None:
    """The first day on which two accounts of a column say different things; None: never."""
    days = sorted({step.valid_from or ALWAYS for step in (*old, *new)})
    return next((day for day in days if _on(old, day) != _on(new, day)), None)


def _on(steps: Sequence[Held], day: date) -> Any:
    return next(s.value for s in steps if s.valid_until is None or day < s.valid_until)


def _below(register: Register, code: str) -> Iterator[str]:
    """Whatever is fed and counts towards an asset, itself first."""
    yield code
    if code in register.organisations:
        for tree in ("region", "system"):
            for building in register.buildings_of(code, tree):
                yield from register.in_building(building.code)
            yield from (vehicle.code for vehicle in register.vehicles_of(code, tree))
    elif code in register.sites:
        for building in register.buildings.values():
            if building.site == code:
                yield from register.in_building(building.code)
    elif code in register.buildings:
        yield from register.in_building(code)
    elif code in register.virtual_meters:
        yield from _made_of(register, code)


def _made_of(register: Register, code: str) -> Iterator[str]:
    """All that a virtual meter is made of, by whatever others."""
    codes, seen = [code], {code}
    for step in codes:  # grows while it is walked
        if step in register.virtual_meters:
            named = codes_in(register.virtual_meters[step].formula)
            codes += (part for part in named if part not in seen)
            seen.update(named)
        elif step in register.buildings:
            yield from register.in_building(step)
        else:
            yield step
