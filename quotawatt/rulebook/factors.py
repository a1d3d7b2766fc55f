"""Nodes of a pack → factor sets and grid factors."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import yaml

from quotawatt.quantities import QUANTITIES
from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.model import Factor, FactorSet, GridFactor, Trust
from quotawatt.rulebook.schema import Problems

BASES = ("equivalent", "calorific")

# What a factor can be, so that a slip of unit (tce for kgce, kg for L) is refused: wide enough for
# every standard, far narrower than the slip. Water is not there: it is never converted.
_PLAUSIBLE: Mapping[str, Mapping[str, tuple[float, float]]] = {
    "kgce": {
        "electricity_import_kwh": (0.1, 0.5),
        "gas_m3": (0.9, 1.5),
        "gas_kwh": (0.09, 0.15),
        "heat_gj": (25, 50),
        "cooling_gj": (5, 50),
        "steam_t": (80, 150),
        "coal_kg": (0.3, 1.0),
        "lpg_kg": (1.5, 1.9),
        "petrol_l": (0.9, 1.2),
        "diesel_l": (1.1, 1.4),
    },
    "kgCO2": {
        "gas_m3": (1.7, 2.6),
        "gas_kwh": (0.17, 0.24),
        "heat_gj": (30, 200),
        "cooling_gj": (5, 200),
        "steam_t": (100, 500),
        "coal_kg": (1.0, 3.2),
        "lpg_kg": (2.7, 3.4),
        "petrol_l": (1.9, 2.6),
        "diesel_l": (2.3, 3.0),
    },
}


def parse_factor_set(node: yaml.Node, problems: Problems) -> Iterator[Located[FactorSet]]:
    """One set: its citation, and what a unit of each measure counts in kgce and in kgCO2."""
    keys = ("id", "title", "cites", "electricity_basis")
    more = ("coal_equivalent", "carbon", "falls_back_to")
    found = schema.fields(node, problems, "a factor set", keys, more)
    if not schema.complete(found, keys):
        return
    factor_set = FactorSet(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        electricity_basis=_basis(found["electricity_basis"], problems),
        coal_equivalent=_factors(found.get("coal_equivalent"), "kgce", problems),
        carbon=_factors(found.get("carbon"), "kgCO2", problems),
        falls_back_to=schema.identifier(found["falls_back_to"], problems, "falls_back_to")
        if "falls_back_to" in found
        else "",
    )
    yield Located(factor_set, problems.place(node))


def _basis(node: yaml.Node, problems: Problems) -> str:
    """The basis of electricity; ``none`` for a set that does not convert it."""
    return schema.choice(node, problems, "electricity_basis", (*BASES, "none"))


def _factors(node: yaml.Node | None, mass: str, problems: Problems) -> dict[str, Factor]:
    if node is None:
        return {}
    factors: dict[str, Factor] = {}
    for name, entry in schema.entries(node, problems, f"factors in {mass}"):
        if name not in _PLAUSIBLE[mass]:
            measures = ", ".join(_PLAUSIBLE[mass])
            problems.note(entry, f"a factor in {mass} must be for one of {measures}", name)
            continue
        factors[name] = _factor(name, entry, mass, problems)
    return factors


def _factor(name: str, node: yaml.Node, mass: str, problems: Problems) -> Factor:
    """A factor; one given for a kilogram is turned into one for a litre by the density beside it."""
    unit = f"{mass}/{QUANTITIES[name].unit}"
    found = schema.fields(
        node, problems, f"the factor of {name}", ("value", "unit", "trust"), ("density_kg_per_l",)
    )
    if not schema.complete(found, ("value", "unit", "trust")):
        return Factor(1.0, unit, Trust.UNVERIFIED)
    value = schema.number(found["value"], problems, f"the factor of {name}")
    written = f"{mass}/kg" if "density_kg_per_l" in found else unit
    if "density_kg_per_l" in found:
        value *= schema.number(found["density_kg_per_l"], problems, "density_kg_per_l", 0.5, 1.2)
    if schema.text(found["unit"], problems, "unit") != written:
        problems.note(found["unit"], f"the unit of {name} must be {written}", found["unit"].value)
    low, high = _PLAUSIBLE[mass][name]
    if not low <= value <= high:
        problems.note(
            found["value"], f"the factor of {name} must lie in {low:g} to {high:g} {unit}", value
        )
    return Factor(value, unit, schema.trust(found["trust"], problems))


def check_factor_sets(draft: Draft) -> Iterator[str]:
    """Sets that fall back to no set, to themselves, or to one that falls back as well."""
    sets = {entry.value.id: entry.value for entry in draft.of("factor_sets")}
    for entry in draft.of("factor_sets"):
        name = entry.value.falls_back_to
        if name and (name not in sets or name == entry.value.id or sets[name].falls_back_to):
            yield (
                f"{entry.place}: falls_back_to must name another factor set that falls back to none, "
                f"got {name}"
            )


def with_fallbacks(entries: Sequence[Located[FactorSet]]) -> list[Located[FactorSet]]:
    """The sets with what they lack taken from the set that they fall back to, each factor marked so.

    Electricity is never taken over: its basis belongs to the standard. Of several versions the one that
    is in force first when the set begins to hold stands in.
    """
    return [_completed(entry, entries) for entry in entries]


def _completed(
    entry: Located[FactorSet], entries: Sequence[Located[FactorSet]]
) -> Located[FactorSet]:
    own = entry.value
    others = [x for x in entries if x.value.id == own.falls_back_to and x.overlaps(entry)]
    if not others:
        return entry
    other = others[0].value
    coal = {**_lent(other, other.coal_equivalent), **own.coal_equivalent}
    carbon = {**_lent(other, other.carbon), **own.carbon}
    return replace(entry, value=replace(own, coal_equivalent=coal, carbon=carbon))


def _lent(lender: FactorSet, factors: Mapping[str, Factor]) -> dict[str, Factor]:
    return {
        name: replace(factor, from_set=lender.id)
        for name, factor in factors.items()
        if name != "electricity_import_kwh"
    }


def parse_grid_table(node: yaml.Node, problems: Problems) -> Iterator[Located[GridFactor]]:
    """One year's table: its citation, and the factor of each region."""
    found = schema.fields(node, problems, "a grid table", ("year", "cites", "kgco2_per_kwh"))
    if not schema.complete(found, ("year", "cites", "kgco2_per_kwh")):
        return
    year = schema.year(found["year"], problems, "year")
    cites = schema.citation(found["cites"], problems)
    for region, entry in schema.entries(found["kgco2_per_kwh"], problems, "kgco2_per_kwh"):
        values = schema.fields(entry, problems, f"the factor of {region}", ("value", "trust"))
        if not schema.complete(values, ("value", "trust")):
            continue
        factor = GridFactor(
            region=region,
            year=year,
            kgco2_per_kwh=schema.number(
                values["value"], problems, f"kgCO2/kWh of {region}", 0, 1.5
            ),
            trust=schema.trust(values["trust"], problems),
            cites=cites,
        )
        yield Located(factor, problems.place(entry))
