"""Nodes of the section ``tariffs`` → their values."""

from collections.abc import Iterator
from itertools import pairwise

import yaml

from quotawatt.quantities import QUANTITIES
from quotawatt.rulebook import schema
from quotawatt.rulebook.draft import Draft, Located
from quotawatt.rulebook.schema import Fields, Problems
from quotawatt.rulebook.tariff_windows import parse_windows
from quotawatt.rulebook.tariffs import (
    CARRIER_OF,
    PERIODS,
    AreaCharge,
    CapacityCharge,
    PricePart,
    Tariff,
    Tiers,
    TierStep,
)

_PRICES = (-10, 10_000)
"""What a unit can cost in CNY: a tonne of steam costs some hundreds; a market price may be below 0."""

_KEYS = ("id", "title", "cites", "measure", "unit", "trust")
_OPTIONS = (
    "parts", "ratios", "windows", "agent", "capacity", "power_factor_table", "tiers", "area",
    "country", "bill_tolerance",
)  # fmt: skip


def parse_tariff(node: yaml.Node, problems: Problems) -> list[Located[Tariff]]:
    """One tariff; none, with the reason noted, where keys are missing."""
    found = schema.fields(node, problems, "a tariff", _KEYS, _OPTIONS)
    if not schema.complete(found, _KEYS):
        return []
    measure = schema.choice(found["measure"], problems, "measure", tuple(CARRIER_OF))
    unit = schema.text(found["unit"], problems, "unit")
    wanted = f"CNY/{QUANTITIES[measure].unit}"
    if unit != wanted:
        problems.note(found["unit"], f"the unit of a tariff of {measure} must be {wanted}", unit)
    ratios = _by_period(found.get("ratios"), problems, "ratios", (0, 10))
    region, voltage = _agent(found.get("agent"), problems)
    tolerance = _tolerance(found.get("bill_tolerance"), problems)
    parts = tuple(_parts(found.get("parts"), problems))
    tariff = Tariff(
        id=schema.identifier(found["id"], problems, "id"),
        title=schema.both_languages(found["title"], problems, "title"),
        cites=schema.citation(found["cites"], problems),
        measure=measure,
        unit=unit,
        trust=schema.trust(found["trust"], problems),
        parts=parts,
        ratios=ratios,
        windows=parse_windows(found.get("windows"), problems),
        agent_region=region,
        agent_voltage=voltage,
        capacity=_capacity(found.get("capacity"), problems),
        power_factor_table=_optional_identifier(found, "power_factor_table", problems),
        tiers=_tiers(found.get("tiers"), problems),
        area=_area(found.get("area"), problems),
        country=schema.text(found["country"], problems, "country") if "country" in found else "CN",
        tolerance_percent=tolerance[0],
        tolerance_cny=tolerance[1],
    )
    _check_whole(tariff, node, problems)
    return [Located(tariff, problems.place(node))]


def check_tariffs(draft: Draft) -> Iterator[str]:
    """Tariffs that name a power-factor table that there is not, and those with agent prices of none."""
    tables = draft.ids("power_factor_tables")
    priced = {(x.value.region, x.value.voltage) for x in draft.of("agent_prices")}
    for located in draft.of("tariffs"):
        tariff = located.value
        table = tariff.power_factor_table
        if table and table not in tables:
            yield f"{located.place}: power_factor_table must be one of its section, got {table}"
        agent = (tariff.agent_region, tariff.agent_voltage)
        if tariff.wants_agent_price and agent not in priced:
            yield f"{located.place}: agent must name a table of agent_prices, got {' '.join(agent)}"


def _parts(node: yaml.Node | None, problems: Problems) -> Iterator[PricePart]:
    names: set[str] = set()
    for entry in () if node is None else schema.items(node, problems, "parts"):
        options = ("price", "prices", "agent", "by_period", "adjusted")
        found = schema.fields(entry, problems, "a part of a price", ("name",), options)
        if "name" not in found:
            continue
        name = schema.text(found["name"], problems, "name")
        if name in names:
            problems.note(entry, "a tariff must have each part once", name)
        names.add(name)
        yield _part(name, entry, found, problems)


def _part(name: str, node: yaml.Node, found: Fields, problems: Problems) -> PricePart:
    agent = _flag(found, "agent", problems, default=False)
    given = ("price" in found) + ("prices" in found) + agent
    if given != 1:
        problems.note(node, "a part of a price must have one of price, prices, agent", given)
    price = found.get("price")
    return PricePart(
        name=name,
        price=None if price is None else schema.number(price, problems, "price", *_PRICES),
        prices=_by_period(found.get("prices"), problems, "prices", _PRICES),
        agent=agent,
        by_period=_flag(found, "by_period", problems, default=False),
        adjusted=_flag(found, "adjusted", problems, default=True),
    )


def _check_whole(tariff: Tariff, node: yaml.Node, problems: Problems) -> None:
    """What one key needs of another."""
    if not tariff.parts and tariff.area is None:
        problems.note(node, "a tariff must have parts or area", "neither")
    if tariff.wants_agent_price and not tariff.agent_region:
        problems.note(node, "a tariff with an agent price must have agent", "none")
    used = {period for window in tariff.windows for _, period in window.cuts} or {"flat"}
    for part in tariff.parts:
        priced = part.prices or (tariff.ratios if part.by_period else used)
        for period in sorted(used.difference(priced)):
            problems.note(node, f"part {part.name} must have a price in each period", period)


def _by_period(
    node: yaml.Node | None, problems: Problems, what: str, limits: tuple[float, float]
) -> dict[str, float]:
    if node is None:
        return {}
    found = schema.fields(node, problems, what, (), PERIODS)
    return {
        name: schema.number(n, problems, f"{what} {name}", *limits) for name, n in found.items()
    }


def _agent(node: yaml.Node | None, problems: Problems) -> tuple[str, str]:
    if node is None:
        return "", ""
    found = schema.fields(node, problems, "agent", ("region", "voltage"))
    if not schema.complete(found, ("region", "voltage")):
        return "", ""
    return (
        schema.identifier(found["region"], problems, "region"),
        schema.identifier(found["voltage"], problems, "voltage"),
    )


def _tolerance(node: yaml.Node | None, problems: Problems) -> tuple[float, float]:
    if node is None:
        return 1.0, 1.0
    found = schema.fields(node, problems, "bill_tolerance", ("percent", "cny"))
    if not schema.complete(found, ("percent", "cny")):
        return 1.0, 1.0
    return (
        schema.number(found["percent"], problems, "percent", 0, 50),
        schema.number(found["cny"], problems, "cny", 0, 1e6),
    )


def _capacity(node: yaml.Node | None, problems: Problems) -> CapacityCharge | None:
    if node is None:
        return None
    keys = ("cny_per_kva", "cny_per_kw", "tolerance", "excess_times")
    found = schema.fields(node, problems, "capacity", keys)
    if not schema.complete(found, keys):
        return None
    return CapacityCharge(
        schema.number(found["cny_per_kva"], problems, "cny_per_kva", 0, 200),
        schema.number(found["cny_per_kw"], problems, "cny_per_kw", 0, 200),
        schema.number(found["tolerance"], problems, "tolerance", 1, 2),
        schema.number(found["excess_times"], problems, "excess_times", 1, 5),
    )


def _tiers(node: yaml.Node | None, problems: Problems) -> Tiers | None:
    if node is None:
        return None
    found = schema.fields(node, problems, "tiers", ("period", "steps"))
    if not schema.complete(found, ("period", "steps")):
        return None
    steps = []
    for entry in schema.items(found["steps"], problems, "steps"):
        step = schema.fields(entry, problems, "a step", ("above", "add"))
        if schema.complete(step, ("above", "add")):
            above = schema.number(step["above"], problems, "above", 0, 1e9)
            steps.append(TierStep(above, schema.number(step["add"], problems, "add", *_PRICES)))
    if any(b.above <= a.above for a, b in pairwise(steps)):
        shown = ", ".join(f"{step.above:g}" for step in steps)
        problems.note(found["steps"], "steps must rise", shown)
    period = schema.choice(found["period"], problems, "period", ("year", "month"))
    return Tiers(period, tuple(steps))


def _area(node: yaml.Node | None, problems: Problems) -> AreaCharge | None:
    if node is None:
        return None
    found = schema.fields(node, problems, "area", ("cny_per_m2", "months"))
    if not schema.complete(found, ("cny_per_m2", "months")):
        return None
    months = [
        int(schema.number(n, problems, "a month", 1, 12))
        for n in schema.items(found["months"], problems, "months")
    ]
    if not months or len(set(months)) != len(months):
        problems.note(found["months"], "months must be some, each once", months)
    price = schema.number(found["cny_per_m2"], problems, "cny_per_m2", 0, 500)
    return AreaCharge(price, tuple(months))


def _optional_identifier(found: Fields, key: str, problems: Problems) -> str:
    return schema.identifier(found[key], problems, key) if key in found else ""


def _flag(found: Fields, key: str, problems: Problems, *, default: bool) -> bool:
    if key not in found:
        return default
    return schema.choice(found[key], problems, key, ("true", "false")) == "true"
