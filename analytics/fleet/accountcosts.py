"""What a vehicle cost in a month, by kind; a kind of which nothing was told is not there."""

from collections.abc import Iterable, Mapping
from datetime import date

from analytics.fleet.accountfacts import COST, AccountFacts
from analytics.fleet.accounts import ELECTRICITY, FUEL, Sum, SumBy, added
from quotawatt.dispatch.records import ServiceKind
from quotawatt.fleet.cards import FuelCard
from quotawatt.spans import local_date

Costs = Mapping[tuple[str, date], Mapping[str, Sum]]


def costs_by_month(facts: AccountFacts) -> Costs:
    """Costs by vehicle and first day of the local month.

    Fuel: what was paid by card where every row of the month has its amount, else the use at its price.
    Electricity: the use at its price. Tolls: as they were entered, else as the drivers told them with their
    orders (with parking), so that nothing is counted twice. The rest: as it was entered.
    """
    found: dict[tuple[str, date], dict[str, Sum]] = {}
    energies = {vehicle.code: vehicle.energy for vehicle in facts.vehicles}
    for (code, month, measure), value in facts.results.items():
        if measure == COST and code in energies:
            kind = ELECTRICITY if energies[code] == "electric" else FUEL
            found.setdefault((code, month), {})[kind] = Sum(value, (SumBy.PRICE,))
    for key, cards in _cards(facts).items():
        if all(card.cost_cny is not None for card in cards):
            paid = added(card.cost_cny for card in cards)
            found.setdefault(key, {})[FUEL] = Sum(paid, (SumBy.CARDS,))
    for key, kind, cost in _served(facts):
        of = found.setdefault(key, {})
        of[kind] = of.get(kind, Sum()) + Sum(cost, (SumBy.SERVICES,))
    for key, toll in _tolls(facts).items():
        found.setdefault(key, {}).setdefault(ServiceKind.TOLL.value, toll)
    return found


def _cards(facts: AccountFacts) -> Mapping[tuple[str, date], list[FuelCard]]:
    found: dict[tuple[str, date], list[FuelCard]] = {}
    for card in facts.cards:
        month = local_date(card.time, facts.zone).replace(day=1)
        found.setdefault((card.vehicle, month), []).append(card)
    return found


def _served(facts: AccountFacts) -> Iterable[tuple[tuple[str, date], str, float]]:
    for service in facts.services:
        if service.withdrawn_at is None and service.cost_cny is not None:
            key = service.vehicle, service.day.replace(day=1)
            yield key, service.kind.value, service.cost_cny


def _tolls(facts: AccountFacts) -> Mapping[tuple[str, date], Sum]:
    found: dict[tuple[str, date], Sum] = {}
    for order in facts.orders:
        if order.cost_cny is not None:
            key = order.vehicle, local_date(order.start, facts.zone).replace(day=1)
            found[key] = found.get(key, Sum()) + Sum(order.cost_cny, (SumBy.ORDERS,))
    return found
